// Partition: two ends do not hear each other, or one of them does not hear the other. TCP sends again what
// was lost, until the path heals or the connection times out.
#include <algorithm>

#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const PartitionFault& fault, const Strike& moment) {
  TRY(left, moment.resolve(fault.a));
  TRY(right, moment.resolve(fault.b, left.front()));
  for (const auto& side : {left, right}) {
    if (auto allowed = moment.allow(side, /*takes_down=*/false); !allowed)
      return std::unexpected(allowed.error());
  }
  Damage damage;
  const auto block = [&damage](Path path) {
    if (path.from != path.to && std::ranges::count(damage.blocked, path) == 0) damage.blocked.push_back(path);
  };
  for (const NodeId a : left) {
    for (const NodeId b : right) {
      block({.from = a, .to = b});
      if (!fault.one_way) block({.from = b, .to = a});
    }
  }
  if (damage.blocked.empty()) return fail("both ends are {}", node_name(left.front()));
  return damage;
}

std::string text(const PartitionFault& fault) {
  return fmt::format("{} {} {}", text(fault.a), fault.one_way ? "to" : "and", text(fault.b));
}

PartitionFault random_partition(const Dice& dice, const Targets& targets) {
  const RandomPair pair = random_pair(dice, targets);
  return {.a = pair.a, .b = pair.b, .one_way = dice.about(Aspect::kShape).chance(1, 3)};
}

}  // namespace odradek::sim
