// BrokerRegistration (key 62) and BrokerHeartbeat (key 63): a broker's life as the controller sees it
// (KIP-631).
#pragma once

#include <optional>

#include "engine/api/api_key.h"
#include "engine/api/error_code.h"
#include "engine/base/ids.h"

namespace odradek::api {

struct BrokerRegistrationRequest {
  static constexpr ApiKey kApiKey = ApiKey::kBrokerRegistration;

  BrokerId broker_id;
  Uuid cluster_id;
  Uuid incarnation_id;  ///< fresh at each start of the process
  /// Since v3 (KIP-966): the epoch in which the broker last shut down cleanly; absent when it did not.
  std::optional<BrokerEpoch> previous_broker_epoch;

  FIELDS(broker_id, cluster_id, incarnation_id, previous_broker_epoch)
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

  FIELDS(broker_id, broker_epoch, current_metadata_offset, want_fence, want_shut_down)
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
