// Disk stall: writes hang. The lanes that write wait, heartbeats go on, and the controller notices nothing:
// the best-known grey failure of Kafka.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const DiskStallFault& fault, const Strike& moment) {
  TRY(nodes, moment.running_hosts(fault.node));
  TRY_DO(moment.allow(nodes, /*takes_down=*/true));
  Damage damage{.bites = nodes.size()};
  for (const NodeId node : nodes) {
    moment.site.stall_disk(node, true);
    damage.repairs.push_back({.kind = Repair::Kind::kUnstallDisk, .node = node});
  }
  return damage;
}

std::string text(const DiskStallFault& fault) { return text(fault.node); }

DiskStallFault random_disk_stall(const Dice& dice, const Targets& targets) {
  return {.node = random_node(dice, targets)};
}

}  // namespace odradek::sim
