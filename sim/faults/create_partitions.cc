// Create-partitions: administration, not a fault. A topic grows (CreatePartitions, KIP-195).
#include <algorithm>

#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const CreatePartitionsAction& action, const Strike& moment) {
  if (!moment.site.partition({.topic = action.topic, .partition = PartitionId(0)}))
    return fail("{} does not exist", action.topic);
  if (moment.site.partition({.topic = action.topic, .partition = PartitionId(action.count - 1)}))
    return fail("{} has as many already", action.topic);
  api::CreatePartitionsTopic topic{.name = action.topic, .count = action.count, .assignments = {}};
  moment.site.administer(api::CreatePartitionsRequest{.topics = {std::move(topic)}});
  return Damage{.bites = 1};
}

std::string text(const CreatePartitionsAction& action) {
  return fmt::format("{} to {}", action.topic, action.count);
}

CreatePartitionsAction random_create_partitions(const Dice& dice, const Targets& targets) {
  const std::string topic = random_partition_name(dice, targets).topic;
  const auto is_of_topic = [&topic](const io::NamedPartition& p) { return p.topic == topic; };
  const std::int64_t present = std::ranges::count_if(targets.topology.partitions, is_of_topic);
  const std::int64_t more = dice.about(Aspect::kAmount).between(1, 3);
  return {.topic = topic, .count = static_cast<std::int32_t>(present + more)};
}

}  // namespace odradek::sim
