// Create-topic: administration, not a fault. The controller places the replicas (CreateTopics).
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const CreateTopicAction& action, const Strike& moment) {
  if (moment.site.partition({.topic = action.topic, .partition = PartitionId(0)}))
    return fail("{} exists already", action.topic);
  api::CreatableTopic topic{.name = action.topic,
                            .num_partitions = action.partitions,
                            .replication_factor = action.replication_factor,
                            .assignments = {},
                            .configs = {}};
  moment.site.administer(api::CreateTopicsRequest{.topics = {std::move(topic)}});
  return Damage{.bites = 1};
}

std::string text(const CreateTopicAction& action) { return action.topic; }

CreateTopicAction random_create_topic(const Dice& dice, const Targets& targets) {
  const auto brokers = static_cast<std::int64_t>(targets.topology.brokers.size());
  const std::int64_t number = dice.about(Aspect::kTarget).between(1, 3);
  const std::int64_t partitions = dice.about(Aspect::kShape).between(1, 3);
  const std::int64_t replicas = dice.about(Aspect::kAmount).between(1, brokers);
  return {.topic = fmt::format("extra-{}", number),
          .partitions = static_cast<std::int32_t>(partitions),
          .replication_factor = static_cast<std::int16_t>(replicas)};
}

}  // namespace odradek::sim
