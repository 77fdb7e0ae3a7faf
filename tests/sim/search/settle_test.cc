// How runs settle: by bounds that follow from their configuration, with one broker left behind, and over
// links that no timeout allows for.
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/search/bounds.h"
#include "sim/search/run.h"
#include "tests/sim/search/small_scenario.h"

namespace odradek::sim {
namespace {

std::string first_violation(const RunResult& result) {
  return result.violations.empty() ? "none"
                                   : result.violations[0].invariant + ": " + result.violations[0].message;
}

TEST(SettleBound, IsThreeTimesTheLongestNoticeAndTheDeliveryTimeout) {
  Scenario scenario = small_scenario();  // the longest of its timeouts are 2 s, delivery.timeout.ms is 10 s
  EXPECT_EQ(settle_bound(scenario), seconds(16));
  scenario.cluster.controller.broker_session_timeout_ms = 9'000;
  EXPECT_EQ(settle_bound(scenario), seconds(37));
  scenario.settle = seconds(5);
  EXPECT_EQ(settle_bound(scenario), seconds(5));
}

TEST(Settle, HoldsTheCoreToItsPromisesWhileOneBrokerStaysBroken) {
  std::uint64_t left_behind = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    Scenario scenario = small_chaos();
    scenario.core_only = true;
    const RunResult result = run(scenario, seed);
    EXPECT_EQ(result.verdict, Verdict::kPass) << "seed " << seed << ", " << first_violation(result);
    left_behind += result.exercised.contains("settled-without-one") ? 1 : 0;
  }
  EXPECT_GE(left_behind, 6u);
}

TEST(Settle, LeavesNobodyBehindWhomAPartitionNeeds) {
  Scenario scenario = small_scenario();
  scenario.cluster.topic_defaults.min_insync_replicas = 3;
  scenario.core_only = true;
  const RunResult result = run(scenario, 1);
  EXPECT_EQ(result.verdict, Verdict::kPass) << first_violation(result);
  EXPECT_FALSE(result.exercised.contains("settled-without-one"));
}

/// A client that asks first the broker that nobody reaches has to turn to another before its send gives up.
TEST(Settle, LeavesABrokerCutOffOnlyFromClientsThatDoNotWaitForItTooLong) {
  Scenario scenario = small_scenario();
  scenario.core_only = true;
  scenario.left_behind = LeftBehind::kCutOffBroker;
  const auto setup_timeout = [&](std::int64_t ms) {
    for (ClientSpec& client : scenario.clients) {
      std::visit(
          [ms](auto& kind) {
            kind.config.socket_connection_setup_timeout_ms = ms;
            kind.config.socket_connection_setup_timeout_max_ms = ms;
          },
          client.kind);
    }
  };
  setup_timeout(60'000);
  EXPECT_FALSE(run(scenario, 1).exercised.contains("settled-without-one"));
  setup_timeout(500);
  const RunResult result = run(scenario, 1);
  EXPECT_EQ(result.verdict, Verdict::kPass) << first_violation(result);
  EXPECT_TRUE(result.exercised.contains("settled-without-one"));
}

TEST(Settle, ExcusesByNameWhatNoTimeoutAllowsFor) {
  Scenario scenario = small_scenario();
  scenario.network.latency = {milliseconds(400), milliseconds(400)};
  scenario.cluster.broker.replica_socket_timeout_ms = 30'000;
  scenario.cluster.broker.controller_socket_timeout_ms = 30'000;
  scenario.cluster.controller.broker_session_timeout_ms = 18'000;
  scenario.cluster.broker.replica_lag_time_max_ms = 30'000;
  scenario.faults_until = seconds(5);
  const RunResult result = run(scenario, 1);  // acks=all takes twice 0.8 s, and clients wait 1.5 s
  EXPECT_EQ(result.verdict, Verdict::kPass) << first_violation(result);
  EXPECT_EQ(result.exercised.at("liveness-excused"), 1u);
  EXPECT_TRUE(std::ranges::any_of(result.permitted, [](const Permission& permission) {
    return permission.setting == "request.timeout.ms" && permission.message.contains("c1001");
  }));
}

}  // namespace
}  // namespace odradek::sim
