// ListPartitionReassignments (key 46): the partitions that are moving (KIP-455).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/api/error_code.h"
#include "engine/base/ids.h"

namespace odradek::api {

struct ListPartitionReassignmentsTopic {
  std::string name;
  std::vector<PartitionId> partition_indexes;

  FIELDS(name, partition_indexes)
  friend bool operator==(const ListPartitionReassignmentsTopic&,
                         const ListPartitionReassignmentsTopic&) = default;
};

struct ListPartitionReassignmentsRequest {
  static constexpr ApiKey kApiKey = ApiKey::kListPartitionReassignments;

  std::int32_t timeout_ms = 60'000;
  std::optional<std::vector<ListPartitionReassignmentsTopic>> topics;  ///< absent: all that move

  FIELDS(timeout_ms, topics)
  friend bool operator==(const ListPartitionReassignmentsRequest&,
                         const ListPartitionReassignmentsRequest&) = default;
};

struct OngoingPartitionReassignment {
  PartitionId partition_index;
  std::vector<BrokerId> replicas;
  std::vector<BrokerId> adding_replicas;
  std::vector<BrokerId> removing_replicas;

  FIELDS(partition_index, replicas, adding_replicas, removing_replicas)
  friend bool operator==(const OngoingPartitionReassignment&, const OngoingPartitionReassignment&) = default;
};

struct OngoingTopicReassignment {
  std::string name;
  std::vector<OngoingPartitionReassignment> partitions;

  FIELDS(name, partitions)
  friend bool operator==(const OngoingTopicReassignment&, const OngoingTopicReassignment&) = default;
};

struct ListPartitionReassignmentsResponse {
  static constexpr ApiKey kApiKey = ApiKey::kListPartitionReassignments;

  ErrorCode error_code = ErrorCode::kNone;
  std::vector<OngoingTopicReassignment> topics;

  FIELDS(error_code, topics)
  friend bool operator==(const ListPartitionReassignmentsResponse&,
                         const ListPartitionReassignmentsResponse&) = default;
};

}  // namespace odradek::api
