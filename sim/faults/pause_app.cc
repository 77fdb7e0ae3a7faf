// Pause of an application: a client's own thread is stuck in its work; its network thread goes on.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const PauseAppFault& fault, const Strike& moment) {
  TRY(nodes, moment.running(fault.node));
  TRY_DO(moment.allow(nodes, /*takes_down=*/false));
  for (const NodeId node : nodes) {
    if (!moment.site.topology().is_client(node)) return fail("{} is no client", node_name(node));
  }
  Damage damage{.bites = nodes.size()};
  for (const NodeId node : nodes) {
    moment.site.hold_app(node, true);
    damage.repairs.push_back({.kind = Repair::Kind::kReleaseApp, .node = node});
  }
  return damage;
}

std::string text(const PauseAppFault& fault) { return text(fault.node); }

PauseAppFault random_pause_app(const Dice& dice, const Targets&) {
  return {.node = {.kind = NodeSelector::Kind::kAnyClient,
                   .choice = static_cast<std::uint32_t>(dice.about(Aspect::kTarget).bits())}};
}

}  // namespace odradek::sim
