// Plans that wait for a message: the nth that is sent, or that arrives.
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/search/run.h"
#include "tests/sim/search/small_scenario.h"

namespace odradek::sim {
namespace {

constexpr HeldMessages kFetchAnswer{.api = api::ApiKey::kFetch, .response = true};

/// The lines of a run in which client 1001 is paused once `condition` is met.
std::vector<std::string> traced(const MessageCondition& condition) {
  Scenario scenario = small_scenario();
  scenario.faults_until = seconds(3);
  scenario.script.push_back(
      {.when = condition, .fault = PauseFault{{.node = NodeId(1001)}}, .duration = milliseconds(200)});
  std::vector<std::string> lines;
  (void)run(scenario, 1, {.trace = [&lines](std::string_view line) { lines.emplace_back(line); }});
  return lines;
}

/// The line that says so, without its time; empty when none does.
std::string line_with(const std::vector<std::string>& lines, std::string_view what) {
  const auto found =
      std::ranges::find_if(lines, [&](const std::string& line) { return line.contains(what); });
  return found == lines.end() ? "" : *found;
}

TEST(MessageCondition, IsMetByTheNthMessageBetweenTheTwo) {
  const RuleScope between{.from = NodeId(1), .to = NodeId(2)};
  const auto third = traced({.message = kFetchAnswer, .between = between, .nth = 3});
  const auto thirtieth = traced({.message = kFetchAnswer, .between = between, .nth = 30});
  const std::string early = line_with(third, "fault  pause");
  const std::string late = line_with(thirtieth, "fault  pause");
  ASSERT_FALSE(early.empty());
  ASSERT_FALSE(late.empty());
  EXPECT_LT(early, late);  // lines begin with their time, padded
}

/// One that was under way at first arrives without having been sent since: the fourth to arrive is the third
/// or the fourth to be sent.
TEST(MessageCondition, IsMetByTheArrivalAfterTheSending) {
  const RuleScope between{.from = NodeId(1), .to = NodeId(2)};
  const auto sent = traced({.message = kFetchAnswer, .between = between, .nth = 3});
  const auto arrived = traced({.delivered = true, .message = kFetchAnswer, .between = between, .nth = 4});
  EXPECT_LT(line_with(sent, "fault  pause"), line_with(arrived, "fault  pause"));
}

TEST(MessageCondition, ThatNobodyMeetsIsSkippedWithTheReason) {
  const auto lines = traced({.message = {.api = api::ApiKey::kElectLeaders}, .between = {.to = NodeId(1)}});
  EXPECT_TRUE(line_with(lines, "fault  pause").empty());
  EXPECT_FALSE(line_with(lines, "what it waited for did not happen").empty());
}

}  // namespace
}  // namespace odradek::sim
