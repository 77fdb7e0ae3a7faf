// UnregisterBroker (key 64): the controller forgets a broker (KIP-631).
#pragma once

#include <string>

#include "engine/api/api_key.h"
#include "engine/api/error_code.h"
#include "engine/base/ids.h"

namespace odradek::api {

struct UnregisterBrokerRequest {
  static constexpr ApiKey kApiKey = ApiKey::kUnregisterBroker;

  BrokerId broker_id;

  FIELDS(broker_id)
  friend bool operator==(const UnregisterBrokerRequest&, const UnregisterBrokerRequest&) = default;
};

struct UnregisterBrokerResponse {
  static constexpr ApiKey kApiKey = ApiKey::kUnregisterBroker;

  ErrorCode error_code = ErrorCode::kNone;
  std::string error_message;

  FIELDS(error_code, error_message)
  friend bool operator==(const UnregisterBrokerResponse&, const UnregisterBrokerResponse&) = default;
};

}  // namespace odradek::api
