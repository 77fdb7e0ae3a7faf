"""Reads what `valgrind --tool=callgrind` writes: who called whom, and what that cost in instructions."""

import re
from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Profile:
    """Instructions of the functions alone, and of each call with all that it called in turn."""

    alone: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    calls: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    @property
    def total(self):
        return sum(self.alone.values())

    def entering(self, area, *callers):
        """Instructions spent in calls to functions of `area` by functions that are none of it.

        `area` and `callers` are regular expressions of function names; with `callers` only calls by these count.
        """
        inside = re.compile(area)
        by = re.compile("|".join(callers)) if callers else None
        return sum(
            cost
            for (caller, callee), cost in self.calls.items()
            if inside.match(callee) and not inside.match(caller) and (by is None or by.match(caller))
        )


def parse(lines):
    """A Profile of the lines of one callgrind.out file with a single event, Ir."""
    profile = Profile()
    names = {}
    function = callee = ""
    is_call = False
    for line in lines:
        found = re.match(r"(fn|cfn)=(?:\((\d+)\))?\s*(.*)", line)
        if found:
            kind, number, name = found.groups()
            if number:
                name = names.setdefault(number, name)
            if kind == "fn":
                function = name
            else:
                callee = name
        elif line.startswith("calls="):
            is_call = True
        elif found := re.match(r"(?:\+|-|\*|0x|\d)\S*\s+(\d+)\s*$", line):
            if is_call:
                profile.calls[function, callee] += int(found[1])
            else:
                profile.alone[function] += int(found[1])
            is_call = False
    return profile
