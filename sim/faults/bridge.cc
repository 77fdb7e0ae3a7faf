// Bridge: the brokers before and behind one of them do not reach each other, and it reaches them all.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const BridgeFault& fault, const Strike& moment) {
  TRY(nodes, moment.resolve(fault.node));
  TRY_DO(moment.allow(nodes, /*takes_down=*/false));
  const NodeId bridge = nodes.front();
  if (!moment.site.topology().is_broker(bridge)) return fail("{} is no broker", node_name(bridge));
  std::vector<NodeId> others = moment.site.topology().brokers;
  std::erase(others, bridge);
  if (others.size() < 2) return fail("there are too few brokers for two sides");
  const auto middle = others.begin() + static_cast<std::ptrdiff_t>(others.size() / 2);
  return Damage{.blocked = paths_between({others.begin(), middle}, {middle, others.end()})};
}

std::string text(const BridgeFault& fault) { return text(fault.node); }

BridgeFault random_bridge(const Dice& dice, const Targets&) {
  return {.node = any_broker(dice.about(Aspect::kTarget).bits())};
}

}  // namespace odradek::sim
