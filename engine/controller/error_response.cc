#include "engine/controller/error_response.h"

namespace odradek::controller {
namespace {

using api::ErrorCode;

api::ProduceResponse refuse(const api::ProduceRequest& request, ErrorCode error) {
  api::ProduceResponse response;
  for (const api::TopicProduceData& topic : request.topic_data) {
    auto& answer = response.responses.emplace_back();
    answer.topic_id = topic.topic_id;
    for (const api::PartitionProduceData& partition : topic.partition_data) {
      answer.partition_responses.push_back({.index = partition.index, .error_code = error});
    }
  }
  return response;
}

api::FetchResponse refuse(const api::FetchRequest&, ErrorCode error) {
  return {.error_code = error, .responses = {}};
}

api::ListOffsetsResponse refuse(const api::ListOffsetsRequest& request, ErrorCode error) {
  api::ListOffsetsResponse response;
  for (const api::ListOffsetsTopic& topic : request.topics) {
    auto& answer = response.topics.emplace_back();
    answer.name = topic.name;
    for (const api::ListOffsetsPartition& partition : topic.partitions) {
      answer.partitions.push_back({.partition_index = partition.partition_index, .error_code = error});
    }
  }
  return response;
}

api::MetadataResponse refuse(const api::MetadataRequest& request, ErrorCode error) {
  api::MetadataResponse response;
  if (!request.topics) return response;
  for (const std::string& name : *request.topics) {
    auto& answer = response.topics.emplace_back();
    answer.error_code = error;
    answer.name = name;
  }
  return response;
}

api::CreateTopicsResponse refuse(const api::CreateTopicsRequest& request, ErrorCode error) {
  api::CreateTopicsResponse response;
  for (const api::CreatableTopic& topic : request.topics) {
    auto& answer = response.topics.emplace_back();
    answer.name = topic.name;
    answer.error_code = error;
  }
  return response;
}

api::DeleteTopicsResponse refuse(const api::DeleteTopicsRequest& request, ErrorCode error) {
  api::DeleteTopicsResponse response;
  for (const api::DeleteTopicState& topic : request.topics) {
    response.responses.push_back({.name = topic.name, .topic_id = topic.topic_id, .error_code = error});
  }
  return response;
}

api::CreatePartitionsResponse refuse(const api::CreatePartitionsRequest& request, ErrorCode error) {
  api::CreatePartitionsResponse response;
  for (const api::CreatePartitionsTopic& topic : request.topics) {
    response.results.push_back({.name = topic.name, .error_code = error});
  }
  return response;
}

api::IncrementalAlterConfigsResponse refuse(const api::IncrementalAlterConfigsRequest& request,
                                            ErrorCode error) {
  api::IncrementalAlterConfigsResponse response;
  for (const api::AlterConfigsResource& resource : request.resources) {
    response.responses.push_back({.error_code = error,
                                  .resource_type = resource.resource_type,
                                  .resource_name = resource.resource_name});
  }
  return response;
}

api::ListPartitionReassignmentsResponse refuse(const api::ListPartitionReassignmentsRequest&,
                                               ErrorCode error) {
  return {.error_code = error, .topics = {}};
}

api::UpdateFeaturesResponse refuse(const api::UpdateFeaturesRequest&, ErrorCode error) {
  return {.error_code = error};
}

api::UnregisterBrokerResponse refuse(const api::UnregisterBrokerRequest&, ErrorCode error) {
  return {.error_code = error};
}

api::OffsetForLeaderEpochResponse refuse(const api::OffsetForLeaderEpochRequest& request, ErrorCode error) {
  api::OffsetForLeaderEpochResponse response;
  for (const api::OffsetForLeaderTopic& topic : request.topics) {
    auto& answer = response.topics.emplace_back();
    answer.topic = topic.topic;
    for (const api::OffsetForLeaderPartition& partition : topic.partitions) {
      answer.partitions.push_back({.partition = partition.partition, .error_code = error});
    }
  }
  return response;
}

api::ElectLeadersResponse refuse(const api::ElectLeadersRequest&, ErrorCode error) {
  return {.error_code = error, .replica_election_results = {}};
}

api::AlterPartitionReassignmentsResponse refuse(const api::AlterPartitionReassignmentsRequest&,
                                                ErrorCode error) {
  return {.error_code = error, .responses = {}};
}

api::AlterPartitionResponse refuse(const api::AlterPartitionRequest&, ErrorCode error) {
  return {.error_code = error, .topics = {}};
}

api::BrokerRegistrationResponse refuse(const api::BrokerRegistrationRequest&, ErrorCode error) {
  return {.error_code = error, .broker_epoch = {}};
}

api::BrokerHeartbeatResponse refuse(const api::BrokerHeartbeatRequest&, ErrorCode error) {
  return {.error_code = error};
}

api::VoteResponse refuse(const api::VoteRequest&, ErrorCode error) { return {.error_code = error}; }

api::BeginQuorumEpochResponse refuse(const api::BeginQuorumEpochRequest&, ErrorCode error) {
  return {.error_code = error};
}

api::EndQuorumEpochResponse refuse(const api::EndQuorumEpochRequest&, ErrorCode error) {
  return {.error_code = error};
}

api::FetchSnapshotResponse refuse(const api::FetchSnapshotRequest&, ErrorCode error) {
  return {.error_code = error};
}

api::ApiVersionsResponse refuse(const api::ApiVersionsRequest&, ErrorCode error) {
  return {.error_code = error, .supported_features = {}};
}

api::DescribeQuorumResponse refuse(const api::DescribeQuorumRequest&, ErrorCode error) {
  return {.error_code = error, .error_message = {}, .topics = {}};
}

api::AddRaftVoterResponse refuse(const api::AddRaftVoterRequest&, ErrorCode error) {
  return {.error_code = error, .error_message = {}};
}

api::RemoveRaftVoterResponse refuse(const api::RemoveRaftVoterRequest&, ErrorCode error) {
  return {.error_code = error, .error_message = {}};
}

api::UpdateRaftVoterResponse refuse(const api::UpdateRaftVoterRequest&, ErrorCode error) {
  return {.error_code = error, .current_leader = {}};
}

}  // namespace

api::Response error_response(const api::Request& request, api::ErrorCode error_code) {
  return std::visit([&](const auto& r) -> api::Response { return refuse(r, error_code); }, request);
}

}  // namespace odradek::controller
