// Unregister-broker: administration, not a fault. The controller forgets the broker, which serves nobody
// until it starts again (UnregisterBroker, KIP-631).
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const UnregisterBrokerAction& action, const Strike& moment) {
  TRY(nodes, moment.resolve(action.node));
  // Like an unclean end it takes the broker out of every ISR and, when it registers anew, out of every ELR.
  TRY_DO(moment.site.may_end(nodes, /*loses=*/false, moment.doomed));
  for (const NodeId node : nodes) moment.site.administer(api::UnregisterBrokerRequest{.broker_id = node});
  return Damage{.bites = nodes.size()};
}

std::string text(const UnregisterBrokerAction& action) { return text(action.node); }

UnregisterBrokerAction random_unregister_broker(const Dice& dice, const Targets&) {
  return {.node = any_broker(dice.about(Aspect::kTarget).bits())};
}

}  // namespace odradek::sim
