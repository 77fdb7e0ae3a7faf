// Every timer that an engine node can set, in one list, with the lane that it fires on.
//
// A timer is a kind and an entity (a partition's ordinal, a parked request, a channel); setting it again
// replaces it, so that a node can hold at most one of each.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "engine/base/fields.h"
#include "engine/io/lane.h"

namespace odradek::io {

#define ODRADEK_TIMERS(X)                                                                        \
  X(kRegistrationRetry, kLifecycle, "a broker registers again")                                  \
  X(kHeartbeat, kLifecycle, "broker.heartbeat.interval.ms")                                      \
  X(kChannelTimeout, kNetwork, "the oldest request of a channel, or its connecting, is overdue") \
  X(kChannelBackoff, kNetwork, "a channel may connect again")                                    \
  X(kIsrShrink, kScheduler, "half of replica.lag.time.max.ms")                                   \
  X(kHighWatermarkCheckpoint, kScheduler, "replica.high.watermark.checkpoint.interval.ms")       \
  X(kLogDeletion, kScheduler, "file.delete.delay.ms of the log that was deleted first")          \
  X(kParkedProduce, kRequestHandler, "timeout.ms of a parked produce")                           \
  X(kParkedFetch, kRequestHandler, "max.wait.ms of a parked fetch")                              \
  X(kFetcherBackoff, kFetcher, "replica.fetch.backoff.ms")                                       \
  X(kAlterPartitionRetry, kScheduler, "an ISR change is sent again")                             \
  X(kRaftPoll, kRaft, "a replica of the metadata log has something to do")                       \
  X(kRaftShutdownTimeout, kRaft, "a controller no longer waits for another one to lead")         \
  X(kNoOpRecord, kController, "metadata.max.idle.interval.ms")                                   \
  X(kSessionCheck, kController, "the broker session that expires next")                          \
  X(kLeaderImbalanceCheck, kController, "leader.imbalance.check.interval.seconds")               \
  X(kProducerWake, kNetwork, "linger, backoff or delivery timeout of a batch is due")            \
  X(kMetadataRefresh, kNetwork, "metadata.max.age.ms, or a client's metadata backoff")           \
  X(kConsumerWake, kNetwork, "a consumer's fetch, reset or validation may be retried")           \
  X(kPollTimeout, kApplication, "the timeout of a parked poll")                                  \
  X(kAdminRetry, kNetwork, "an admin request is sent again or times out")                        \
  X(kControlledShutdownTimeout, kLifecycle, "a broker no longer waits for leave to shut down")

enum class TimerKind : std::uint8_t {
#define X(kind, lane, doc) kind,
  ODRADEK_TIMERS(X)
#undef X
};

struct TimerInfo {
  std::string_view name;
  Lane lane;
  std::string_view doc;
};

inline constexpr std::array kTimers = {
#define X(kind, lane, doc) TimerInfo{#kind, Lane::lane, doc},
    ODRADEK_TIMERS(X)
#undef X
};

[[nodiscard]] constexpr const TimerInfo& info_of(TimerKind kind) {
  return kTimers[static_cast<std::size_t>(kind)];
}
[[nodiscard]] constexpr std::string_view name_of(TimerKind kind) { return info_of(kind).name.substr(1); }

struct Timer {
  TimerKind kind{};
  std::uint64_t entity = 0;

  FIELDS(kind, entity)
  friend constexpr auto operator<=>(const Timer&, const Timer&) = default;
};

}  // namespace odradek::io
