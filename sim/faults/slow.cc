// Slow: a starved processor. Everything that the process does takes many times longer.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const SlowFault& fault, const Strike& moment) {
  TRY(nodes, moment.running(fault.node));
  TRY_DO(moment.allow(nodes, /*takes_down=*/false));
  Damage damage{.bites = nodes.size()};
  for (const NodeId node : nodes) {
    moment.site.slow_down(node, fault.factor);
    damage.repairs.push_back({.kind = Repair::Kind::kSpeedUp, .node = node});
  }
  return damage;
}

std::string text(const SlowFault& fault) { return fmt::format("{} by {}", text(fault.node), fault.factor); }

SlowFault random_slow(const Dice& dice, const Targets& targets) {
  return {.node = random_node(dice, targets),
          .factor = static_cast<std::int32_t>(dice.about(Aspect::kAmount).between(2, 500))};
}

}  // namespace odradek::sim
