#include "engine/client/offset_requests.h"

#include <algorithm>

namespace odradek::client {
namespace {

/// Requests come in ascending order of partitions, so a topic's entry is the last one or a new one.
template <class Topic>
Topic& topic_entry(std::vector<Topic>& topics, std::string Topic::* name, const std::string& wanted) {
  if (topics.empty() || topics.back().*name != wanted) topics.emplace_back().*name = wanted;
  return topics.back();
}

}  // namespace

void add_to(api::ListOffsetsRequest& request, const io::NamedPartition& partition,
            LeaderEpoch current_leader_epoch, const OffsetTarget& target) {
  topic_entry(request.topics, &api::ListOffsetsTopic::name, partition.topic)
      .partitions.push_back({.partition_index = partition.partition,
                             .current_leader_epoch = current_leader_epoch,
                             .timestamp = target});
}

void add_to(api::OffsetForLeaderEpochRequest& request, const io::NamedPartition& partition,
            LeaderEpoch current_leader_epoch, LeaderEpoch asked) {
  topic_entry(request.topics, &api::OffsetForLeaderTopic::topic, partition.topic)
      .partitions.push_back({.partition = partition.partition,
                             .current_leader_epoch = current_leader_epoch,
                             .leader_epoch = asked});
}

api::ListOffsetsPartitionResponse offset_answer(const Completion& completion,
                                                const io::NamedPartition& partition) {
  const auto* response =
      completion.response ? std::get_if<api::ListOffsetsResponse>(&*completion.response) : nullptr;
  if (response != nullptr) {
    for (const api::ListOffsetsTopicResponse& topic : response->topics) {
      if (topic.name != partition.topic) continue;
      const auto found = std::ranges::find(topic.partitions, partition.partition,
                                           &api::ListOffsetsPartitionResponse::partition_index);
      if (found != topic.partitions.end()) return *found;
    }
  }
  return {.partition_index = partition.partition, .error_code = api::ErrorCode::kNetworkException};
}

api::OffsetForLeaderPartitionResponse epoch_answer(const Completion& completion,
                                                   const io::NamedPartition& partition) {
  const auto* response =
      completion.response ? std::get_if<api::OffsetForLeaderEpochResponse>(&*completion.response) : nullptr;
  if (response != nullptr) {
    for (const api::OffsetForLeaderTopicResult& topic : response->topics) {
      if (topic.topic != partition.topic) continue;
      const auto found = std::ranges::find(topic.partitions, partition.partition,
                                           &api::OffsetForLeaderPartitionResponse::partition);
      if (found != topic.partitions.end()) return *found;
    }
  }
  return {.partition = partition.partition, .error_code = api::ErrorCode::kNetworkException};
}

}  // namespace odradek::client
