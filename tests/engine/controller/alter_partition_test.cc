// AlterPartition, error by error, in the order in which the controller looks for them: each case breaks one
// rule and, where it can, all the later ones too.
#include <gtest/gtest.h>

#include "tests/engine/controller/controller_bench.h"

namespace odradek::controller {
namespace {

using enum api::ErrorCode;

class AlterPartition : public testing::Test {
 protected:
  AlterPartition() {
    for (const std::int32_t id : {1, 2, 3, 4}) bench_.start_broker(id);
    tp_ = bench_.create("t", brokers({1, 2, 3}));
    bench_.fence_broker(1);  // leader 2, leader epoch 1, partition epoch 1
    (void)bench_.heartbeat(1);
    data_ = {.partition_index = PartitionId(0),
             .leader_epoch = LeaderEpoch(1),
             .new_isr_with_epochs = {{BrokerId(2), {}}, {BrokerId(3), {}}, {BrokerId(1), bench_.epoch_of(1)}},
             .partition_epoch = PartitionEpoch(1)};
    sender_ = 2;
  }

  api::AlterPartitionDataResponse alter() {
    const auto response = bench_.call<api::AlterPartitionResponse>(
        api::AlterPartitionRequest{.broker_id = BrokerId(sender_),
                                   .broker_epoch = bench_.epoch_of(sender_),
                                   .topics = {{.topic_id = tp_.topic_id, .partitions = {data_}}}});
    EXPECT_EQ(response.error_code, kNone);
    return response.topics.front().partitions.front();
  }

