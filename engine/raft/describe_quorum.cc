#include "engine/raft/describe_quorum.h"

#include <string>
#include <utility>

namespace odradek::raft {
namespace {

api::QuorumReplicaState state_of(const ReplicaKey& key, const Progress& progress) {
  return {.replica_id = key.id,
          .replica_directory_id = key.directory_id.value_or(Uuid{}),
          .log_end_offset = progress.end_offset,
          .last_fetch_timestamp = progress.last_fetch,
          .last_caught_up_timestamp = progress.last_caught_up};
}

/// The leader does not fetch, and has always just caught up with itself.
Progress progress_of_leader(const QuorumReplica& leader) {
  return {.end_offset = leader.log().end_offset(),
          .last_fetch = leader.time(),
          .last_caught_up = leader.time(),
          .leader_end_at_last_fetch = {}};
}

bool asks_for_metadata(const api::DescribeQuorumRequest& request) {
  return request.topics.size() == 1 && request.topics.front().topic_name == api::kMetadataTopicName &&
         request.topics.front().partitions == std::vector{PartitionId(0)};
}

}  // namespace

api::DescribeQuorumPartitionData describe_quorum(const QuorumReplica& replica) {
  api::DescribeQuorumPartitionData quorum{.partition_index = PartitionId(0),
                                          .leader_id = replica.leader(),
                                          .leader_epoch = replica.epoch(),
                                          .high_watermark = replica.high_watermark()};
  const auto* leader = std::get_if<Leader>(&replica.role());
  if (leader == nullptr) {
    for (const ReplicaKey& key : replica.voters().keys()) quorum.current_voters.push_back(state_of(key, {}));
    return quorum;
  }
  quorum.high_watermark = leader->high_watermark();
  for (const ReplicaKey& key : replica.voters().keys()) {
    const bool is_self = key.id == replica.self().id;
    quorum.current_voters.push_back(
        state_of(key, is_self ? progress_of_leader(replica) : leader->voters().at(key.id)));
  }
  for (const auto& [key, progress] : leader->observers()) {
    if (Leader::is_alive(progress, replica.time())) quorum.observers.push_back(state_of(key, progress));
  }
  return quorum;
}

/// KafkaRaftClient.handleDescribeQuorumRequest
void QuorumReplica::handle_describe_quorum(const Requester& from, const api::DescribeQuorumRequest& request) {
  api::DescribeQuorumResponse response;
  if (!asks_for_metadata(request)) {
    for (const api::DescribeQuorumTopicRequest& topic : request.topics) {
      api::DescribeQuorumTopicResponse& told = response.topics.emplace_back();
      told.topic_name = topic.topic_name;
      for (const PartitionId partition : topic.partitions) {
        told.partitions.push_back(
            {.partition_index = partition, .error_code = api::ErrorCode::kUnknownTopicOrPartition});
      }
    }
    return reply(from, std::move(response));
  }
  const bool leads = std::holds_alternative<Leader>(role_);
  response.topics.push_back(
      {.topic_name = std::string(api::kMetadataTopicName),
       .partitions = {
           leads ? describe_quorum(*this)
                 : api::DescribeQuorumPartitionData{.partition_index = PartitionId(0),
                                                    .error_code = api::ErrorCode::kNotLeaderOrFollower}}});
  reply(from, std::move(response));
}

}  // namespace odradek::raft
