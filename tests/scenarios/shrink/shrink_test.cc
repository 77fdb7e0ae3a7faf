// Shrinking: what is frozen is the same run, what is kept is needed, and a slip to another bug is refused.
#include "scenarios/shrink/shrink.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "scenarios/catalog.h"
#include "scenarios/layout.h"
#include "scenarios/shrink/ddmin.h"
#include "scenarios/shrink/freeze.h"
#include "scenarios/shrink/quantities.h"
#include "sim/search/run.h"

namespace odradek::scenarios {
namespace {

ScenarioFile known(const std::string& name) {
  auto file = find_scenario(name);
  EXPECT_TRUE(file.has_value()) << file.error().message;
  return *std::move(file);
}

sim::RunResult run_of(const Table& root, std::uint64_t seed) {
  const auto file = ScenarioFile::parse(lay_out(root), "t", "t.toml");
  EXPECT_TRUE(file.has_value()) << file.error().message;
  return sim::run(*file->for_seed(seed), seed);
}

RC_GTEST_PROP(Ddmin, FindsExactlyWhatIsNeeded, (std::set<int> items)) {
  const std::vector<int> all(items.begin(), items.end());
  std::vector<int> needed;
  for (const int item : all) {
    if (*rc::gen::arbitrary<bool>()) needed.push_back(item);
  }
  const auto found =
      ddmin(all, [&](const std::vector<int>& kept) { return std::ranges::includes(kept, needed); });
  RC_ASSERT(found == needed);
}

RC_GTEST_PROP(Ddmin, GivesWhatIsMinimalAlsoWhereLessIsNotAlwaysLess, (std::vector<std::uint8_t> items)) {
  // Fails for an odd sum of at least 40 only, so that most parts of a failing list do not fail.
  const auto fails = [](const std::vector<std::uint8_t>& kept) {
    std::uint64_t sum = 0;
    for (const std::uint8_t item : kept) sum += item;
    return sum >= 40 && sum % 2 == 1;
  };
  if (!fails(items)) items.push_back(std::accumulate(items.begin(), items.end(), 0) % 2 == 0 ? 41 : 40);
  const auto found = ddmin(items, fails);
  RC_ASSERT(fails(found));
  for (std::size_t i = 0; i < found.size(); ++i) {
    auto rest = found;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
    RC_ASSERT(!fails(rest));
  }
}

TEST(Ddmin, AsksForNothingFirst) {
  int asked = 0;
  const auto found = ddmin(std::vector{1, 2, 3, 4}, [&](const std::vector<int>&) { return ++asked > 0; });
  EXPECT_TRUE(found.empty());
  EXPECT_EQ(asked, 1);
}

TEST(Freeze, IsTheSameRun) {
  for (const auto* name : {"replication-chaos", "museum/R01", "network-partition"}) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const ScenarioFile file = known(name);
      const auto frozen = freeze(file, seed);
      ASSERT_TRUE(frozen.has_value()) << frozen.error().message;
      if (!frozen->left_out.empty()) continue;
      EXPECT_EQ(frozen->root.find("faults"), nullptr);
      EXPECT_EQ(run_of(frozen->root, seed).fingerprint, sim::run(*file.for_seed(seed), seed).fingerprint)
          << name << " seed " << seed;
    }
  }
}

TEST(Freeze, LeavesNothingToDraw) {
  const auto frozen = freeze(known("replication-chaos"), 1);
  const auto file = ScenarioFile::parse(lay_out(frozen->root), "t", "t.toml");
  ASSERT_TRUE(file.has_value());
  EXPECT_TRUE(file->drawn(1).empty());
  EXPECT_TRUE(file->for_seed(1)->faults.empty());
}

TEST(SameFailure, IsThatOfOneInvariantAndOneWitness) {
  const sim::Violation violation{
      .invariant = "I10", .message = "broker 1 lacks 5", .witness = "lacks a record"};
  sim::Violation other = violation;
  other.message = "broker 2 lacks 7";
  EXPECT_TRUE(is_same_failure(violation, other));
  other.witness = "holds another record";
  EXPECT_FALSE(is_same_failure(violation, other));
  other = violation;
  other.invariant = "I11";
  EXPECT_FALSE(is_same_failure(violation, other));
}

