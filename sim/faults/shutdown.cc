// Shutdown: SIGTERM. A broker hands its leaderships over, flushes its logs and says so on its disk.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const ShutdownFault& fault, const Strike& moment) {
  TRY(nodes, moment.running(fault.node));
  TRY_DO(moment.allow(nodes, /*takes_down=*/true));
  for (const NodeId node : nodes) moment.site.shut_down(node);
  return Damage{.doomed = std::move(nodes)};
}

std::string text(const ShutdownFault& fault) { return text(fault.node); }

ShutdownFault random_shutdown(const Dice& dice, const Targets& targets) {
  return {.node = random_node(dice, targets)};
}

}  // namespace odradek::sim
