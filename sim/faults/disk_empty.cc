// Disk empty: the disk is replaced by a blank one. A controller's is spared where the quorum cannot do
// without: with one voter it has the only copy of the metadata log, and with a fixed set of voters
// (kraft.version 0) it would come back as the voter that it was, without its vote and its log.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const DiskEmptyFault& fault, const Strike& moment) {
  TRY(nodes, moment.running_hosts(fault.node));
  TRY_DO(moment.allow_end(nodes, /*loses=*/true));
  for (const NodeId node : nodes) {
    if (moment.site.topology().is_controller(node)) TRY_DO(moment.site.may_forget(node));
  }
  for (const NodeId node : nodes) {
    moment.site.crash(node);
    moment.site.empty_disk(node);
  }
  const std::uint64_t bites = nodes.size();
  return Damage{.crashed = std::move(nodes), .bites = bites};
}

std::string text(const DiskEmptyFault& fault) { return text(fault.node); }

DiskEmptyFault random_disk_empty(const Dice& dice, const Targets& targets) {
  return {.node = random_node(dice, targets)};
}

}  // namespace odradek::sim
