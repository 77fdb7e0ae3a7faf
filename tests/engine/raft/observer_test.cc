#include "engine/raft/observer.h"

#include <gtest/gtest.h>

#include "engine/metadata/record_codec.h"
#include "engine/wire/record_batch.h"
#include "tests/engine/raft/quorum_bench.h"

namespace odradek::raft {
namespace {

class ObserverTest : public ::testing::Test {
 protected:
  void boot() {
    observer_ = Observer(NodeId(1), {kController}, {});
    out_.restart(out_.next());
    observer_.on_boot(now_, disk_, out_);
    observer_.on_opened(effects_of<io::Connect>(out_).back().link, now_, out_);
  }
  /// The request that is under way.
  io::Send sent() { return effects_of<io::Send>(out_).back(); }
  api::FetchPartition wanted() {
    return std::get<api::FetchRequest>(sent().request).topics.front().partitions.front();
  }

  /// Hands the fetch to the voter, and its answer back; false when the voter parks it.
  bool exchange() {
    const auto data = leader_.fetch(wanted());
    if (data) respond(*data);
    return data.has_value();
  }
  void respond(const api::FetchPartitionData& data) {
    observer_.on_response({.link = effects_of<io::Connect>(out_).back().link,
                           .correlation = sent().correlation,
                           .response = metadata_fetch_response(data)},
                          now_, disk_, out_);
  }
  std::vector<metadata::RecordBatch> take() { return observer_.take_committed(disk_, out_); }
  /// A batch of some other leader, with `count` records.
  static Bytes foreign_batch(Offset base, LeaderEpoch epoch) {
    return wire::stamp_batch(
        metadata::encode_batch(std::vector<metadata::MetadataRecord>{metadata::NoOpRecord{}}, Timestamp(0)),
        base, epoch, std::nullopt);
  }

  Now now_;
  ::odradek::testing::MemoryDisk disk_;
  io::Effects out_{io::Names{}};
  Observer observer_;
  VoterBench leader_;
};

TEST_F(ObserverTest, FindsTheEpochAndFollowsTheLog) {
  leader_.lead();
  boot();
  EXPECT_EQ(wanted().current_leader_epoch, LeaderEpoch(0));
  EXPECT_TRUE(exchange());  // fenced: it learns the epoch
  EXPECT_EQ(wanted().current_leader_epoch, LeaderEpoch(1));
  EXPECT_EQ(observer_.leader(), kController);
  EXPECT_TRUE(exchange());
  EXPECT_EQ(observer_.log().log_end_offset(), Offset(1));
  EXPECT_FALSE(exchange());  // nothing more: parked
  EXPECT_EQ(take(), leader_.voter_.take_committed(leader_.disk_, leader_.out_));
  EXPECT_TRUE(take().empty());
}

TEST_F(ObserverTest, AppliesNothingAboveTheHighWatermark) {
  leader_.lead();
  boot();
  (void)exchange();
  (void)leader_.append();
  (void)exchange();
  EXPECT_EQ(observer_.log().log_end_offset(), Offset(2));
  EXPECT_EQ(observer_.high_watermark(), Offset(1));
  EXPECT_EQ(take().size(), 1u);
  leader_.finish_all();
  EXPECT_FALSE(exchange());
  (void)leader_.append();
  leader_.finish_all();
  respond(leader_.answers().back());
  EXPECT_EQ(observer_.high_watermark(), Offset(3));
  EXPECT_EQ(take().size(), 2u);
}

TEST_F(ObserverTest, TruncatesToWhereTheLeaderSaysItDiverges) {
  leader_.lead();
  boot();
  (void)exchange();
  api::FetchPartitionData data{.partition_index = PartitionId(0)};
  data.records = {foreign_batch(Offset(0), LeaderEpoch(1)), foreign_batch(Offset(1), LeaderEpoch(1))};
  respond(data);
  ASSERT_EQ(observer_.log().log_end_offset(), Offset(2));
  EXPECT_TRUE(exchange());
  EXPECT_EQ(observer_.log().log_end_offset(), Offset(1));
  EXPECT_EQ(wanted().fetch_offset, Offset(1));
}

TEST_F(ObserverTest, EndsTheProcessRatherThanTruncateBelowTheHighWatermark) {
  leader_.lead();
  boot();
  (void)exchange();
  (void)exchange();
  api::FetchPartitionData data{.partition_index = PartitionId(0)};
  data.diverging_epoch = api::EpochEndOffset{.epoch = LeaderEpoch(1), .end_offset = Offset(0)};
  respond(data);
  EXPECT_EQ(effects_of<io::Exit>(out_).size(), 1u);
  EXPECT_EQ(observer_.log().log_end_offset(), Offset(1));
}

TEST_F(ObserverTest, WaitsBeforeItAsksAgainAVoterThatDoesNotLead) {
  leader_.boot();
  boot();
  (void)exchange();
  const std::size_t before = effects_of<io::Send>(out_).size();
  const io::SetTimer retry{.timer = {.kind = io::TimerKind::kMetadataFetchRetry, .entity = 0},
                           .after = milliseconds(20)};
  EXPECT_EQ(effects_of<io::SetTimer>(out_).back(), retry);
  leader_.finish_all();
  observer_.on_timer(retry.timer, now_, out_);
  EXPECT_EQ(effects_of<io::Send>(out_).size(), before + 1);
}

TEST_F(ObserverTest, RefusesBatchesThatDoNotFit) {
  leader_.lead();
  boot();
  (void)exchange();
  api::FetchPartitionData gap{.partition_index = PartitionId(0)};
  gap.records = {foreign_batch(Offset(4), LeaderEpoch(1))};
  gap.high_watermark = Offset(5);
  respond(gap);
  EXPECT_EQ(observer_.log().log_end_offset(), Offset(0));
  EXPECT_EQ(observer_.high_watermark(), std::nullopt);
}

TEST_F(ObserverTest, HandsOutTheLogFromItsStartAfterARestart) {
  leader_.lead();
  boot();
  (void)exchange();
  (void)exchange();
  const auto before = take();
  boot();
  EXPECT_EQ(wanted().fetch_offset, Offset(1));
  EXPECT_TRUE(take().empty());  // no leader has told it a high watermark
  EXPECT_FALSE(exchange());
  leader_.voter_.on_timer({.kind = io::TimerKind::kMetadataParkedFetch, .entity = 1}, leader_.disk_,
                          leader_.out_);
  leader_.voter_.on_timer({.kind = io::TimerKind::kMetadataParkedFetch, .entity = 0}, leader_.disk_,
                          leader_.out_);
  respond(leader_.answers().back());
  EXPECT_EQ(take(), before);
}

TEST_F(ObserverTest, ConnectsAgainWhenTheConnectionIsLost) {
  leader_.lead();
  boot();
  const io::Link link = effects_of<io::Connect>(out_).back().link;
  observer_.on_lost(link, now_, out_);
  const io::Timer backoff{.kind = io::TimerKind::kChannelBackoff, .entity = Observer::kFirstChannelId};
  EXPECT_EQ(effects_of<io::SetTimer>(out_).back().timer, backoff);
  observer_.on_timer(backoff, now_, out_);
  EXPECT_EQ(effects_of<io::Connect>(out_).size(), 2u);
}

}  // namespace
}  // namespace odradek::raft
