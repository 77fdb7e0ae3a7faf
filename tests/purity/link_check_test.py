"""Plants a link that points the wrong way and demands that link_check.py finds it."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import link_check

CMAKE = "project(x)\nadd_layer(odradek_engine LINKS fmt::fmt)\nadd_layer_tests(engine)\n"


class LinkCheck(unittest.TestCase):
    def test_is_silent_when_each_layer_links_what_is_below(self):
        text = "odradek_engine: fmt::fmt\nodradek_sim: odradek_engine\n"
        text += "odradek_scenarios: odradek_sim;tomlplusplus::tomlplusplus\n"
        self.assertEqual(link_check.check_links(text, CMAKE), [])

    def test_finds_a_layer_that_links_upwards(self):
        self.assertEqual(
            link_check.check_links("odradek_engine: fmt::fmt;odradek_sim\n", CMAKE),
            ["CMakeLists.txt:2: odradek_engine does not link odradek_sim; use only fmt::fmt"],
        )

    def test_finds_a_library_that_the_engine_has_no_use_for(self):
        self.assertIn(
            "does not link Threads::Threads", link_check.check_links("odradek_engine: Threads::Threads\n")[0]
        )

    def test_finds_tests_that_link_another_layer(self):
        found = link_check.check_links("odradek_engine_tests: odradek_engine;odradek_sim\n", CMAKE)
        self.assertEqual(len(found), 1)
        self.assertTrue(
            found[0].startswith("CMakeLists.txt:3: odradek_engine_tests does not link odradek_sim")
        )

    def test_finds_a_target_without_a_row(self):
        self.assertIn("odradek_extra has no row", link_check.check_links("odradek_extra: fmt::fmt\n")[0])

    def test_program_fails_and_names_the_line(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "links").write_text("odradek_engine: odradek_sim\n")
            (Path(folder) / "CMakeLists.txt").write_text(CMAKE)
            command = [sys.executable, link_check.__file__, f"{folder}/links", f"{folder}/CMakeLists.txt"]
            run = subprocess.run(command, capture_output=True, text=True, check=False)
            self.assertEqual(run.returncode, 1)
            self.assertIn("CMakeLists.txt:2: odradek_engine does not link odradek_sim", run.stdout)


if __name__ == "__main__":
    unittest.main()
