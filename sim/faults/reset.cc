// Reset: every connection between two nodes ends with a RST, as when a firewall forgets its flows and says
// so. What was in flight may have arrived or not.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const ResetFault& fault, const Strike& moment) {
  return moment.at_connections(fault.a, fault.b,
                               [&](NodeId a, NodeId b) { return moment.site.reset_between(a, b); });
}

std::string text(const ResetFault& fault) { return fmt::format("{} and {}", text(fault.a), text(fault.b)); }

ResetFault random_reset(const Dice& dice, const Targets& targets) {
  const RandomPair pair = random_pair(dice, targets);
  return {.a = pair.a, .b = pair.b};
}

}  // namespace odradek::sim
