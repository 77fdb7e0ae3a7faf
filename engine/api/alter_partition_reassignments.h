// AlterPartitionReassignments (key 45): other replicas for partitions, or an end to such a move (KIP-455).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/api/error_code.h"
#include "engine/base/ids.h"

namespace odradek::api {

struct ReassignablePartition {
  PartitionId partition_index;
  std::optional<std::vector<BrokerId>> replicas;  ///< absent: cancel the move that is under way

  FIELDS(partition_index, replicas)
  friend bool operator==(const ReassignablePartition&, const ReassignablePartition&) = default;
};

struct ReassignableTopic {
  std::string name;
  std::vector<ReassignablePartition> partitions;

  FIELDS(name, partitions)
  friend bool operator==(const ReassignableTopic&, const ReassignableTopic&) = default;
};

struct AlterPartitionReassignmentsRequest {
  static constexpr ApiKey kApiKey = ApiKey::kAlterPartitionReassignments;

  std::int32_t timeout_ms = 60'000;
  std::vector<ReassignableTopic> topics;

  FIELDS(timeout_ms, topics)
  friend bool operator==(const AlterPartitionReassignmentsRequest&,
                         const AlterPartitionReassignmentsRequest&) = default;
};

struct ReassignablePartitionResponse {
  PartitionId partition_index;
  ErrorCode error_code = ErrorCode::kNone;
  std::string error_message;

  FIELDS(partition_index, error_code, error_message)
  friend bool operator==(const ReassignablePartitionResponse&,
                         const ReassignablePartitionResponse&) = default;
};

struct ReassignableTopicResponse {
  std::string name;
  std::vector<ReassignablePartitionResponse> partitions;

  FIELDS(name, partitions)
  friend bool operator==(const ReassignableTopicResponse&, const ReassignableTopicResponse&) = default;
};

struct AlterPartitionReassignmentsResponse {
  static constexpr ApiKey kApiKey = ApiKey::kAlterPartitionReassignments;

  ErrorCode error_code = ErrorCode::kNone;
  std::vector<ReassignableTopicResponse> responses;

  FIELDS(error_code, responses)
  friend bool operator==(const AlterPartitionReassignmentsResponse&,
                         const AlterPartitionReassignmentsResponse&) = default;
};

}  // namespace odradek::api
