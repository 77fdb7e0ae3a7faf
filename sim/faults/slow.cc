// Slow: a starved processor, or one busy thread. What the process does there takes many times longer.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const SlowFault& fault, const Strike& moment) {
  TRY(nodes, moment.running(fault.node));
  TRY_DO(moment.allow(nodes, /*takes_down=*/false));
  Damage damage{.bites = nodes.size()};
  for (const NodeId node : nodes) {
    moment.site.slow_down(node, fault.lane, fault.factor);
    damage.repairs.push_back({.kind = Repair::Kind::kSpeedUp, .node = node, .lane = fault.lane});
  }
  return damage;
}

std::string text(const SlowFault& fault) {
  const std::string whom = text(fault.node);
  return fault.lane ? fmt::format("{}'s {} by {}", whom, name_of(*fault.lane), fault.factor)
                    : fmt::format("{} by {}", whom, fault.factor);
}

SlowFault random_slow(const Dice& dice, const Targets& targets) {
  SlowFault fault{.node = random_node(dice, targets),
                  .factor = static_cast<std::int32_t>(dice.about(Aspect::kAmount).between(2, 500))};
  if (dice.about(Aspect::kShape).chance(1, 2))
    fault.lane = static_cast<io::Lane>(dice.about(Aspect::kOther).below(io::kLaneCount));
  return fault;
}

}  // namespace odradek::sim
