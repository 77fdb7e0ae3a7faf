// Elect-preferred: administration, not a fault. The leader moves while nothing is broken (ElectLeaders,
// KIP-460).
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const ElectPreferredAction& action, const Strike& moment) {
  if (!moment.site.partition({.topic = action.topic, .partition = action.partition})) {
    return fail("{} does not exist", text(action));
  }
  api::ElectLeadersTopic topic{.topic = action.topic, .partitions = {action.partition}};
  moment.site.administer(api::ElectLeadersRequest{.topic_partitions = {std::move(topic)}});
  return Damage{.bites = 1};
}

std::string text(const ElectPreferredAction& action) {
  return fmt::format("{}-{}", action.topic, action.partition.value());
}

ElectPreferredAction random_elect_preferred(const Dice& dice, const Targets& targets) {
  auto [topic, partition] = random_partition_name(dice, targets);
  return {.topic = std::move(topic), .partition = partition};
}

}  // namespace odradek::sim
