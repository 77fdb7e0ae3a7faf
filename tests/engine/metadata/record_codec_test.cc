#include "engine/metadata/record_codec.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <variant>
#include <vector>

#include "engine/base/describe.h"
#include "engine/wire/control_record.h"
#include "engine/wire/record_batch.h"
#include "tests/engine/metadata/records_gen.h"

namespace odradek::metadata {
namespace {

std::vector<std::uint8_t> bytes_of(const MetadataRecord& record) {
  const Bytes encoded = encode(record);
  return {encoded.span().begin(), encoded.span().end()};
}

TEST(RecordCodec, WritesTheFrameOfANoOpRecord) {
  // frame version 1, api key 20, version 0, no tagged fields
  EXPECT_EQ(bytes_of(NoOpRecord{}), (std::vector<std::uint8_t>{1, 20, 0, 0}));
}

TEST(RecordCodec, WritesChangesOfAPartitionAsTaggedFields) {
  PartitionChangeRecord change{.partition_id = PartitionId(3), .topic_id = {.high = 1, .low = 2}};
  change.isr = std::vector{BrokerId(7)};
  change.leader.emplace(std::nullopt);
  change.eligible_leader_replicas = std::vector{BrokerId(8)};
  change.last_known_elr = std::vector<BrokerId>{};
  const std::vector<std::uint8_t> expected = {
      1, 5, 2,                                                     // frame, PartitionChangeRecord, version
      0, 0, 0,    3,                                               // PartitionId
      0, 0, 0,    0,    0,    0,    0, 1, 0, 0, 0, 0, 0, 0, 0, 2,  // TopicId
      4,                                                           // four tagged fields
      0, 5, 2,    0,    0,    0,    7,                             // tag 0, 5 bytes: Isr, one element
      1, 4, 0xff, 0xff, 0xff, 0xff,                                // tag 1, 4 bytes: Leader -1
      6, 5, 2,    0,    0,    0,    8,                             // tag 6: EligibleLeaderReplicas
      7, 1, 1,                                                     // tag 7: LastKnownElr, no element
  };
  EXPECT_EQ(bytes_of(change), expected);
}

TEST(RecordCodec, WritesAnAbsentStringAsItsOwnNull) {
  const ConfigRecord unset{
      .resource_type = ResourceType::kTopic, .resource_name = "t", .name = "n", .value = {}};
  EXPECT_EQ(bytes_of(unset), (std::vector<std::uint8_t>{1, 4, 0, 2, 2, 't', 2, 'n', 0, 0}));
}

TEST(RecordCodec, WritesTheStructsOfAnArrayWithTheirOwnTaggedFields) {
  const RegisterBrokerRecord registered{
      .broker_id = BrokerId(7),
      .incarnation_id = {.high = 1, .low = 2},
      .broker_epoch = BrokerEpoch(3),
      .features = {{.name = "f", .min_supported_version = 0, .max_supported_version = 1}},
      .rack = "r",
      .log_dirs = std::vector<Uuid>{{.high = 4, .low = 5}}};
  const std::vector<std::uint8_t> expected = {
      1, 0,   3,                                           // frame, RegisterBrokerRecord, version
      0, 0,   0,   7,                                      // BrokerId
      0, 0,   0,   0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2,  // IncarnationId
      0, 0,   0,   0, 0, 0, 0, 3,                          // BrokerEpoch
      2, 2,   'f', 0, 0, 0, 1, 0,                          // Features: one, with no tagged field
      2, 'r', 1,   0,                                      // Rack, Fenced, InControlledShutdown
      1,                                                   // one tagged field
      0, 17,  2,                                           // tag 0, 17 bytes: LogDirs, one element
      0, 0,   0,   0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 5,
  };
  EXPECT_EQ(bytes_of(registered), expected);
}

RC_GTEST_PROP(RecordCodec, DecodesWhatItEncoded, ()) {
  const MetadataRecord record = any_record();
  const Result<MetadataRecord> decoded = decode(encode(record).span());
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(*decoded == record);
}

RC_GTEST_PROP(RecordCodec, RefusesEveryPrefix, ()) {
  const Bytes encoded = encode(any_record());
  const auto length = *rc::gen::inRange<std::uint32_t>(0, encoded.size());
  RC_ASSERT(!decode(encoded.slice(0, length).span()).has_value());
}

RC_GTEST_PROP(RecordCodec, SurvivesAnyChangedByte, ()) {
  std::vector<std::uint8_t> data = bytes_of(any_record());
  data[*rc::gen::inRange<std::size_t>(0, data.size())] = any<std::uint8_t>();
  const Result<MetadataRecord> decoded = decode(data);
  const bool is_sound =
      decoded.has_value() || !decoded.error().message.empty();  // RC_ASSERT evaluates both sides
  RC_ASSERT(is_sound);
}

TEST(RecordCodec, SkipsTaggedFieldsThatItDoesNotKnow) {
  const std::vector<std::uint8_t> with_tag_nine = {1, 20, 0, 1, 9, 2, 0xab, 0xcd};
  const Result<MetadataRecord> decoded = decode(with_tag_nine);
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
  EXPECT_EQ(*decoded, MetadataRecord(NoOpRecord{}));
}

TEST(RecordCodec, NamesWhatItDoesNotKnow) {
  EXPECT_EQ(decode(std::vector<std::uint8_t>{2, 20, 0, 0}).error().message,
            "byte 0: frame version 2, expected 1");
  EXPECT_EQ(decode(std::vector<std::uint8_t>{1, 99, 0, 0}).error().message,
            "byte 1: no kind of metadata record has the api key 99");
  EXPECT_EQ(decode(std::vector<std::uint8_t>{1, 20, 4, 0}).error().message,
            "NoOpRecord has version 4, expected 0");
}

TEST(RecordCodec, KeepsABatchTogether) {
  const std::vector<MetadataRecord> records = {TopicRecord{.name = "t", .topic_id = {.high = 1, .low = 2}},
                                               NoOpRecord{}};
  const Bytes stamped =
      wire::stamp_batch(encode_batch(records, Timestamp(5)), Offset(40), LeaderEpoch(3), std::nullopt);
  const Result<RecordBatch> decoded = decode_batch(stamped);
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
  EXPECT_EQ(
      *decoded,
      (RecordBatch{.base = Offset(40), .end = Offset(42), .epoch = LeaderEpoch(3), .records = records}));
}

TEST(RecordCodec, TakesAControlBatchAsOneWithoutRecords) {
  const std::vector<wire::ControlRecord> change{
      wire::LeaderChange{.leader_id = NodeId(1), .voters = {}, .granting_voters = {}}};
  const Bytes batch = wire::encode_control_batch({}, change, Timestamp(0));
  const Result<RecordBatch> decoded =
      decode_batch(wire::stamp_batch(batch, Offset(9), LeaderEpoch(2), std::nullopt));
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
  EXPECT_EQ(*decoded,
            (RecordBatch{.base = Offset(9), .end = Offset(10), .epoch = LeaderEpoch(2), .records = {}}));
}

TEST(MetadataRecord, HasOneApiKeyPerKind) {
  const auto key = []<class... Kinds>(const std::variant<Kinds...>*) {
    return std::set<std::uint32_t>{Kinds::kKind.api_key...}.size();
  };
  EXPECT_EQ(key(static_cast<const MetadataRecord*>(nullptr)), std::variant_size_v<MetadataRecord>);
}

}  // namespace
}  // namespace odradek::metadata
