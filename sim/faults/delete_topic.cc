// Delete-topic: administration, not a fault. The topic and all of its records go (DeleteTopics).
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const DeleteTopicAction& action, const Strike& moment) {
  if (!moment.site.partition({.topic = action.topic, .partition = PartitionId(0)}))
    return fail("{} does not exist", action.topic);
  moment.site.administer(api::DeleteTopicsRequest{.topics = {{.name = action.topic, .topic_id = {}}}});
  return Damage{.bites = 1};
}

std::string text(const DeleteTopicAction& action) { return action.topic; }

DeleteTopicAction random_delete_topic(const Dice& dice, const Targets& targets) {
  return {.topic = random_partition_name(dice, targets).topic};
}

}  // namespace odradek::sim
