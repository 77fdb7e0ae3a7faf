#include "engine/log/log.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/base/ensure.h"
#include "engine/base/hash.h"
#include "engine/log/checkpoint_file.h"
#include "engine/wire/control_record.h"
#include "engine/wire/tagged_field.h"
#include "tests/engine/log/log_fixture.h"

namespace odradek::log {
namespace {

/// Values of a batch, for comparison in words.
std::string text_of(const std::vector<Bytes>& batches) {
  std::string text;
  for (const Bytes& batch : batches) {
    const auto records = *wire::decode_batch(batch);
    for (const wire::DecodedRecord& each : records) {
      text += fmt::format("{}{}:{}", text.empty() ? "" : " ", each.offset.value(), each.record.value->text());
    }
  }
  return text;
}

/// Appends batches of drawn sizes, epochs and timestamps.
void append_some(LogFixture& f, int batches) {
  int epoch = 0;
  for (int i = 0; i < batches; ++i) {
    epoch += *rc::gen::inRange(0, 10) == 0 ? 1 : 0;
    const int count = *rc::gen::inRange(1, 4);
    std::vector<wire::Record> records;
    for (int j = 0; j < count; ++j) {
      const std::string value(*rc::gen::inRange<std::size_t>(0, 40), 'x');
      records.push_back(testing::record(value, *rc::gen::inRange(0, 200)));
    }
    RC_ASSERT(
        f.log.append_as_leader(f.disk, wire::encode_batch({}, records), LeaderEpoch(epoch), Timestamp(0))
            .has_value());
  }
}

TEST(Log, IsCreatedEmptyAtOffsetZero) {
  LogFixture f;
  EXPECT_EQ(f.log.log_start_offset(), Offset(0));
  EXPECT_EQ(f.log.log_end_offset(), Offset(0));
  EXPECT_EQ(f.log.latest_epoch(), std::nullopt);
  EXPECT_FALSE(f.log.recovered_truncation());
  EXPECT_TRUE(f.read_all().empty());
  EXPECT_EQ(f.disk.list("t-0"), std::vector<std::string>{"t-0/00000000000000000000.log"});
}

TEST(Log, LeaderAssignsOffsetsAndEpoch) {
  LogFixture f;
  f.append({"a", "b"}, 3);
  const AppendInfo info = f.append({"c"}, 5, 70);
  EXPECT_EQ(info, (AppendInfo{.first = Offset(2), .next = Offset(3), .max_timestamp = Timestamp(70)}));
  EXPECT_EQ(text_of(f.read_all()), "0:a 1:b 2:c");
  EXPECT_EQ(f.log.epochs().to_text(), "0\n2\n3 0\n5 2\n");
  EXPECT_EQ(EpochCache::load(f.disk, "t-0"), f.log.epochs());
}

TEST(Log, LeaderStampsItsTimeWhenTheTopicSaysSo) {
  LogFixture f;
  f.config.message_timestamp_type = io::TimestampType::kLogAppendTime;
  f.log.set_config(f.config);
  const AppendInfo info = *f.log.append_as_leader(f.disk, batch_of({"a"}, 5), LeaderEpoch(0), Timestamp(900));
  EXPECT_EQ(info.log_append_time, Timestamp(900));
  EXPECT_EQ(info.max_timestamp, Timestamp(900));
  const Bytes stored = f.read_all().front();
  EXPECT_TRUE(wire::check_batch(stored.span()));
  EXPECT_EQ(wire::decode_batch(stored)->front().record.timestamp, Timestamp(900));
}

TEST(Log, FollowerKeepsTheLeadersBytes) {
  LogFixture leader;
  LogFixture follower;
  leader.append({"a", "b"}, 1);
  leader.append({"c"}, 4);
  for (const Bytes& batch : leader.read_all())
    ASSERT_TRUE(follower.log.append_as_follower(follower.disk, batch));
  EXPECT_EQ(follower.read_all(), leader.read_all());
  EXPECT_EQ(follower.log, leader.log);
}

TEST(Log, FollowerNeverAppendsWithAGap) {
  LogFixture f;
  const Bytes batch = wire::stamp_batch(batch_of({"a"}), Offset(1), LeaderEpoch(0), std::nullopt);
  EXPECT_THROW(static_cast<void>(f.log.append_as_follower(f.disk, batch)), EnsureFailure);
}

TEST(Log, ReadsWholeBatchesBelowTheUpperBound) {
  LogFixture f;
  f.append({"a", "b"});
  f.append({"c", "d"});
  f.append({"e"});
  EXPECT_EQ(text_of(*f.log.read(f.disk, Offset(1), Offset(5), 1 << 20, true)), "0:a 1:b 2:c 3:d 4:e");
  EXPECT_EQ(text_of(*f.log.read(f.disk, Offset(2), Offset(4), 1 << 20, true)), "2:c 3:d");
  EXPECT_EQ(text_of(*f.log.read(f.disk, Offset(2), Offset(3), 1 << 20, true)), "");
  EXPECT_EQ(text_of(*f.log.read(f.disk, Offset(5), Offset(5), 1 << 20, true)), "");
}

TEST(Log, ReadsAtLeastOneBatchIfAsked) {
  LogFixture f;
  f.append({"a"});
  f.append({"b"});
  EXPECT_EQ(text_of(*f.log.read(f.disk, Offset(0), Offset(2), 1, true)), "0:a");
  EXPECT_EQ(text_of(*f.log.read(f.disk, Offset(0), Offset(2), 1, false)), "");
  const auto one = static_cast<std::int32_t>(f.read_all().front().size());
  EXPECT_EQ(text_of(*f.log.read(f.disk, Offset(0), Offset(2), 2 * one - 1, false)), "0:a");
  EXPECT_EQ(text_of(*f.log.read(f.disk, Offset(0), Offset(2), 2 * one, false)), "0:a 1:b");
}

TEST(Log, ReadsWithoutCopying) {
  LogFixture f;
  f.append({"a"});
  EXPECT_EQ(f.read_all().front().span().data(), f.read_all().front().span().data());
}

TEST(Log, RollsWhenTheSegmentIsFull) {
  LogFixture f;
  std::optional<std::string> rolled;
  while (!rolled) rolled = f.append({"0123456789012345678901234567890123456789"}).rolled;
  EXPECT_EQ(rolled, "t-0/00000000000000000000.log");
  ASSERT_EQ(f.log.segments().size(), 2u);
  EXPECT_LE(f.log.segments()[0]->size(), 600u);
  EXPECT_GT(f.log.segments()[0]->size() + f.log.segments()[1]->size(), 600u);
  EXPECT_EQ(f.log.active_path(), fmt::format("t-0/{:020}.log", f.log.log_end_offset().value() - 1));
}

TEST(Log, RollsWhenAnIndexIsFull) {
  LogFixture f;
  f.config = {.index_interval_bytes = 0, .segment_index_bytes = 48};
  f.log.set_config(f.config);
  for (int i = 0; i < 20; ++i) f.append({"a"}, 0, i);
  EXPECT_GT(f.log.segments().size(), 3u);
  for (const Cow<Segment>& segment : f.log.segments()) {
    EXPECT_LE(segment->offset_index().bytes(), 48);
    EXPECT_LE(segment->time_index().bytes(), 48);
  }
}

TEST(Log, IndexFilesAreKafkas) {
  LogFixture f;
  f.config.index_interval_bytes = 1;
  f.log.set_config(f.config);
  f.append({"a"}, 0, 10);
  f.append({"b", "c"}, 0, 30);
  f.append({"d"}, 0, 20);
  const std::uint8_t second = static_cast<std::uint8_t>(f.scan()[0].size());
  const std::uint8_t third = static_cast<std::uint8_t>(second + f.scan()[1].size());
  EXPECT_EQ(*f.disk.read("t-0/00000000000000000000.index", 0, 16),
            Bytes(std::vector<std::uint8_t>{0, 0, 0, 2, 0, 0, 0, second, 0, 0, 0, 3, 0, 0, 0, third}));
  EXPECT_EQ(*f.disk.size("t-0/00000000000000000000.timeindex"), 12u);
  EXPECT_EQ(*f.disk.read("t-0/00000000000000000000.timeindex", 0, 12),
            Bytes(std::vector<std::uint8_t>{0, 0, 0, 0, 0, 0, 0, 30, 0, 0, 0, 2}));
}

TEST(Log, TruncatesToABatchBoundaryAtOrBelow) {
  LogFixture f;
  f.append({"a"}, 1);
  f.append({"b", "c"}, 2);
  f.append({"d"}, 3);
  ASSERT_TRUE(f.log.truncate_to(f.disk, Offset(2)));
  EXPECT_EQ(f.log.log_end_offset(), Offset(1));
  EXPECT_EQ(text_of(f.read_all()), "0:a");
  EXPECT_EQ(f.log.epochs().to_text(), "0\n1\n1 0\n");
  f.append({"e"}, 4);
  EXPECT_EQ(text_of(f.read_all()), "0:a 1:e");
}

TEST(Log, TruncationForgetsEpochsEvenWhenNoRecordIsDropped) {
  LogFixture f;
  f.append({"a"}, 1);
  ASSERT_TRUE(f.log.assign_epoch(f.disk, LeaderEpoch(2), Offset(1)));
  EXPECT_EQ(f.log.latest_epoch(), LeaderEpoch(2));
  ASSERT_TRUE(f.log.truncate_to(f.disk, Offset(1)));
  EXPECT_EQ(f.log.latest_epoch(), LeaderEpoch(1));
  EXPECT_EQ(EpochCache::load(f.disk, "t-0"), f.log.epochs());
}

TEST(Log, TruncatedFullyStartsElsewhere) {
  LogFixture f;
  for (int i = 0; i < 20; ++i) f.append({"a"}, 1);
  ASSERT_TRUE(f.log.truncate_fully_and_start_at(f.disk, Offset(500)));
  EXPECT_EQ(f.log.log_start_offset(), Offset(500));
  EXPECT_EQ(f.log.log_end_offset(), Offset(500));
  EXPECT_EQ(f.log.latest_epoch(), std::nullopt);
  EXPECT_EQ(f.append({"b"}, 2).first, Offset(500));
  EXPECT_EQ(f.opened(), f.log);
}

TEST(Log, TruncatedBelowItsStartBeginsThere) {
  LogFixture f;
  ASSERT_TRUE(f.log.truncate_fully_and_start_at(f.disk, Offset(500)));
  ASSERT_TRUE(f.log.truncate_to(f.disk, Offset(400)));
  EXPECT_EQ(f.log.log_start_offset(), Offset(400));
}

TEST(Log, CopyWithACopyOfItsDiskIsAFork) {
  LogFixture original;
  for (int i = 0; i < 20; ++i) original.append({"a"});
  LogFixture fork = original;
  EXPECT_EQ(fork.log, original.log);
  EXPECT_EQ(digest_of(fork.log), digest_of(original.log));
  fork.append({"b"});
  EXPECT_EQ(original.log.log_end_offset(), Offset(20));
  EXPECT_EQ(fork.log.log_end_offset(), Offset(21));
  original.append({"b"});
  EXPECT_EQ(digest_of(fork.log), digest_of(original.log));
}

RC_GTEST_PROP(Log, LookupByOffsetEqualsALinearScan, ()) {
  LogFixture f;
  f.config.segment_bytes = *rc::gen::inRange(200, 20'000);
  f.log.set_config(f.config);
  append_some(f, *rc::gen::inRange(1, 200));
  const std::vector<Bytes> all = f.scan();
  RC_ASSERT(f.read_all() == all);
  for (int i = 0; i < 20; ++i) {
    const Offset from(*rc::gen::inRange<std::int64_t>(0, f.log.log_end_offset().value()));
    const Offset bound(*rc::gen::inRange<std::int64_t>(0, f.log.log_end_offset().value() + 1));
    const auto bytes_max = *rc::gen::inRange(0, 3'000);
    std::vector<Bytes> expected;
    std::int64_t room = bytes_max;
    for (const Bytes& batch : all) {
      const auto header = *wire::read_batch_header(batch.span());
      if (header.next_offset() <= from) continue;
      if (header.next_offset() > bound || (room < batch.size() && !expected.empty())) break;
      room -= batch.size();
      expected.push_back(batch);
    }
    RC_ASSERT(*f.log.read(f.disk, from, bound, bytes_max, true) == expected);
  }
}

RC_GTEST_PROP(Log, RecoveryArrivesAtWhatAppendingLeft, ()) {
  LogFixture f;
  append_some(f, *rc::gen::inRange(0, 200));
  const auto files = f.disk.list("");
  RC_ASSERT((f.opened() == f.log));
  RC_ASSERT(f.disk.list("") == files);
}

RC_GTEST_PROP(Log, TruncatedEqualsALogThatNeverHadTheRest, ()) {
  LogFixture f;
  append_some(f, *rc::gen::inRange(1, 150));
  const std::vector<Bytes> all = f.scan();
  const Offset end(*rc::gen::inRange<std::int64_t>(0, f.log.log_end_offset().value() + 1));
  RC_ASSERT(f.log.truncate_to(f.disk, end).has_value());
  LogFixture shorter;
  for (const Bytes& batch : all) {
    if (wire::read_batch_header(batch.span())->next_offset() > end) break;
    RC_ASSERT(shorter.log.append_as_follower(shorter.disk, batch).has_value());
  }
  RC_ASSERT(f.log.log_end_offset() == shorter.log.log_end_offset());
  RC_ASSERT((f.log.epochs() == shorter.log.epochs()));
  RC_ASSERT(f.read_all() == shorter.read_all());
  append_some(f, 20);
  RC_ASSERT(f.read_all() == f.scan());
}

RC_GTEST_PROP(Log, WhoseMediumDecaysReadsAnErrorOrBatchesButNeverCrashes, ()) {
  LogFixture f;
  f.config.segment_bytes = 10'000;
  f.config.index_interval_bytes = 500;
  f.log.set_config(f.config);
  append_some(f, 150);
  const std::string path = f.log.segments().front()->path();
  for (int i = 0; i < 20; ++i) {
    f.disk.flip(path, *rc::gen::inRange<std::uint64_t>(0, *f.disk.size(path)),
                *rc::gen::inRange<std::uint8_t>(1, 255));
  }
  for (Offset from(0); from < f.log.log_end_offset(); ++from) {
    static_cast<void>(f.log.read(f.disk, from, f.log.log_end_offset(), 2'000, true));
    static_cast<void>(f.log.offset_for_timestamp(f.disk, Timestamp(from.value()), f.log.log_end_offset()));
  }
  const Offset end(*rc::gen::inRange<std::int64_t>(0, f.log.log_end_offset().value()));
  static_cast<void>(f.log.truncate_to(f.disk, end));
  RC_ASSERT(Log::open(f.disk, "t-0", f.config).has_value());
}

// Walkers of fields demand complete lists; these types are walked by other layers' tests at best.
static_assert(fields_complete<AppendInfo> && fields_complete<TimestampedOffset> &&
              fields_complete<LoadedCheckpoint>);
static_assert(fields_complete<wire::BatchHeader> && fields_complete<wire::BatchSpec>);
static_assert(fields_complete<wire::DecodedRecord> && fields_complete<wire::LeaderChange> &&
              fields_complete<wire::TaggedField>);

}  // namespace
}  // namespace odradek::log
