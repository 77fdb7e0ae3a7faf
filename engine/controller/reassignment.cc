#include "engine/controller/reassignment.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "engine/controller/assignment.h"

namespace odradek::controller {
namespace {

using enum api::ErrorCode;
using Brokers = std::vector<BrokerId>;
using Change = std::optional<metadata::PartitionChangeRecord>;

bool is_moving(const metadata::PartitionRegistration& partition) {
  return !partition.adding_replicas.empty() || !partition.removing_replicas.empty();
}

/// Those of `brokers` that are not in `others`.
Brokers without(Brokers brokers, const Brokers& others) {
  std::erase_if(brokers, [&others](BrokerId broker) { return contains(others, broker); });
  return brokers;
}

/// A partition of the request, as it is found.
struct Found {
  const metadata::TopicImage& topic;
  TopicPartition tp;
  const metadata::PartitionRegistration& partition;
};

Checked<Found> find(const metadata::MetadataImage& image, const std::string& topic_name, PartitionId id) {
  const metadata::TopicImage* topic = image.topic(topic_name);
  if (topic == nullptr)
    return refuse(kUnknownTopicOrPartition, fmt::format("Unable to find a topic named {}.", topic_name));
  const TopicPartition tp{.topic_id = topic->id, .partition = id};
  const metadata::PartitionRegistration* partition = image.partition(tp);
  if (partition == nullptr) {
    return refuse(kUnknownTopicOrPartition,
                  fmt::format("Unable to find partition {}:{}.", topic_name, id.value()));
  }
  return Found{.topic = *topic, .tp = tp, .partition = *partition};
}

/// Back to the replicas from before. When none of them is in the ISR any more the first one has to be trusted
/// with it, which is an unclean election.
Checked<Change> cancel(ClusterView view, const Found& found) {
  const metadata::PartitionRegistration& partition = found.partition;
  if (!is_moving(partition))
    return refuse(kNoReassignmentInProgress, "No partition reassignment is in progress.");
  Brokers original = without(partition.replicas, partition.adding_replicas);
  Brokers isr = without(partition.isr, partition.adding_replicas);
  if (original.empty()) {
    return refuse(kInvalidReplicaAssignment,
                  "Invalid replica assignment: addingReplicas contains all replicas.");
  }
  if (isr.empty()) {
    if (!view.image.topic_config(found.topic.id, view.defaults).unclean_leader_election_enable) {
      return refuse(kInvalidReplicaAssignment,
                    fmt::format("Unable to revert partition assignment for {}:{} because it would require "
                                "an unclean leader election.",
                                found.topic.name, found.tp.partition.value()));
    }
    isr = {original.front()};
  }
  return change_of(view, found.tp, partition, {.image = view.image})
      .set_target_isr(std::move(isr))
      .set_target_replicas(std::move(original))
      .set_target_move({}, {})
      .build();
}

Checked<Change> move(ClusterView view, const Found& found, const Brokers& wanted) {
  const metadata::PartitionRegistration& partition = found.partition;
  if (Checked<void> ok = check_manual_assignment(view.image, wanted, {}); !ok)
    return std::unexpected(ok.error());
  Brokers adding = without(wanted, partition.replicas);
  Brokers removing = without(partition.replicas, wanted);
  std::ranges::sort(adding);    // total order: ids are distinct
  std::ranges::sort(removing);  // total order: ids are distinct
  Brokers replicas = wanted;
  replicas.insert(replicas.end(), removing.begin(), removing.end());
  // Asked for again, or turned back half way: what is under way stays known, so that a cancel finds its way.
  if (adding.empty()) adding = partition.adding_replicas;
  if (removing.empty()) removing = partition.removing_replicas;
  return change_of(view, found.tp, partition, {.image = view.image})
      .set_election(Election::kOnline)
      .set_target_replicas(std::move(replicas))
      .set_target_move(std::move(adding), std::move(removing))
      .build();
}

Checked<Change> reassign_one(ClusterView view, const std::string& topic_name,
                             const api::ReassignablePartition& wanted) {
  const Checked<Found> found = find(view.image, topic_name, wanted.partition_index);
  if (!found) return std::unexpected(found.error());
  return wanted.replicas ? move(view, *found, *wanted.replicas) : cancel(view, *found);
}

void list_one(const metadata::TopicImage& topic, PartitionId id, api::OngoingTopicReassignment& answer) {
  const auto found = topic.partitions.find(id);
  if (found == topic.partitions.end() || !is_moving(found->second)) return;
  answer.partitions.push_back({.partition_index = id,
                               .replicas = found->second.replicas,
                               .adding_replicas = found->second.adding_replicas,
                               .removing_replicas = found->second.removing_replicas});
}

}  // namespace

Outcome alter_partition_reassignments(ClusterView view,
                                      const api::AlterPartitionReassignmentsRequest& request) {
  Records records;
  api::AlterPartitionReassignmentsResponse response;
  for (const api::ReassignableTopic& topic : request.topics) {
    api::ReassignableTopicResponse& answer = response.responses.emplace_back();
    answer.name = topic.name;
    for (const api::ReassignablePartition& wanted : topic.partitions) {
      api::ReassignablePartitionResponse& result = answer.partitions.emplace_back();
      result.partition_index = wanted.partition_index;
      const Checked<Change> change = reassign_one(view, topic.name, wanted);
      tell(change, result);
      if (change) append(records, *change);
    }
  }
  return {.records = std::move(records), .response = std::move(response)};
}

api::ListPartitionReassignmentsResponse list_partition_reassignments(
    const metadata::MetadataImage& image, const api::ListPartitionReassignmentsRequest& request) {
  api::ListPartitionReassignmentsResponse response;
  const auto add = [&response](api::OngoingTopicReassignment answer) {
    if (!answer.partitions.empty()) response.topics.push_back(std::move(answer));
  };
  if (!request.topics) {
    for (const auto& [id, topic] : image.topics()) {
      api::OngoingTopicReassignment answer{.name = topic->name, .partitions = {}};
      for (const auto& [partition_id, partition] : topic->partitions) list_one(*topic, partition_id, answer);
      add(std::move(answer));
    }
    return response;
  }
  for (const api::ListPartitionReassignmentsTopic& wanted : *request.topics) {
    const metadata::TopicImage* topic = image.topic(wanted.name);
    if (topic == nullptr) continue;
    api::OngoingTopicReassignment answer{.name = wanted.name, .partitions = {}};
    for (const PartitionId id : wanted.partition_indexes) list_one(*topic, id, answer);
    add(std::move(answer));
  }
  return response;
}

}  // namespace odradek::controller
