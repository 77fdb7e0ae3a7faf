// Black hole: a firewall or a load balancer has forgotten the connections of two nodes. What they send over
// them is never heard, and nobody is told, until TCP or a timeout of Kafka's gives up; new connections are
// fine.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const BlackHoleFault& fault, const Strike& moment) {
  return moment.at_connections(fault.a, fault.b,
                               [&](NodeId a, NodeId b) { return moment.site.black_hole(a, b); });
}

std::string text(const BlackHoleFault& fault) {
  return fmt::format("between {} and {}", text(fault.a), text(fault.b));
}

BlackHoleFault random_black_hole(const Dice& dice, const Targets& targets) {
  RandomPair pair = random_pair(dice, targets);
  return {.a = std::move(pair.a), .b = std::move(pair.b)};
}

}  // namespace odradek::sim
