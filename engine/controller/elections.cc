#include <fmt/core.h>

#include <utility>

#include "engine/controller/replication_control.h"

namespace odradek::controller {
namespace {

/// ReplicationControlManager.MAX_ELECTIONS_PER_IMBALANCE: what is left over waits for the next round.
constexpr std::size_t kMaxElectionsPerRound = 1'000;

}  // namespace

void balance_leaders(ClusterView view, Records& records) {
  for_each_partition(view.image, [&](TopicPartition tp, const metadata::PartitionRegistration& partition) {
    const BrokerId preferred = partition.preferred_replica();
    if (partition.leader == preferred || records.size() >= kMaxElectionsPerRound) return;
    if (!view.image.is_active(preferred) || !contains(partition.isr, preferred)) return;
    append(records,
           change_of(view, tp, partition, {.image = view.image}).set_election(Election::kPreferred).build());
  });
}

void elect_unclean(ClusterView view, Records& records) {
  for_each_partition(view.image, [&](TopicPartition tp, const metadata::PartitionRegistration& partition) {
    if (partition.leader || records.size() >= kMaxElectionsPerRound) return;
    if (!view.image.topic_config(tp.topic_id, view.defaults).unclean_leader_election_enable) return;
    append(records, change_of(view, tp, partition, {.image = view.image}).build());
  });
}

namespace {

api::ElectLeadersPartitionResult elect_one(ClusterView view, const api::ElectLeadersTopic& request,
                                           PartitionId id, api::ElectionType type, Records& records) {
  using enum api::ErrorCode;
  const bool preferred = type == api::ElectionType::kPreferred;
  const metadata::TopicImage* topic = view.image.topic(request.topic);
  if (topic == nullptr)
    return {id, kUnknownTopicOrPartition, fmt::format("No such topic as {}", request.topic)};
  const TopicPartition tp{.topic_id = topic->id, .partition = id};
  const metadata::PartitionRegistration* partition = view.image.partition(tp);
  if (partition == nullptr) {
    return {id, kUnknownTopicOrPartition,
            fmt::format("No such partition as {}-{}", request.topic, id.value())};
  }
  const bool is_settled =
      preferred ? partition->leader == partition->preferred_replica() : partition->leader.has_value();
  if (is_settled) return {id, kElectionNotNeeded, "Leader election not needed for topic partition."};
  auto record = change_of(view, tp, *partition, {.image = view.image})
                    .set_election(preferred ? Election::kPreferred : Election::kUnclean)
                    .build();
  if (record) {
    records.emplace_back(*std::move(record));
    return {.partition_id = id};
  }
  if (preferred) return {id, kPreferredLeaderNotAvailable, "The preferred leader was not available."};
  return {id, kEligibleLeadersNotAvailable, "Eligible topic partition leaders are not available."};
}

}  // namespace

Outcome elect_leaders(ClusterView view, const api::ElectLeadersRequest& request) {
  Records records;
  api::ElectLeadersResponse response;
  for (const api::ElectLeadersTopic& topic : request.topic_partitions) {
    api::ElectLeadersTopicResult& answer = response.replica_election_results.emplace_back();
    answer.topic = topic.topic;
    for (const PartitionId id : topic.partitions) {
      answer.partition_result.push_back(elect_one(view, topic, id, request.election_type, records));
    }
  }
  return {.records = std::move(records), .response = std::move(response)};
}

}  // namespace odradek::controller
