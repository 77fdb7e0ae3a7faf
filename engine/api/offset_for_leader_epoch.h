// OffsetForLeaderEpoch (key 23): where a leader epoch ends in the leader's log (KIP-101, KIP-279, KIP-320).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/api/error_code.h"
#include "engine/base/ids.h"

namespace odradek::api {

struct OffsetForLeaderPartition {
  PartitionId partition;
  std::optional<LeaderEpoch> current_leader_epoch;
  LeaderEpoch leader_epoch;  ///< the epoch whose end is asked for

  FIELDS(partition, current_leader_epoch, leader_epoch)
  friend bool operator==(const OffsetForLeaderPartition&, const OffsetForLeaderPartition&) = default;
};

struct OffsetForLeaderTopic {
  std::string topic;
  std::vector<OffsetForLeaderPartition> partitions;

  FIELDS(topic, partitions)
  friend bool operator==(const OffsetForLeaderTopic&, const OffsetForLeaderTopic&) = default;
};

struct OffsetForLeaderEpochRequest {
  static constexpr ApiKey kApiKey = ApiKey::kOffsetForLeaderEpoch;

  std::optional<BrokerId> replica_id;  ///< absent: a consumer
  std::vector<OffsetForLeaderTopic> topics;

  FIELDS(replica_id, topics)
  friend bool operator==(const OffsetForLeaderEpochRequest&, const OffsetForLeaderEpochRequest&) = default;
};

struct OffsetForLeaderPartitionResponse {
  PartitionId partition;
  ErrorCode error_code = ErrorCode::kNone;
  std::optional<LeaderEpoch> leader_epoch;  ///< largest epoch at or below the asked one; absent: undefined
  std::optional<Offset> end_offset;

  FIELDS(partition, error_code, leader_epoch, end_offset)
  friend bool operator==(const OffsetForLeaderPartitionResponse&,
                         const OffsetForLeaderPartitionResponse&) = default;
};

struct OffsetForLeaderTopicResult {
  std::string topic;
  std::vector<OffsetForLeaderPartitionResponse> partitions;

  FIELDS(topic, partitions)
  friend bool operator==(const OffsetForLeaderTopicResult&, const OffsetForLeaderTopicResult&) = default;
};

struct OffsetForLeaderEpochResponse {
  static constexpr ApiKey kApiKey = ApiKey::kOffsetForLeaderEpoch;

  std::vector<OffsetForLeaderTopicResult> topics;

  FIELDS(topics)
  friend bool operator==(const OffsetForLeaderEpochResponse&, const OffsetForLeaderEpochResponse&) = default;
};

}  // namespace odradek::api
