#include <gtest/gtest.h>

#include "engine/controller/partition_change_builder.h"
#include "tests/engine/controller/controller_bench.h"

namespace odradek::controller {
namespace {

using enum api::ErrorCode;

api::ElectLeadersPartitionResult elect(ControllerBench& bench, api::ElectionType type) {
  const auto response = bench.call<api::ElectLeadersResponse>(api::ElectLeadersRequest{
      .election_type = type, .topic_partitions = {{.topic = "t", .partitions = {PartitionId(0)}}}});
  return response.replica_election_results.front().partition_result.front();
}

class Elections : public testing::Test {
 protected:
  Elections() {
    for (const std::int32_t id : {1, 2, 3}) bench_.start_broker(id);
  }
  ControllerBench bench_;
};

TEST_F(Elections, TakeTheFirstReplicaThatIsInSyncAndAlive) {
  const TopicPartition tp = bench_.create("t", brokers({1, 2, 3}));
  bench_.fence_broker(2);
  bench_.fence_broker(1);
  EXPECT_EQ(bench_.partition(tp).leader, BrokerId(3));
  EXPECT_EQ(bench_.partition(tp).leader_epoch, LeaderEpoch(1));
  EXPECT_EQ(bench_.partition(tp).partition_epoch, PartitionEpoch(2));
}

TEST_F(Elections, DoNotBumpTheLeaderEpochWhenAFollowerLeavesTheIsr) {
  const TopicPartition tp = bench_.create("t", brokers({1, 2, 3}));
  bench_.fence_broker(3);
  EXPECT_EQ(bench_.partition(tp).isr, brokers({1, 2}));
  EXPECT_EQ(bench_.partition(tp).leader_epoch, LeaderEpoch(0));
  EXPECT_EQ(bench_.partition(tp).partition_epoch, PartitionEpoch(1));
}

TEST_F(Elections, MakeTheLastIsrMemberEligibleWithoutLeader) {
  const TopicPartition tp = bench_.create("t", brokers({1}));
  bench_.fence_broker(1);
  EXPECT_EQ(bench_.partition(tp).leader, std::nullopt);
  EXPECT_EQ(bench_.partition(tp).isr, brokers({}));
  EXPECT_EQ(bench_.partition(tp).elr, brokers({1}));
  EXPECT_EQ(bench_.partition(tp).leader_epoch, LeaderEpoch(1));
  EXPECT_TRUE(bench_.reached(Probe::kNoLeaderAvailable));
  (void)bench_.heartbeat(1);
  EXPECT_EQ(bench_.partition(tp).leader, BrokerId(1));
  EXPECT_EQ(bench_.partition(tp).leader_epoch, LeaderEpoch(2));
  EXPECT_TRUE(bench_.reached(Probe::kElectedFromElr));
  EXPECT_FALSE(bench_.events<io::ChangePartition>().back().unclean);
}

TEST_F(Elections, WaitForTheIsrUnlessUncleanOnesAreAllowed) {
  const TopicPartition tp = bench_.create("t", brokers({1, 2}));
  bench_.fence_broker(2);
  bench_.fence_broker(1);
  (void)bench_.heartbeat(2);
  EXPECT_EQ(bench_.partition(tp).leader, std::nullopt);
}

TEST_F(Elections, MayBeUncleanWhenTheTopicSaysSo) {
  const TopicPartition tp =
      bench_.create("t", brokers({1, 2}), {{.name = "unclean.leader.election.enable", .value = "true"}});
  bench_.fence_broker(2);
  bench_.fence_broker(1);
  EXPECT_EQ(bench_.partition(tp).leader, std::nullopt);
  (void)bench_.heartbeat(2);
  EXPECT_EQ(bench_.partition(tp).leader, BrokerId(2));
  EXPECT_EQ(bench_.partition(tp).isr, brokers({2}));
  EXPECT_EQ(bench_.partition(tp).leader_recovery_state, api::LeaderRecoveryState::kRecovering);
  const io::ChangePartition told = bench_.events<io::ChangePartition>().back();
  EXPECT_TRUE(told.unclean);
  EXPECT_TRUE(told.leader_changed);
  EXPECT_EQ(told.leader_epoch, LeaderEpoch(2));
}

TEST_F(Elections, AreUncleanAtOnceWhenTheLeaderIsFencedAndOthersLive) {
  const TopicPartition tp =
      bench_.create("t", brokers({1, 2}), {{.name = "unclean.leader.election.enable", .value = "true"}});
  bench_.fence_broker(2);
  (void)bench_.heartbeat(2);  // alive again, but not in the ISR
  EXPECT_EQ(bench_.partition(tp).isr, brokers({1}));
  bench_.fence_broker(1);
  EXPECT_EQ(bench_.partition(tp).leader, BrokerId(2));
  EXPECT_EQ(bench_.partition(tp).isr, brokers({2}));
}

TEST_F(Elections, OnRequestMoveLeadershipToThePreferredReplica) {
  const TopicPartition tp = bench_.create("t", brokers({1, 2, 3}));
  EXPECT_EQ(elect(bench_, api::ElectionType::kPreferred).error_code, kElectionNotNeeded);
  bench_.fence_broker(1);
  EXPECT_EQ(elect(bench_, api::ElectionType::kPreferred).error_code, kPreferredLeaderNotAvailable);
  (void)bench_.heartbeat(1);
  EXPECT_EQ(elect(bench_, api::ElectionType::kPreferred).error_code,
            kPreferredLeaderNotAvailable);  // not in the ISR
  const auto joined = bench_.call<api::AlterPartitionResponse>(api::AlterPartitionRequest{
      .broker_id = BrokerId(2),
      .broker_epoch = bench_.epoch_of(2),
      .topics = {
          {.topic_id = tp.topic_id,
           .partitions = {{.partition_index = tp.partition,
                           .leader_epoch = LeaderEpoch(1),
                           .new_isr_with_epochs = {{BrokerId(1), {}}, {BrokerId(2), {}}, {BrokerId(3), {}}},
                           .partition_epoch = bench_.partition(tp).partition_epoch}}}}});
  ASSERT_EQ(joined.topics.front().partitions.front().error_code, kNone);
  EXPECT_EQ(elect(bench_, api::ElectionType::kPreferred).error_code, kNone);
  EXPECT_EQ(bench_.partition(tp).leader, BrokerId(1));
  EXPECT_EQ(bench_.partition(tp).isr, brokers({1, 2, 3}));
}

TEST_F(Elections, OnRequestMayBeUnclean) {
  const TopicPartition tp = bench_.create("t", brokers({1, 2}));
  EXPECT_EQ(elect(bench_, api::ElectionType::kUnclean).error_code, kElectionNotNeeded);
  bench_.fence_broker(2);
  bench_.fence_broker(1);
  EXPECT_EQ(elect(bench_, api::ElectionType::kUnclean).error_code, kEligibleLeadersNotAvailable);
  (void)bench_.heartbeat(2);
  EXPECT_EQ(elect(bench_, api::ElectionType::kUnclean).error_code, kNone);
  EXPECT_EQ(bench_.partition(tp).leader, BrokerId(2));
  EXPECT_TRUE(bench_.reached(Probe::kUncleanElection));
}

TEST_F(Elections, OfUnknownPartitionsAreRefused) {
  (void)bench_.create("u", brokers({1}));
  EXPECT_EQ(elect(bench_, api::ElectionType::kPreferred).error_code, kUnknownTopicOrPartition);
}

TEST_F(Elections, GoBackToPreferredLeadersByThemselves) {
  const TopicPartition tp = bench_.create("t", brokers({1, 2}));
  // A new order of the same replicas makes 2 the preferred one.
  const auto reordered =
      bench_.call<api::AlterPartitionReassignmentsResponse>(api::AlterPartitionReassignmentsRequest{
          .topics = {{.name = "t",
                      .partitions = {{.partition_index = PartitionId(0), .replicas = brokers({2, 1})}}}}});
  ASSERT_EQ(reordered.responses.front().partitions.front().error_code, kNone);
  EXPECT_EQ(bench_.partition(tp).replicas, brokers({2, 1}));
  EXPECT_EQ(bench_.partition(tp).leader, BrokerId(1));
  EXPECT_EQ(bench_.partition(tp).leader_epoch, LeaderEpoch(0));
  EXPECT_EQ(bench_.fire(io::TimerKind::kLeaderImbalanceCheck), 1u);
  EXPECT_EQ(bench_.partition(tp).leader, BrokerId(2));
  EXPECT_EQ(bench_.partition(tp).leader_epoch, LeaderEpoch(1));
  EXPECT_EQ(bench_.fire(io::TimerKind::kLeaderImbalanceCheck), 0u);
}

TEST(Rebalance, StaysOutOfTheWayWhenDisabled) {
  ControllerBench bench({.auto_leader_rebalance_enable = false});
  bench.start_broker(1);
  bench.start_broker(2);
  (void)bench.create("t", brokers({1, 2}));
  (void)bench.call<api::AlterPartitionReassignmentsResponse>(api::AlterPartitionReassignmentsRequest{
      .topics = {
          {.name = "t", .partitions = {{.partition_index = PartitionId(0), .replicas = brokers({2, 1})}}}}});
  EXPECT_EQ(bench.fire(io::TimerKind::kLeaderImbalanceCheck), 0u);
}

}  // namespace
}  // namespace odradek::controller
