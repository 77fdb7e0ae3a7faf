#include <gtest/gtest.h>

#include "tests/engine/replica/replica_bench.h"

namespace odradek::replica {
namespace {

using enum api::ErrorCode;

api::FetchPartitionData served(std::vector<Bytes> records, std::int64_t high_watermark) {
  return {.partition_index = PartitionId(0),
          .high_watermark = Offset(high_watermark),
          .records = std::move(records)};
}

Bytes batch_at(std::int64_t offset, int epoch, std::initializer_list<std::string_view> values) {
  return wire::stamp_batch(testing::batch_of(values), Offset(offset), LeaderEpoch(epoch), std::nullopt);
}

/// Broker 1 follows broker 2 and holds "a", "b" of epoch 0.
struct Following : Bench {
  explicit Following(io::Flaws flaws = {}) : Bench({.min_insync_replicas = 2}, flaws) {
    create(2, {1, 2});
    link = open();
    answer(link, served({batch_at(0, 0, {"a", "b"})}, 1));
  }
  /// The leader answers that the logs part at offset 1.
  void diverge() {
    auto diverging = served({}, 1);
    diverging.diverging_epoch = api::EpochEndOffset{LeaderEpoch(0), Offset(1)};
    answer(link, diverging);
  }
  [[nodiscard]] std::int64_t log_end() const { return partition().log().log_end_offset().value(); }

  io::Link link;
};

TEST(Follower, FetchesFromItsLogEndWithTheEpochOfItsLastRecord) {
  Following b;
  ASSERT_TRUE(b.sent_fetch());
  EXPECT_EQ(b.sent_fetch()->fetch_offset, Offset(2));
  EXPECT_EQ(b.sent_fetch()->last_fetched_epoch, LeaderEpoch(0));
  EXPECT_EQ(b.sent_fetch()->current_leader_epoch, LeaderEpoch(0));
}

TEST(Follower, TakesTheLeadersHighWatermarkButNotBeyondItsOwnLog) {
  Following b;
  EXPECT_EQ(b.high_watermark(), 1);
  b.answer(b.link, served({}, 5));
  EXPECT_EQ(b.high_watermark(), 2);
}

TEST(Follower, TruncatesToWhereTheLeaderSaysThatTheLogsDiverge) {
  Following b;
  b.diverge();
  EXPECT_EQ(b.log_end(), 0);  // the batch of two records goes as a whole
  b.finish_fsyncs();
  EXPECT_EQ(b.sent_fetch()->fetch_offset, Offset(0));
}

TEST(Follower, FetchesNothingBehindACutThatIsNotDurable) {
  Following b;
  b.diverge();
  EXPECT_TRUE(b.partition().is_cutting());
  EXPECT_EQ(b.sent_fetch()->fetch_offset, Offset(2));  // still the one before
  b.finish_fsyncs();
  EXPECT_FALSE(b.partition().is_cutting());
  EXPECT_EQ(b.sent_fetch()->fetch_offset, Offset(0));
}

TEST(Follower, ThatBecomesLeaderTakesNoRecordsBehindACutThatIsNotDurable) {
  Following b;
  b.diverge();
  b.change({}, 1);
  b.produce({"x"}, 1);
  EXPECT_EQ(b.produce_error(), kNotLeaderOrFollower);
  b.finish_fsyncs();
  b.produce({"x"}, 1);
  EXPECT_EQ(b.produce_error(), kNone);
}

TEST(Follower, KeepsItsLogWhenTheLeaderChanges) {
  Following b;
  b.change({}, 3);
  EXPECT_EQ(b.log_end(), 2);
}

TEST(Follower, WithFlawR01CutsToItsHighWatermarkWhenTheLeaderChanges) {
  Following b({.truncate_to_high_watermark = true});
  b.change({}, 3);
  EXPECT_LT(b.log_end(), 2);
}

TEST(Follower, IgnoresAnAnswerOfTheLeaderBefore) {
  Following b;
  const io::Link old = b.link;
  const CorrelationId correlation = b.last<io::Send>()->correlation;
  b.change({}, 3);
  b.manager().on_response(
      {old, correlation, api::FetchResponse{.responses = {{kTopic, {served({batch_at(2, 0, {"c"})}, 3)}}}}},
      b.context());
  EXPECT_EQ(b.log_end(), 2);
}

TEST(Follower, DropsBatchesOfALaterEpochThanItAskedFor) {
  Following b;
  b.answer(b.link, served({batch_at(2, 0, {"c"}), batch_at(3, 4, {"d"})}, 1));
  EXPECT_EQ(b.log_end(), 3);
}

TEST(Follower, RefusesABatchThatIsCorruptAndBacksOff) {
  Following b;
  const Bytes batch = batch_at(2, 0, {"c"});
  std::vector<std::uint8_t> bytes(batch.span().begin(), batch.span().end());
  bytes.back() ^= 1;
  b.answer(b.link, served({Bytes(std::move(bytes))}, 1));
  EXPECT_EQ(b.log_end(), 2);
  EXPECT_EQ(b.last<io::SetTimer>()->timer.kind, io::TimerKind::kFetcherBackoff);
}

TEST(Follower, WaitsForMetadataAfterItsEpochWasFenced) {
  Following b;
  auto fenced = served({}, 0);
  fenced.error_code = kFencedLeaderEpoch;
  b.answer(b.link, fenced);
  b.forget();
  b.fire(io::TimerKind::kFetcherBackoff, 2);
  EXPECT_FALSE(b.sent_fetch());
  b.change(std::vector{2}, {});
  EXPECT_FALSE(b.sent_fetch());
  b.change({}, 3);
  b.open();
  EXPECT_TRUE(b.sent_fetch());
}

TEST(Follower, AsksForTheEndsOfTheLeadersLogWhenItsOffsetIsOutOfRange) {
  Following b;
  auto out_of_range = served({}, 0);
  out_of_range.error_code = kOffsetOutOfRange;
  b.answer(b.link, out_of_range);
  const auto send = b.last<io::Send>();
  ASSERT_TRUE(std::holds_alternative<api::ListOffsetsRequest>(send->request));
  const auto end_at = [](std::int64_t offset) {
    return api::ListOffsetsPartitionResponse{.partition_index = PartitionId(0), .offset = Offset(offset)};
  };
  b.manager().on_response(
      {b.link, send->correlation, api::ListOffsetsResponse{.topics = {{"t", {end_at(9), end_at(5)}}}}},
      b.context());
  EXPECT_EQ(b.partition().log().log_start_offset(), Offset(5));
  EXPECT_EQ(b.sent_fetch()->fetch_offset, Offset(5));
}

TEST(Follower, RefusesToServeConsumers) {
  Following b;
  b.fetch(3, 0);
  EXPECT_EQ(b.fetched()->error_code, kNotLeaderOrFollower);
}

TEST(Follower, FindsItsLogsAndHighWatermarksAgainAfterARestart) {
  Following b;
  b.fire(io::TimerKind::kHighWatermarkCheckpoint);
  b.finish_fsyncs();
  ReplicaManager restarted(b.manager().config());
  restarted.on_boot(b.context());
  const Partition* partition = restarted.find(kTp);
  ASSERT_NE(partition, nullptr);
  EXPECT_EQ(partition->log().log_end_offset(), Offset(2));
  EXPECT_EQ(partition->high_watermark(), Offset(1));
}

}  // namespace
}  // namespace odradek::replica
