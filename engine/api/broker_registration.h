// BrokerRegistration (key 62) and BrokerHeartbeat (key 63): a broker's life as the controller sees it
// (KIP-631).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/api/error_code.h"
#include "engine/base/ids.h"

namespace odradek::api {

/// The levels of a feature that the broker can run at (KIP-584).
struct RegistrationFeature {
  std::string name;
  std::int16_t min_supported_version = 0;
  std::int16_t max_supported_version = 0;

  FIELDS(name, min_supported_version, max_supported_version)
  friend bool operator==(const RegistrationFeature&, const RegistrationFeature&) = default;
};

struct BrokerRegistrationRequest {
  static constexpr ApiKey kApiKey = ApiKey::kBrokerRegistration;

  BrokerId broker_id;
  Uuid cluster_id;
  Uuid incarnation_id;  ///< fresh at each start of the process
  /// Since v3 (KIP-966): the epoch in which the broker last shut down cleanly; absent when it did not.
  std::optional<BrokerEpoch> previous_broker_epoch;
  std::vector<RegistrationFeature> features;  ///< none told: the broker takes part in whatever is finalized
  std::optional<std::string> rack;
  /// Since v2 (KIP-858): the directories that are online; absent: the broker does not tell them apart.
  std::optional<std::vector<Uuid>> log_dirs;

  FIELDS(broker_id, cluster_id, incarnation_id, previous_broker_epoch, features, rack, log_dirs)
  friend bool operator==(const BrokerRegistrationRequest&, const BrokerRegistrationRequest&) = default;
};

struct BrokerRegistrationResponse {
  static constexpr ApiKey kApiKey = ApiKey::kBrokerRegistration;

  ErrorCode error_code = ErrorCode::kNone;
  std::optional<BrokerEpoch> broker_epoch;  ///< present on success

  FIELDS(error_code, broker_epoch)
  friend bool operator==(const BrokerRegistrationResponse&, const BrokerRegistrationResponse&) = default;
};

struct BrokerHeartbeatRequest {
  static constexpr ApiKey kApiKey = ApiKey::kBrokerHeartbeat;

  BrokerId broker_id;
  BrokerEpoch broker_epoch;
  Offset current_metadata_offset;  ///< offset of the last metadata record applied, plus one
  bool want_fence = false;
  bool want_shut_down = false;
  std::vector<Uuid> offline_log_dirs;  ///< since v1 (KIP-858): all that failed since the broker registered

  FIELDS(broker_id, broker_epoch, current_metadata_offset, want_fence, want_shut_down, offline_log_dirs)
  friend bool operator==(const BrokerHeartbeatRequest&, const BrokerHeartbeatRequest&) = default;
};

struct BrokerHeartbeatResponse {
  static constexpr ApiKey kApiKey = ApiKey::kBrokerHeartbeat;

  ErrorCode error_code = ErrorCode::kNone;
  bool is_caught_up = false;
  bool is_fenced = true;
  bool should_shut_down = false;

  FIELDS(error_code, is_caught_up, is_fenced, should_shut_down)
  friend bool operator==(const BrokerHeartbeatResponse&, const BrokerHeartbeatResponse&) = default;
};

}  // namespace odradek::api
