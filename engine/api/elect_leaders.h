// ElectLeaders (key 43): preferred or unclean election on request of an administrator.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/api/error_code.h"
#include "engine/base/ids.h"

namespace odradek::api {

enum class ElectionType : std::int8_t { kPreferred = 0, kUnclean = 1 };

struct ElectLeadersTopic {
  std::string topic;
  std::vector<PartitionId> partitions;

  FIELDS(topic, partitions)
  friend bool operator==(const ElectLeadersTopic&, const ElectLeadersTopic&) = default;
};

struct ElectLeadersRequest {
  static constexpr ApiKey kApiKey = ApiKey::kElectLeaders;

  ElectionType election_type = ElectionType::kPreferred;
  std::vector<ElectLeadersTopic> topic_partitions;
  std::int32_t timeout_ms = 60'000;

  FIELDS(election_type, topic_partitions, timeout_ms)
  friend bool operator==(const ElectLeadersRequest&, const ElectLeadersRequest&) = default;
};

struct ElectLeadersPartitionResult {
  PartitionId partition_id;
  ErrorCode error_code = ErrorCode::kNone;
  std::string error_message;

  FIELDS(partition_id, error_code, error_message)
  friend bool operator==(const ElectLeadersPartitionResult&, const ElectLeadersPartitionResult&) = default;
};

struct ElectLeadersTopicResult {
  std::string topic;
  std::vector<ElectLeadersPartitionResult> partition_result;

  FIELDS(topic, partition_result)
  friend bool operator==(const ElectLeadersTopicResult&, const ElectLeadersTopicResult&) = default;
};

struct ElectLeadersResponse {
  static constexpr ApiKey kApiKey = ApiKey::kElectLeaders;

  ErrorCode error_code = ErrorCode::kNone;
  std::vector<ElectLeadersTopicResult> replica_election_results;

  FIELDS(error_code, replica_election_results)
  friend bool operator==(const ElectLeadersResponse&, const ElectLeadersResponse&) = default;
};

}  // namespace odradek::api
