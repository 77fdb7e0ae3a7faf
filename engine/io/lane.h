// Lanes: Kafka's threads. Each lane of a node takes one input at a time and is busy for as long as it costs;
// a slow lane does not delay the others. That is how a broker with a stalled disk keeps its heartbeats.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace odradek::io {

enum class Lane : std::uint8_t {
  kRequestHandler,  ///< num.io.threads: produce, fetch, metadata …
  kFetcher,         ///< replica fetcher threads
  kLifecycle,       ///< broker lifecycle manager: registration and heartbeats
  kRaft,            ///< KRaft I/O thread
  kMetadata,        ///< metadata loader and publishers
  kController,      ///< the controller's event queue
  kScheduler,       ///< KafkaScheduler: periodic work, ISR changes
  kApplication,     ///< a client's application thread
  kNetwork,         ///< a client's network thread
};

inline constexpr std::size_t kLaneCount = 9;

inline constexpr std::array<std::string_view, kLaneCount> kLaneNames = {
    "request-handler", "fetcher",   "lifecycle",   "raft",   "metadata",
    "controller",      "scheduler", "application", "network"};

[[nodiscard]] constexpr std::string_view name_of(Lane lane) {
  return kLaneNames[static_cast<std::size_t>(lane)];
}

/// Why a node opened a connection. Kafka keeps these apart, and so orders nothing between them: per follower
/// one connection for each source broker, to the controller one each for heartbeats and for AlterPartition,
/// and one between two replicas of the metadata log.
enum class Purpose : std::uint8_t {
  kFollowerFetch,
  kHeartbeat,
  kAlterPartition,
  kRaft,
  kClientData,
  kAdmin,
};

struct PurposeInfo {
  std::string_view name;
  Lane lane;  ///< where the initiator handles responses and the connection's end
};

inline constexpr std::array kPurposes = {
    PurposeInfo{"follower-fetch", Lane::kFetcher},    PurposeInfo{"heartbeat", Lane::kLifecycle},
    PurposeInfo{"alter-partition", Lane::kScheduler}, PurposeInfo{"raft", Lane::kRaft},
    PurposeInfo{"client-data", Lane::kNetwork},       PurposeInfo{"admin", Lane::kNetwork},
};

[[nodiscard]] constexpr const PurposeInfo& info_of(Purpose purpose) {
  return kPurposes[static_cast<std::size_t>(purpose)];
}
[[nodiscard]] constexpr std::string_view name_of(Purpose purpose) { return info_of(purpose).name; }

/// Background work that a node cuts into slices, so that requests can come between (semantics of Kafka's
/// metadata pipeline: the cache shows a new image before the partitions have taken their new roles).
enum class Work : std::uint8_t {
  kPublishMetadata,  ///< hand the committed metadata to the metadata cache
  kApplyMetadata,    ///< let the replica manager apply the delta
};

[[nodiscard]] constexpr Lane lane_of(Work) { return Lane::kMetadata; }

}  // namespace odradek::io
