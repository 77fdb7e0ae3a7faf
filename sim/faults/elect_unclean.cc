// Elect-unclean: administration, not a fault. Without a leader that has everything, somebody alive leads, and
// what it does not have is lost (ElectLeaders, KIP-460).
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const ElectUncleanAction& action, const Strike& moment) {
  const auto truth = moment.site.partition({.topic = action.topic, .partition = action.partition});
  if (!truth) return fail("{} does not exist", text(action));
  if (truth->leader) return fail("{} has a leader", text(action));
  api::ElectLeadersTopic topic{.topic = action.topic, .partitions = {action.partition}};
  moment.site.administer(api::ElectLeadersRequest{.election_type = api::ElectionType::kUnclean,
                                                  .topic_partitions = {std::move(topic)}});
  return Damage{.bites = 1};
}

std::string text(const ElectUncleanAction& action) {
  return fmt::format("{}-{}", action.topic, action.partition.value());
}

ElectUncleanAction random_elect_unclean(const Dice& dice, const Targets& targets) {
  auto [topic, partition] = random_partition_name(dice, targets);
  return {.topic = std::move(topic), .partition = partition};
}

}  // namespace odradek::sim
