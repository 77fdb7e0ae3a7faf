// Whole runs: what a run comes to, that it repeats, and that it ends.
#include "sim/search/run.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/search/small_scenario.h"

namespace odradek::sim {
namespace {

std::uint64_t exercised(const RunResult& result, const std::string& what) {
  const auto found = result.exercised.find(what);
  return found == result.exercised.end() ? 0 : found->second;
}

std::string first_violation(const RunResult& result) {
  return result.violations.empty() ? "none"
                                   : result.violations[0].invariant + ": " + result.violations[0].message;
}

TEST(Run, PassesWithoutFaultsAndReadsWhatWasWritten) {
  const RunResult result = run(small_scenario(), 1);
  EXPECT_EQ(result.verdict, Verdict::kPass) << first_violation(result);
  EXPECT_GT(exercised(result, "records-acked"), 100u);
  EXPECT_GE(exercised(result, "records-read"), exercised(result, "records-acked"));
  EXPECT_EQ(exercised(result, "records-unknown"), 0u);
  EXPECT_TRUE(result.pending.empty());
  EXPECT_LT(result.simulated, seconds(20));
}

TEST(Run, GivesTheSameResultTwice) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed)
    EXPECT_EQ(run(small_chaos(), seed), run(small_chaos(), seed));
}

TEST(Run, DependsOnItsSeed) {
  EXPECT_NE(run(small_scenario(), 1).fingerprint, run(small_scenario(), 2).fingerprint);
}

TEST(Run, IsNotChangedByBeingTraced) {
  std::vector<std::string> lines;
  const RunResult traced =
      run(small_chaos(), 5, {.trace = [&lines](std::string_view line) { lines.emplace_back(line); }});
  EXPECT_EQ(traced, run(small_chaos(), 5));
  const auto mentions = [&lines](std::string_view what) {
    return std::ranges::any_of(lines,
                               [&](const std::string& line) { return line.find(what) != std::string::npos; });
  };
  EXPECT_TRUE(mentions("phase  safety"));
  EXPECT_TRUE(mentions("b1     BecomeLeader orders-"));
  EXPECT_TRUE(mentions("fault  "));
}

TEST(Run, CountsTheFaultsThatBit) {
  Scenario scenario = small_scenario();
  const NodeSelector leader{.kind = NodeSelector::Kind::kLeaderOf, .name = "orders"};
  scenario.script.push_back({.when = seconds(1), .fault = CrashFault{leader}, .duration = seconds(3)});
  const RunResult result = run(scenario, 1);
  EXPECT_EQ(result.verdict, Verdict::kPass) << first_violation(result);
  EXPECT_EQ(exercised(result, "fault:crash"), 1u);
  EXPECT_GE(exercised(result, "leader-elections"), 1u);
  EXPECT_GE(exercised(result, "fencings"), 1u);
}

TEST(Run, MovesALeaderThroughTheAdminClient) {
  Scenario scenario = small_scenario();
  scenario.script.push_back({.when = seconds(1), .fault = ReorderAction{.topic = "orders", .rotation = 1}});
  scenario.script.push_back({.when = seconds(2), .fault = ElectPreferredAction{.topic = "orders"}});
  const RunResult result = run(scenario, 1);
  EXPECT_EQ(result.verdict, Verdict::kPass) << first_violation(result);
  EXPECT_GE(exercised(result, "leader-elections"), 1u);
}

TEST(Run, SendsWhatAScriptAsksFor) {
  Scenario scenario = small_scenario();
  std::get<ProducerSpec>(scenario.clients[0].kind).interval = seconds(100);
  const std::uint64_t before = exercised(run(scenario, 1), "records-acked");
  scenario.script.push_back({.when = seconds(1), .fault = SendAction{.topic = "orders", .records = 7}});
  EXPECT_EQ(exercised(run(scenario, 1), "records-acked"), before + 7);
}

TEST(Run, SurvivesCrashesOfClientsAndTheController) {
  Scenario scenario = small_scenario();
  scenario.script.push_back(
      {.when = seconds(1), .fault = CrashFault{{.node = NodeId(1001)}}, .duration = seconds(2)});
  scenario.script.push_back(
      {.when = seconds(2), .fault = CrashFault{{.node = NodeId(1003)}}, .duration = seconds(2)});
  scenario.script.push_back({.when = seconds(5),
                             .fault = CrashFault{{.kind = NodeSelector::Kind::kController}},
                             .duration = seconds(2)});
  const RunResult result = run(scenario, 1);
  EXPECT_EQ(result.verdict, Verdict::kPass) << first_violation(result);
  EXPECT_EQ(exercised(result, "fault:crash"), 3u);
  EXPECT_EQ(exercised(result, "controller-elections"), 2u);
}

TEST(Run, EndsAsAFindingWhenTheEventsRunOut) {
  const RunResult result = run(small_scenario(), 1, {.max_events = 500});
  EXPECT_EQ(result.verdict, Verdict::kViolation);
  EXPECT_EQ(first_violation(result), "H-budget: the run is not over after 500 events");
}

TEST(Run, StopsInconclusiveAtTheGivenTime) {
  const RunResult result = run(small_scenario(), 1, {.until = seconds(3)});
  EXPECT_EQ(result.verdict, Verdict::kInconclusive);
  EXPECT_EQ(result.simulated, seconds(3));
}

TEST(Run, StopsInconclusiveWhenInterrupted) {
  const RunResult result = run(small_scenario(), 1, {.interrupted = [] { return true; }});
  EXPECT_EQ(result.verdict, Verdict::kInconclusive);
  EXPECT_LT(result.events, 1'000u);
}

TEST(Run, FindsAClusterThatNeverGetsReady) {
  Scenario scenario = small_scenario();
  scenario.cluster.brokers = 2;  // three replicas have no place
  const RunResult result = run(scenario, 1);
  EXPECT_EQ(result.verdict, Verdict::kViolation);
  EXPECT_EQ(result.violations.at(0).invariant, "H-topics");
}

TEST(Run, ReadsEverythingAgainWithReadersThatSeek) {
  Scenario scenario = small_chaos();
  std::get<ConsumerSpec>(scenario.clients[1].kind).reread = true;
  const RunResult result = run(scenario, 3);
  EXPECT_EQ(result.verdict, Verdict::kPass) << first_violation(result);
  EXPECT_GT(exercised(result, "records-read"), exercised(result, "records-acked"));
}

}  // namespace
}  // namespace odradek::sim
