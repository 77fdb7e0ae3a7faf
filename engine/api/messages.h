// All requests and responses as two closed sets.
#pragma once

#include <variant>

#include "engine/api/alter_partition.h"
#include "engine/api/alter_partition_reassignments.h"
#include "engine/api/api_versions.h"
#include "engine/api/broker_registration.h"
#include "engine/api/create_partitions.h"
#include "engine/api/create_topics.h"
#include "engine/api/delete_topics.h"
#include "engine/api/describe_quorum.h"
#include "engine/api/elect_leaders.h"
#include "engine/api/fetch.h"
#include "engine/api/fetch_snapshot.h"
#include "engine/api/incremental_alter_configs.h"
#include "engine/api/list_offsets.h"
#include "engine/api/list_partition_reassignments.h"
#include "engine/api/metadata.h"
#include "engine/api/offset_for_leader_epoch.h"
#include "engine/api/produce.h"
#include "engine/api/raft_requests.h"
#include "engine/api/raft_voters.h"
#include "engine/api/unregister_broker.h"
#include "engine/api/update_features.h"

namespace odradek::api {

using Request =
    std::variant<ProduceRequest, FetchRequest, ListOffsetsRequest, MetadataRequest, CreateTopicsRequest,
                 OffsetForLeaderEpochRequest, ElectLeadersRequest, AlterPartitionReassignmentsRequest,
                 AlterPartitionRequest, BrokerRegistrationRequest, BrokerHeartbeatRequest, VoteRequest,
                 BeginQuorumEpochRequest, EndQuorumEpochRequest, FetchSnapshotRequest, ApiVersionsRequest,
                 AddRaftVoterRequest, RemoveRaftVoterRequest, UpdateRaftVoterRequest, DeleteTopicsRequest,
                 CreatePartitionsRequest, IncrementalAlterConfigsRequest, ListPartitionReassignmentsRequest,
                 UpdateFeaturesRequest, UnregisterBrokerRequest, DescribeQuorumRequest>;

using Response =
    std::variant<ProduceResponse, FetchResponse, ListOffsetsResponse, MetadataResponse, CreateTopicsResponse,
                 OffsetForLeaderEpochResponse, ElectLeadersResponse, AlterPartitionReassignmentsResponse,
                 AlterPartitionResponse, BrokerRegistrationResponse, BrokerHeartbeatResponse, VoteResponse,
                 BeginQuorumEpochResponse, EndQuorumEpochResponse, FetchSnapshotResponse, ApiVersionsResponse,
                 AddRaftVoterResponse, RemoveRaftVoterResponse, UpdateRaftVoterResponse, DeleteTopicsResponse,
                 CreatePartitionsResponse, IncrementalAlterConfigsResponse,
                 ListPartitionReassignmentsResponse, UpdateFeaturesResponse, UnregisterBrokerResponse,
                 DescribeQuorumResponse>;

template <class Message>
[[nodiscard]] ApiKey api_key_of(const Message& message) {
  return std::visit([](const auto& m) { return m.kApiKey; }, message);
}

}  // namespace odradek::api
