// DescribeQuorum (key 55): how far each replica of the metadata log has come, as its leader knows (KIP-595,
// KIP-836).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/api/error_code.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

namespace odradek::api {

/// The topic of the metadata log by name (Topic.CLUSTER_METADATA_TOPIC_NAME); it has one partition, 0.
inline constexpr std::string_view kMetadataTopicName = "__cluster_metadata";

struct DescribeQuorumTopicRequest {
  std::string topic_name;
  std::vector<PartitionId> partitions;

  FIELDS(topic_name, partitions)
  friend bool operator==(const DescribeQuorumTopicRequest&, const DescribeQuorumTopicRequest&) = default;
};

/// Asks for `__cluster_metadata`, partition 0; any other is an error.
struct DescribeQuorumRequest {
  static constexpr ApiKey kApiKey = ApiKey::kDescribeQuorum;

  std::vector<DescribeQuorumTopicRequest> topics;

  FIELDS(topics)
  friend bool operator==(const DescribeQuorumRequest&, const DescribeQuorumRequest&) = default;
};

/// A replica of the metadata log: a voter or an observer.
struct QuorumReplicaState {
  NodeId replica_id;
  Uuid replica_directory_id;             ///< since v2 (KIP-853); zero: none
  std::optional<Offset> log_end_offset;  ///< absent: not known
  std::optional<Timestamp>
      last_fetch_timestamp;  ///< since v1 (KIP-836); the leader's clock; absent: not known
  std::optional<Timestamp> last_caught_up_timestamp;  ///< since v1; likewise

  FIELDS(replica_id, replica_directory_id, log_end_offset, last_fetch_timestamp, last_caught_up_timestamp)
  friend bool operator==(const QuorumReplicaState&, const QuorumReplicaState&) = default;
};

struct DescribeQuorumPartitionData {
  PartitionId partition_index;
  ErrorCode error_code = ErrorCode::kNone;
  std::string error_message;  ///< since v2
  std::optional<NodeId> leader_id;
  LeaderEpoch leader_epoch;
  std::optional<Offset> high_watermark;  ///< absent: the leader does not know it yet
  std::vector<QuorumReplicaState> current_voters;
  std::vector<QuorumReplicaState> observers;

  FIELDS(partition_index, error_code, error_message, leader_id, leader_epoch, high_watermark, current_voters,
         observers)
  friend bool operator==(const DescribeQuorumPartitionData&, const DescribeQuorumPartitionData&) = default;
};

struct DescribeQuorumTopicResponse {
  std::string topic_name;
  std::vector<DescribeQuorumPartitionData> partitions;

  FIELDS(topic_name, partitions)
  friend bool operator==(const DescribeQuorumTopicResponse&, const DescribeQuorumTopicResponse&) = default;
};

/// Without Kafka's `nodes` (v2): a node's id is its address.
struct DescribeQuorumResponse {
  static constexpr ApiKey kApiKey = ApiKey::kDescribeQuorum;

  ErrorCode error_code = ErrorCode::kNone;
  std::string error_message;  ///< since v2
  std::vector<DescribeQuorumTopicResponse> topics;

  FIELDS(error_code, error_message, topics)
  friend bool operator==(const DescribeQuorumResponse&, const DescribeQuorumResponse&) = default;
};

}  // namespace odradek::api
