"""Runs one scenario with two builds of the program and demands the same fingerprint for every seed.

usage: fingerprints_agree.py PROGRAM PROGRAM SCENARIO SEED...

Two compilers, two levels of optimisation, with and without sanitizers: none of it may show. A seed may end
in a violation; it must then do so in both.
"""

import json
import subprocess
import sys
from pathlib import Path

HELD, VIOLATED, INCONCLUSIVE = 0, 1, 6


def outcome(program, scenario, seed):
    """What must not differ: exit code, verdict and fingerprint of one run."""
    command = [program, "run", scenario, "--seed", seed, "--format", "json"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if run.returncode not in (HELD, VIOLATED, INCONCLUSIVE):
        sys.exit(f"{' '.join(command)}: exit {run.returncode}\n{run.stderr}")
    result = json.loads(run.stdout)
    return run.returncode, result["verdict"], result["fingerprint"]


def main():
    first, second, scenario, *seeds = sys.argv[1:]
    for program in (first, second):
        if not Path(program).exists():
            sys.exit(f"{program} is not built; ./dev build release and ./dev build checked make the two programs")
    for seed in seeds:
        one, other = outcome(first, scenario, seed), outcome(second, scenario, seed)
        if one != other:
            sys.exit(
                f"{scenario} --seed {seed}: {first} gives {one}, {second} gives {other}\n"
                f"find the cause: run {scenario} --seed {seed} --trace FILE with each, and compare the files"
            )
        print(f"{scenario} --seed {seed}: {one[2]}")


if __name__ == "__main__":
    main()
