// Send: work at a chosen moment, for scripts that need a record exactly between two other things.
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const SendAction& action, const Strike& moment) {
  const io::NamedPartition to{.topic = action.topic, .partition = action.partition};
  if (!moment.site.send_records(to, action.records)) return fail("no producer of the workload runs");
  return Damage{.bites = 1};
}

std::string text(const SendAction& action) {
  return fmt::format("{} to {}-{}", action.records, action.topic, action.partition.value());
}

SendAction random_send(const Dice& dice, const Targets& targets) {
  auto [topic, partition] = random_partition_name(dice, targets);
  const auto records = static_cast<std::int32_t>(dice.about(Aspect::kAmount).between(1, 5));
  return {.topic = std::move(topic), .partition = partition, .records = records};
}

}  // namespace odradek::sim
