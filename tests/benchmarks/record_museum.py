"""Runs the whole museum and writes scenarios/museum/RESULTS.md: `./dev museum --record`.

    record_museum.py PROGRAM OUTPUT [ARGS OF odradek museum…]

Each exhibit is searched for in three ranges of seeds that have none in common; the median counts.
"""

import datetime
import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from record import commit, machine  # noqa: E402

FIRST_SEEDS = [1, 1_000_001, 2_000_001]
BARS = [60, 300]  # CPU seconds


def seconds(shown):
    return shown["cpu_seconds"] if shown["found"] else float("inf")


def shape(value):
    return "not yet" if value == float("inf") else f"{value:.2f}"


def row(ranges):
    """The same exhibit, searched for in each range."""
    times = sorted(seconds(shown) for shown in ranges)
    best = min(ranges, key=seconds)
    where = f"{best['invariant']}, `{best['scenario']}` seed {best['seed']}" if best["found"] else ""
    yes = {True: "yes", False: "**no**"}
    return (f"| {best['exhibit']} | {yes[best['directed']]} | {yes[all(r['clean_with_flaw_off'] for r in ranges)]} "
            f"| {shape(times[1])} | {', '.join(shape(seconds(shown)) for shown in ranges)} | {where} |")


def share(museum, bar):
    found = sum(1 for ranges in museum if sorted(seconds(shown) for shown in ranges)[1] <= bar)
    return f"{found} of {len(museum)} ({100 * found // len(museum)} %) within {bar} CPU seconds"


def write(museum, output, arguments):
    command = " ".join(["odradek museum", *arguments])
    text = [
        "# Time to find",
        "",
        f"{machine()}, {datetime.date.today().isoformat()}, commit {commit()}. Written by `./dev museum --record`,",
        f"which ran `{command}` from the seeds {', '.join(f'{seed:,}' for seed in FIRST_SEEDS)}. The search runs the generic",
        "chaos scenarios with the flaw planted, seed by seed, until one ends as the exhibit says. CPU seconds are those of",
        f"all runs until then. By the median of the three: {', '.join(share(museum, bar) for bar in BARS)}.",
        "",
        "| exhibit | its script shows it | clean without the flaw | median | CPU seconds from each seed | soonest |",
        "|---|---|---|---:|---:|---|",
        *[row(ranges) for ranges in museum],
    ]
    problems = sorted({f"- {shown['exhibit']}: {problem}" for ranges in museum for shown in ranges for problem in shown["problems"]})
    if problems:
        text += ["", "Not as it must be:", "", *problems]
    Path(output).write_text("\n".join(text) + "\n", encoding="utf-8")


def search(program, first_seed, arguments):
    print(f"running the museum from seed {first_seed:,}", file=sys.stderr)
    command = [program, "museum", *arguments, "--seed", str(first_seed), "--format", "json"]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if run.returncode not in (0, 1, 6):  # an exhibit that is not found, or not right, is a result too
        sys.exit(run.returncode)
    return json.loads(run.stdout)


def main(program, output, *arguments):
    write(list(zip(*[search(program, seed, arguments) for seed in FIRST_SEEDS])), output, arguments)
    print(f"{output} is written", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
