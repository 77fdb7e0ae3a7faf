"""The standard sweep reaches all that can be reached but what unreached.txt justifies, and none of that."""

import json
import os
import subprocess
import unittest
from pathlib import Path

PROGRAM = os.environ.get("ODRADEK_PROGRAM")
SCENARIOS = [
    "replication-chaos",
    "storage-basics-chaos",
    "disk-decay-chaos",
    "weak-settings-chaos",
    "quorum-chaos",
    "admin-chaos",
]
SEEDS = "0..479"
UNREACHED = Path(__file__).parent / "unreached.txt"


def justified(text):
    """{name: justification}"""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return dict(line.split(None, 1) for line in lines)


@unittest.skipIf("-fsanitize=" in os.environ.get("CXXFLAGS", ""), "as the release program says, ten times slower")
@unittest.skipUnless(PROGRAM, "ODRADEK_PROGRAM names no program")
class Coverage(unittest.TestCase):
    def run_json(self, *arguments):
        run = subprocess.run(
            [PROGRAM, *arguments, "--format", "json"], capture_output=True, text=True, timeout=500, check=False)
        self.assertEqual(run.returncode, 0, run.stdout[-1500:] + run.stderr[-1500:])
        return json.loads(run.stdout)

    def test_every_justification_is_of_something_that_there_is(self):
        names = [point["name"] for point in self.run_json("list", "probes")]
        text = UNREACHED.read_text(encoding="utf-8")
        self.assertEqual([name for name in justified(text) if name not in names], [])
        self.assertEqual(len(justified(text)), len([x for x in text.splitlines() if x and not x.startswith("#")]))

    def test_the_standard_sweep_reaches_the_rest(self):
        unreached = set(self.run_json("sweep", *SCENARIOS, "--seeds", SEEDS)["unreached"])
        print("not reached:", ", ".join(sorted(unreached)))
        listed = set(justified(UNREACHED.read_text(encoding="utf-8")))
        self.assertEqual(sorted(unreached - listed), [], "not reached any more: it needs a scenario, not a line")
        self.assertEqual(sorted(listed - unreached), [], f"reached now: take it out of {UNREACHED}")


if __name__ == "__main__":
    unittest.main()