  ControllerBench bench_;
  TopicPartition tp_;
  api::AlterPartitionData data_;
  std::int32_t sender_ = 0;
};

TEST_F(AlterPartition, ExpandsTheIsrAndAnswersTheNewState) {
  const auto response = alter();
  EXPECT_EQ(response.error_code, kNone);
  EXPECT_EQ(response.isr, brokers({2, 3, 1}));
  EXPECT_EQ(response.leader_id, BrokerId(2));
  EXPECT_EQ(response.leader_epoch, LeaderEpoch(1));
  EXPECT_EQ(response.partition_epoch, PartitionEpoch(2));
  EXPECT_EQ(bench_.partition(tp_).isr, brokers({2, 3, 1}));
}

TEST_F(AlterPartition, ShrinksToTheLeaderWithoutANewLeaderEpoch) {
  data_.new_isr_with_epochs = {{BrokerId(2), {}}};
  EXPECT_EQ(alter().isr, brokers({2}));
  EXPECT_EQ(bench_.partition(tp_).leader_epoch, LeaderEpoch(1));
}

TEST_F(AlterPartition, ThatChangesNothingKeepsThePartitionEpoch) {
  data_.new_isr_with_epochs = {{BrokerId(2), {}}, {BrokerId(3), {}}};
  EXPECT_EQ(alter().partition_epoch, PartitionEpoch(1));
}

TEST_F(AlterPartition, FirstChecksTheSendersBrokerEpoch) {
  const auto response = bench_.call<api::AlterPartitionResponse>(
      api::AlterPartitionRequest{.broker_id = BrokerId(2), .broker_epoch = BrokerEpoch(77), .topics = {{}}});
  EXPECT_EQ(response.error_code, kStaleBrokerEpoch);
  EXPECT_TRUE(response.topics.empty());
}

TEST_F(AlterPartition, ThenWhetherTopicAndPartitionExist) {
  data_.leader_epoch = LeaderEpoch(9);
  data_.partition_index = PartitionId(5);
  EXPECT_EQ(alter().error_code, kUnknownTopicOrPartition);
  tp_.topic_id = {.high = 4, .low = 4};
  EXPECT_EQ(alter().error_code, kUnknownTopicId);
}

TEST_F(AlterPartition, ThenWhetherTheLeaderKnowsMoreThanTheController) {
  sender_ = 3;
  data_.leader_epoch = LeaderEpoch(2);
  EXPECT_EQ(alter().error_code, kNotController);
  data_.leader_epoch = LeaderEpoch(0);
  data_.partition_epoch = PartitionEpoch(2);
  EXPECT_EQ(alter().error_code, kNotController);
}

TEST_F(AlterPartition, ThenTheLeaderEpoch) {
  sender_ = 3;
  data_.leader_epoch = LeaderEpoch(0);
  data_.partition_epoch = PartitionEpoch(0);
  EXPECT_EQ(alter().error_code, kFencedLeaderEpoch);
}

TEST_F(AlterPartition, ThenWhetherTheSenderLeads) {
  sender_ = 3;
  data_.partition_epoch = PartitionEpoch(0);
  EXPECT_EQ(alter().error_code, kInvalidRequest);
}

TEST_F(AlterPartition, ThenThePartitionEpoch) {
  data_.partition_epoch = PartitionEpoch(0);
  data_.new_isr_with_epochs = {{BrokerId(9), {}}};
  EXPECT_EQ(alter().error_code, kInvalidUpdateVersion);
}

TEST_F(AlterPartition, ThenTheMembersOfTheIsr) {
  const std::vector<std::vector<api::IsrMember>> invalid = {
      {{BrokerId(2), {}}, {BrokerId(4), {}}},  // not a replica
      {{BrokerId(3), {}}},                     // without the leader
      {{BrokerId(2), {}}, {BrokerId(2), {}}},  // twice
      {}};
  for (const auto& isr : invalid) {
    data_.new_isr_with_epochs = isr;
    EXPECT_EQ(alter().error_code, kInvalidRequest);
  }
}

TEST_F(AlterPartition, ThenTheRecoveryState) {
  data_.leader_recovery_state = api::LeaderRecoveryState::kRecovering;
  bench_.fence_broker(1);
  EXPECT_EQ(alter().error_code, kInvalidRequest);  // more than one member
  data_.new_isr_with_epochs = {{BrokerId(2), {}}};
  EXPECT_EQ(alter().error_code, kInvalidRequest);  // RECOVERED does not go back
}

TEST_F(AlterPartition, AtLastTheEligibilityOfEachMember) {
  bench_.fence_broker(1);
  EXPECT_EQ(alter().error_code, kIneligibleReplica);
  EXPECT_TRUE(bench_.reached(Probe::kIneligibleReplica));
}

TEST_F(AlterPartition, RefusesAMemberThatHasRebooted) {
  bench_.fence_broker(1);
  bench_.start_broker(1, 2);
  EXPECT_EQ(alter().error_code, kIneligibleReplica);
  data_.new_isr_with_epochs.back().broker_epoch.reset();  // unknown to the leader: not checked
  EXPECT_EQ(alter().error_code, kNone);
}

TEST_F(AlterPartition, FromARecoveringLeaderEndsTheRecovery) {
  const TopicPartition tp =
      bench_.create("u", brokers({1, 2}), {{.name = "unclean.leader.election.enable", .value = "true"}});
  bench_.fence_broker(2);
  (void)bench_.heartbeat(2);
  bench_.fence_broker(1);
  ASSERT_EQ(bench_.partition(tp).leader_recovery_state, api::LeaderRecoveryState::kRecovering);
  tp_ = tp;
  data_ = {.partition_index = PartitionId(0),
           .leader_epoch = bench_.partition(tp).leader_epoch,
           .new_isr_with_epochs = {{BrokerId(2), {}}},
           .leader_recovery_state = api::LeaderRecoveryState::kRecovered,
           .partition_epoch = bench_.partition(tp).partition_epoch};
  EXPECT_EQ(alter().error_code, kNone);
  EXPECT_EQ(bench_.partition(tp).leader_recovery_state, api::LeaderRecoveryState::kRecovered);
}

}  // namespace
}  // namespace odradek::controller
