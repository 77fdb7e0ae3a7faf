// Reassign: administration, not a fault. A partition moves to other brokers, which first have to fetch all of
// it (AlterPartitionReassignments, KIP-455).
#include <algorithm>
#include <vector>

#include "sim/faults/fault.h"

namespace odradek::sim {

namespace {

/// The broker `shift` places further round the cluster.
BrokerId further(const std::vector<NodeId>& brokers, BrokerId broker, std::int32_t shift) {
  const auto found = std::ranges::find(brokers, NodeId(broker));
  const auto size = static_cast<std::int64_t>(brokers.size());
  return brokers[static_cast<std::size_t>(((found - brokers.begin()) + shift) % size)];
}

}  // namespace

Result<Damage> strike(const ReassignAction& action, const Strike& moment) {
  const auto truth = moment.site.partition({.topic = action.topic, .partition = action.partition});
  if (!truth || truth->replicas.empty()) return fail("{} does not exist", text(action));
  std::vector<BrokerId> replicas = action.replicas;
  if (replicas.empty()) {
    for (const BrokerId replica : truth->replicas)
      replicas.push_back(further(moment.site.topology().brokers, replica, action.shift));
  }
  if (replicas == truth->replicas) return fail("{} is there already", text(action));
  api::ReassignablePartition partition{.partition_index = action.partition, .replicas = std::move(replicas)};
  api::ReassignableTopic topic{.name = action.topic, .partitions = {std::move(partition)}};
  moment.site.administer(api::AlterPartitionReassignmentsRequest{.topics = {std::move(topic)}});
  return Damage{.bites = 1};
}

std::string text(const ReassignAction& action) {
  return fmt::format("{}-{}", action.topic, action.partition.value());
}

ReassignAction random_reassign(const Dice& dice, const Targets& targets) {
  auto [topic, partition] = random_partition_name(dice, targets);
  const auto shift = static_cast<std::int32_t>(dice.about(Aspect::kShape).between(1, 2));
  return {.topic = std::move(topic), .partition = partition, .replicas = {}, .shift = shift};
}

}  // namespace odradek::sim
