// Describing: what a replica knows of the quorum, for DescribeQuorum and for whoever looks from outside.
//
// Source: KafkaRaftClient.handleDescribeQuorumRequest, LeaderState.describeQuorum; KIP-595, KIP-836.
#include <utility>

#include "engine/raft/quorum_replica.h"

namespace odradek::raft {
namespace {

api::QuorumReplicaState state_of(const ReplicaKey& key, const Progress& progress) {
  return {.replica_id = key.id,
          .replica_directory_id = key.directory_id.value_or(Uuid{}),
          .log_end_offset = progress.end_offset,
          .last_fetch_timestamp = progress.last_fetch,
          .last_caught_up_timestamp = progress.last_caught_up};
}

bool is_metadata_partition(const api::DescribeQuorumRequest& request) {
  return request.topics.size() == 1 && request.topics.front().topic_name == api::kMetadataTopicName &&
         request.topics.front().partitions == std::vector{PartitionId(0)};
}

/// The same error for each partition that was asked for.
api::DescribeQuorumResponse refuse(const api::DescribeQuorumRequest& request, api::ErrorCode error,
                                   std::string_view message) {
  api::DescribeQuorumResponse response;
  for (const api::DescribeQuorumTopicRequest& topic : request.topics) {
    response.topics.push_back({.topic_name = topic.topic_name, .partitions = {}});
    for (const PartitionId partition : topic.partitions) {
      response.topics.back().partitions.push_back({.partition_index = partition,
                                                   .error_code = error,
                                                   .error_message = std::string(message),
                                                   .leader_id = {},
                                                   .leader_epoch = {},
                                                   .high_watermark = {},
                                                   .current_voters = {},
                                                   .observers = {}});
    }
  }
  return response;
}

}  // namespace

/// A replica that does not lead knows the voters, but not how far they are.
api::DescribeQuorumPartitionData QuorumReplica::describe_quorum() const {
  api::DescribeQuorumPartitionData quorum{.partition_index = PartitionId(0),
                                          .error_code = api::ErrorCode::kNone,
                                          .error_message = {},
                                          .leader_id = election_.leader_id,
                                          .leader_epoch = election_.epoch,
                                          .high_watermark = high_watermark_,
                                          .current_voters = {},
                                          .observers = {}};
  const Leader* leader = std::get_if<Leader>(&role_);
  for (const ReplicaKey& key : voters().keys())
    quorum.current_voters.push_back(state_of(key, leader ? leader->voters().at(key.id) : Progress{}));
  if (leader == nullptr) return quorum;
  for (api::QuorumReplicaState& state : quorum.current_voters) {
    if (state.replica_id != self_.id) continue;
    state.log_end_offset = log_.end_offset();
    state.last_fetch_timestamp = time_;
    state.last_caught_up_timestamp = time_;
  }
  for (const auto& [key, progress] : leader->observers()) quorum.observers.push_back(state_of(key, progress));
  return quorum;
}

void QuorumReplica::handle_describe_quorum(const Requester& from, const api::DescribeQuorumRequest& request) {
  using enum api::ErrorCode;
  if (!is_metadata_partition(request)) {
    return reply(
        from, refuse(request, kUnknownTopicOrPartition, "This server does not host this topic-partition."));
  }
  if (!std::holds_alternative<Leader>(role_)) {
    return reply(from,
                 refuse(request, kNotLeaderOrFollower,
                        "For requests intended only for the leader, this error indicates that the broker "
                        "is not the current leader. For requests intended for any replica, this error "
                        "indicates that the broker is not a replica of the topic partition."));
  }
  reply(from, api::DescribeQuorumResponse{.error_code = kNone,
                                          .error_message = {},
                                          .topics = {{.topic_name = std::string(api::kMetadataTopicName),
                                                      .partitions = {describe_quorum()}}}});
}

}  // namespace odradek::raft
