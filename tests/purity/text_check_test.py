"""Plants each kind of impurity in a small source; text_check.py must find it, and nothing else."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import text_check

# (file, one line planted in a function or a type, words that the message must contain)
IN_A_FUNCTION = [
    ("auto t = std::chrono::steady_clock::now();", "clocks: steady_clock; use the Now of the step"),
    ("clock_gettime(0, &spec);", "clocks"),
    ("auto t = time(nullptr);", "clocks"),
    ("std::this_thread::sleep_for(pause);", "a timer effect"),
    ("std::thread worker(run);", "threads"),
    ("std::scoped_lock guard(mutex_);", "threads"),
    ("thread_local int depth = 0;", "threads"),
    ("auto later = std::async(run);", "threads"),
    ("std::atomic<int> count{0};", "threads"),
    ("co_await next_message;", "a state machine whose state is a value"),
    ("int die = rand() % 6;", "a keyed draw"),
    ("std::random_device entropy;", "a keyed draw"),
    ("std::mt19937 generator(seed);", "a keyed draw"),
    ("std::uniform_int_distribution<int> die(1, 6);", "the integer samplers"),
    ("std::shuffle(cards.begin(), cards.end(), draw);", "keyed draws and a loop"),
    ('std::cout << "hello";', "a typed event"),
    ("std::ostringstream text;", "a typed event"),
    ("printf(text);", "a typed event"),
    ("std::FILE* file = nullptr;", "a typed event"),
    ("std::unordered_map<int, int> seen;", "std::map, std::set or a sorted std::vector"),
    ("auto digest = std::hash<int>{}(3);", "engine/base/hash.h"),
    ("double ratio = 0;", "integers and ratios of integers"),
    ("std::map<Node*, int> lag;", "an id as key"),
    ("std::set<const Node*> seen;", "an id as key"),
    ("std::function<void()> callback;", "a std::variant"),
    ('auto home = getenv("HOME");', "configuration passed as a value"),
    ("std::locale here;", "fmt, which ignores the locale"),
    ("std::sort(xs.begin(), xs.end());", "// total order:"),
    ("std::ranges::sort(xs);", "// total order:"),
    ("send(draw(a), draw(b));", "two draws in one expression; use one statement each"),
    ("send(Point{draw(a)}, wrap(draw(b)));", "two draws in one expression"),
    ("total = stream.next() + stream.next();", "two draws in one expression"),
    ("send(count++, count++);", "one statement each"),
    ("static int calls = 0;", "mutable static"),
    ("static std::map<int, int> cache;", "mutable static"),
]
IN_A_TYPE = [
    ("std::size_t bytes_ = 0;", "size_t in state"),
    ("std::vector<size_t> offsets_;", "size_t in state"),
    ("unsigned long count;", "long in state"),
    ("long long position{3};", "long in state"),
    ("FIELDS(a, b)\n  long position;", "long in state"),
    ("static inline int instances = 0;", "mutable static"),
]
AT_NAMESPACE_SCOPE = [
    ("int counter = 0;", "mutable static"),
    ("inline std::vector<int> registry{1, 2};", "mutable static"),
    ("static Registry registry;", "mutable static"),
]
INCLUDES = [
    ("engine/log/a.h", '#include "engine/node/node.h"', "engine/log does not include engine/node/node.h"),
    ("engine/log/a.h", '#include "engine/assign/range.h"', "engine/log does not include"),
    ("engine/wire/a.h", '#include "engine/api/fetch.h"', "engine/wire does not include"),
    ("engine/raft/a.cc", '#include "engine/controller/topics.h"', "engine/raft does not include"),
    ("engine/base/a.h", '#include "sim/kernel/world.h"', "engine/base does not include"),
    (
        "engine/base/a.h",
        '#include "ids.h"',
        "engine/base does not include ids.h; use a header of engine/base",
    ),
    ("engine/base/a.h", "#include <chrono>", "engine/base does not include <chrono>"),
    ("engine/base/a.h", "#include <fmt/ostream.h>", "engine/base does not include <fmt/ostream.h>"),
    ("engine/node/a.h", "#include <nlohmann/json.hpp>", "engine/node does not include"),
    ("engine/log/a.h", "#include <atomic>", "engine/log does not include <atomic>"),
    ("engine/novel/a.h", "", "a row in ENGINE_ROWS"),
    ("sim/net/a.h", '#include "scenarios/loader.h"', "sim does not include"),
    ("sim/net/a.h", "#include <thread>", "sim does not include <thread>"),
    ("scenarios/a.cc", '#include "bindings/cli/cli.h"', "scenarios does not include"),
    ("tests/engine/log/a_test.cc", '#include "sim/kernel/world.h"', "tests/engine does not include"),
]
PURE = """\
// std::chrono::steady_clock, rand() and double are only spoken of here.
#include "engine/base/ids.h"
#include <fmt/format.h>
#include <map>

