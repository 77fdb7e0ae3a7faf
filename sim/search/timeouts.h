// Timeouts that no network of this scenario can meet: what they bound is promised by nobody, so liveness is
// excused by name. Whatever was read or acknowledged is held to its promises all the same.
#pragma once

#include <vector>

#include "engine/node/process.h"
#include "sim/checkers/violation.h"
#include "sim/kernel/world.h"
#include "sim/search/scenario.h"

namespace odradek::sim {

/// One permission per setting and node that asks for an answer sooner than its links can bring it, with
/// nothing wrong: the setting's name, and a sentence with both times.
[[nodiscard]] std::vector<Permission> timeouts_too_short(const Scenario& scenario, const Topology& topology,
                                                         const World<node::Process>& world);

}  // namespace odradek::sim
