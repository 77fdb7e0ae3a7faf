// How long a healed cluster may take, by its own configuration. Everything that liveness waits for ends with
// some timeout, so the bounds are sums of these and nothing that somebody has guessed.
#pragma once

#include "sim/search/scenario.h"

namespace odradek::sim {

/// Until a record sent to a settled cluster is acknowledged, or until a reader that makes no progress is
/// regarded as stuck: three times the longest time after which somebody notices that a peer is gone (one to
/// notice, one to be told by others that notice, one in reserve), and the longest that a send may wait for
/// its verdict.
[[nodiscard]] Duration canary_bound(const Scenario& scenario);

/// Until all replicas are in sync, all brokers unfenced and all sends settled, counted from the last record
/// that a replica has caught up with: the scenario's own bound, or as much as the canary has.
[[nodiscard]] Duration settle_bound(const Scenario& scenario);

}  // namespace odradek::sim
