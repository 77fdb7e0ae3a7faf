// Remove-voter: administration, not a fault. A controller leaves the quorum (KIP-853); when this ends it may
// come back, for which whoever operates the cluster sees to.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const RemoveVoterAction& action, const Strike& moment) {
  TRY(nodes, moment.resolve(action.node));
  const auto removal = moment.site.removal_of(nodes.front());
  if (!removal) return std::unexpected(removal.error());
  moment.site.administer(*removal);
  return Damage{.unseated = {nodes.front()}, .bites = 1};
}

std::string text(const RemoveVoterAction& action) { return text(action.node); }

RemoveVoterAction random_remove_voter(const Dice& dice, const Targets& targets) {
  return {.node = any_controller(targets, dice.about(Aspect::kTarget).bits())};
}

}  // namespace odradek::sim
