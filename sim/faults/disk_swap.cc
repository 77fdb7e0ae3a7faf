// Disk swap: somebody has put the disks back into the wrong hosts. A broker that finds another one's node.id
// in meta.properties refuses to start, and must not touch what it has found, until the disks are where they
// belong.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const DiskSwapFault& fault, const Strike& moment) {
  TRY(nodes, moment.running(fault.a));
  TRY(others, moment.running(fault.b, nodes.front()));
  const NodeId a = nodes.front();
  const NodeId b = others.front();
  if (a == b) return fail("both are {}", node_name(a));
  const std::vector<NodeId> both{a, b};
  for (const NodeId node : both) {
    if (!moment.site.topology().is_broker(node)) return fail("{} is no broker", node_name(node));
  }
  TRY_DO(moment.allow_end(both, /*loses=*/false));
  for (const NodeId node : both) moment.site.crash(node);
  moment.site.swap_disks(a, b);
  for (const NodeId node : both) moment.site.boot(node);
  return Damage{.crashed = both,
                .repairs = {{.kind = Repair::Kind::kSwapDisks, .node = a, .other = b}},
                .bites = both.size()};
}

std::string text(const DiskSwapFault& fault) {
  return fmt::format("of {} and {}", text(fault.a), text(fault.b));
}

DiskSwapFault random_disk_swap(const Dice& dice, const Targets&) {
  return {.a = any_broker(dice.about(Aspect::kTarget).bits()),
          .b = any_broker(dice.about(Aspect::kOther).bits())};
}

}  // namespace odradek::sim
