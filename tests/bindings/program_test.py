"""Runs the program as people and scripts do: exit codes, what goes where, and that bad input leaves nothing behind."""

import json
import os
import re
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from xml.etree import ElementTree

PROGRAM = os.environ.get("ODRADEK_PROGRAM")

# A scenario that is quick to run.
SMALL = """title = "small"
[cluster.config]
"broker.heartbeat.interval.ms" = 200
"broker.session.timeout.ms" = 1000
"replica.fetch.wait.max.ms" = 100
[[topic]]
name = "orders"
[[client]]
kind = "producer"
topic = "orders"
config = { acks = "all", "enable.idempotence" = false, "max.in.flight.requests.per.connection" = 1 }
[run]
faults_until = { uniform = ["1s", "2s"] }
settle = "20s"
"""


@unittest.skipUnless(PROGRAM, "ODRADEK_PROGRAM names no program")
class Program(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "small.toml").write_text(SMALL)

    def odradek(self, *arguments, exit_code):
        command = [PROGRAM, *map(str, arguments)]
        run = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=300, check=False)
        if exit_code is None:
            return run
        self.assertEqual(run.returncode, exit_code, f"{command}\n{run.stdout[-1500:]}\n{run.stderr[-1500:]}")
        return run

    def files(self):
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*"))

    def run_json(self, *arguments, exit_code=0):
        return json.loads(self.odradek(*arguments, "--format", "json", exit_code=exit_code).stdout)

    def test_a_run_ends_with_its_verdict(self):
        run = self.odradek("run", "small.toml", "--seed", "0x7", exit_code=0)
        self.assertEqual(run.stderr, "")
        self.assertRegex(run.stdout.splitlines()[-2], r"^PASS  small  seed 7  ")
        self.assertNotIn("\x1b", run.stdout)

    def test_one_seed_gives_one_result(self):
        one, other = (self.run_json("run", "small.toml", "--seed", "3") for _ in range(2))
        del one["cpu_seconds"], other["cpu_seconds"]
        self.assertEqual(one, other)
        self.assertEqual(one["verdict"], "pass")
        self.assertNotEqual(one["fingerprint"], self.run_json("run", "small.toml", "--seed", "4")["fingerprint"])

    def test_verbose_prints_what_was_drawn(self):
        self.assertRegex(self.odradek("run", "small.toml", "-v", exit_code=0).stdout, r"run\.faults_until = \"1\d+us\"")

    def test_a_trace_has_lines_and_changes_nothing(self):
        traced = self.run_json("run", "small.toml", "--trace", "trace.txt")
        self.assertEqual(traced["fingerprint"], self.run_json("run", "small.toml")["fingerprint"])
        self.assertGreater(len((self.folder / "trace.txt").read_text().splitlines()), 10)

    def test_the_repro_line_replays(self):
        result = self.run_json("run", "small.toml", "--seed", "5", "-p", "topic.0.partitions=2")
        words = result["repro"].split()
        self.assertEqual(words[0], "odradek")
        self.assertEqual(self.run_json(*words[1:])["fingerprint"], result["fingerprint"])

    def test_another_fingerprint_is_an_internal_error(self):
        run = self.odradek("replay", "small.toml", "--seed", "5", "--expect", "0123456789", exit_code=3)
        self.assertIn("different build or non-determinism", run.stderr)

    def test_a_run_that_is_cut_short_is_inconclusive(self):
        self.odradek("replay", "small.toml", "--seed", "5", "--until", "500ms", exit_code=6)

    def test_a_planted_flaw_is_a_violation(self):
        run = self.odradek("run", "museum/R01", exit_code=1)
        self.assertRegex(run.stdout, r"\nFAIL  museum/R01  seed 1  ")
        self.assertRegex(run.stdout.splitlines()[-1], r"^repro odradek replay museum/R01 --seed 1 --expect [0-9a-f]{16}$")

    def test_bad_input_is_refused_and_leaves_nothing_behind(self):
        before = self.files()
        for arguments, complaint in [
            (["rum"], 'did you mean "run"?'),
            (["run", "--sed", "5"], 'did you mean "--seed"?'),
            (["run", "stedy-state", "--trace", "t"], 'did you mean "steady-state"?'),
            (["run", "small.toml", "--seed", "x", "--trace", "t"], 'seed "x", expected'),
            (["run", "small.toml", "-p", "cluster.brokrs=5", "--trace", "t"], 'did you mean "brokers"?'),
            (["run", "absent.toml", "--trace", "t"], "no such file"),
            (["run", "small.toml", "--trace", "no/such/folder"], "cannot be written"),
            (["run", "small.toml", "--format", "xml"], "xml"),
            (["replay", "small.toml"], "needs its --seed"),
            (["explain", "small.toml", "-o", "story"], "needs its --seed"),
            (["explain", "small.toml", "--seed", "x", "-o", "story"], 'seed "x", expected'),
            (["explain", "small.toml", "--seed", "1", "--format", "xml", "-o", "story"], "xml"),
            (["explain", "stedy-state", "--seed", "1", "-o", "story"], 'did you mean "steady-state"?'),
            (["explain", "small.toml", "--seed", "1", "-o", "no/such/folder"], "No such file or directory"),
            (["explain", "--seed", "1"], "SCENARIO is required"),
            (["replay", "small.toml", "--seed", "1", "--expect", "zz"], "hexadecimal"),
            (["sweep", "small.toml", "--out", "o", "--junit", "j"], "--seeds A..B or --time"),
            (["sweep", "small.toml", "--seeds", "5..1", "--out", "o"], "the lower seed first"),
            (["sweep", "small.toml", "absent.toml", "--seeds", "1..2", "--out", "o"], "no such file"),
            (["sweep", "small.toml", "--seeds", "1..2", "-j", "0", "--out", "o"], "-j 0"),
            (["scenario", "check", "absent.toml"], "no such file"),
            (["shrink", "small.toml"], "needs its --seed"),
            (["shrink", "absent.toml", "--seed", "1"], "no such file"),
            (["shrink", "museum/R01", "--seed", "x"], 'seed "x", expected'),
            (["shrink", "museum/R01", "--seed", "1", "--time", "soon"], "--time soon, expected a duration"),
            (["shrink", "museum/R01", "--seed", "1", "-o", "no/such/folder.toml"], "no/such/folder.toml: cannot be written"),
            (["shrink", "museum/R01", "--seed", "1", "-o", "small.toml"], "small.toml: exists already"),
            (["shrink", "museum/R01", "--seed", "1", "-p", "flaws=[]"], "nothing to shrink"),
            (["diff", "small.toml@x", "small.toml"], 'seed "x", expected'),
            (["diff", "small.toml", "small.toml,cluster.brokrs=5"], 'did you mean "brokers"?'),
            (["doctor", "small.toml", "--seeds", "5..1"], "the lower seed first"),
            (["side"], "odradek doctor starts this by itself"),
            (["bench", "kernl"], 'did you mean "kernel"?'),
            (["museum", "R0I"], 'did you mean "R01"?'),
            (["museum", "R01", "--budget", "long"], "--budget long, expected a duration"),
            (["replay", "."], "capsule.json: cannot be read"),
            ([], "subcommand"),
        ]:
            with self.subTest(arguments):
                run = self.odradek(*arguments, exit_code=4)
                self.assertIn(complaint, run.stderr)
                self.assertEqual(run.stdout, "")
        self.assertEqual(self.files(), before)

    def test_a_run_that_held_is_explained_by_saying_so(self):
        run = self.odradek("explain", "small.toml", "--seed", "5", exit_code=0)
        self.assertIn("Everything held", run.stdout)
        self.assertNotIn("What happened", run.stdout)

    def test_a_permitted_loss_is_explained_and_held(self):
        run = self.odradek("explain", "museum/R23", "--seed", "1", exit_code=0)
        self.assertIn("acks=1 permits what was seen", run.stdout)
        self.assertNotIn("What should have held", run.stdout)

    def test_a_violation_is_explained_in_every_layout(self):
        text = self.odradek("explain", "museum/R01", "--seed", "1", exit_code=1).stdout
        markdown = self.odradek("explain", "museum/R01", "--seed", "1", "--format", "md", exit_code=1).stdout
        mermaid = self.odradek("explain", "museum/R01", "--seed", "1", "--format", "mermaid", exit_code=1).stdout
        story = self.run_json("explain", "museum/R01", "--seed", "1", exit_code=1)
        self.assertIn(mermaid, markdown)
        self.assertEqual(len(re.findall(r"^ +\d+\. +\d+\.\d{3} s  ", text, re.MULTILINE)), len(story["steps"]))
        for command in story["commands"]:
            self.assertIn(command, text)
            self.assertIn(command, markdown)
            self.odradek(*command.split()[1:], exit_code=1)

    def test_an_explanation_goes_into_a_file(self):
        printed = self.odradek("explain", "museum/R01", "--seed", "1", "--format", "md", exit_code=1).stdout
        run = self.odradek("explain", "museum/R01", "--seed", "1", "--format", "md", "-o", "r01.md", exit_code=1)
        self.assertEqual(run.stdout, "")
        self.assertEqual((self.folder / "r01.md").read_text(), printed)

    def test_a_capsule_holds_its_explanation(self):
        self.odradek("sweep", "museum/R01", "--seeds", "1..1", "--out", "found", exit_code=1)
        (stored,) = (self.folder / "found").glob("*/explain.md")
        folder = stored.parent.relative_to(self.folder)
        told = self.odradek("explain", folder, "--format", "md", exit_code=1).stdout
        self.assertEqual(told.splitlines()[1:], stored.read_text().splitlines()[1:], "all but the scenario's name")

    def test_another_run_than_the_capsule_s_is_an_internal_error(self):
        self.odradek("sweep", "museum/R01", "--seeds", "1..1", "--out", "found", exit_code=1)
        (repro,) = (self.folder / "found").glob("*/repro.toml")
        text = repro.read_text()
        at = text.index("fingerprint = \"") + len("fingerprint = \"")
        repro.write_text(text[:at] + "0123456789abcdef" + text[at + 16 :])
        self.assertIn("another run", self.odradek("explain", repro.parent, exit_code=3).stderr)

    def test_a_file_that_is_no_text_is_refused(self):
        (self.folder / "bytes.toml").write_bytes(b"\xff\xfe\x00title")
        self.assertIn("bytes.toml:1:1: no valid TOML", self.odradek("run", "bytes.toml", exit_code=4).stderr)

    def test_a_sweep_does_not_depend_on_its_workers(self):
        one = self.run_json("sweep", "small.toml", "steady-state", "--seeds", "1..6", "-j", "1")
        three = self.run_json("sweep", "small.toml", "steady-state", "--seeds", "1..6", "-j", "3")
        del one["cpu_seconds"], three["cpu_seconds"]
        self.assertEqual(one, three)
        self.assertEqual((one["seeds_run"], one["passed"], one["failures"]), (12, 12, []))

    def test_a_sweep_stores_what_it_finds(self):
        sweep = self.run_json(
            "sweep", "museum/R01", "--seeds", "1..4", "-j", "2", "--out", "found", "--junit", "junit.xml", exit_code=1
        )
        self.assertEqual(len((self.folder / "found/results.jsonl").read_text().splitlines()), 4)
        failure = sweep["failures"][0]
        self.assertEqual(set(failure) >= {"signature", "invariant", "seeds", "repro"}, True)
        capsule = f"found/museum-R01-{failure['signature']}"
        stored = json.loads((self.folder / capsule / "result.json").read_text())
        self.assertEqual(self.run_json("replay", capsule, exit_code=1)["fingerprint"], stored["fingerprint"])
        cases = ElementTree.parse(self.folder / "junit.xml").findall(".//testcase[failure]")
        self.assertIn(failure["invariant"], [case.get("name") for case in cases])
        self.assertIn("not empty", self.odradek("sweep", "small.toml", "--seeds", "1", "--out", "found", exit_code=4).stderr)

    def test_enough_failures_end_a_sweep_at_the_same_seed_for_any_number_of_workers(self):
        arguments = ["sweep", "museum/R01", "--seeds", "1..50", "--max-failures", "2"]
        one = self.run_json(*arguments, "-j", "1", exit_code=1)
        three = self.run_json(*arguments, "-j", "3", exit_code=1)
        self.assertEqual(one["seeds_run"], three["seeds_run"])
        self.assertEqual(one["failures"], three["failures"])
        self.assertLess(one["seeds_run"], 50)

    def test_a_sweep_without_time_runs_nothing(self):
        self.odradek("sweep", "small.toml", "--time", "0s", exit_code=5)

    def test_a_shrunk_run_fails_twice_alike_and_needs_all_of_its_plan(self):
        shrunk = self.run_json("shrink", "museum/R19", "--seed", "3", "-o", "shrunk.toml")
        self.assertTrue(shrunk["minimal"])
        original = self.run_json("run", "museum/R19", "--seed", "3", exit_code=1)
        self.assertEqual(shrunk["invariant"], original["violations"][0]["invariant"])
        for size in ("plan_entries", "client_operations", "clients", "events"):
            self.assertLess(shrunk["after"][size], shrunk["before"][size], size)
        runs = [self.run_json(command, "shrunk.toml", exit_code=1) for command in ("run", "replay")]
        for run in runs:
            self.assertEqual(run["fingerprint"], shrunk["fingerprint"])
            self.assertEqual(run["violations"][0]["invariant"], shrunk["invariant"])
        text = (self.folder / "shrunk.toml").read_text()
        pieces = re.split(r"(?m)^(?=\[)", text)
        entries = [i for i, piece in enumerate(pieces) if piece.startswith("[[at]]")]
        self.assertEqual(len(entries), shrunk["after"]["plan_entries"])
        for entry in entries:
            (self.folder / "less.toml").write_text("".join(pieces[:entry] + pieces[entry + 1 :]))
            less = self.odradek("run", "less.toml", "--format", "json", exit_code=None)
            violations = json.loads(less.stdout)["violations"]
            self.assertNotEqual([v["witness"] for v in violations[:1]], [runs[0]["violations"][0]["witness"]], pieces[entry])

    def test_a_stored_failure_shrinks_and_time_may_be_over(self):
        self.odradek("sweep", "museum/R01", "--seeds", "2", "--out", "found", exit_code=1)
        (capsule,) = (self.folder / "found").glob("museum-R01-*")
        shrink = self.odradek("shrink", capsule, "--time", "0s", exit_code=0)
        self.assertIn("time was over", shrink.stdout)
        self.assertIn("repro-seed-2-shrunk.toml", self.files())
        self.odradek("replay", "repro-seed-2-shrunk.toml", exit_code=1)
        self.assertIn("exists already", self.odradek("shrink", capsule, "--time", "0s", exit_code=4).stderr)

    def test_an_interrupt_ends_a_shrink_with_the_best_so_far(self):
        command = [PROGRAM, "shrink", "storage-basics-chaos", "--seed", "31", "-p", "flaws=R06", "-o", "best.toml"]
        for delay in (8, 4, 2, 1, 0.5, 0.25, 0.125):  # on a fast machine it ends by itself: then sooner
            (self.folder / "best.toml").unlink(missing_ok=True)
            shrink = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            try:
                shrink.communicate(timeout=delay)
            except subprocess.TimeoutExpired:
                shrink.send_signal(signal.SIGINT)
                shrink.communicate(timeout=60)
                break
        self.assertEqual(shrink.returncode, 2)
        self.odradek("replay", "best.toml", exit_code=1)

    def test_an_interrupt_ends_a_sweep_with_a_summary(self):
        command = [PROGRAM, "sweep", "replication-chaos", "--seeds", "1..1000000", "-j", "2", "--format", "json"]
        sweep = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(2)
        sweep.send_signal(signal.SIGINT)
        out, _ = sweep.communicate(timeout=60)
        self.assertEqual(sweep.returncode, 2)
        self.assertTrue(json.loads(out)["interrupted"])

    def test_equal_runs_do_not_differ(self):
        diff = self.run_json("diff", "small.toml@3", "small.toml@3")
        self.assertTrue(diff["equal"])
        self.assertEqual(diff["events_in_common"], self.run_json("run", "small.toml", "--seed", "3")["events"])

    def test_a_flaw_shows_where_it_first_acts(self):
        runs = ["replication-chaos@8", "replication-chaos@8,flaws=R01"]
        diff = self.run_json("diff", *runs, exit_code=1)
        divergence = diff["divergence"]
        self.assertEqual(divergence["event"], diff["events_in_common"] + 1)
        self.assertEqual(divergence["left"], divergence["right"])  # the same input, answered in two ways
        self.assertIn("TruncateLog", [field["right"] for field in divergence["fields"]])
        text = self.odradek("diff", *runs, exit_code=1).stdout
        self.assertRegex(text, rf"\n  right +[0-9.]+s  event {divergence['event']} ")
        self.assertRegex(text.splitlines()[-1], r"^DIFFERENT  [\d,]+ events in common$")

    def test_two_processes_run_alike(self):
        doctor = self.run_json("doctor", "small.toml", "replication-chaos", "--seeds", "0..3")
        self.assertEqual((doctor["runs"], doctor["deterministic"]), (8, True))
        text = self.odradek("doctor", "small.toml", "--seeds", "0..1", exit_code=0).stdout
        self.assertRegex(text.splitlines()[-1], r"^PASS  no difference in 2 runs of [\d,]+ events$")

    def test_an_interrupt_ends_a_doctor_after_its_block(self):
        command = [PROGRAM, "doctor", "replication-chaos", "--seeds", "0..100000", "--format", "json"]
        doctor = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(2)
        doctor.send_signal(signal.SIGINT)
        out, _ = doctor.communicate(timeout=60)
        self.assertEqual(doctor.returncode, 2)
        self.assertTrue(json.loads(out)["interrupted"])

    def test_the_museum_finds_a_flaw_and_nothing_without_it(self):
        one, other = (self.run_json("museum", "R01", "R23", "-j", workers) for workers in ("1", "3"))
        for shown in one + other:
            self.assertGreater(shown.pop("cpu_seconds"), 0)
        self.assertEqual(one, other)
        flaw, setting = one
        self.assertEqual((flaw["exhibit"], flaw["found"], flaw["clean_with_flaw_off"], flaw["directed"]), ("R01", True, True, True))
        self.assertEqual((setting["exhibit"], setting["found"], setting["invariant"]), ("R23", True, "acks=1"))
        self.assertGreaterEqual(flaw["seeds_tried"], flaw["seed"])
        replay = self.run_json(*flaw["repro"].split()[1:], exit_code=1)
        self.assertEqual(replay["violations"][0]["invariant"], flaw["invariant"])

    def test_an_exhibit_that_is_not_found_in_time_is_inconclusive(self):
        (shown,) = self.run_json("museum", "R06", "--budget", "0s", exit_code=6)
        self.assertEqual((shown["found"], shown["seed"], shown["seeds_tried"], shown["directed"]), (False, None, 0, True))

    def test_lists_what_there_is(self):
        for kind in ["scenarios", "exhibits", "invariants", "faults", "workloads", "probes"]:
            names = [row["name"] for row in json.loads(self.odradek("list", kind, "--format", "json", exit_code=0).stdout)]
            self.assertEqual(len(names), len(set(names)))
            self.assertTrue(names)

    def test_shows_a_scenario_that_reads_back(self):
        shown = self.odradek("scenario", "show", "replication-chaos", exit_code=0).stdout
        (self.folder / "shown.toml").write_text(shown)
        hashes = [
            self.odradek("scenario", "check", name, exit_code=0).stdout.split()[-1]
            for name in ("replication-chaos", "shown.toml")
        ]
        self.assertEqual(hashes[0], hashes[1])

    def test_a_run_can_be_described_at_its_end_and_changes_nothing(self):
        plain = self.odradek("run", "small.toml", exit_code=0)
        described = self.odradek("run", "small.toml", "--describe", "topics,brokers,quorum", exit_code=0)
        self.assertEqual(described.stdout.splitlines()[-2:], plain.stdout.splitlines()[-2:])
        self.assertRegex(described.stdout, r"\nas of [\d.]+ s after the cluster was ready, in phase over: ")
        self.assertIn("Topic: orders  TopicId: ", described.stdout)
        self.assertRegex(described.stdout, r"\n  1 +\d+ +- +unfenced +up, RUNNING +\d+\n")
        self.assertRegex(described.stdout, r"\n  LeaderId: +101\n")

    def test_a_run_can_be_described_at_a_time(self):
        run = self.run_json("run", "small.toml", "--describe", "brokers", "--at", "700ms")
        self.assertEqual(run["verdict"], "pass")
        self.assertEqual(run["describe"]["since_ready_ns"], 700_000_000)
        self.assertEqual(run["describe"]["phase"], "safety")
        self.assertEqual([broker["id"] for broker in run["describe"]["brokers"]], [1, 2, 3])
        self.assertNotIn("topics", run["describe"])
        self.assertNotIn("describe", self.run_json("run", "small.toml"))

    def test_what_cannot_be_described_is_refused(self):
        for arguments, problem in (
            (("--describe", "topic"), '--describe "topic", expected one of topics, brokers, quorum; did you mean "topics"?'),
            (("--describe", ","), "--describe names nothing, expected some of topics, brokers, quorum"),
            (("--at", "5s"), "--at says when to --describe the cluster: add --describe topics,brokers,quorum"),
            (("--describe", "topics", "--at", "-5s"), "--at -5s, expected a duration such as 60s"),
            (("--describe", "topics", "--at", "soon"), "--at soon, expected a duration such as 60s"),
        ):
            run = self.odradek("run", "small.toml", *arguments, exit_code=4)
            self.assertEqual(run.stdout, "")
            self.assertIn(problem, run.stderr)

    def test_a_time_after_the_end_is_answered_with_the_end(self):
        run = self.odradek("run", "small.toml", "--describe", "topics", "--at", "1h", exit_code=4)
        self.assertIn("PASS  small  seed 1  ", run.stdout)
        self.assertNotIn("Topic: ", run.stdout)
        self.assertRegex(run.stderr, r"^odradek: --at 1h: the run ended [\d.]+ s after the cluster was ready; ")
        end = re.search(r"ended ([\d.]+) s", run.stderr)[1]
        self.odradek("run", "small.toml", "--describe", "topics", "--at", f"{int(float(end) * 1000) - 1}ms", exit_code=0)

    def test_a_run_that_is_stopped_is_described_as_it_stands(self):
        run = self.odradek("replay", "small.toml", "--seed", 1, "--until", "1ms", "--describe", "brokers", exit_code=6)
        self.assertIn("as of before the cluster was ready, in phase boot: ", run.stdout)
        self.assertRegex(run.stdout, r"\n  1 +- +- +not registered +down +-\n")

    def test_version_names_the_build(self):
        self.assertRegex(self.odradek("version", exit_code=0).stdout, r"^odradek \d+\.\d+\.\d+ \(build [0-9a-f]{16}, ")


if __name__ == "__main__":
    unittest.main()
