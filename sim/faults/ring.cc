// Ring: each broker reaches the one before it and the one behind it, so that each sees a majority, if a small
// one, and no two see the same. Clients and controllers reach everybody.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const RingFault&, const Strike& moment) {
  const std::vector<NodeId>& brokers = moment.site.topology().brokers;
  if (brokers.size() < 4) return fail("in a ring of {} brokers everybody is a neighbour", brokers.size());
  Damage damage;
  for (std::size_t i = 0; i < brokers.size(); ++i) {
    for (std::size_t j = i + 2; j < brokers.size(); ++j) {
      if (i == 0 && j + 1 == brokers.size()) continue;  // the ring closes here
      damage.blocked.push_back({.from = brokers[i], .to = brokers[j]});
      damage.blocked.push_back({.from = brokers[j], .to = brokers[i]});
    }
  }
  return damage;
}

std::string text(const RingFault&) { return "of all brokers"; }

RingFault random_ring(const Dice&, const Targets&) { return {}; }

}  // namespace odradek::sim
