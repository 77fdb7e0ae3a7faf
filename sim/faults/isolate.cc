// Isolate: the node lives, and nobody hears from it. A leader that is isolated keeps leading until it learns
// otherwise.
#include <algorithm>

#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const IsolateFault& fault, const Strike& moment) {
  TRY(nodes, moment.resolve(fault.node));
  if (auto allowed = moment.allow(nodes, /*takes_down=*/true); !allowed)
    return std::unexpected(allowed.error());
  Damage damage{.isolated = nodes};
  for (const NodeId node : nodes) {
    for (const NodeId other : moment.site.topology().everybody()) {
      if (other == node) continue;
      for (const Path path : {Path{.from = node, .to = other}, Path{.from = other, .to = node}}) {
        if (std::ranges::count(damage.blocked, path) == 0) damage.blocked.push_back(path);
      }
    }
  }
  return damage;
}

std::string text(const IsolateFault& fault) { return text(fault.node); }

IsolateFault random_isolate(const Dice& dice, const Targets& targets) {
  return {.node = random_node(dice, targets)};
}

}  // namespace odradek::sim
