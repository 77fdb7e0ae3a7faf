"""A sweep that is killed at any moment, whose disk is full or whose runs kill their processes ends as it should."""

import json
import os
import random
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

PROGRAM, DYING = os.environ.get("ODRADEK_PROGRAM"), os.environ.get("ODRADEK_DYING_PROGRAM")
# As long as a kill can take to come; a loaded machine gets further into the sweep, or less far.
SEEDS = "1..60"
KILLS = 10


def without_times(value):
    """The same, without what a machine takes for it."""
    if isinstance(value, dict):
        return {key: without_times(inner) for key, inner in value.items() if key != "cpu_seconds"}
    return [without_times(inner) for inner in value] if isinstance(value, list) else value


@unittest.skipUnless(PROGRAM and DYING, "ODRADEK_PROGRAM and ODRADEK_DYING_PROGRAM name no programs")
class Sweep(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def sweep(self, *arguments, exit_code, program=PROGRAM, **options):
        run = subprocess.run(
            [program, "sweep", *arguments],
            cwd=self.folder, capture_output=True, text=True, timeout=300, check=False, **options)
        self.assertEqual(run.returncode, exit_code, f"{arguments}\n{run.stdout[-1500:]}\n{run.stderr[-1500:]}")
        return run

    def stored(self, folder):
        """What a sweep has left, file by file; replay lines name the folder."""
        files = {}
        for path in sorted((self.folder / folder).rglob("*")):
            if path.suffix == ".jsonl":
                content = [without_times(json.loads(line)) for line in path.read_text().splitlines()]
            elif path.name == "capsule.json":
                content = json.loads(path.read_text())["trail"]  # and digests, of files with times in them
            elif path.suffix == ".json":
                content = without_times(json.loads(path.read_text().replace(f"replay {folder}/", "replay ")))
            elif path.name == "running.txt":
                content = path.read_text().strip()
            else:
                content = path.is_dir() or path.read_text().replace(f"replay {folder}/", "replay ")
            files[path.relative_to(self.folder / folder).as_posix()] = content
        return files

    def arguments(self, out):
        return ["museum/R01", "steady-state", "--seeds", SEEDS, "-j", "2", "--format", "json",
                "--out", out, "--junit", f"{out}.xml"]

    def kill_after(self, arguments, delay, whole_group):
        """True when it was killed before its end."""
        sweep = subprocess.Popen(
            [PROGRAM, "sweep", *arguments],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(delay)
        (os.killpg if whole_group else os.kill)(sweep.pid, signal.SIGKILL)
        return sweep.wait() == -signal.SIGKILL

    def test_kills_do_not_change_what_a_sweep_comes_to(self):
        began = time.monotonic()
        whole = self.sweep(*self.arguments("whole"), exit_code=1)
        took = time.monotonic() - began
        draw = random.Random(7)
        arguments = [*self.arguments("killed"), "--resume"]
        killed = 0
        for kill in range(KILLS):
            killed += self.kill_after(arguments, draw.uniform(0, took / 4), whole_group=kill % 2 == 1)
        self.assertGreater(killed, 0)
        again = self.sweep(*arguments, exit_code=1)
        self.assertEqual(without_times(json.loads(again.stdout)), without_times(json.loads(whole.stdout)))
        self.assertEqual((self.folder / "killed.xml").read_text(), (self.folder / "whole.xml").read_text())
        self.assertEqual(self.stored("killed"), self.stored("whole"))

    def test_a_torn_last_line_is_run_again(self):
        whole = self.sweep(*self.arguments("whole"), exit_code=1)
        before = self.stored("whole")
        results = self.folder / "whole/results.jsonl"
        results.write_bytes(results.read_bytes()[:-300])
        again = self.sweep(*self.arguments("whole"), "--resume", exit_code=1)
        self.assertIn("goes on after 119 runs", again.stderr)
        self.assertEqual(without_times(json.loads(again.stdout)), without_times(json.loads(whole.stdout)))
        self.assertEqual(self.stored("whole"), before)

    def test_a_line_that_was_changed_is_refused(self):
        self.sweep("steady-state", "--seeds", "1..4", "--out", "out", exit_code=0)
        results = self.folder / "out/results.jsonl"
        results.write_text(results.read_text().replace('"seed":2', '"seed":3'))
        run = self.sweep("steady-state", "--seeds", "1..4", "--out", "out", "--resume", exit_code=4)
        self.assertIn("results.jsonl:2: steady-state seed 3, expected steady-state seed 2", run.stderr)

    def test_going_on_with_another_sweep_is_refused_by_what_differs(self):
        (self.folder / "mine.toml").write_text('title = "mine"\n[[topic]]\nname = "t"\n')
        base = ["mine.toml", "--seeds", "1..2", "--out", "out", "--resume"]
        self.sweep(*base, exit_code=0)
        before = self.stored("out")
        for arguments, complaint in [
            (["mine.toml", "--seeds", "1..3", *base[3:]], "--seeds: 1..3 here, 1..2 there"),
            ([*base, "-p", "cluster.brokers=3"], "overrides: -p cluster.brokers=3 here, none there"),
            (["steady-state", *base[1:]], "scenarios: steady-state here, mine.toml there"),
            ([*base, "--max-failures", "3"], "--max-failures: 3 here, none there"),
        ]:
            with self.subTest(arguments):
                self.assertIn(complaint, self.sweep(*arguments, exit_code=4).stderr)
        self.assertIn("\n  build: ", self.sweep(*base, exit_code=4, program=DYING).stderr)
        (self.folder / "mine.toml").write_text('title = "mine"\n[[topic]]\nname = "u"\n')
        self.assertIn("hash of mine.toml: ", self.sweep(*base, exit_code=4).stderr)
        self.assertEqual(self.stored("out"), before)

    def test_a_sweep_that_is_over_tells_its_result_again(self):
        arguments = ["museum/R01", "--seeds", "1..50", "--max-failures", "2", "--format", "json", "--out", "out"]
        one = self.sweep(*arguments, exit_code=1)
        self.assertEqual(self.sweep(*arguments, "--resume", exit_code=1).stdout, one.stdout)
        self.assertIn("--resume to go on", self.sweep(*arguments, exit_code=4).stderr)

    def test_two_sweeps_do_not_write_to_one_folder(self):
        arguments = ["replication-chaos", "--seeds", "1..100000", "--out", "out", "--resume"]
        first = subprocess.Popen(
            [PROGRAM, "sweep", *arguments], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(first.wait)
        self.addCleanup(first.kill)
        while not (self.folder / "out/results.jsonl").exists():
            time.sleep(0.01)
        self.assertIn("another sweep is writing there", self.sweep(*arguments, exit_code=4).stderr)

    def test_what_cannot_be_written_is_said_before_anything_runs(self):
        (self.folder / "file").write_text("")
        for arguments, complaint in [
            (["--out", "file/out"], "--out file/out: Not a directory"),
            (["--out", "/proc/out"], "--out /proc/out: "),
            (["--junit", "absent/junit.xml"], "--junit absent/junit.xml: No such file or directory"),
            (["--out", "out", "--junit", "."], "--junit .: Is a directory"),
            (["--resume"], "--resume needs the --out FOLDER"),
        ]:
            with self.subTest(arguments):
                run = self.sweep("steady-state", "--seeds", "1..2", *arguments, exit_code=4)
                self.assertIn(complaint, run.stderr)
                self.assertEqual(run.stdout, "")
        self.assertEqual([path.name for path in self.folder.iterdir()], ["file"])

    def limit_files(self, blocks):
        """A shell's prefix: files have room for so many blocks of 1024 bytes, and a write beyond fails as on a full disk."""
        return ["bash", "-c", f'trap "" XFSZ; ulimit -f {blocks}; exec "$0" "$@"', PROGRAM]

    def test_a_full_disk_ends_a_sweep_which_goes_on_when_there_is_room(self):
        arguments = ["museum/R01", "--seeds", "1..20", "--out", "out", "--format", "json"]
        limited = subprocess.run(
            [*self.limit_files(20), "sweep", *arguments], cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual(limited.returncode, 3, limited.stderr)
        self.assertIn("results.jsonl: File too large", limited.stderr)
        text = (self.folder / "out/results.jsonl").read_text()
        self.assertTrue(text.endswith("}\n"))
        self.assertTrue(json.loads(limited.stdout)["interrupted"])
        again = self.sweep(*arguments, "--resume", exit_code=1)
        self.assertEqual(json.loads(again.stdout)["seeds_run"], 20)

    def test_a_capsule_for_which_there_is_no_room_is_not_there(self):
        arguments = ["museum/R01", "--seeds", "1..1", "--out", "out", "--format", "json"]
        limited = subprocess.run(
            [*self.limit_files(8), "sweep", *arguments], cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual(limited.returncode, 3, limited.stderr)
        self.assertIn("/capsule.json: File too large", limited.stderr)
        names = sorted(path.name for path in (self.folder / "out").iterdir())
        self.assertEqual(names, ["results.jsonl", "running.txt", "sweep.json"])

    def test_deaths_are_findings_of_their_seeds(self):
        arguments = ["steady-state", "--seeds", "1..20", "-j", "3", "--wall-limit", "200ms", "--format", "json"]
        sweep = json.loads(self.sweep(*arguments, "--out", "out", exit_code=1, program=DYING).stdout)
        self.assertEqual((sweep["seeds_run"], sweep["passed"], sweep["inconclusive"]), (20, 10, 2))
        deaths = {failure["message"]: failure["seeds"] for failure in sweep["failures"]}
        died = "the process that ran it died: "
        self.assertEqual(deaths, {
            died + "signal 11 (Segmentation fault)": [3, 13],
            died + "signal 6 (Aborted)": [4, 14],
            died + "signal 9 (Killed, out of memory?)": [5, 15],
            died + "exit 7": [6, 16],
        })
        self.assertEqual({failure["invariant"] for failure in sweep["failures"]}, {"H-crash"})
        self.assertEqual(len(list((self.folder / "out").glob("*/repro.toml"))), 4)

    def test_progress_tells_rate_failures_and_probes(self):
        run = self.sweep("museum/R01", "replication-chaos", "--time", "5s", exit_code=1)
        self.assertRegex(
            run.stderr.splitlines()[0],
            r"^\[00:\d\d\] [\d,]+ runs  \d+/s  [\d,]+ failed \(1 unique\)  simulated .+  probes \d+/\d+  to go 00:\d\d$")


if __name__ == "__main__":
    unittest.main()
