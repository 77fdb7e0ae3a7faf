// Reorder: administration, not a fault. A new order of the same replicas changes who is preferred as leader
// and moves no data (AlterPartitionReassignments, KIP-455).
#include <algorithm>

#include "sim/faults/fault.h"

namespace odradek::sim {

Result<Damage> strike(const ReorderAction& action, const Strike& moment) {
  const auto truth = moment.site.partition({.topic = action.topic, .partition = action.partition});
  if (!truth || truth->replicas.empty()) return fail("{} does not exist", text(action));
  std::vector<BrokerId> order = action.replicas;
  if (order.empty()) {
    order = truth->replicas;
    const auto size = static_cast<std::int64_t>(order.size());
    const std::int64_t steps = (std::int64_t{action.rotation} % size + size) % size;
    std::ranges::rotate(order, order.begin() + steps);
  }
  if (order == truth->replicas) return fail("{} has this order already", text(action));
  api::ReassignablePartition partition{.partition_index = action.partition, .replicas = std::move(order)};
  api::ReassignableTopic topic{.name = action.topic, .partitions = {std::move(partition)}};
  moment.site.administer(api::AlterPartitionReassignmentsRequest{.topics = {std::move(topic)}});
  return Damage{.bites = 1};
}

std::string text(const ReorderAction& action) {
  return fmt::format("{}-{}", action.topic, action.partition.value());
}

ReorderAction random_reorder(const Dice& dice, const Targets& targets) {
  auto [topic, partition] = random_partition_name(dice, targets);
  const auto rotation = static_cast<std::int32_t>(dice.about(Aspect::kShape).between(1, 2));
  return {.topic = std::move(topic), .partition = partition, .replicas = {}, .rotation = rotation};
}

}  // namespace odradek::sim
