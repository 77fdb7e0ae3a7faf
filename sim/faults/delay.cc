// Delay: every message along a path takes longer, as over a congested link. Order on a connection is kept.
#include "engine/base/duration_text.h"
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const DelayFault& fault, const Strike& moment) {
  TRY(from, moment.resolve_end(fault.a));
  TRY(to, moment.resolve_end(fault.b, from));
  return Damage{.rules = {moment.site.delay({.from = from, .to = to}, fault.extra)}};
}

std::string text(const DelayFault& fault) {
  return fmt::format("{} to {} by {}", text(fault.a), text(fault.b), duration_text(fault.extra));
}

DelayFault random_delay(const Dice& dice, const Targets& targets) {
  const RandomPair pair = random_pair(dice, targets);
  // From barely felt to longer than a session: the interesting delays make timeouts race with answers.
  const Duration extra = dice.about(Aspect::kAmount).exponential(targets.topology.session_timeout / 4);
  return {.a = pair.a, .b = pair.b, .extra = extra + milliseconds(1)};
}

}  // namespace odradek::sim
