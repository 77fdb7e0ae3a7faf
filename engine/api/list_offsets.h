// ListOffsets (key 2): the offset at a timestamp, or at the log's ends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/api/error_code.h"
#include "engine/api/fetch.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

namespace odradek::api {

/// The special timestamps -1, -2 and -3 of the wire.
enum class OffsetSpec : std::int8_t { kLatest = -1, kEarliest = -2, kMaxTimestamp = -3 };

struct ListOffsetsPartition {
  PartitionId partition_index;
  std::optional<LeaderEpoch> current_leader_epoch;
  std::variant<OffsetSpec, Timestamp> timestamp;

  FIELDS(partition_index, current_leader_epoch, timestamp)
  friend bool operator==(const ListOffsetsPartition&, const ListOffsetsPartition&) = default;
};

struct ListOffsetsTopic {
  std::string name;
  std::vector<ListOffsetsPartition> partitions;

  FIELDS(name, partitions)
  friend bool operator==(const ListOffsetsTopic&, const ListOffsetsTopic&) = default;
};

struct ListOffsetsRequest {
  static constexpr ApiKey kApiKey = ApiKey::kListOffsets;

  std::optional<BrokerId> replica_id;  ///< absent: a client
  IsolationLevel isolation_level = IsolationLevel::kReadUncommitted;
  std::vector<ListOffsetsTopic> topics;

  FIELDS(replica_id, isolation_level, topics)
  friend bool operator==(const ListOffsetsRequest&, const ListOffsetsRequest&) = default;
};

struct ListOffsetsPartitionResponse {
  PartitionId partition_index;
  ErrorCode error_code = ErrorCode::kNone;
  std::optional<Timestamp> timestamp;
  std::optional<Offset> offset;  ///< absent: no record at or after the timestamp
  std::optional<LeaderEpoch> leader_epoch;

  FIELDS(partition_index, error_code, timestamp, offset, leader_epoch)
  friend bool operator==(const ListOffsetsPartitionResponse&, const ListOffsetsPartitionResponse&) = default;
};

struct ListOffsetsTopicResponse {
  std::string name;
  std::vector<ListOffsetsPartitionResponse> partitions;

  FIELDS(name, partitions)
  friend bool operator==(const ListOffsetsTopicResponse&, const ListOffsetsTopicResponse&) = default;
};

struct ListOffsetsResponse {
  static constexpr ApiKey kApiKey = ApiKey::kListOffsets;

  std::vector<ListOffsetsTopicResponse> topics;

  FIELDS(topics)
  friend bool operator==(const ListOffsetsResponse&, const ListOffsetsResponse&) = default;
};

}  // namespace odradek::api
