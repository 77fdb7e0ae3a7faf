"""An acknowledgement for a record that was never written must come out of run, sweep and replay as a violation.

ODRADEK_LYING_PROGRAM is the program with that one lie (tests/programs/lying.cc), ODRADEK_PROGRAM the honest one.
"""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

HONEST, LYING = os.environ.get("ODRADEK_PROGRAM"), os.environ.get("ODRADEK_LYING_PROGRAM")


@unittest.skipUnless(HONEST and LYING, "ODRADEK_PROGRAM and ODRADEK_LYING_PROGRAM name no programs")
class Lie(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def result(self, program, *arguments, exit_code, complaints=None):
        run = subprocess.run(
            [program, *arguments, "--format", "json"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        self.assertEqual(run.returncode, exit_code, run.stdout[-1500:] + run.stderr[-1500:])
        if complaints is not None:
            complaints.append(run.stderr)
        return json.loads(run.stdout)

    def invariants(self, result):
        return {violation["invariant"] for violation in result["violations"]}

    def test_a_run_finds_it(self):
        result = self.result(LYING, "run", "steady-state", "--seed", "3", exit_code=1)
        self.assertEqual(result["verdict"], "violation")
        self.assertEqual(self.invariants(result), {"I13", "I103", "J11"})
        self.assertTrue(all(violation["client_visible"] for violation in result["violations"]))

    def test_the_honest_program_finds_nothing_on_that_seed(self):
        self.assertEqual(self.result(HONEST, "run", "steady-state", "--seed", "3", exit_code=0)["violations"], [])

    def test_a_sweep_finds_it_and_its_capsule_replays(self):
        arguments = ["sweep", "steady-state", "--seeds", "1..4", "-j", "2", "--out", "found"]
        sweep = self.result(LYING, *arguments, exit_code=1)
        self.assertEqual((sweep["seeds_run"], sweep["passed"]), (4, 0))
        self.assertEqual([failure["invariant"] for failure in sweep["failures"]], ["I103"])
        self.assertEqual(sweep["failures"][0]["seeds"], [1, 2, 3, 4])
        capsule = f"found/steady-state-{sweep['failures'][0]['signature']}"
        replay = self.result(LYING, "replay", capsule, exit_code=1)
        stored = json.loads((self.folder / capsule / "result.json").read_text())
        self.assertEqual(replay["fingerprint"], stored["fingerprint"])
        self.assertEqual(self.invariants(replay), {"I13", "I103", "J11"})

    def test_the_honest_program_does_not_take_that_capsule_for_its_own(self):
        sweep = self.result(LYING, "sweep", "steady-state", "--seeds", "1..1", "--out", "found", exit_code=1)
        capsule = f"found/steady-state-{sweep['failures'][0]['signature']}"
        complaints = []
        self.result(HONEST, "replay", capsule, exit_code=3, complaints=complaints)
        self.assertRegex(complaints[0], "^odradek: warning: this is build [0-9a-f]+, the capsule is of build [0-9a-f]+\n")
        # The lie is told to a client, so that nothing of it happened in the cluster.
        self.assertIn("  equal in all ", complaints[0])
        self.assertRegex(complaints[0], r"\n  stored  violation after [\d,]+ events; .*\n  here    pass after [\d,]+ events\n$")


if __name__ == "__main__":
    unittest.main()
