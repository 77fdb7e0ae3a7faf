#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/engine/log/log_fixture.h"

namespace odradek::log {
namespace {

using Found = std::optional<TimestampedOffset>;

/// The first record at or after `timestamp`, found by looking at every record.
Found scan_for(const LogFixture& f, Timestamp timestamp) {
  for (const Bytes& batch : f.scan()) {
    const auto header = *wire::read_batch_header(batch.span());
    const auto records = *wire::decode_batch(batch);
    for (const wire::DecodedRecord& each : records) {
      if (each.record.timestamp < timestamp) continue;
      return TimestampedOffset{each.offset, each.record.timestamp, header.partition_leader_epoch};
    }
  }
  return std::nullopt;
}

TEST(LogByTime, FindsTheFirstRecordAtOrAfter) {
  LogFixture f;
  f.append({"a"}, 1, 100);
  f.append({"b"}, 2, 300);
  f.append({"c"}, 3, 200);
  const Offset end = f.log.log_end_offset();
  EXPECT_EQ(*f.log.offset_for_timestamp(f.disk, Timestamp(100), end),
            (TimestampedOffset{Offset(0), Timestamp(100), LeaderEpoch(1)}));
  EXPECT_EQ(*f.log.offset_for_timestamp(f.disk, Timestamp(150), end),
            (TimestampedOffset{Offset(1), Timestamp(300), LeaderEpoch(2)}));
  EXPECT_EQ(*f.log.offset_for_timestamp(f.disk, Timestamp(301), end), std::nullopt);
}

TEST(LogByTime, FindsNothingAtOrAboveTheUpperBound) {
  LogFixture f;
  f.append({"a"}, 1, 100);
  f.append({"b"}, 1, 300);
  EXPECT_EQ(*f.log.offset_for_timestamp(f.disk, Timestamp(200), Offset(1)), std::nullopt);
  EXPECT_EQ(*f.log.offset_of_max_timestamp(f.disk, Offset(1)), std::nullopt);
}

TEST(LogByTime, MaxTimestampIsThatOfItsFirstRecord) {
  LogFixture f;
  EXPECT_EQ(*f.log.offset_of_max_timestamp(f.disk, Offset(0)), std::nullopt);
  f.append({"a"}, 1, 100);
  f.append({"b", "c"}, 1, 300);
  f.append({"d"}, 1, 300);
  EXPECT_EQ(*f.log.offset_of_max_timestamp(f.disk, f.log.log_end_offset()),
            (TimestampedOffset{Offset(1), Timestamp(300), LeaderEpoch(1)}));
}

TEST(LogByTime, ForgetsTimestampsThatWereTruncated) {
  LogFixture f;
  f.append({"a"}, 1, 100);
  f.append({"b"}, 1, 300);
  ASSERT_TRUE(f.log.truncate_to(f.disk, Offset(1)));
  EXPECT_EQ((*f.log.offset_of_max_timestamp(f.disk, f.log.log_end_offset()))->offset, Offset(0));
}

RC_GTEST_PROP(LogByTime, LookupEqualsALinearScan, ()) {
  LogFixture f;
  const int batches = *rc::gen::inRange(1, 120);
  for (int i = 0; i < batches; ++i) {
    const auto first = *rc::gen::inRange(0, 300);
    const std::vector<wire::Record> records{testing::record("x", first + i),
                                            testing::record("y", *rc::gen::inRange(0, 300))};
    RC_ASSERT(f.log.append_as_leader(f.disk, wire::encode_batch({}, records), LeaderEpoch(0), Timestamp(0))
                  .has_value());
  }
  if (*rc::gen::arbitrary<bool>()) {
    const Offset end(*rc::gen::inRange<std::int64_t>(0, f.log.log_end_offset().value()));
    RC_ASSERT(f.log.truncate_to(f.disk, end).has_value());
  }
  for (int i = 0; i < 20; ++i) {
    const Timestamp target(*rc::gen::inRange(0, 450));
    RC_ASSERT((*f.log.offset_for_timestamp(f.disk, target, f.log.log_end_offset()) == scan_for(f, target)));
  }
}

}  // namespace
}  // namespace odradek::log
