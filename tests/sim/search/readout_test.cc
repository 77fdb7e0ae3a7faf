// Read-outs: of which moment they are, that they change nothing, and what they say of a cluster that lacks a
// broker.
#include "sim/search/readout.h"

#include <gtest/gtest.h>

#include "sim/search/run.h"
#include "tests/sim/search/small_scenario.h"

namespace odradek::sim {
namespace {

const io::NamedPartition kOrders0{.topic = "orders", .partition = PartitionId(0)};

/// The leader of orders-0 is dead from 2 s to 7 s.
Scenario scenario_with_a_crash() {
  Scenario scenario = small_scenario();
  const NodeSelector leader{.kind = NodeSelector::Kind::kLeaderOf, .name = "orders"};
  scenario.script.push_back({.when = seconds(2), .fault = CrashFault{leader}, .duration = seconds(5)});
  return scenario;
}

struct Seen {
  RunResult result;
  std::vector<Readout> readouts;
};

Seen look_at(const Scenario& scenario, std::optional<Duration> at) {
  Seen seen;
  seen.result = run(
      scenario, 1,
      {.look = [&seen](const Simulation& run) { seen.readouts.push_back(read_out(run)); }, .look_at = at});
  return seen;
}

TEST(Readout, IsOfTheMomentThatWasAskedForAndChangesNothing) {
  const Seen seen = look_at(scenario_with_a_crash(), milliseconds(1'234));
  ASSERT_EQ(seen.readouts.size(), 1u);
  EXPECT_EQ(seen.readouts[0].since_ready, milliseconds(1'234));
  EXPECT_EQ(seen.readouts[0].phase, Phase::kSafety);
  EXPECT_EQ(seen.result, run(scenario_with_a_crash(), 1));
}

TEST(Readout, TakesInAllThatHappenedUpToItsMoment) {
  const Scenario scenario = scenario_with_a_crash();
  const Readout readout = look_at(scenario, seconds(3)).readouts.at(0);
  Simulation other(scenario, 1);
  while (!other.ready()) other.step(Instant::never(), nullptr);
  while (other.step(*other.ready() + seconds(3), nullptr)) {
  }
  EXPECT_EQ(read_out(other), readout);
}

TEST(Readout, OfTheReadinessIsOfTheFirstMomentOfTheWorkload) {
  const Readout readout = look_at(small_scenario(), Duration()).readouts.at(0);
  EXPECT_EQ(readout.since_ready, Duration());
  EXPECT_EQ(readout.phase, Phase::kSafety);
}

TEST(Readout, IsOfTheEndWithoutATimeOrWhenTheRunIsOverBefore) {
  for (const std::optional<Duration> at : {std::optional<Duration>(), std::optional(seconds(1'000))}) {
    const Seen seen = look_at(small_scenario(), at);
    ASSERT_EQ(seen.readouts.size(), 1u);
    EXPECT_EQ(seen.readouts[0].phase, Phase::kOver);
    EXPECT_EQ(seen.readouts[0].at, Instant() + seen.result.simulated);
  }
}

TEST(Readout, SaysWhoIsGoneAndWhoLeadsInstead) {
  const Readout before = look_at(scenario_with_a_crash(), milliseconds(1'999)).readouts.at(0);
  const Readout after = look_at(scenario_with_a_crash(), seconds(6)).readouts.at(0);
  const auto partition = [](const Readout& readout) { return readout.topics.at(0).partitions.at(0); };
  ASSERT_EQ(before.topics.at(0).name, kOrders0.topic);
  const BrokerId dead = *partition(before).committed.leader;
  const PartitionReadout left = partition(after);
  EXPECT_NE(left.committed.leader, dead);
  EXPECT_GT(left.committed.leader_epoch, partition(before).committed.leader_epoch);
  EXPECT_EQ(left.committed.isr.size(), 2u);
  EXPECT_EQ(left.held.size(), 2u);
  EXPECT_FALSE(left.held.contains(dead));
  EXPECT_TRUE(left.held.at(*left.committed.leader).is_leader);
  for (const BrokerReadout& broker : after.brokers) {
    EXPECT_EQ(broker.process == NodeState::kDown, broker.id == dead);
    EXPECT_EQ(broker.registration->fenced, broker.id == dead);
    EXPECT_EQ(broker.metadata_offset.has_value(), broker.id != dead);
  }
}

TEST(Readout, NamesTheQuorumAndItsObservers) {
  const Readout readout = look_at(scenario_with_a_crash(), seconds(6)).readouts.at(0);
  const api::DescribeQuorumPartitionData& quorum = readout.quorum.partition;
  EXPECT_EQ(quorum.leader_id, NodeId(101));
  ASSERT_EQ(quorum.current_voters.size(), 1u);
  EXPECT_GE(*quorum.current_voters[0].log_end_offset, *quorum.high_watermark);
  EXPECT_EQ(quorum.observers.size(), 3u);  // the dead broker is one until its last fetch is too old
  EXPECT_FALSE(readout.quorum.cluster_id.is_zero());
}

}  // namespace
}  // namespace odradek::sim
