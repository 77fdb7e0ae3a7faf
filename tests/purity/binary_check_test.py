"""Compiles small impure sources and demands that binary_check.py rejects them, and accepts pure ones.

The environment variable CXX names the compiler; CXXFLAGS may add sanitizers.
"""

import os
import shlex
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import binary_check

# (source, what the message must contain); each plants its call on line 4.
IMPURE = [
    (
        "#include <time.h>",
        "timespec t; clock_gettime(CLOCK_REALTIME, &t); return int(t.tv_sec);",
        "clock_gettime reads a clock",
    ),
    (
        "#include <chrono>",
        "return int(std::chrono::steady_clock::now().time_since_epoch().count());",
        "reads a clock",
    ),
    ("#include <fcntl.h>", 'return open("/etc/passwd", O_RDONLY);', "open touches files; use the Disk"),
    ("#include <sys/socket.h>", "return socket(AF_INET, SOCK_STREAM, 0);", "socket uses the network"),
    ("#include <pthread.h>", "return pthread_create(0, 0, 0, 0);", "pthread_create threads"),
    ("#include <sys/random.h>", "return int(getrandom(0, 0, 0));", "getrandom draws entropy"),
    ("#include <random>", "return int(std::random_device()());", "draws entropy"),
    ("#include <cstdio>", 'return std::printf("%d", 3);', "printf prints"),
    ("#include <iostream>", "std::cout << 3; return 0;", "prints; use a typed event"),
    ("#include <cstdlib>", 'return std::getenv("HOME") != nullptr;', "getenv depends on the environment"),
    (
        "#include <unordered_set>",
        "std::unordered_set<int> s{x}; s.insert(4); return int(s.size());",
        "hashes",
    ),
    ("#include <cmath>", "return int(std::pow(double(x), 1.5));", "pow computes in floating point"),
    ("#include <unistd.h>", "return getpid();", "getpid looks at the machine"),
    ("extern int elsewhere(int);", "return elsewhere(x);", "elsewhere(int) is on no list"),
]
PURE = """
#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>
namespace odradek {
struct Shape { virtual ~Shape() = default; virtual int area() const = 0; };
int other(const std::map<std::string, std::vector<int>>& m);
int pure(const std::string& s, unsigned __int128 wide) {
  std::map<std::string, std::vector<int>> m{{s, {1, 2, 3}}, {s + "x", {}}};
  std::variant<int, std::string> v = s;
  auto shared = std::make_shared<std::deque<int>>(3);
  std::vector<int> xs{3, 1, 2};
  std::stable_sort(xs.begin(), xs.end());
  if (s.empty()) throw std::runtime_error("empty");
  return other(m) + static_cast<int>(wide / 10) + shared->at(1) + static_cast<int>(v.index()) + m.at(s).at(2);
}
}
"""


class BinaryCheck(unittest.TestCase):
    def archive(self, folder, text):
        source, built, archive = (Path(folder) / name for name in ("a.cc", "a.o", "liba.a"))
        source.write_text(text)
        flags = shlex.split(os.environ.get("CXXFLAGS", ""))
        compiler = os.environ.get("CXX", "g++")
        subprocess.run(
            [compiler, "-std=c++20", "-O1", "-g1", "-w", *flags, "-c", source, "-o", built], check=True
        )
        archive.unlink(missing_ok=True)
        subprocess.run(["ar", "rc", archive, built], check=True)
        return archive

    def test_rejects_what_is_planted_and_names_the_line(self):
        with tempfile.TemporaryDirectory() as folder:
            for include, statement, words in IMPURE:
                with self.subTest(statement):
                    function = f"int planted(int x) {{\n{statement} (void)x;\n}}"
                    text = f"{include}\nnamespace odradek {{\n{function}\n}}\n"
                    messages = binary_check.check_archive(self.archive(folder, text))
                    self.assertTrue(any(words in message for message in messages), messages)
                    self.assertTrue(
                        any("a.cc:4: " in message for message in messages) or "std::" in statement, messages
                    )
                    self.assertTrue(all("; use " in message for message in messages), messages)

    def test_accepts_containers_strings_exceptions_and_our_own(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(binary_check.check_archive(self.archive(folder, PURE)), [])

    def test_program_fails_on_a_clock(self):
        with tempfile.TemporaryDirectory() as folder:
            archive = self.archive(folder, "#include <time.h>\nlong f() { return time(nullptr); }\n")
            command = [sys.executable, binary_check.__file__, archive]
            run = subprocess.run(command, capture_output=True, text=True, check=False)
            self.assertEqual(run.returncode, 1)
            self.assertIn("a.cc:2: time reads a clock; use the Now of the step", run.stdout)


if __name__ == "__main__":
    unittest.main()
