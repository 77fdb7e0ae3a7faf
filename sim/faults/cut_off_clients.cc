// Cut-off clients: no client reaches the node, though the cluster does. A leader stays leader, and nobody can
// use it: outside the cluster it looks dead, inside alive.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const CutOffClientsFault& fault, const Strike& moment) {
  TRY(nodes, moment.resolve(fault.node));
  TRY_DO(moment.allow(nodes, /*takes_down=*/false));
  return Damage{.blocked = paths_between(nodes, moment.site.topology().clients)};
}

std::string text(const CutOffClientsFault& fault) { return fmt::format("from {}", text(fault.node)); }

CutOffClientsFault random_cut_off_clients(const Dice& dice, const Targets&) {
  return {.node = any_broker(dice.about(Aspect::kTarget).bits())};
}

}  // namespace odradek::sim
