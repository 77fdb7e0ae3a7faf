// Crash inside a step: the process dies between two of the things that one step writes and does. Alone it
// finds what is not written in the right order; with the host's power it finds what is not synced in time.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const CrashInsideFault& fault, const Strike& moment) {
  TRY(nodes, moment.running(fault.node));
  const bool power = fault.where.power_loss.has_value();
  std::vector<NodeId> doomed = power ? moment.site.topology().with_host_mates(nodes) : nodes;
  TRY_DO(moment.allow_end(doomed, power));
  for (const NodeId node : nodes) moment.site.crash_inside(node, fault.where);
  return Damage{.doomed = std::move(doomed)};
}

std::string text(const CrashInsideFault& fault) {
  return fmt::format("{} after {} writing steps{}", text(fault.node), fault.where.steps,
                     fault.where.power_loss ? ", with its host's power" : "");
}

CrashInsideFault random_crash_inside(const Dice& dice, const Targets& targets) {
  CrashInsideFault fault{.node = random_node(dice, targets)};
  fault.where.steps = static_cast<std::uint32_t>(dice.about(Aspect::kAmount).below(8));
  fault.where.keep = dice.about(Aspect::kShape).bits() >> 32;
  if (dice.about(Aspect::kOther).chance(1, 2)) fault.where.power_loss = Survival::kDrawn;
  return fault;
}

}  // namespace odradek::sim
