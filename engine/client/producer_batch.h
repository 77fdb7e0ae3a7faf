// ProducerBatch: records for one partition that travel, succeed and fail together.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "engine/io/call.h"
#include "engine/wire/record_batch.h"

namespace odradek::client {

/// A record whose call has not returned.
struct PendingRecord {
  CallId call;
  wire::Record record;

  FIELDS(call, record)
  friend bool operator==(const PendingRecord&, const PendingRecord&) = default;
};

struct ProducerBatch {
  io::NamedPartition partition;
  std::vector<PendingRecord> records;
  std::int64_t bytes = wire::kBatchOverhead;  ///< encoded
  std::int64_t memory = 0;                    ///< what it holds of buffer.memory
  MonotonicTime created;                      ///< linger.ms and delivery.timeout.ms count from here
  bool closed = false;                        ///< takes no more records: it was sent before, or split
  std::int32_t attempts = 0;                  ///< that failed
  std::optional<MonotonicTime> not_before;    ///< retry backoff
  bool in_doubt = false;                      ///< some attempt may have appended it

  FIELDS(partition, records, bytes, memory, created, closed, attempts, not_before, in_doubt)
  friend bool operator==(const ProducerBatch&, const ProducerBatch&) = default;

  [[nodiscard]] std::int64_t size_with(const wire::Record& record) const {
    const wire::RecordDelta delta{
        .offset = static_cast<std::int32_t>(records.size()),
        .timestamp = records.empty() ? 0 : record.timestamp - records.front().record.timestamp};
    return bytes + wire::record_size(record, delta);
  }

  void add(PendingRecord pending) {
    bytes = size_with(pending.record);
    records.push_back(std::move(pending));
  }

  [[nodiscard]] Bytes encode() const {
    std::vector<wire::Record> encoded;
    encoded.reserve(records.size());
    for (const PendingRecord& pending : records) encoded.push_back(pending.record);
    return wire::encode_batch({}, encoded);
  }
};

/// How a batch ended, for the calls of its records.
struct BatchOutcome {
  ProducerBatch batch;
  io::CallStatus status = io::CallStatus::kOk;
  api::ErrorCode error = api::ErrorCode::kNone;
  std::optional<Offset> base_offset;  ///< absent with acks=0 and on failure
  std::optional<Timestamp> log_append_time;
};

/// A batch that will not be tried again. It certainly failed only if no attempt may have appended it.
[[nodiscard]] inline BatchOutcome failed(ProducerBatch batch, api::ErrorCode error) {
  const auto status = batch.in_doubt ? io::CallStatus::kUnknown : io::CallStatus::kFailed;
  return {
      .batch = std::move(batch), .status = status, .error = error, .base_offset = {}, .log_append_time = {}};
}

/// Two batches in place of one that a broker found too large. Kafka cuts to batch.size (KIP-126), which never
/// makes an uncompressed batch smaller; halves do. REQUIRES: at least two records.
[[nodiscard]] std::pair<ProducerBatch, ProducerBatch> split(ProducerBatch batch);

}  // namespace odradek::client
