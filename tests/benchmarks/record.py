"""Measures a build and writes tests/benchmarks/RESULTS.md: `./dev bench --record`.

Times are medians and noisy; instructions per event, counted by callgrind over a little of each profile, are
repeatable to a few in a thousand. Where a cost belongs is told by who called: what a checker reads through the
engine's code is a cost of the checkers.

    record.py PROGRAM OUTPUT
"""

import datetime
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import callgrind  # noqa: E402

NS = "odradek::"
# The function whose run is counted: a step of the simulation, or what steps the ping world.
STEP = {
    "kernel": "*bench_kernel*",
    "reference": f"{NS}sim::Simulation::step*",
    "wide": f"{NS}sim::Simulation::step*",
    "chaos": f"{NS}sim::Simulation::step*",
}

# What a figure of a profile has to be: (at least, at most).
FLOORS = {
    ("kernel", "events_per_cpu_second"): (3_000_000, None),
    ("reference", "sim_seconds_per_cpu_second"): (50, None),
    ("reference", "events_per_cpu_second"): (500_000, None),
    ("reference", "peak_mb"): (None, 192),
    ("chaos", "cpu_ms_median"): (None, 100),
    ("chaos", "peak_mb"): (None, 32),
    ("fork", "microseconds"): (None, 100),
    ("fork", "fork_and_diverge_microseconds"): (None, 500),
    ("boot", "cpu_ms"): (None, 20),
}


def count_instructions(program, profile):
    """(callgrind.Profile, events) of a little of a profile."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "callgrind.out"
        run = subprocess.run(
            ["valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={out}", "--compress-strings=yes",
             f"--toggle-collect={STEP[profile]}", program, "bench", profile, "--once", "--format", "json"],
            capture_output=True, text=True, check=True)
        events = json.loads(run.stdout)["profiles"][profile]["events"]
        with open(out, encoding="utf-8", errors="replace") as lines:
            return callgrind.parse(lines), int(events)


def shares(profile):
    """Parts of the instructions by area, as (area, share) pairs that add up to one."""
    engine = rf"{NS}node::(BrokerNode|ControllerNode|Process)::step|{NS}client::(Producer|Consumer|Admin)::step"
    inside = rf"{NS}(node|replica|log|raft|controller|metadata|client|io|wire)::"
    disks = rf"{NS}sim::(SimDisk|TapedDisk)::"
    disk = profile.entering(disks, inside)
    synced = profile.entering(disks, rf"{NS}sim::World<")
    network = profile.entering(rf"{NS}sim::Network::")
    fingerprint = profile.entering(rf"{NS}sim::feed_(input|effect)\(")
    written = profile.entering(rf"{NS}Bytes::(feed|digest)", rf"{NS}sim::SimDisk::")
    checkers = profile.entering(rf"{NS}sim::(Checkers|Observer)::|{NS}sim::full_scan|{NS}sim::check_history")
    parts = {
        "engine": profile.entering(engine) - disk,
        "network and disk": network + disk + synced - written,
        "checkers": checkers,
        "fingerprint": fingerprint + written,
    }
    total = profile.total
    named = [(area, cost / total) for area, cost in parts.items()]
    return [*named, ("kernel, workload, faults", 1 - sum(share for _, share in named))]


def machine():
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def commit():
    git = ["git", "-c", "safe.directory=*"]
    name = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)
    changed = subprocess.run([*git, "status", "--porcelain", "-uno"], capture_output=True, text=True, check=True)
    return name.stdout.strip() + (" with changes" if changed.stdout.strip() else "")


def verdict(figures, profile, figure):
    value = figures[profile][figure]
    at_least, at_most = FLOORS.get((profile, figure), (None, None))
    if (profile, figure) == ("chaos", "cpu_ms_p99"):
        at_most = round(8 * figures["chaos"]["cpu_ms_median"], 2)
    if (profile, figure) == ("wide", "events_per_cpu_second"):
        at_least = round(figures["reference"]["events_per_cpu_second"] / 2)
    if at_least is not None:
        return f"at least {at_least:,}", "met" if value >= at_least else "**missed**"
    if at_most is not None:
        return f"at most {at_most:,}", "met" if value <= at_most else "**missed**"
    return "", ""


def number(value):
    return f"{int(value):,}" if value == int(value) else f"{value:,}"


def write(figures, counted, output):
    text = [
        "# Benchmarks",
        "",
        f"{machine()}, {datetime.date.today().isoformat()}, commit {commit()}. Written by `./dev bench --record`:",
        "medians of several runs on one thread, all checkers and the fingerprint on.",
        "",
        "| profile | figure | value | demanded | |",
        "|---|---|---:|---|---|",
    ]
    for profile, values in figures.items():
        for figure, value in values.items():
            if figure != "events":
                demanded, met = verdict(figures, profile, figure)
                text.append(f"| {profile} | {figure} | {number(value)} | {demanded} | {met} |")
    text += ["", "Instructions per event (callgrind), and where they go:", ""]
    areas = [area for area, _ in shares(counted["reference"][0])]
    text += ["| profile | instructions per event | " + " | ".join(areas) + " |", "|---|---:|" + "---:|" * len(areas)]
    for profile, (counts, events) in counted.items():
        parts = ["" for _ in areas] if profile == "kernel" else [f"{share:.0%}" for _, share in shares(counts)]
        text.append(f"| {profile} | {round(counts.total / events):,} | " + " | ".join(parts) + " |")
    Path(output).write_text("\n".join(text) + "\n", encoding="utf-8")


def main(program, output):
    print("measuring all profiles", file=sys.stderr)
    run = subprocess.run([program, "bench", "--format", "json"], capture_output=True, text=True, check=True)
    figures = json.loads(run.stdout)["profiles"]
    counted = {}
    for profile in STEP:
        print(f"counting instructions of {profile}", file=sys.stderr)
        counted[profile] = count_instructions(program, profile)
    write(figures, counted, output)
    print(f"{output} is written", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
