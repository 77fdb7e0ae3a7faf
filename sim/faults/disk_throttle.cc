// Disk throttle: every byte takes its time, as on a volume that has used up its credits.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const DiskThrottleFault& fault, const Strike& moment) {
  TRY(nodes, moment.running_hosts(fault.node));
  TRY_DO(moment.allow(nodes, /*takes_down=*/false));
  Damage damage{.bites = nodes.size()};
  for (const NodeId node : nodes) {
    moment.site.throttle_disk(node, fault.bytes_per_second);
    damage.repairs.push_back({.kind = Repair::Kind::kUnthrottleDisk, .node = node});
  }
  return damage;
}

std::string text(const DiskThrottleFault& fault) {
  return fmt::format("{} to {} bytes/s", text(fault.node), fault.bytes_per_second);
}

DiskThrottleFault random_disk_throttle(const Dice& dice, const Targets& targets) {
  return {.node = random_node(dice, targets),
          .bytes_per_second = dice.about(Aspect::kAmount).between(2'000, 100'000)};
}

}  // namespace odradek::sim