sim::RunResult trial(const sim::Scenario& scenario, std::uint64_t seed, std::uint64_t events_max) {
  return sim::run(scenario, seed, {.max_events = events_max, .until_violation = true});
}

ShrinkHooks patient() {
  return {.trial = trial, .is_over = [] { return false; }, .on_try = [](const ShrinkProgress&) {}};
}

TEST(Search, RefusesASlipToAnotherFailure) {
  const ScenarioFile file = known("museum/R01");
  const auto frozen = freeze(file, 1);
  ShrinkHooks hooks = patient();
  bool slips = false;
  hooks.trial = [&](const sim::Scenario& scenario, std::uint64_t seed, std::uint64_t events_max) {
    sim::RunResult result = trial(scenario, seed, events_max);
    if (slips) result.violations.front().witness = "something else";
    return result;
  };
  ShrinkSearch search(frozen->root, trial(*file.for_seed(1), 1, 50'000'000), 1, hooks);
  const Table shorter = with(frozen->root, {"run", "settle"}, duration_value(seconds(20)));
  const Table longer = with(frozen->root, {"run", "settle"}, duration_value(seconds(25)));
  slips = true;
  EXPECT_FALSE(search.accept(shorter));
  EXPECT_EQ(print_file(search.best()), print_file(frozen->root));
  slips = false;
  EXPECT_TRUE(search.accept(longer));
  EXPECT_EQ(print_file(search.best()), print_file(longer));
}

TEST(Search, AsksNothingTwiceAndNothingThatNoFileMaySay) {
  const ScenarioFile file = known("museum/R01");
  const auto frozen = freeze(file, 1);
  ShrinkSearch search(frozen->root, trial(*file.for_seed(1), 1, 50'000'000), 1, patient());
  EXPECT_FALSE(
      search.accept(with(frozen->root, {"cluster", "brokers"}, {.data = std::int64_t{99}, .where = {}})));
  EXPECT_EQ(search.tries(), 0u);
  const Table other = with(frozen->root, {"run", "settle"}, duration_value(seconds(20)));
  EXPECT_TRUE(search.accept(other));
  EXPECT_FALSE(search.accept(other));
  EXPECT_EQ(search.tries(), 1u);
}

TEST(Shrink, HasNothingToDoForARunThatHolds) {
  const auto shrunk = shrink(known("first-light"), 1, patient());
  ASSERT_FALSE(shrunk.has_value());
  EXPECT_EQ(shrunk.error().message,
            "first-light holds under seed 1: nothing to shrink, expected a run that violates an invariant");
}

TEST(Shrink, HandsOverTheBestWhenTimeIsOver) {
  ShrinkHooks hooks = patient();
  int tries = 0;
  hooks.is_over = [&tries] { return tries >= 5; };
  hooks.on_try = [&tries](const ShrinkProgress&) { ++tries; };
  const auto shrunk = shrink(known("museum/R01"), 1, hooks);
  ASSERT_TRUE(shrunk.has_value()) << shrunk.error().message;
  EXPECT_FALSE(shrunk->is_minimal);
  EXPECT_EQ(shrunk->tries, 5u);
  EXPECT_TRUE(is_same_failure(run_of(shrunk->root, shrunk->seed).violations.front(),
                              shrunk->original.violations.front()));
}

TEST(Quantities, GetRounderUntilTheyAreRound) {
  const auto texts = [](const std::vector<Value>& values) {
    std::string out;
    for (const Value& value : values) out += *value.as<std::string>() + " ";
    return out;
  };
  EXPECT_EQ(texts(rounder(milliseconds(1'730))), "2s 1s 1700ms 1800ms ");
  EXPECT_EQ(texts(rounder(microseconds(15'488))), "20ms 10ms 15ms 16ms 15500us 15400us 15490us 15480us ");
  EXPECT_EQ(texts(rounder(seconds(20))), "");
  EXPECT_EQ(texts(spans_below(milliseconds(5))), "1ms 2ms ");
}

}  // namespace
}  // namespace odradek::scenarios
