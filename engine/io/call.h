// What an application asks of its Kafka client, and how a call returns.
//
// A call returns exactly once: ok, failed for certain, or unknown (the operation may or may not have
// happened).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/api/messages.h"
#include "engine/wire/record.h"

namespace odradek::io {

/// A partition by topic name, as applications know it.
struct NamedPartition {
  std::string topic;
  PartitionId partition;
  FIELDS(topic, partition)
  friend auto operator<=>(const NamedPartition&, const NamedPartition&) = default;
};

/// KafkaProducer.send. Without a partition the client's partitioner chooses; without a timestamp, its clock.
struct SendRecord {
  std::string topic;
  std::optional<PartitionId> partition;
  std::optional<Bytes> key;
  std::optional<Bytes> value;
  std::vector<wire::Header> headers;
  std::optional<Timestamp> timestamp;
  FIELDS(topic, partition, key, value, headers, timestamp)
  friend bool operator==(const SendRecord&, const SendRecord&) = default;
};

/// KafkaProducer.flush: returns when everything sent before it has returned.
struct Flush {
  FIELDS()
  friend bool operator==(const Flush&, const Flush&) = default;
};

/// KafkaConsumer.assign: replaces the assignment; positions start by auto.offset.reset.
struct Assign {
  std::vector<NamedPartition> partitions;
  FIELDS(partitions)
  friend bool operator==(const Assign&, const Assign&) = default;
};

struct SeekTarget {
  /// An offset, an end of the log, or the first record at or after a timestamp.
  std::variant<Offset, api::OffsetSpec, Timestamp> to;
  FIELDS(to)
  friend bool operator==(const SeekTarget&, const SeekTarget&) = default;
};

/// KafkaConsumer.seek, seekToBeginning, seekToEnd, and offsetsForTimes followed by seek.
struct Seek {
  NamedPartition partition;
  SeekTarget target;
  FIELDS(partition, target)
  friend bool operator==(const Seek&, const Seek&) = default;
};

/// KafkaConsumer.poll: returns with records, or empty at the timeout.
struct Poll {
  std::int32_t max_records = 500;
  std::int64_t timeout_ms = 500;
  FIELDS(max_records, timeout_ms)
  friend bool operator==(const Poll&, const Poll&) = default;
};

/// KafkaConsumer.endOffsets: each partition's high watermark.
struct EndOffsets {
  std::vector<NamedPartition> partitions;
  FIELDS(partitions)
  friend bool operator==(const EndOffsets&, const EndOffsets&) = default;
};

/// Admin client: topics, partitions, settings, elections, moves, features, brokers and the quorum (see
/// client/admin.cc for the list of APIs), sent to the active controller (KIP-919).
struct Administer {
  api::Request request;
  FIELDS(request)
  friend bool operator==(const Administer&, const Administer&) = default;
};

using Call = std::variant<SendRecord, Flush, Assign, Seek, Poll, EndOffsets, Administer>;

struct Sent {
  NamedPartition partition;
  TopicId topic_id;              ///< of the topic that the name stood for when it was sent
  std::optional<Offset> offset;  ///< absent with acks=0
  Timestamp timestamp;
  FIELDS(partition, topic_id, offset, timestamp)
  friend bool operator==(const Sent&, const Sent&) = default;
};

struct ConsumerRecord {
  NamedPartition partition;
  TopicId topic_id;  ///< of the topic that the name stood for when it was fetched
  Offset offset;
  LeaderEpoch leader_epoch;
  wire::Record record;
  FIELDS(partition, topic_id, offset, leader_epoch, record)
  friend bool operator==(const ConsumerRecord&, const ConsumerRecord&) = default;
};

struct Polled {
  std::vector<ConsumerRecord> records;
  FIELDS(records)
  friend bool operator==(const Polled&, const Polled&) = default;
};

struct FoundOffsets {
  std::vector<std::pair<NamedPartition, Offset>> offsets;
  FIELDS(offsets)
  friend bool operator==(const FoundOffsets&, const FoundOffsets&) = default;
};

struct Administered {
  api::Response response;
  FIELDS(response)
  friend bool operator==(const Administered&, const Administered&) = default;
};

enum class CallStatus : std::uint8_t { kOk, kFailed, kUnknown };

struct CallResult {
  CallStatus status = CallStatus::kOk;
  api::ErrorCode error = api::ErrorCode::kNone;
  std::variant<std::monostate, Sent, Polled, FoundOffsets, Administered> value;
  FIELDS(status, error, value)
  friend bool operator==(const CallResult&, const CallResult&) = default;
};

}  // namespace odradek::io
