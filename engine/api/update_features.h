// UpdateFeatures (key 57): other levels of the cluster's features, all of them or none (KIP-584, KIP-778;
// v2).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/api/error_code.h"
#include "engine/base/fields.h"

namespace odradek::api {

enum class UpgradeType : std::int8_t { kUnknown = 0, kUpgrade = 1, kSafeDowngrade = 2, kUnsafeDowngrade = 3 };

struct FeatureUpdateKey {
  std::string feature;
  std::int16_t max_version_level = 0;
  UpgradeType upgrade_type = UpgradeType::kUpgrade;

  FIELDS(feature, max_version_level, upgrade_type)
  friend bool operator==(const FeatureUpdateKey&, const FeatureUpdateKey&) = default;
};

struct UpdateFeaturesRequest {
  static constexpr ApiKey kApiKey = ApiKey::kUpdateFeatures;

  std::int32_t timeout_ms = 60'000;
  std::vector<FeatureUpdateKey> feature_updates;
  bool validate_only = false;

  FIELDS(timeout_ms, feature_updates, validate_only)
  friend bool operator==(const UpdateFeaturesRequest&, const UpdateFeaturesRequest&) = default;
};

struct UpdateFeaturesResponse {
  static constexpr ApiKey kApiKey = ApiKey::kUpdateFeatures;

  ErrorCode error_code = ErrorCode::kNone;
  std::string error_message;

  FIELDS(error_code, error_message)
  friend bool operator==(const UpdateFeaturesResponse&, const UpdateFeaturesResponse&) = default;
};

}  // namespace odradek::api