namespace odradek::log {
constexpr std::size_t kLimit = 1'000'000'000;
inline constexpr std::array<int, 2> kTable = {{1, 2}};
constexpr auto kSquares = make([](int x) { return x * x; });

/* printf("%f") */
struct Segment {
  Offset base;
  std::vector<std::uint32_t> sizes{1, 2, 3};
  [[nodiscard]] std::size_t size_bytes() const { return sizes.size(); }
  static constexpr long kNone = -1;
  static Segment empty();
  using Size = std::size_t;
  FIELDS(base, sizes)
  friend bool operator==(const Segment&, const Segment&) = default;
};

Segment::Segment(int a) : base{a}, sizes{a, 1} {
  const std::string text = "std::cout << time(nullptr); double";
  const char* raw = R"(static int x = 0; rand())";
  for (std::size_t i = 0; i < sizes.size(); ++i, ++a) use(i, 'x', '"');
  static const std::map<int, int> kNames{{1, 2}};
  // total order: sizes are distinct
  std::ranges::sort(sizes);
  std::sort(sizes.begin(), sizes.end());  // total order: sizes are distinct
  const auto pair = Pair{.first = draw(a), .second = wrap(draw(b))};
  if (draw(a) && draw(b)) use(draw(a) ? draw(b) : pair);
  const auto first = draw(a);
  const auto second = draw(std::next(std::next(b)));
  double shown = 0;  // purity: printed, never decided upon
}
}  // namespace odradek::log
"""


class TextCheck(unittest.TestCase):
    def assert_finds(self, path, text, line, words):
        messages = text_check.check_text(path, text)
        self.assertEqual(len(messages), 1, f"{text!r}: {messages}")
        self.assertTrue(messages[0].startswith(f"{path}:{line}: "), messages[0])
        self.assertIn(words, messages[0])
        self.assertIn("; use ", messages[0])

    def test_finds_what_is_planted_in_a_function(self):
        for layer in ("engine/log", "sim/net"):
            for planted, words in IN_A_FUNCTION:
                with self.subTest(planted):
                    self.assert_finds(
                        f"{layer}/a.cc", f"namespace x {{\nvoid f() {{\n  {planted}\n}}\n}}\n", 3, words
                    )

    def test_finds_what_is_planted_in_a_type(self):
        for planted, words in IN_A_TYPE:
            with self.subTest(planted):
                line = 3 + planted.count("\n")
                self.assert_finds(
                    "sim/net/a.h", f"namespace x {{\nclass A {{\n  {planted}\n}};\n}}\n", line, words
                )

    def test_finds_what_is_planted_at_namespace_scope(self):
        for planted, words in AT_NAMESPACE_SCOPE:
            with self.subTest(planted):
                self.assert_finds("engine/log/a.cc", f"namespace x {{\nvoid f();\n{planted}\n}}\n", 3, words)

    def test_finds_a_forbidden_include(self):
        for path, planted, words in INCLUDES:
            with self.subTest(path=path, planted=planted):
                self.assert_finds(path, f"{planted}\n", 1, words)

    def test_finds_unfinished_work_in_a_comment(self):
        for word in ("TO" "DO", "FIX" "ME", "X" "XX"):
            self.assert_finds("bindings/cli/a.cc", f"int f();\n// {word}: later\n", 2, "unfinished")

    def test_is_silent_on_pure_code(self):
        self.assertEqual(text_check.check_text("engine/log/a.cc", PURE), [])

    def test_lets_an_exempt_line_pass_only_with_a_reason(self):
        self.assertEqual(
            text_check.check_text("sim/a.cc", "void f() { float x; }  // purity: shown to people\n"), []
        )
        self.assertEqual(len(text_check.check_text("sim/a.cc", "void f() { float x; }  // purity:\n")), 1)

    def test_lets_the_outer_layers_use_files_and_clocks(self):
        text = "#include <fstream>\nvoid f() { std::ifstream file; double seconds = 0; }\n"
        self.assertEqual(text_check.check_text("bindings/cli/a.cc", text), [])

    def test_program_fails_and_names_the_line(self):
        with tempfile.TemporaryDirectory() as root:
            source = Path(root) / "engine" / "log" / "segment.cc"
            source.parent.mkdir(parents=True)
            source.write_text("\nvoid f() { rand(); }\n")
            run = subprocess.run(
                [sys.executable, text_check.__file__, root], capture_output=True, text=True, check=False
            )
            self.assertEqual(run.returncode, 1)
            self.assertIn("engine/log/segment.cc:2: entropy: rand(; use a keyed draw", run.stdout)


if __name__ == "__main__":
    unittest.main()
