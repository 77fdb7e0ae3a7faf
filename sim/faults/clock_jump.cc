// Clock jump: somebody sets the wall clock. Whatever measures time with it measures wrongly once.
#include "engine/base/duration_text.h"
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const ClockJumpFault& fault, const Strike& moment) {
  TRY(nodes, moment.resolve(fault.node));
  TRY_DO(moment.allow(nodes, /*takes_down=*/false));
  for (const NodeId node : nodes) moment.site.jump_clock(node, fault.back ? Duration() - fault.by : fault.by);
  return Damage{.bites = nodes.size()};
}

std::string text(const ClockJumpFault& fault) {
  return fmt::format("{} {} by {}", text(fault.node), fault.back ? "back" : "ahead", duration_text(fault.by));
}

ClockJumpFault random_clock_jump(const Dice& dice, const Targets& targets) {
  return {.node = random_node(dice, targets),
          .by = dice.about(Aspect::kAmount).between(milliseconds(1), seconds(20)),
          .back = dice.about(Aspect::kShape).chance(1, 2)};
}

}  // namespace odradek::sim
