// Disk full: room for a few bytes more, and then ENOSPC. A broker that cannot append ends, since its only log
// directory is gone; it starts again when somebody has made room.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const DiskFullFault& fault, const Strike& moment) {
  TRY(nodes, moment.running_hosts(fault.node));
  TRY_DO(moment.allow_end(nodes, /*loses=*/false));
  Damage damage{.doomed = nodes};
  for (const NodeId node : nodes) {
    moment.site.limit_disk(node, static_cast<std::uint64_t>(fault.headroom));
    damage.repairs.push_back({.kind = Repair::Kind::kUnlimitDisk, .node = node});
  }
  return damage;
}

std::string text(const DiskFullFault& fault) {
  return fmt::format("{} but for {} bytes", text(fault.node), fault.headroom);
}

DiskFullFault random_disk_full(const Dice& dice, const Targets& targets) {
  return {.node = random_node(dice, targets), .headroom = dice.about(Aspect::kAmount).between(0, 5'000)};
}

}  // namespace odradek::sim
