// Split: two sides, each of which works within itself. Two nodes stand on one side, all the others on the
// other.
#include <algorithm>

#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const SplitFault& fault, const Strike& moment) {
  TRY(a, moment.resolve(fault.a));
  TRY(b, moment.resolve(fault.b, a.front()));
  std::vector<NodeId> side = a;
  for (const NodeId node : b) {
    if (std::ranges::count(side, node) == 0) side.push_back(node);
  }
  TRY_DO(moment.allow(side, /*takes_down=*/false));
  std::vector<NodeId> rest = moment.site.topology().everybody();
  std::erase_if(rest, [&](NodeId node) { return std::ranges::count(side, node) > 0; });
  return Damage{.blocked = paths_between(side, rest)};
}

std::string text(const SplitFault& fault) {
  return fmt::format("{} and {} from the rest", text(fault.a), text(fault.b));
}

SplitFault random_split(const Dice& dice, const Targets& targets) {
  RandomPair pair = random_pair(dice, targets);
  return {.a = std::move(pair.a), .b = std::move(pair.b)};
}

}  // namespace odradek::sim
