// Disk decay: what a drive does to data behind everybody's back. It is beyond what Kafka promises: what a
// decayed disk has lost, and what follows from it for its partitions, is permitted by name (findings.h). A
// controller's disk is spared, and that of a broker that is one, too: what its vote and its metadata log are
// worth to the quorum nobody permits to be lost.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const DiskDecayFault& fault, const Strike& moment) {
  TRY(nodes, moment.resolve(fault.node));
  TRY_DO(moment.allow(nodes, /*takes_down=*/false));
  for (const NodeId node : nodes) {
    const Topology& topology = moment.site.topology();
    if (!topology.is_broker(node)) return fail("{} is no broker", node_name(node));
    if (topology.is_controller(node)) return fail("{} is a controller, too", node_name(node));
  }
  Damage damage;
  for (const NodeId node : nodes) {
    if (fault.kind == Decay::kRot || fault.kind == Decay::kLatentError) {
      damage.bites += moment.site.decay_disk(node, fault.kind, fault.path) ? 1 : 0;
    } else {
      const DiskRuleId rule = moment.site.misplace_write(node, fault.kind, {fault.path, fault.passed_over});
      damage.repairs.push_back({.kind = Repair::Kind::kLiftDiskRule, .node = node, .rule = rule});
    }
  }
  return damage;
}

std::string text(const DiskDecayFault& fault) {
  return fmt::format("of {}: {}{}", text(fault.node), name_of(fault.kind),
                     fault.path.empty() ? "" : " in " + fault.path);
}

DiskDecayFault random_disk_decay(const Dice& dice, const Targets&) {
  return {.node = any_broker(dice.about(Aspect::kTarget).bits()),
          .kind = kDecays[dice.about(Aspect::kShape).below(kDecays.size())],
          .passed_over = dice.about(Aspect::kAmount).below(20)};
}

}  // namespace odradek::sim
