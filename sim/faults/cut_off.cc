// Cut off: a group of nodes, most often a rack or a region, is without the rest of the world, and whole
// within.
#include <algorithm>

#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const CutOffFault& fault, const Strike& moment) {
  TRY(side, moment.resolve(fault.side));
  TRY_DO(moment.allow(side, /*takes_down=*/false));
  std::vector<NodeId> rest = moment.site.topology().everybody();
  std::erase_if(rest, [&](NodeId node) { return std::ranges::count(side, node) > 0; });
  if (rest.empty()) return fail("{} is everybody", text(fault.side));
  return Damage{.blocked = paths_between(side, rest)};
}

std::string text(const CutOffFault& fault) { return text(fault.side); }

CutOffFault random_cut_off(const Dice& dice, const Targets& targets) {
  const std::vector<Rack>& racks = targets.topology.racks;
  if (racks.empty()) return {.side = random_node(dice, targets)};
  const Rack& rack = racks[dice.about(Aspect::kTarget).below(racks.size())];
  const bool whole_region = !rack.region.empty() && dice.about(Aspect::kShape).chance(1, 3);
  return {.side = {.kind = whole_region ? NodeSelector::Kind::kRegion : NodeSelector::Kind::kRack,
                   .name = whole_region ? rack.region : rack.name}};
}

}  // namespace odradek::sim
