"""What a failing seed goes through: found by chaos, shrunk, explained, and replayed from the shrunk file.

By hand the same is

    odradek sweep replication-chaos -p flaws=R01 --seeds 0..2000 --max-failures 1 --out found
    odradek shrink found/CAPSULE -o small.toml
    odradek explain small.toml
    odradek replay small.toml
"""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

PROGRAM = os.environ.get("ODRADEK_PROGRAM")
FLAWS = ("R01", "R06", "R11", "R19")


@unittest.skipUnless(PROGRAM, "ODRADEK_PROGRAM names no program")
class FourFlaws(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def odradek(self, *arguments):
        """Its output; every step of the way ends in the violation, which is exit code 1."""
        run = subprocess.run(
            [PROGRAM, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(run.returncode, 1, f"{arguments}\n{run.stdout[-1500:]}\n{run.stderr[-1500:]}")
        return run.stdout

    def find(self, flaw):
        """(capsule, invariant) of the first seed that fails with this flaw."""
        sweep = json.loads(self.odradek(
            "sweep", "replication-chaos", "-p", f"flaws={flaw}", "--seeds", "0..4000", "--max-failures", "1",
            "-j", "2", "--out", flaw, "--format", "json"))
        (failure,) = sweep["failures"]
        return f"{flaw}/replication-chaos-{failure['signature']}", failure["invariant"]

    def replay(self, file):
        """(first invariant, fingerprint) of a run of the shrunk file."""
        run = json.loads(self.odradek("replay", file, "--format", "json"))
        return run["violations"][0]["invariant"], run["fingerprint"]

    def test_each_is_found_shrunk_explained_and_replayed(self):
        for flaw in FLAWS:
            with self.subTest(flaw=flaw):
                capsule, invariant = self.find(flaw)
                small = f"{flaw}.toml"
                subprocess.run(
                    [PROGRAM, "shrink", capsule, "-o", small, "--time", "20s"],
                    cwd=self.folder, capture_output=True, timeout=120, check=True)
                story = self.odradek("explain", small)
                self.assertIn("Where it broke", story)
                self.assertIn(invariant, story)
                self.assertIn(f"The flaw {flaw} is on", story)
                first = self.replay(small)
                self.assertEqual(first[0], invariant)
                self.assertEqual(self.replay(small), first)


if __name__ == "__main__":
    unittest.main()
