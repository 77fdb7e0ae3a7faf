#include "engine/wire/record_batch.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

#include "engine/base/describe.h"
#include "engine/base/ensure.h"
#include "engine/wire/control_record.h"
#include "tests/engine/wire/hex.h"

namespace odradek::wire {
namespace {

using testing::to_hex;
using testing::without_spaces;

/// One record without key, and a tombstone with a header without value.
std::vector<Record> two_records() {
  return {{.key = std::nullopt, .value = Bytes("v"), .headers = {}, .timestamp = Timestamp(1000)},
          {.key = Bytes("k"),
           .value = std::nullopt,
           .headers = {{.key = "h", .value = std::nullopt}},
           .timestamp = Timestamp(1002)}};
}

Bytes flipped(const Bytes& batch, std::uint32_t position, std::uint8_t mask) {
  std::vector<std::uint8_t> bytes(batch.span().begin(), batch.span().end());
  bytes[position] ^= mask;
  return Bytes(std::move(bytes));
}

rc::Gen<std::optional<Bytes>> any_bytes() {
  return rc::gen::map(
      rc::gen::arbitrary<std::pair<bool, std::vector<std::uint8_t>>>(),
      [](const auto& drawn) { return drawn.first ? std::optional(Bytes(drawn.second)) : std::nullopt; });
}

Record any_record() {
  Record record;
  record.key = *any_bytes();
  record.value = *any_bytes();
  record.timestamp = Timestamp(*rc::gen::inRange<std::int64_t>(-1, std::int64_t{1} << 60));
  const int headers = *rc::gen::inRange(0, 3);
  for (int i = 0; i < headers; ++i) {
    const auto key = *rc::gen::arbitrary<std::string>();
    record.headers.push_back({.key = key, .value = *any_bytes()});
  }
  return record;
}

std::vector<Record> any_records() {
  std::vector<Record> records;
  const int count = *rc::gen::inRange(1, 6);
  for (int i = 0; i < count; ++i) records.push_back(any_record());
  return records;
}

TEST(RecordBatch, IsKafkasByteForByte) {
  const Bytes batch = encode_batch({.base_offset = Offset(0), .leader_epoch = LeaderEpoch(3)}, two_records());
  EXPECT_EQ(to_hex(batch.span()),
            without_spaces("0000000000000000 00000044 00000003 02 799d0ac0 0000 00000001"
                           "00000000000003e8 00000000000003ea ffffffffffffffff ffff ffffffff 00000002"
                           "0e 00 00 00 01 02 76 00"
                           "14 00 04 02 02 6b 01 02 02 68 01"));
}

TEST(RecordBatch, OfLogAppendTimeIsKafkasByteForByte) {
  const Bytes batch =
      encode_batch({.leader_epoch = LeaderEpoch(3), .log_append_time = Timestamp(5000)}, two_records());
  EXPECT_EQ(to_hex(batch.span()),
            without_spaces("0000000000000000 00000044 00000003 02 a0f13e8f 0008 00000001"
                           "00000000000003e8 0000000000001388 ffffffffffffffff ffff ffffffff 00000002"
                           "0e 00 00 00 01 02 76 00"
                           "14 00 04 02 02 6b 01 02 02 68 01"));
}

TEST(RecordBatch, HeaderReadsBack) {
  const Bytes batch = encode_batch({.base_offset = Offset(7),
                                    .transactional = true,
                                    .producer_id = ProducerId(9),
                                    .producer_epoch = ProducerEpoch(2),
                                    .base_sequence = 4},
                                   two_records());
  const BatchHeader header = *read_batch_header(batch.span());
  EXPECT_EQ(header.size(), batch.size());
  EXPECT_EQ(header.last_offset(), Offset(8));
  EXPECT_EQ(header.next_offset(), Offset(9));
  EXPECT_EQ(header.partition_leader_epoch, std::nullopt);
  EXPECT_EQ(header.producer_id, ProducerId(9));
  EXPECT_EQ(header.producer_epoch, ProducerEpoch(2));
  EXPECT_EQ(header.base_sequence, 4);
  EXPECT_EQ(header.max_timestamp, Timestamp(1002));
  EXPECT_TRUE(header.is_transactional());
  EXPECT_FALSE(header.is_control());
  EXPECT_EQ(header.timestamp_type(), TimestampType::kCreateTime);
}

TEST(RecordBatch, DecodedValuesShareTheBatch) {
  const Bytes batch = encode_batch({}, two_records());
  const auto records = *decode_batch(batch);
  EXPECT_EQ(records[0].record.value->span().data(), batch.span().data() + 67);
}

TEST(RecordBatch, WithLogAppendTimeGivesAllRecordsThatTime) {
  const Bytes batch = encode_batch({.log_append_time = Timestamp(5000)}, two_records());
  const auto records = *decode_batch(batch);
  for (const DecodedRecord& each : records) EXPECT_EQ(each.record.timestamp, Timestamp(5000));
}

TEST(RecordBatch, StampingSetsOffsetAndEpochOutsideTheChecksum) {
  const Bytes batch = encode_batch({}, two_records());
  const Bytes stamped = stamp_batch(batch, Offset(40), LeaderEpoch(6), std::nullopt);
  EXPECT_EQ(stamped,
            encode_batch({.base_offset = Offset(40), .leader_epoch = LeaderEpoch(6)}, two_records()));
  EXPECT_EQ(read_batch_header(stamped.span())->crc, read_batch_header(batch.span())->crc);
}

TEST(RecordBatch, StampingLogAppendTimeRenewsTheChecksum) {
  const Bytes stamped =
      stamp_batch(encode_batch({}, two_records()), Offset(40), LeaderEpoch(6), Timestamp(5000));
  EXPECT_EQ(stamped, encode_batch({.base_offset = Offset(40),
                                   .leader_epoch = LeaderEpoch(6),
                                   .log_append_time = Timestamp(5000)},
                                  two_records()));
  EXPECT_TRUE(check_batch(stamped.span()));
}

TEST(RecordBatch, RefusalSaysWhereAndWhatWasExpected) {
  const Bytes batch = encode_batch({}, two_records());
  EXPECT_EQ(check_batch(batch.span().first(60)).error().message,
            "byte 60: expected 61 bytes of a batch header");
  EXPECT_EQ(check_batch(flipped(batch, 16, 0x03).span()).error().message, "byte 16: expected magic 2, got 1");
  EXPECT_EQ(check_batch(batch.span().first(79)).error().message,
            "byte 8: expected a batch of 79 bytes, got a length for 80");
  EXPECT_TRUE(
      check_batch(flipped(batch, 79, 1).span()).error().message.starts_with("byte 17: expected checksum 0x"));
}

TEST(RecordBatch, WithAGapInItsOffsetsIsRefused) {
  Bytes batch = flipped(encode_batch({}, two_records()), 72, 0x06);     // offset delta 1 becomes 2
  batch = stamp_batch(batch, Offset(0), LeaderEpoch(0), Timestamp(0));  // with a checksum that matches
  EXPECT_EQ(check_batch(batch.span()).error().message, "byte 69: expected offset delta 1, got 2");
  EXPECT_FALSE(decode_batch(batch));
}

TEST(RecordBatch, WithANegativeLengthOtherThanNullIsRefused) {
  const Bytes batch = flipped(encode_batch({}, two_records()), 65, 0x02);  // the key's length -1 becomes -2
  const auto records = decode_batch(batch);
  ASSERT_FALSE(records);
  EXPECT_EQ(records.error().message, "byte 65: expected a length or -1, got -2");
}

TEST(RecordBatch, OfNoRecordsIsOurBug) {
  EXPECT_THROW(static_cast<void>(encode_batch({}, {})), EnsureFailure);
}

RC_GTEST_PROP(RecordBatch, DecodesToWhatWasEncoded, ()) {
  const std::vector<Record> records = any_records();
  const Bytes batch = encode_batch({.base_offset = Offset(11)}, records);
  RC_ASSERT(check_batch(batch.span()).has_value());
  const auto decoded = decode_batch(batch);
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(decoded->size() == records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    RC_ASSERT((*decoded)[i].offset == Offset(11) + static_cast<std::int64_t>(i));
    RC_ASSERT(describe((*decoded)[i].record) == describe(records[i]));
    RC_ASSERT(((*decoded)[i].record == records[i]));
  }
}

RC_GTEST_PROP(RecordBatch, IsAsLargeAsItsRecordsAndTheOverhead, ()) {
  const std::vector<Record> records = any_records();
  std::uint32_t size = kBatchOverhead;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const RecordDelta delta{.offset = static_cast<std::int32_t>(i),
                            .timestamp = records[i].timestamp - records[0].timestamp};
    RC_ASSERT(record_size(records[i], delta) <= record_size_upper_bound(records[i]));
    size += record_size(records[i], delta);
  }
  RC_ASSERT(encode_batch({}, records).size() == size);
}

RC_GTEST_PROP(RecordBatch, ChecksumFindsAnyChangedByteThatItCovers, ()) {
  const Bytes batch = encode_batch({}, any_records());
  const auto position = *rc::gen::inRange<std::uint32_t>(17, batch.size());
  const auto mask = *rc::gen::inRange<std::uint8_t>(1, 255);
  RC_ASSERT(!check_batch(flipped(batch, position, mask).span()));
}

RC_GTEST_PROP(RecordBatch, OfAnyBytesDecodesOrIsRefused, ()) {
  Bytes batch = encode_batch({}, any_records());
  const int flips = *rc::gen::inRange(1, 5);
  for (int i = 0; i < flips; ++i) {
    const auto position = *rc::gen::inRange<std::uint32_t>(0, batch.size());
    batch = flipped(batch, position, *rc::gen::inRange<std::uint8_t>(1, 255));
  }
  const auto cut = *rc::gen::inRange<std::uint32_t>(0, batch.size() + 1);
  const Bytes part = batch.slice(0, cut);
  static_cast<void>(check_batch(part.span()));
  if (const auto records = decode_batch(part)) {
    const BatchHeader header = *read_batch_header(part.span());
    for (const DecodedRecord& each : *records) RC_ASSERT(each.offset <= header.last_offset());
  }
}

TEST(ControlRecord, LeaderChangeIsKafkasByteForByte) {
  const LeaderChange change{.leader_id = NodeId(1),
                            .voters = {NodeId(1), NodeId(2), NodeId(3)},
                            .granting_voters = {NodeId(1), NodeId(3)}};
  const std::vector<ControlRecord> written{change};
  const Bytes batch = encode_control_batch({.base_offset = Offset(10), .leader_epoch = LeaderEpoch(4)},
                                           written, Timestamp(7));
  EXPECT_TRUE(check_batch(batch.span()));
  EXPECT_TRUE(read_batch_header(batch.span())->is_control());
  const auto records = *decode_batch(batch);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(to_hex(records[0].record.key->span()), "00000002");
  EXPECT_EQ(
      to_hex(records[0].record.value->span()),
      without_spaces("0000 00000001 04 00000001 00 00000002 00 00000003 00 03 00000001 00 00000003 00 00"));
  EXPECT_EQ(control_type_of(records[0].record), ControlType::kLeaderChange);
  EXPECT_EQ(decode_control_record(records[0].record), ControlRecord(change));
}

TEST(ControlRecord, ReadsBackWhatItWrote) {
  const std::vector<ControlRecord> written{
      SnapshotHeader{.last_contained_log_timestamp = Timestamp(9)}, KRaftVersion{.kraft_version = 1},
      KRaftVoters{.voters = {{.voter_id = NodeId(1),
                              .voter_directory_id = {.high = 1, .low = 2},
                              .max_kraft_version = 1},
                             {.voter_id = NodeId(2), .voter_directory_id = {.high = 3, .low = 4}}}},
      SnapshotFooter{}};
  const auto records = *decode_batch(encode_control_batch({}, written, Timestamp(7)));
  ASSERT_EQ(records.size(), written.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    const auto read = decode_control_record(records[i].record);
    ASSERT_TRUE(read.has_value()) << read.error().message;
    EXPECT_EQ(*read, written[i]);
    for (std::uint32_t cut = 0; cut < records[i].record.value->size(); ++cut) {
      Record torn = records[i].record;
      torn.value = torn.value->slice(0, cut);
      EXPECT_FALSE(decode_control_record(torn).has_value()) << i << " " << cut;
    }
  }
  EXPECT_EQ(to_hex(records[1].record.value->span()), "0000000100");
}

TEST(ControlRecord, OfAnUnknownTypeIsRefused) {
  Record record;
  EXPECT_FALSE(control_type_of(record));
  record.key = Bytes(std::vector<std::uint8_t>{0, 0, 0, 9});
  EXPECT_EQ(control_type_of(record).error().message, "byte 2: expected a type of control record, got 9");
}

}  // namespace
}  // namespace odradek::wire
