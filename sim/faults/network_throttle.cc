// Network throttle: a host's uplink is narrow. Small messages suffer behind large ones, whoever they are for.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const NetworkThrottleFault& fault, const Strike& moment) {
  TRY(nodes, moment.resolve(fault.node));
  TRY_DO(moment.allow(nodes, /*takes_down=*/false));
  Damage damage{.bites = nodes.size()};
  for (const NodeId node : nodes) {
    moment.site.throttle_network(node, fault.bytes_per_second);
    damage.repairs.push_back({.kind = Repair::Kind::kUnthrottleNetwork, .node = node});
  }
  return damage;
}

std::string text(const NetworkThrottleFault& fault) {
  return fmt::format("{} to {} bytes/s", text(fault.node), fault.bytes_per_second);
}

NetworkThrottleFault random_network_throttle(const Dice& dice, const Targets& targets) {
  return {.node = random_node(dice, targets),
          .bytes_per_second = dice.about(Aspect::kAmount).between(5'000, 200'000)};
}

}  // namespace odradek::sim
