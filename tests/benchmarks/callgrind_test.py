"""Tests of the reader of callgrind's files."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import callgrind  # noqa: E402

TEXT = """events: Ir
fl=(1) a.cc
fn=(1) outer()
3 10
cfn=(2) area::first(int)
calls=2 9
4 70
+1 5
cfn=(3) other
calls=1 12
* 7

fn=(2)
9 30
cfn=(4) area::second()
calls=1 20
+1 40
fn=(4)
20 40
fn=(3)
12 7
summary: 92
"""


class Callgrind(unittest.TestCase):
    def setUp(self):
        self.profile = callgrind.parse(TEXT.splitlines())

    def test_counts_each_function_alone(self):
        self.assertEqual(self.profile.alone["outer()"], 15)
        self.assertEqual(self.profile.alone["area::second()"], 40)
        self.assertEqual(self.profile.total, 92)

    def test_a_call_costs_what_it_leads_to(self):
        self.assertEqual(self.profile.calls["outer()", "area::first(int)"], 70)

    def test_calls_within_an_area_do_not_enter_it(self):
        self.assertEqual(self.profile.entering("area::"), 70)
        self.assertEqual(self.profile.entering("area::", "other"), 0)


if __name__ == "__main__":
    unittest.main()
