"""Plays two programs that disagree to fingerprints_agree.py, and demands that it notices."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().with_name("fingerprints_agree.py")


class FingerprintsAgree(unittest.TestCase):
    def compare(self, *programs):
        """Runs the script on two shell scripts that answer like the program."""
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder) / name for name in ("one", "other")]
            for path, (verdict, fingerprint, code) in zip(paths, programs):
                answer = f'{{"verdict": "{verdict}", "fingerprint": "{fingerprint}"}}'
                path.write_text(f"#!/bin/sh\necho '{answer}'\nexit {code}\n")
                path.chmod(0o755)
            command = [sys.executable, SCRIPT, *paths, "replication-chaos", "1", "2"]
            return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_is_content_when_programs_agree(self):
        run = self.compare(("pass", "ab12", 0), ("pass", "ab12", 0))
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("replication-chaos --seed 2: ab12", run.stdout)

    def test_takes_a_violation_that_both_find(self):
        self.assertEqual(self.compare(("violation", "ab12", 1), ("violation", "ab12", 1)).returncode, 0)

    def test_finds_different_fingerprints(self):
        run = self.compare(("pass", "ab12", 0), ("pass", "ab13", 0))
        self.assertEqual(run.returncode, 1)
        self.assertIn("replication-chaos --seed 1", run.stderr)
        self.assertIn("run replication-chaos --seed 1 --trace FILE with each", run.stderr)

    def test_finds_different_verdicts(self):
        self.assertEqual(self.compare(("pass", "ab12", 0), ("violation", "ab12", 1)).returncode, 1)

    def test_finds_a_program_that_fails(self):
        run = self.compare(("pass", "ab12", 3), ("pass", "ab12", 0))
        self.assertEqual(run.returncode, 1)
        self.assertIn("exit 3", run.stderr)


if __name__ == "__main__":
    unittest.main()
