// The messages of one step, for plans that wait for one: the one that the node took, and those that it sent.
#pragma once

#include <vector>

#include "sim/faults/fault_run.h"
#include "sim/kernel/step_report.h"
#include "sim/net/network.h"

namespace odradek::sim {

/// In their order. A message on a connection that is over already is not among them. REQUIRES: a step of a
/// node.
[[nodiscard]] std::vector<MessageEvent> messages_of(const StepReport& report, const Network& network);

}  // namespace odradek::sim
