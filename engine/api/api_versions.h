// ApiVersions (key 18): what a node can speak. So far its features: a leader asks a replica that is to join
// the quorum which levels of kraft.version it supports (KIP-853).
//
// Source: ApiVersionsRequest.json, ApiVersionsResponse.json.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/api/error_code.h"
#include "engine/base/fields.h"

namespace odradek::api {

struct SupportedFeature {
  std::string name;
  std::int16_t min_version = 0;
  std::int16_t max_version = 0;

  FIELDS(name, min_version, max_version)
  friend bool operator==(const SupportedFeature&, const SupportedFeature&) = default;
};

struct ApiVersionsRequest {
  static constexpr ApiKey kApiKey = ApiKey::kApiVersions;

  FIELDS()
  friend bool operator==(const ApiVersionsRequest&, const ApiVersionsRequest&) = default;
};

struct ApiVersionsResponse {
  static constexpr ApiKey kApiKey = ApiKey::kApiVersions;

  ErrorCode error_code = ErrorCode::kNone;
  std::vector<SupportedFeature> supported_features;

  FIELDS(error_code, supported_features)
  friend bool operator==(const ApiVersionsResponse&, const ApiVersionsResponse&) = default;
};

}  // namespace odradek::api
