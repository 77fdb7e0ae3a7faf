// Ranges: one value per seed, independent of each other, with every end checked before any seed runs.
#include "scenarios/draw.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "engine/base/duration_text.h"
#include "scenarios/scenario_file.h"
#include "scenarios/toml.h"
#include "scenarios/units.h"

namespace odradek::scenarios {
namespace {

std::map<std::string, std::string> drawn(std::string_view text, std::uint64_t seed) {
  const auto root = parse_toml(text, "t.toml");
  EXPECT_TRUE(root.has_value()) << root.error().message;
  Problems problems;
  std::map<std::string, std::string> values;
  for (const Drawn& d : resolve(*root, pick_of_seed(seed), problems).drawn)
    values[d.path] = print_inline(d.value);
  EXPECT_TRUE(problems.empty());
  return values;
}

TEST(Ranges, GiveTheSameValueForTheSameSeed) {
  constexpr std::string_view kText = "a = { uniform = [1, 1000000] }\n";
  EXPECT_EQ(drawn(kText, 7), drawn(kText, 7));
  EXPECT_NE(drawn(kText, 7), drawn(kText, 8));
}

TEST(Ranges, AreStableAcrossBuilds) {
  EXPECT_EQ(drawn("[x]\na = { uniform = [\"1ms\", \"40ms\"] }\nb = { one_of = [1, 2, 5] }\nc = { chance = "
                  "\"1/3\" }\n",
                  42),
            (std::map<std::string, std::string>{{"x.a", "\"11252us\""}, {"x.b", "5"}, {"x.c", "false"}}));
}

TEST(Ranges, DoNotChangeWhenAnotherOneGoes) {
  const auto both = drawn("a = { uniform = [1, 1000000] }\nb = { uniform = [1, 1000000] }\n", 3);
  const auto one = drawn("b = { uniform = [1, 1000000] }\n", 3);
  EXPECT_EQ(both.at("b"), one.at("b"));
  EXPECT_NE(both.at("a"), both.at("b"));
}

TEST(Ranges, StayWithinTheirEndsAndReachThem) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 200; ++seed)
    seen.insert(drawn("a = { uniform = [-1, 1] }\n", seed).at("a"));
  EXPECT_EQ(seen, (std::set<std::string>{"-1", "0", "1"}));
}

TEST(Ranges, HaveTheirChances) {
  int yes = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed)
    yes += drawn("a = { chance = \"1/3\" }\n", seed).at("a") == "true";
  EXPECT_NEAR(yes, 1000, 100);
}

std::string refusal(std::string_view settle) {
  const std::string text =
      "title = \"t\"\n[[topic]]\nname = \"t\"\n[run]\nsettle = " + std::string(settle) + "\n";
  const auto file = ScenarioFile::parse(text, "t", "t.toml");
  return file ? "accepted" : file.error().message;
}

TEST(Ranges, AreRefusedWhenAnyChoiceIsBad) {
  EXPECT_EQ(refusal("{ one_of = [\"5s\", \"6s\", \"7\"] }"),
            "t.toml:5:34: settle = \"7\", expected a duration from 1s to 1h, such as \"250ms\" (units: ns, "
            "us, ms, s, m, h)");
}

TEST(Ranges, AreRefusedWhenAnEndIsBad) {
  EXPECT_EQ(refusal("{ uniform = [\"5s\", \"2h\"] }"),
            "t.toml:5:10: settle = \"2h\", expected a duration from 1s to 1h");
  EXPECT_EQ(refusal("{ uniform = [\"5ms\", \"2s\"] }"),
            "t.toml:5:10: settle = \"5ms\", expected a duration from 1s to 1h");
}

TEST(Ranges, AreRefusedWhenIllFormed) {
  constexpr std::string_view kEnds = "expected the two ends, the lower first: integers, durations or rates";
  EXPECT_EQ(refusal("{ uniform = [\"9s\", \"5s\"] }"),
            "t.toml:5:22: uniform = [\"9s\", \"5s\"], " + std::string(kEnds));
  EXPECT_EQ(refusal("{ uniform = [5, \"9s\"] }"),
            "t.toml:5:22: uniform = [5, \"9s\"], " + std::string(kEnds));
  EXPECT_EQ(refusal("{ one_of = [] }"), "t.toml:5:21: one_of = [], expected a list of at least one choice");
  EXPECT_EQ(refusal("{ chance = \"4/3\" }"),
            "t.toml:5:21: chance = \"4/3\", expected a ratio between 0 and 1, such as \"1/3\"");
}

TEST(Units, ReadWholeNumbersWithAUnit) {
  EXPECT_EQ(parse_duration("250ms"), milliseconds(250));
  EXPECT_EQ(parse_duration("5m"), seconds(300));
  EXPECT_EQ(parse_duration("1h"), seconds(3600));
  EXPECT_EQ(parse_duration("0s"), seconds(0));
  for (const auto* bad : {"", "5", "s", "1.5s", "-1s", "5 ms", "5MS", "99999999999999h"}) {
    EXPECT_FALSE(parse_duration(bad).has_value()) << bad;
  }
}

TEST(Units, PrintWhatTheyRead) {
  for (const auto* text : {"0s", "1ns", "1500us", "250ms", "90s", "20m", "1h"}) {
    EXPECT_EQ(duration_text(*parse_duration(text)), text);
  }
}

TEST(Units, ReadSeedsOfBothBases) {
  EXPECT_EQ(parse_seed("18446744073709551615"), ~std::uint64_t{0});
  EXPECT_EQ(parse_seed("0xff"), 255u);
  for (const auto* bad : {"", "0x", "-1", "1a", "18446744073709551616", " 1"}) {
    EXPECT_FALSE(parse_seed(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace odradek::scenarios
