// CreatePartitions (key 37): more partitions for a topic (KIP-195).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/api/error_code.h"
#include "engine/base/ids.h"

namespace odradek::api {

struct CreatePartitionsAssignment {
  std::vector<BrokerId> broker_ids;

  FIELDS(broker_ids)
  friend bool operator==(const CreatePartitionsAssignment&, const CreatePartitionsAssignment&) = default;
};

struct CreatePartitionsTopic {
  std::string name;
  std::int32_t count = 0;  ///< partitions that the topic has afterwards
  /// Replicas of each new partition; absent: the controller places them.
  std::optional<std::vector<CreatePartitionsAssignment>> assignments;

  FIELDS(name, count, assignments)
  friend bool operator==(const CreatePartitionsTopic&, const CreatePartitionsTopic&) = default;
};

struct CreatePartitionsRequest {
  static constexpr ApiKey kApiKey = ApiKey::kCreatePartitions;

  std::vector<CreatePartitionsTopic> topics;
  std::int32_t timeout_ms = 60'000;
  bool validate_only = false;

  FIELDS(topics, timeout_ms, validate_only)
  friend bool operator==(const CreatePartitionsRequest&, const CreatePartitionsRequest&) = default;
};

struct CreatePartitionsTopicResult {
  std::string name;
  ErrorCode error_code = ErrorCode::kNone;
  std::string error_message;

  FIELDS(name, error_code, error_message)
  friend bool operator==(const CreatePartitionsTopicResult&, const CreatePartitionsTopicResult&) = default;
};

struct CreatePartitionsResponse {
  static constexpr ApiKey kApiKey = ApiKey::kCreatePartitions;

  std::vector<CreatePartitionsTopicResult> results;

  FIELDS(results)
  friend bool operator==(const CreatePartitionsResponse&, const CreatePartitionsResponse&) = default;
};

}  // namespace odradek::api
