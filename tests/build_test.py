"""Plants a test file where no test program looks for it, and demands that CMake refuses to go on."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


class Build(unittest.TestCase):
    def configure(self, planted):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(ROOT / "CMakeLists.txt", folder)
            for path in planted:
                file = Path(folder) / path
                file.parent.mkdir(parents=True)
                file.write_text("namespace odradek {}\n")
            compiler = os.environ.get("CXX", "g++")
            command = [
                "cmake",
                "-G",
                "Ninja",
                "-S",
                folder,
                "-B",
                f"{folder}/build",
                f"-DCMAKE_CXX_COMPILER={compiler}",
            ]
            return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_refuses_a_test_that_nothing_builds(self):
        run = self.configure(["engine/base/a.cc", "tests/engin/base/a_test.cc"])
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("tests/engin/base/a_test.cc:1: nothing builds this test", run.stderr)

    def test_accepts_folders_that_are_still_empty(self):
        run = self.configure(["engine/base/a.cc", "tests/engine/base/a_test.cc"])
        self.assertEqual(run.returncode, 0, run.stderr)


if __name__ == "__main__":
    unittest.main()
