// DeleteTopics (key 20): by name, or since v6 by id (KIP-516).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/api/error_code.h"
#include "engine/base/ids.h"

namespace odradek::api {

/// Exactly one of the two is present.
struct DeleteTopicState {
  std::optional<std::string> name;
  std::optional<TopicId> topic_id;

  FIELDS(name, topic_id)
  friend bool operator==(const DeleteTopicState&, const DeleteTopicState&) = default;
};

struct DeleteTopicsRequest {
  static constexpr ApiKey kApiKey = ApiKey::kDeleteTopics;

  std::vector<DeleteTopicState> topics;
  std::int32_t timeout_ms = 60'000;

  FIELDS(topics, timeout_ms)
  friend bool operator==(const DeleteTopicsRequest&, const DeleteTopicsRequest&) = default;
};

struct DeletableTopicResult {
  std::optional<std::string> name;
  std::optional<TopicId> topic_id;
  ErrorCode error_code = ErrorCode::kNone;
  std::string error_message;

  FIELDS(name, topic_id, error_code, error_message)
  friend bool operator==(const DeletableTopicResult&, const DeletableTopicResult&) = default;
};

struct DeleteTopicsResponse {
  static constexpr ApiKey kApiKey = ApiKey::kDeleteTopics;

  std::vector<DeletableTopicResult> responses;

  FIELDS(responses)
  friend bool operator==(const DeleteTopicsResponse&, const DeleteTopicsResponse&) = default;
};

}  // namespace odradek::api
