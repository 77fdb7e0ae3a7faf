// Recordings: marks agree as long as runs do, and the step at which two runs part is named with its members.
#include "sim/trace/recording.h"

#include <gtest/gtest.h>

#include "sim/kernel/ping.h"
#include "sim/search/simulation_run.h"
#include "sim/trace/world_run.h"
#include "tests/sim/search/small_scenario.h"

namespace odradek::sim {
namespace {

constexpr std::uint64_t kEvents = 1'000;

WorldRun<Ping> pings(std::uint64_t seed = 1) { return {ping_world(seed), kEvents}; }

/// Pings that somebody disturbs at one event: their connection is reset.
class Disturbed final : public Recordable {
 public:
  explicit Disturbed(std::uint64_t at) : at_(at) {}
  bool step(Sight* seen) override {
    if (world_.events() >= kEvents) return false;
    if (world_.events() + 1 == at_) static_cast<void>(world_.reset_between(NodeId(1), NodeId(2)));
    const StepReport report = world_.step();
    if (seen != nullptr) *seen = sight_of(report);
    return true;
  }
  [[nodiscard]] std::uint64_t event() const override { return world_.events(); }
  [[nodiscard]] Instant now() const override { return world_.now(); }
  [[nodiscard]] Digest happened() const override { return world_.fingerprint(); }
  [[nodiscard]] Digest digest() const override { return world_.state_digest(); }
  [[nodiscard]] Leaves state() const override { return leaves_of("world", world_); }

 private:
  World<Ping> world_ = ping_world(1);
  std::uint64_t at_;
};

TEST(Recording, HasAMarkPerIntervalAndOneForTheEnd) {
  auto run = pings();
  const std::vector<Mark> marks = record(run, {.every = 300});
  ASSERT_EQ(marks.size(), 4u);
  EXPECT_EQ(marks[0].step, 300u);
  EXPECT_EQ(marks[3].step, kEvents);
  EXPECT_NE(marks[0].happened, marks[1].happened);
  EXPECT_NE(marks[0].is, marks[1].is);
}

TEST(Recording, OfAWindowHasItsStepsOnly) {
  auto run = pings();
  const std::vector<Mark> marks = record(run, {.from = 300, .to = 310, .every = 1});
  ASSERT_EQ(marks.size(), 10u);
  EXPECT_EQ(marks.front().step, 301u);
  EXPECT_EQ(marks.back().step, 310u);
}

TEST(Recording, OfOneSeedAgreesWithItselfAndNotWithAnother) {
  auto one = pings();
  auto again = pings();
  auto other = pings(2);
  const std::vector<Mark> marks = record(one, {});
  EXPECT_EQ(first_disagreement(marks, record(again, {})), std::nullopt);
  EXPECT_EQ(first_disagreement(marks, record(other, {})), 0u);
  EXPECT_EQ(first_disagreement(marks, std::span(marks).first(1)), 1u);
}

TEST(Recording, FindsTheStepAtWhichTwoRunsPart) {
  Disturbed early(500);
  Disturbed late(501);
  const auto marks = record(early, {.every = 1});
  EXPECT_EQ(first_disagreement(marks, record(late, {.every = 1})), 499u);  // the mark after step 500
}

TEST(Look, TellsAStepInFull) {
  auto run = pings();
  const auto seen = look(run, 500, {.before = true, .context = 3});
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->mark.event, 500u);
  EXPECT_EQ(seen->context.size(), 3u);
  EXPECT_NE(seen->before, seen->after);
  EXPECT_NE(seen->sight.title.find("BrokerHeartbeat"), std::string::npos) << seen->sight.title;
  EXPECT_EQ(seen->sight.leaves.at(0).path, "node");
}

TEST(Look, FindsNothingBehindTheEnd) {
  auto run = pings();
  EXPECT_EQ(look(run, kEvents + 1), std::nullopt);
}

TEST(Divergence, OfEqualLooksHasNoMembers) {
  auto one = pings();
  auto other = pings();
  EXPECT_TRUE(divergence(*look(one, 100), *look(other, 100)).members.empty());
}

TEST(Divergence, LeavesOutWhatDifferedBefore) {
  auto run = pings();
  Look left = *look(run, 100);
  Look right = left;
  right.before.push_back({.path = "config", .value = "other"});
  right.after.push_back({.path = "config", .value = "other"});
  right.after.push_back({.path = "byte", .value = "1"});
  const std::vector<Difference> expected = {{.path = "byte", .left = "absent", .right = "1"}};
  EXPECT_EQ(divergence(left, right).members, expected);
}

TEST(SimulationRun, IsTheRunThatItRecords) {
  SimulationRun recorded(small_chaos(), 3);
  const std::vector<Mark> marks = record(recorded, {});
  Simulation plain(small_chaos(), 3);
  while (!plain.is_over()) plain.step(Instant::never(), nullptr);
  EXPECT_EQ(recorded.simulation(), plain);
  EXPECT_EQ(marks.back().happened, plain.world().fingerprint());
}

TEST(SimulationRun, IsNotChangedByBeingLookedAt) {
  SimulationRun seen(small_chaos(), 3);
  static_cast<void>(look(seen, 2'000, {.before = true, .context = 500}));
  SimulationRun plain(small_chaos(), 3);
  static_cast<void>(record(plain, {.to = 2'000}));
  EXPECT_EQ(seen.simulation(), plain.simulation());
}

TEST(SimulationRun, TellsThePathsOfAWholeRunOnce) {
  SimulationRun run(small_chaos(), 3);
  static_cast<void>(record(run, {}));
  std::set<std::string> paths;
  for (const Leaf& leaf : run.state()) EXPECT_TRUE(paths.insert(leaf.path).second) << leaf.path;
  EXPECT_TRUE(paths.contains("world.nodes[0].process.kind"));
}

}  // namespace
}  // namespace odradek::sim
