// Record batches, format v2 (magic 2), byte for byte: what producers send, logs hold and fetches return.
//
//   0 baseOffset i64 | 8 length i32 | 12 partitionLeaderEpoch i32 | 16 magic i8 | 17 crc u32 | 21 attributes
//   i16 23 lastOffsetDelta i32 | 27 baseTimestamp i64 | 35 maxTimestamp i64 | 43 producerId i64 | 51
//   producerEpoch i16 53 baseSequence i32 | 57 recordCount i32 | 61 records
//
// 1. The CRC-32C covers attributes to the end. It does not cover the base offset and the leader epoch, which
// the
//    leader overwrites when it appends, nor the topic that the batch belongs to.
// 2. Followers copy a batch verbatim.
//
// Not here: compression, message formats v0 and v1. Source:
// org.apache.kafka.common.record.DefaultRecordBatch.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/ids.h"
#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/wire/record.h"

namespace odradek::wire {

/// Bytes of a batch before its first record.
inline constexpr std::uint32_t kBatchOverhead = 61;

struct BatchHeader {
  Offset base_offset;
  std::uint32_t length = 0;                           ///< bytes after this field
  std::optional<LeaderEpoch> partition_leader_epoch;  ///< absent until a leader appends the batch
  std::uint32_t crc = 0;
  std::int16_t attributes = 0;
  std::int32_t last_offset_delta = 0;
  Timestamp base_timestamp;
  Timestamp max_timestamp;
  std::optional<ProducerId> producer_id;
  std::optional<ProducerEpoch> producer_epoch;
  std::optional<std::int32_t> base_sequence;
  std::int32_t record_count = 0;

  [[nodiscard]] Offset last_offset() const { return base_offset + last_offset_delta; }
  [[nodiscard]] Offset next_offset() const { return last_offset() + 1; }
  /// Bytes of the whole batch.
  [[nodiscard]] std::uint32_t size() const { return 12 + length; }
  [[nodiscard]] std::int16_t compression() const { return attributes & 0x7; }
  [[nodiscard]] TimestampType timestamp_type() const {
    return (attributes & 0x8) != 0 ? TimestampType::kLogAppendTime : TimestampType::kCreateTime;
  }
  [[nodiscard]] bool is_transactional() const { return (attributes & 0x10) != 0; }
  [[nodiscard]] bool is_control() const { return (attributes & 0x20) != 0; }

  FIELDS(base_offset, length, partition_leader_epoch, crc, attributes, last_offset_delta, base_timestamp,
         max_timestamp, producer_id, producer_epoch, base_sequence, record_count)
  friend bool operator==(const BatchHeader&, const BatchHeader&) = default;
};

/// What a batch says of its records together.
struct BatchSpec {
  Offset base_offset;
  std::optional<LeaderEpoch> leader_epoch;
  bool control = false;
  bool transactional = false;
  std::optional<Timestamp> log_append_time;  ///< present: all records bear this time (message.timestamp.type)
  std::optional<ProducerId> producer_id;
  std::optional<ProducerEpoch> producer_epoch;
  std::optional<std::int32_t> base_sequence;

  FIELDS(base_offset, leader_epoch, control, transactional, log_append_time, producer_id, producer_epoch,
         base_sequence)
  friend bool operator==(const BatchSpec&, const BatchSpec&) = default;
};

/// A record where it lies in its batch; nothing is copied, and the spans last as long as the batch.
struct RecordView {
  struct HeaderView {
    ByteSpan key;
    std::optional<ByteSpan> value;
  };
  Offset offset;
  Timestamp timestamp;
  std::optional<ByteSpan> key;
  std::optional<ByteSpan> value;
  std::vector<HeaderView> headers;
};

struct DecodedRecord {
  Offset offset;
  Record record;

  FIELDS(offset, record)
  friend bool operator==(const DecodedRecord&, const DecodedRecord&) = default;
};

/// The header alone, of a batch whose rest may be missing. Checks magic and the ranges of the fields.
[[nodiscard]] Result<BatchHeader> read_batch_header(ByteSpan bytes);

/// Kafka's RecordBatch.ensureValid: exactly one batch, of the size it claims, with a matching checksum.
[[nodiscard]] Result<BatchHeader> check_batch_crc(ByteSpan batch);

/// All that a leader demands of a producer's batch: a matching checksum, and records that are well-formed, as
/// many as promised and without gaps in their offsets. Source:
/// org.apache.kafka.storage.internals.log.LogValidator.
[[nodiscard]] Result<void> check_batch(ByteSpan batch);

/// REQUIRES: at least one record. Offsets are dense from the base offset.
[[nodiscard]] Bytes encode_batch(const BatchSpec& spec, std::span<const Record> records);

/// The records. With log append time all bear that time. Does not look at the checksum (check.crcs is the
/// caller's choice).
[[nodiscard]] Result<std::vector<RecordView>> view_records(ByteSpan batch);

/// The same as values of their own; keys and values are slices of `batch`.
[[nodiscard]] Result<std::vector<DecodedRecord>> decode_batch(const Bytes& batch);

/// What a leader does on append: offsets, its epoch and, if the topic says so, its time, which changes the
/// CRC. REQUIRES: a valid batch.
[[nodiscard]] Bytes stamp_batch(const Bytes& batch, Offset base_offset, LeaderEpoch leader_epoch,
                                std::optional<Timestamp> log_append_time);

/// Where a record stands in its batch, as far as its size depends on it.
struct RecordDelta {
  std::int32_t offset = 0;     ///< from the batch's base offset
  std::int64_t timestamp = 0;  ///< from the batch's first timestamp, in ms
};

/// Bytes of a record in a batch. A producer's batch holds kBatchOverhead and these
/// (MemoryRecordsBuilder.hasRoomFor).
[[nodiscard]] std::uint32_t record_size(const Record& record, RecordDelta delta);

/// Bytes of a record wherever it stands. Source: DefaultRecord.recordSizeUpperBound.
[[nodiscard]] std::uint32_t record_size_upper_bound(const Record& record);

}  // namespace odradek::wire
