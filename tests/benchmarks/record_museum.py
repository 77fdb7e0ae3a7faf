"""Runs the whole museum and writes scenarios/museum/RESULTS.md: `./dev museum --record`.

    record_museum.py PROGRAM OUTPUT [ARGS OF odradek museum…]
"""

import datetime
import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from record import commit, machine  # noqa: E402


def row(shown):
    where = f"`{shown['scenario']}` seed {shown['seed']}" if shown["found"] else ""
    found = "yes" if shown["found"] else "not yet"
    yes = {True: "yes", False: "**no**"}
    return (f"| {shown['exhibit']} | {yes[shown['directed']]} | {yes[shown['clean_with_flaw_off']]} | {found} "
            f"| {shown['invariant'] or ''} | {shown['seeds_tried']:,} | {shown['cpu_seconds']:.2f} | {where} |")


def write(museum, output, arguments):
    command = " ".join(["odradek museum", *arguments])
    text = [
        "# Time to find",
        "",
        f"{machine()}, {datetime.date.today().isoformat()}, commit {commit()}. Written by `./dev museum --record`,",
        f"which ran `{command}`. The search runs the generic chaos scenarios with the flaw planted, seed by seed from 1,",
        "until one ends as the exhibit says. Seeds count all its runs; CPU is what these took.",
        "",
        "| exhibit | its script shows it | clean without the flaw | found by search | by | seeds | CPU seconds | where |",
        "|---|---|---|---|---|---:|---:|---|",
        *[row(shown) for shown in museum],
    ]
    problems = [f"- {shown['exhibit']}: {problem}" for shown in museum for problem in shown["problems"]]
    if problems:
        text += ["", "Not as it must be:", "", *problems]
    Path(output).write_text("\n".join(text) + "\n", encoding="utf-8")


def main(program, output, *arguments):
    print("running the museum", file=sys.stderr)
    run = subprocess.run([program, "museum", *arguments, "--format", "json"], stdout=subprocess.PIPE, text=True, check=False)
    if run.returncode not in (0, 1, 6):  # an exhibit that is not found, or not right, is a result too
        sys.exit(run.returncode)
    write(json.loads(run.stdout), output, arguments)
    print(f"{output} is written", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
