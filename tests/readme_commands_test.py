"""Runs every line `./dev odradek …` that stands in a code block of a README, so that none of them goes stale.

A command must exit with 0, or with the code that a comment behind it states: `./dev odradek run X  # exit 1`.
The environment variable ODRADEK_PROGRAM names the program; commands of one README share a working folder.
"""

import os
import re
import shlex
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMAND = re.compile(r"^\s*(?:\$ )?\./dev odradek\b([^#]*)(?:#(.*))?$")


def commands(markdown):
    """Yields (line number, arguments, expected exit code) of the commands in fenced code blocks."""
    fenced = False
    for number, line in enumerate(markdown.splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced and (found := COMMAND.match(line)):
            code = re.search(r"\bexit (\d+)\b", found[2] or "")
            yield number, shlex.split(found[1]), int(code[1]) if code else 0


def readmes():
    for path in sorted(ROOT.rglob("README.md")):
        if path.relative_to(ROOT).parts[0] != "build":
            yield path


class ReadmeCommands(unittest.TestCase):
    def test_finds_commands_in_code_blocks_only(self):
        text = "./dev odradek no\n```sh\n./dev run\n./dev odradek list  # all\n"
        text += "$ ./dev odradek run 'a b' # exit 1: found\n```\n"
        self.assertEqual(list(commands(text)), [(4, ["list"], 0), (5, ["run", "a b"], 1)])

    def test_every_command_exits_as_stated(self):
        program = os.environ.get("ODRADEK_PROGRAM")
        if not program:
            self.skipTest("ODRADEK_PROGRAM names no program")
        for readme in readmes():
            with tempfile.TemporaryDirectory() as folder:
                os.symlink(ROOT / "scenarios", Path(folder) / "scenarios")
                for line, arguments, expected in commands(readme.read_text(encoding="utf-8")):
                    with self.subTest(f"{readme.relative_to(ROOT)}:{line}: {shlex.join(arguments)}"):
                        run = subprocess.run(
                            [program, *arguments],
                            cwd=folder,
                            stdin=subprocess.DEVNULL,
                            capture_output=True,
                            text=True,
                            timeout=120,
                            check=False,
                        )
                        self.assertEqual(run.returncode, expected, run.stdout[-2000:] + run.stderr[-2000:])


if __name__ == "__main__":
    unittest.main()
