// Crash: the process dies at whatever it was doing. Its host keeps the page cache; its peers see closed
// connections.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const CrashFault& fault, const Strike& moment) {
  TRY(nodes, moment.resolve(fault.node));
  TRY_DO(moment.allow_end(nodes, /*loses=*/false));
  for (const NodeId node : nodes) {
    if (moment.site.state(node) == NodeState::kDown) return fail("{} is down already", node_name(node));
    if (moment.site.state(node) == NodeState::kPaused) return fail("{} is paused", node_name(node));
  }
  for (const NodeId node : nodes) moment.site.crash(node);
  const std::uint64_t bites = nodes.size();
  return Damage{.crashed = std::move(nodes), .bites = bites};
}

std::string text(const CrashFault& fault) { return text(fault.node); }

CrashFault random_crash(const Dice& dice, const Targets& targets) {
  return {.node = random_node(dice, targets)};
}

}  // namespace odradek::sim
