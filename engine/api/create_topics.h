// CreateTopics (key 19).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/api/error_code.h"
#include "engine/base/ids.h"

namespace odradek::api {

struct CreatableReplicaAssignment {
  PartitionId partition_index;
  std::vector<BrokerId> broker_ids;

  FIELDS(partition_index, broker_ids)
  friend bool operator==(const CreatableReplicaAssignment&, const CreatableReplicaAssignment&) = default;
};

struct CreatableTopicConfig {
  std::string name;
  std::string value;

  FIELDS(name, value)
  friend bool operator==(const CreatableTopicConfig&, const CreatableTopicConfig&) = default;
};

struct CreatableTopic {
  std::string name;
  std::int32_t num_partitions = 1;
  std::int16_t replication_factor = 1;
  std::vector<CreatableReplicaAssignment> assignments;  ///< empty: the controller places the replicas
  std::vector<CreatableTopicConfig> configs;

  FIELDS(name, num_partitions, replication_factor, assignments, configs)
  friend bool operator==(const CreatableTopic&, const CreatableTopic&) = default;
};

struct CreateTopicsRequest {
  static constexpr ApiKey kApiKey = ApiKey::kCreateTopics;

  std::vector<CreatableTopic> topics;
  std::int32_t timeout_ms = 60'000;

  FIELDS(topics, timeout_ms)
  friend bool operator==(const CreateTopicsRequest&, const CreateTopicsRequest&) = default;
};

struct CreatableTopicResult {
  std::string name;
  TopicId topic_id;
  ErrorCode error_code = ErrorCode::kNone;
  std::string error_message;

  FIELDS(name, topic_id, error_code, error_message)
  friend bool operator==(const CreatableTopicResult&, const CreatableTopicResult&) = default;
};

struct CreateTopicsResponse {
  static constexpr ApiKey kApiKey = ApiKey::kCreateTopics;

  std::vector<CreatableTopicResult> topics;

  FIELDS(topics)
  friend bool operator==(const CreateTopicsResponse&, const CreateTopicsResponse&) = default;
};

}  // namespace odradek::api
