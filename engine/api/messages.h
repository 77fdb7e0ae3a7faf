// All requests and responses as two closed sets.
#pragma once

#include <variant>

#include "engine/api/alter_partition.h"
#include "engine/api/alter_partition_reassignments.h"
#include "engine/api/broker_registration.h"
#include "engine/api/create_topics.h"
#include "engine/api/elect_leaders.h"
#include "engine/api/fetch.h"
#include "engine/api/list_offsets.h"
#include "engine/api/metadata.h"
#include "engine/api/offset_for_leader_epoch.h"
#include "engine/api/produce.h"

namespace odradek::api {

using Request =
    std::variant<ProduceRequest, FetchRequest, ListOffsetsRequest, MetadataRequest, CreateTopicsRequest,
                 OffsetForLeaderEpochRequest, ElectLeadersRequest, AlterPartitionReassignmentsRequest,
                 AlterPartitionRequest, BrokerRegistrationRequest, BrokerHeartbeatRequest>;

using Response =
    std::variant<ProduceResponse, FetchResponse, ListOffsetsResponse, MetadataResponse, CreateTopicsResponse,
                 OffsetForLeaderEpochResponse, ElectLeadersResponse, AlterPartitionReassignmentsResponse,
                 AlterPartitionResponse, BrokerRegistrationResponse, BrokerHeartbeatResponse>;

template <class Message>
[[nodiscard]] ApiKey api_key_of(const Message& message) {
  return std::visit([](const auto& m) { return m.kApiKey; }, message);
}

}  // namespace odradek::api
