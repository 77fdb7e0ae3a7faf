// The APIs that the engine speaks, by Kafka's own keys, in one list.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace odradek::api {

#define ODRADEK_API_KEYS(X)                                          \
  X(kProduce, "Produce", 0)                                          \
  X(kFetch, "Fetch", 1)                                              \
  X(kListOffsets, "ListOffsets", 2)                                  \
  X(kMetadata, "Metadata", 3)                                        \
  X(kApiVersions, "ApiVersions", 18)                                 \
  X(kCreateTopics, "CreateTopics", 19)                               \
  X(kDeleteTopics, "DeleteTopics", 20)                               \
  X(kOffsetForLeaderEpoch, "OffsetForLeaderEpoch", 23)               \
  X(kCreatePartitions, "CreatePartitions", 37)                       \
  X(kElectLeaders, "ElectLeaders", 43)                               \
  X(kIncrementalAlterConfigs, "IncrementalAlterConfigs", 44)         \
  X(kAlterPartitionReassignments, "AlterPartitionReassignments", 45) \
  X(kListPartitionReassignments, "ListPartitionReassignments", 46)   \
  X(kVote, "Vote", 52)                                               \
  X(kBeginQuorumEpoch, "BeginQuorumEpoch", 53)                       \
  X(kEndQuorumEpoch, "EndQuorumEpoch", 54)                           \
  X(kDescribeQuorum, "DescribeQuorum", 55)                           \
  X(kAlterPartition, "AlterPartition", 56)                           \
  X(kUpdateFeatures, "UpdateFeatures", 57)                           \
  X(kFetchSnapshot, "FetchSnapshot", 59)                             \
  X(kBrokerRegistration, "BrokerRegistration", 62)                   \
  X(kBrokerHeartbeat, "BrokerHeartbeat", 63)                         \
  X(kUnregisterBroker, "UnregisterBroker", 64)                       \
  X(kAddRaftVoter, "AddRaftVoter", 80)                               \
  X(kRemoveRaftVoter, "RemoveRaftVoter", 81)                         \
  X(kUpdateRaftVoter, "UpdateRaftVoter", 82)

enum class ApiKey : std::int16_t {
#define X(constant, name, key) constant = key,
  ODRADEK_API_KEYS(X)
#undef X
};

struct ApiKeyInfo {
  ApiKey key;
  std::string_view name;
};

inline constexpr std::array kApiKeys = {
#define X(constant, name, key) ApiKeyInfo{ApiKey::constant, name},
    ODRADEK_API_KEYS(X)
#undef X
};

[[nodiscard]] constexpr std::string_view name_of(ApiKey key) {
  for (const ApiKeyInfo& info : kApiKeys) {
    if (info.key == key) return info.name;
  }
  return "Unknown";
}

}  // namespace odradek::api
