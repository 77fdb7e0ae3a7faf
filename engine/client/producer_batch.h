// ProducerBatch: records for one partition that travel, succeed and fail together.
//
// Open, it takes records and encodes them as they come; closed, it is the bytes that every attempt sends.
// Source: org.apache.kafka.clients.producer.internals.ProducerBatch.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "engine/base/cow.h"
#include "engine/io/call.h"
#include "engine/wire/batch_builder.h"

namespace odradek::client {

/// A call that returns when its record's batch has ended.
struct PendingCall {
  CallId id;
  Timestamp timestamp;  ///< of the record, as sent

  FIELDS(id, timestamp)
  friend bool operator==(const PendingCall&, const PendingCall&) = default;
};

struct ProducerBatch {
  io::NamedPartition partition;
  Cow<std::vector<PendingCall>> calls;      ///< one per record
  wire::BatchBuilder open;                  ///< empty once it is closed
  Bytes closed;                             ///< empty until it is closed: sent, or split off
  std::int64_t memory = 0;                  ///< what it holds of buffer.memory
  MonotonicTime created;                    ///< linger.ms and delivery.timeout.ms count from here
  std::int32_t attempts = 0;                ///< that failed
  std::optional<MonotonicTime> not_before;  ///< retry backoff
  bool in_doubt = false;                    ///< some attempt may have appended it

  FIELDS(partition, calls, open, closed, memory, created, attempts, not_before, in_doubt)
  friend bool operator==(const ProducerBatch&, const ProducerBatch&) = default;

  [[nodiscard]] bool is_closed() const { return !closed.empty(); }
  /// Encoded, or what it would be if it were closed now.
  [[nodiscard]] std::int64_t bytes() const { return is_closed() ? closed.size() : open.size(); }

  /// REQUIRES: not closed.
  void add(CallId call, const wire::Record& record) {
    open.append(record);
    calls.write().push_back({.id = call, .timestamp = record.timestamp});
  }
  /// Takes no more records from now on. Returns what is sent.
  const Bytes& close() {
    if (!is_closed()) closed = std::exchange(open, {}).build({});
    return closed;
  }
};

/// How a batch ended, for the calls of its records.
struct BatchOutcome {
  ProducerBatch batch;
  TopicId topic_id = {};  ///< that the last attempt was for; of interest if it was acknowledged
  io::CallStatus status = io::CallStatus::kOk;
  api::ErrorCode error = api::ErrorCode::kNone;
  std::optional<Offset> base_offset;  ///< absent with acks=0 and on failure
  std::optional<Timestamp> log_append_time;
};

/// A batch that will not be tried again. It certainly failed only if no attempt may have appended it.
[[nodiscard]] inline BatchOutcome failed(ProducerBatch batch, api::ErrorCode error) {
  const auto status = batch.in_doubt ? io::CallStatus::kUnknown : io::CallStatus::kFailed;
  return {.batch = std::move(batch),
          .topic_id = {},
          .status = status,
          .error = error,
          .base_offset = {},
          .log_append_time = {}};
}

/// Two batches in place of one that a broker found too large. Kafka cuts to batch.size (KIP-126), which never
/// makes an uncompressed batch smaller; halves do. REQUIRES: closed, with at least two records.
[[nodiscard]] std::pair<ProducerBatch, ProducerBatch> split(const ProducerBatch& batch);

}  // namespace odradek::client
