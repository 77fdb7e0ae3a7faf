"""Runs one short seed under valgrind: nothing that is decided may come from memory that nobody has written.

Skipped where valgrind is missing, and for programs built with sanitizers, which it cannot run.
"""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

PROGRAM = os.environ.get("ODRADEK_PROGRAM")
VALGRIND = shutil.which("valgrind")
FOUND = 99


@unittest.skipUnless(PROGRAM, "ODRADEK_PROGRAM names no program")
@unittest.skipUnless(VALGRIND, "valgrind is not installed: apt-get install valgrind")
@unittest.skipIf("-fsanitize=" in os.environ.get("CXXFLAGS", ""), "valgrind cannot run a program with sanitizers")
class Valgrind(unittest.TestCase):
    def memcheck(self, *command):
        options = ["--quiet", f"--error-exitcode={FOUND}", "--leak-check=no"]
        return subprocess.run(
            [VALGRIND, *options, *command], capture_output=True, text=True, timeout=500, check=False
        )

    def test_a_run_reads_nothing_uninitialised(self):
        run = self.memcheck(PROGRAM, "run", "replication-chaos", "--seed", "3")
        self.assertEqual(run.returncode, 0, run.stderr[-3000:])
        self.assertIn("PASS", run.stdout)

    def test_would_find_a_read_of_uninitialised_memory(self):
        with tempfile.TemporaryDirectory() as folder:
            source, program = Path(folder) / "reads.cc", Path(folder) / "reads"
            source.write_text("int main() { volatile int* p = new int; return *p == 42 ? 1 : 0; }\n")
            subprocess.run([os.environ.get("CXX", "g++"), "-O0", source, "-o", program], check=True)
            self.assertEqual(self.memcheck(program).returncode, FOUND)


if __name__ == "__main__":
    unittest.main()
