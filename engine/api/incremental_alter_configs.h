// IncrementalAlterConfigs (key 44): changes of single settings of topics and brokers (KIP-339).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/api/error_code.h"
#include "engine/base/fields.h"

namespace odradek::api {

/// Kinds of things that have settings: ConfigResource.Type.
enum class ResourceType : std::int8_t { kTopic = 2, kBroker = 4 };

enum class ConfigOperation : std::int8_t { kSet = 0, kDelete = 1, kAppend = 2, kSubtract = 3 };

struct AlterableConfig {
  std::string name;
  ConfigOperation config_operation = ConfigOperation::kSet;
  std::optional<std::string> value;  ///< absent with kDelete

  FIELDS(name, config_operation, value)
  friend bool operator==(const AlterableConfig&, const AlterableConfig&) = default;
};

struct AlterConfigsResource {
  ResourceType resource_type = ResourceType::kTopic;
  std::string resource_name;  ///< a topic, a broker's id, or empty for all brokers
  std::vector<AlterableConfig> configs;

  FIELDS(resource_type, resource_name, configs)
  friend bool operator==(const AlterConfigsResource&, const AlterConfigsResource&) = default;
};

struct IncrementalAlterConfigsRequest {
  static constexpr ApiKey kApiKey = ApiKey::kIncrementalAlterConfigs;

  std::vector<AlterConfigsResource> resources;
  bool validate_only = false;

  FIELDS(resources, validate_only)
  friend bool operator==(const IncrementalAlterConfigsRequest&,
                         const IncrementalAlterConfigsRequest&) = default;
};

struct AlterConfigsResourceResponse {
  ErrorCode error_code = ErrorCode::kNone;
  std::string error_message;
  ResourceType resource_type = ResourceType::kTopic;
  std::string resource_name;

  FIELDS(error_code, error_message, resource_type, resource_name)
  friend bool operator==(const AlterConfigsResourceResponse&, const AlterConfigsResourceResponse&) = default;
};

struct IncrementalAlterConfigsResponse {
  static constexpr ApiKey kApiKey = ApiKey::kIncrementalAlterConfigs;

  std::vector<AlterConfigsResourceResponse> responses;

  FIELDS(responses)
  friend bool operator==(const IncrementalAlterConfigsResponse&,
                         const IncrementalAlterConfigsResponse&) = default;
};

}  // namespace odradek::api
