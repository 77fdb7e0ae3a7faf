#include <gtest/gtest.h>

#include "tests/engine/replica/replica_bench.h"

namespace odradek::replica {
namespace {

using enum api::ErrorCode;

TEST(Leader, AcknowledgesOnceEveryInSyncReplicaHasFetchedBeyondTheRecords) {
  Bench b;
  b.create(1, {1, 2});
  b.produce({"a", "b"});
  EXPECT_EQ(b.produce_error(), std::nullopt);
  b.fetch(2, 0);
  EXPECT_EQ(b.produce_error(), std::nullopt);
  b.fetch(2, 2, 0);
  EXPECT_EQ(b.high_watermark(), 2);
  const auto ack = b.event<io::AckProduce>();
  ASSERT_TRUE(ack);
  EXPECT_EQ(ack->end, Offset(2));
}

TEST(Leader, AnswersAcksOneAfterItsOwnAppend) {
  Bench b;
  b.create(1, {1, 2});
  b.produce({"a"}, 1);
  EXPECT_EQ(b.produce_error(), kNone);
  EXPECT_EQ(b.high_watermark(), 0);
}

TEST(Leader, NeverAnswersAcksZeroAndHangsUpOnAnError) {
  Bench b;
  b.create(1, {1, 2});
  b.produce({"a"}, 0);
  EXPECT_TRUE(b.last<io::FinishRequest>());
  b.change({}, 2);
  b.forget();
  b.produce({"b"}, 0);
  EXPECT_TRUE(b.last<io::Close>());
  EXPECT_FALSE(b.last<io::Respond>());
}

TEST(Leader, RefusesAcksAllBelowTheMinimumOfInSyncReplicasAndAppendsNothing) {
  Bench b;
  b.create(1, {1});
  b.produce({"a"});
  EXPECT_EQ(b.produce_error(), kNotEnoughReplicas);
  EXPECT_EQ(b.partition().log().log_end_offset(), Offset(0));
}

TEST(Leader, KeepsItsHighWatermarkWhileTooFewReplicasAreInSync) {
  Bench b;
  b.create(1, {1});
  b.produce({"a"}, 1);
  EXPECT_EQ(b.partition().log().log_end_offset(), Offset(1));
  EXPECT_EQ(b.high_watermark(), 0);
}

TEST(Leader, RefusesAnUnknownNumberOfAcks) {
  Bench b;
  b.create(1, {1, 2});
  b.produce({"a"}, 2);
  EXPECT_EQ(b.produce_error(), kInvalidRequiredAcks);
}

TEST(Leader, RefusesABatchWithAWrongChecksum) {
  Bench b;
  b.create(1, {1, 2});
  const Bytes batch = testing::batch_of({"a"});
  std::vector<std::uint8_t> bytes(batch.span().begin(), batch.span().end());
  bytes.back() ^= 1;
  const api::ProduceRequest request{
      .topic_data = {{kTopic, {{.index = PartitionId(0), .records = Bytes(std::move(bytes))}}}}};
  b.manager().handle_produce({ConnectionId(1), CorrelationId(0)}, request, b.context());
  EXPECT_EQ(b.produce_error(), kCorruptMessage);
}

TEST(Leader, AnswersAParkedProduceWithNotLeaderWhenItIsDeposed) {
  Bench b;
  b.create(1, {1, 2});
  b.produce({"a"});
  b.change({}, 2);
  EXPECT_EQ(b.produce_error(), kNotLeaderOrFollower);
}

TEST(Leader, AnswersAParkedProduceWithATimeoutWhenNobodyFetches) {
  Bench b;
  b.create(1, {1, 2});
  b.produce({"a"});
  b.fire(io::TimerKind::kParkedProduce, 0);
  EXPECT_EQ(b.produce_error(), kRequestTimedOut);
}

TEST(Leader, AcknowledgesWhenTheLaggardLeavesTheIsr) {
  Bench b;
  b.create(1, {1, 2, 3});
  b.produce({"a"});
  b.fetch(2, 1, 0);
  EXPECT_EQ(b.produce_error(), std::nullopt);
  b.pass(seconds(31));  // until then broker 3 counts as about to join
  b.change(std::vector{1, 2}, {});
  EXPECT_EQ(b.produce_error(), kNone);
}

TEST(Leader, ProposesAFollowerThatReachedTheStartOfItsEpoch) {
  Bench b;
  b.create(1, {1, 2});
  b.produce({"a", "b"});
  b.fetch(2, 2, 0);
  b.fetch(3, 1, 0);
  EXPECT_FALSE(b.event<io::ProposeIsr>());
  b.fetch(3, 2, 0);
  ASSERT_TRUE(b.event<io::ProposeIsr>());
  EXPECT_EQ(b.event<io::ProposeIsr>()->isr, Bench::ids({1, 2, 3}));
}

// KAFKA-7128: the new leader's high watermark is stale, so that reaching it proves nothing.
TEST(Leader, DoesNotProposeAFollowerThatReachedOnlyItsStaleHighWatermark) {
  Bench b;
  b.create(1, {1, 2});
  b.produce({"a", "b"});  // high watermark 0, log end 2
  b.change({}, 2);
  b.change({}, 1);  // leads again: the epoch starts at 2
  ASSERT_EQ(b.partition().leader()->epoch_start, Offset(2));
  b.forget();
  b.fetch(3, 1, 0, 2);
  EXPECT_FALSE(b.event<io::ProposeIsr>());
  b.fetch(3, 2, 0, 2);
  EXPECT_TRUE(b.event<io::ProposeIsr>());
}

TEST(Leader, WithFlawR06ProposesAFollowerAtItsStaleHighWatermark) {
  Bench b({.min_insync_replicas = 2}, {.expand_isr_at_high_watermark = true});
  b.create(1, {1, 2});
  b.produce({"a", "b"});
  b.change({}, 2);
  b.change({}, 1);
  b.forget();
  b.fetch(3, 1, 0, 2);
  EXPECT_TRUE(b.event<io::ProposeIsr>());
}

TEST(Leader, DoesNotProposeAFencedFollower) {
  Bench b;
  b.create(1, {1, 2});
  b.replay(metadata::BrokerRegistrationChangeRecord{
      .broker_id = BrokerId(3), .broker_epoch = BrokerEpoch(30), .fenced = metadata::FencingChange::kFence});
  b.fetch(3, 0);
  EXPECT_FALSE(b.event<io::ProposeIsr>());
}

TEST(Leader, DoesNotProposeAFollowerOfAnEarlierIncarnation) {
  Bench b;
  b.create(1, {1, 2});
  b.replay(metadata::RegisterBrokerRecord{
      .broker_id = BrokerId(3), .incarnation_id = {}, .broker_epoch = BrokerEpoch(99), .fenced = false});
  b.fetch(3, 0);
  EXPECT_EQ(b.fetched()->error_code, kNotLeaderOrFollower);
  EXPECT_FALSE(b.event<io::ProposeIsr>());
}

TEST(Leader, CountsAFollowerThatItHasProposedButNotYetCommitted) {
  Bench b;
  b.create(1, {1, 2});
  b.fetch(3, 0);
  ASSERT_TRUE(b.event<io::ProposeIsr>());
  b.produce({"a"});
  b.fetch(2, 1, 0);
  EXPECT_EQ(b.high_watermark(), 0);  // broker 3 may be in the ISR already
  b.fetch(3, 1, 0);
  EXPECT_EQ(b.high_watermark(), 1);
}

TEST(Leader, ProposesToDropAFollowerThatLagsTooLong) {
  Bench b;
  b.create(1, {1, 2, 3});
  b.produce({"a"});
  b.fetch(2, 1, 0);
  b.pass(seconds(31));
  b.fetch(2, 1, 0);
  b.fire(io::TimerKind::kIsrShrink);
  ASSERT_TRUE(b.event<io::ProposeIsr>());
  EXPECT_EQ(b.event<io::ProposeIsr>()->isr, Bench::ids({1, 2}));
  EXPECT_EQ(b.high_watermark(), 0);  // until the controller agrees, broker 3 counts
}

TEST(Leader, TellsAFollowerWhereTheirLogsDivergeAndDoesNotCountItsOffset) {
  Bench b;
  b.create(1, {1, 2});
  b.produce({"a"});
  b.fetch(2, 1, 0);
  b.change({}, 2);  // epoch 1 belongs to broker 2
  b.change({}, 1);  // epoch 2
  b.produce({"b", "c"});
  b.forget();
  b.fetch(2, 3, 1, 2);  // it has two records of epoch 1
  ASSERT_TRUE(b.fetched() && b.fetched()->diverging_epoch);
  EXPECT_EQ(*b.fetched()->diverging_epoch, (api::EpochEndOffset{LeaderEpoch(0), Offset(1)}));
  EXPECT_EQ(b.high_watermark(), 1);
}

TEST(Leader, WithFlawR11CountsTheOffsetOfADivergingFollower) {
  Bench b({.min_insync_replicas = 2}, {.count_diverging_fetch = true});
  b.create(1, {1, 2});
  b.produce({"a"});
  b.fetch(2, 1, 0);
  b.change({}, 2);
  b.change({}, 1);
  b.produce({"b", "c"});
  b.fetch(2, 3, 1, 2);
  EXPECT_EQ(b.high_watermark(), 3);
}

TEST(Leader, FencesFetchersOfOtherEpochs) {
  Bench b;
  b.create(1, {1, 2});
  b.change({}, 2);
  b.change({}, 1);
  b.fetch(2, 0, {}, 1);
  EXPECT_EQ(b.fetched()->error_code, kFencedLeaderEpoch);
  b.fetch(2, 0, {}, 3);
  EXPECT_EQ(b.fetched()->error_code, kUnknownLeaderEpoch);
}

TEST(Leader, ParksAFetchAtTheLogEndUntilAnAppend) {
  Bench b;
  b.create(1, {1, 2});
  b.fetch(2, 0);
  EXPECT_FALSE(b.last<io::Respond>());
  b.produce({"a"});
  ASSERT_TRUE(b.fetched());
  EXPECT_EQ(b.fetched()->records.size(), 1u);
  EXPECT_EQ(b.fetched()->high_watermark, Offset(0));
}

/// A follower's fetch from the log's start that waits for so many bytes and takes no more than one batch.
void fetch_one(Bench& b, std::int32_t min_bytes) {
  const api::FetchRequest request{
      .replica_state = api::ReplicaState{BrokerId(2), BrokerEpoch(20)},
      .min_bytes = min_bytes,
      .max_bytes = 1,
      .topics = {{kTopic, {{.partition = PartitionId(0), .current_leader_epoch = LeaderEpoch(0)}}}}};
  b.manager().handle_fetch({ConnectionId(2), CorrelationId(1'000)}, request, b.context());
}

TEST(Leader, WaitsForSoManyBytesAsThereAreNotForWhatFitsIntoOneAnswer) {
  Bench b;
  b.create(1, {1, 2});
  b.produce({"a"});
  const auto batch = static_cast<std::int32_t>(b.partition().log().segments().back()->size());
  b.forget();
  fetch_one(b, batch + 1);
  EXPECT_FALSE(b.last<io::Respond>());
  b.produce({"b"});
  ASSERT_TRUE(b.fetched());
  EXPECT_EQ(b.fetched()->records.size(), 1u);
  b.forget();
  fetch_one(b, batch + 1);  // this time it need not be parked
  ASSERT_TRUE(b.fetched());
}

TEST(Leader, LetsNoFetchFromACompletedSegmentWait) {
  Bench b({.segment_bytes = 100});
  b.create(1, {1, 2});
  b.produce({"a"});
  b.produce({"b"});
  ASSERT_EQ(b.partition().log().segments().size(), 2u);
  b.forget();
  fetch_one(b, 1'000'000);
  EXPECT_TRUE(b.fetched());
}

TEST(Leader, AnswersAParkedFetchEmptyAtItsTimeout) {
  Bench b;
  b.create(1, {1, 2});
  b.fetch(2, 0);
  b.fire(io::TimerKind::kParkedFetch, 0);
  ASSERT_TRUE(b.fetched());
  EXPECT_TRUE(b.fetched()->records.empty());
  EXPECT_EQ(b.fetched()->error_code, kNone);
}

}  // namespace
}  // namespace odradek::replica
