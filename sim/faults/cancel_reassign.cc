// Cancel-reassign: administration, not a fault. A partition goes back to the brokers that it was to leave
// (AlterPartitionReassignments without replicas, KIP-455).
#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const CancelReassignAction& action, const Strike& moment) {
  if (!moment.site.partition({.topic = action.topic, .partition = action.partition}))
    return fail("{} does not exist", text(action));
  api::ReassignablePartition partition{.partition_index = action.partition, .replicas = {}};
  api::ReassignableTopic topic{.name = action.topic, .partitions = {std::move(partition)}};
  moment.site.administer(api::AlterPartitionReassignmentsRequest{.topics = {std::move(topic)}});
  return Damage{.bites = 1};
}

std::string text(const CancelReassignAction& action) {
  return fmt::format("{}-{}", action.topic, action.partition.value());
}

CancelReassignAction random_cancel_reassign(const Dice& dice, const Targets& targets) {
  auto [topic, partition] = random_partition_name(dice, targets);
  return {.topic = std::move(topic), .partition = partition};
}

}  // namespace odradek::sim
