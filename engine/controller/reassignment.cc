#include "engine/controller/reassignment.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace odradek::controller {
namespace {

api::ReassignablePartitionResponse reassign_one(ClusterView view, const std::string& topic_name,
                                                const api::ReassignablePartition& wanted, Records& records) {
  using enum api::ErrorCode;
  const PartitionId id = wanted.partition_index;
  const metadata::TopicImage* topic = view.image.topic(topic_name);
  if (topic == nullptr) {
    return {id, kUnknownTopicOrPartition, fmt::format("Unable to find a topic named {}.", topic_name)};
  }
  const TopicPartition tp{.topic_id = topic->id, .partition = id};
  const metadata::PartitionRegistration* partition = view.image.partition(tp);
  if (partition == nullptr) {
    return {id, kUnknownTopicOrPartition,
            fmt::format("Unable to find partition {}:{}.", topic_name, id.value())};
  }
  if (!std::ranges::is_permutation(wanted.replicas, partition->replicas)) {
    return {id, kInvalidReplicaAssignment,
            "The replica assignment adds or removes replicas; only a new order of the same replicas is "
            "supported."};
  }
  auto record = change_of(view, tp, *partition, {.image = view.image})
                    .set_election(Election::kOnline)
                    .set_target_replicas(wanted.replicas)
                    .build();
  if (record) records.emplace_back(*std::move(record));
  return {.partition_index = id};
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
      answer.partitions.push_back(reassign_one(view, topic.name, wanted, records));
    }
  }
  return {.records = std::move(records), .response = std::move(response)};
}

}  // namespace odradek::controller
