// Half-open: one end of every connection between two nodes is gone, and the RST that would have said so got
// lost. The other end believes in its connection until it sends something.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const HalfOpenFault& fault, const Strike& moment) {
  return moment.at_connections(fault.a, fault.b,
                               [&](NodeId a, NodeId b) { return moment.site.half_open(a, b); });
}

std::string text(const HalfOpenFault& fault) {
  return fmt::format("lost by {}, kept by {}", text(fault.a), text(fault.b));
}

HalfOpenFault random_half_open(const Dice& dice, const Targets& targets) {
  RandomPair pair = random_pair(dice, targets);
  return {.a = std::move(pair.a), .b = std::move(pair.b)};
}

}  // namespace odradek::sim
