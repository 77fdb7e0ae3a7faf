// Metadata (key 3): brokers, topics and partition leaders, as one broker's metadata cache knows them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/api/error_code.h"
#include "engine/base/ids.h"

namespace odradek::api {

struct MetadataRequest {
  static constexpr ApiKey kApiKey = ApiKey::kMetadata;

  std::optional<std::vector<std::string>> topics;  ///< absent: all topics

  FIELDS(topics)
  friend bool operator==(const MetadataRequest&, const MetadataRequest&) = default;
};

struct MetadataResponsePartition {
  ErrorCode error_code = ErrorCode::kNone;  ///< LEADER_NOT_AVAILABLE without a live leader
  PartitionId partition_index;
  std::optional<BrokerId> leader_id;
  LeaderEpoch leader_epoch;
  std::vector<BrokerId> replica_nodes;
  std::vector<BrokerId> isr_nodes;

  FIELDS(error_code, partition_index, leader_id, leader_epoch, replica_nodes, isr_nodes)
  friend bool operator==(const MetadataResponsePartition&, const MetadataResponsePartition&) = default;
};

struct MetadataResponseTopic {
  ErrorCode error_code = ErrorCode::kNone;
  std::string name;
  TopicId topic_id;
  std::vector<MetadataResponsePartition> partitions;

  FIELDS(error_code, name, topic_id, partitions)
  friend bool operator==(const MetadataResponseTopic&, const MetadataResponseTopic&) = default;
};

struct MetadataResponse {
  static constexpr ApiKey kApiKey = ApiKey::kMetadata;

  std::vector<BrokerId> brokers;  ///< unfenced brokers; a broker's id is its address
  std::vector<MetadataResponseTopic> topics;

  FIELDS(brokers, topics)
  friend bool operator==(const MetadataResponse&, const MetadataResponse&) = default;
};

}  // namespace odradek::api
