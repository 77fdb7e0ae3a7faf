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
  X(kCreateTopics, "CreateTopics", 19)                               \
  X(kOffsetForLeaderEpoch, "OffsetForLeaderEpoch", 23)               \
  X(kElectLeaders, "ElectLeaders", 43)                               \
  X(kAlterPartitionReassignments, "AlterPartitionReassignments", 45) \
  X(kAlterPartition, "AlterPartition", 56)                           \
  X(kBrokerRegistration, "BrokerRegistration", 62)                   \
  X(kBrokerHeartbeat, "BrokerHeartbeat", 63)

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
