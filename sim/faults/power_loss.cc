// Power loss: the host stops between two instructions. Its peers hear nothing, and its disk keeps what was
// synced, and of the rest what it pleases.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const PowerLossFault& fault, const Strike& moment) {
  TRY(nodes, moment.running_hosts(fault.node));
  TRY_DO(moment.allow_end(nodes, /*loses=*/true));
  for (const NodeId node : nodes) moment.site.lose_power(node, fault.survival);
  const std::uint64_t bites = nodes.size();
  return Damage{.crashed = std::move(nodes), .bites = bites};
}

std::string text(const PowerLossFault& fault) {
  if (fault.survival == Survival::kDrawn) return text(fault.node);
  return fmt::format("{}, {} survives", text(fault.node), name_of(fault.survival));
}

PowerLossFault random_power_loss(const Dice& dice, const Targets& targets) {
  return {.node = random_node(dice, targets)};
}

}  // namespace odradek::sim
