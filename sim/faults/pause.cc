// Pause: SIGSTOP, a long collection of garbage, a suspended virtual machine. Connections stay, packets wait,
// and afterwards the process goes on as if no time had passed: it may still believe that it leads.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const PauseFault& fault, const Strike& moment) {
  TRY(nodes, moment.resolve(fault.node));
  if (auto allowed = moment.allow(nodes, /*takes_down=*/true); !allowed)
    return std::unexpected(allowed.error());
  for (const NodeId node : nodes) {
    if (moment.site.state(node) != NodeState::kUp) return fail("{} does not run", node_name(node));
  }
  for (const NodeId node : nodes) moment.site.pause(node);
  const std::uint64_t bites = nodes.size();
  return Damage{.paused = std::move(nodes), .bites = bites};
}

std::string text(const PauseFault& fault) { return text(fault.node); }

PauseFault random_pause(const Dice& dice, const Targets& targets) {
  return {.node = random_node(dice, targets)};
}

}  // namespace odradek::sim
