// Requester: where an answer goes.
#pragma once

#include "engine/base/ids.h"

namespace odradek::raft {

struct Requester {
  ConnectionId connection;
  CorrelationId correlation;

  FIELDS(connection, correlation)
  friend bool operator==(const Requester&, const Requester&) = default;
};

}  // namespace odradek::raft
