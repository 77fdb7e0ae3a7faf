// SubscriptionState: a consumer's partitions and where it stands in each.
//
//   INITIALIZING ──policy──> AWAIT_RESET ──offset found──> AWAIT_VALIDATION <──leader moved── FETCHING
//                                └──────── seek ─────────> FETCHING <──epoch confirmed──┘
//
// 1. A position advances only when a poll returns the records before it, or skips control records.
// 2. Each seek, reset or new assignment gives the partition a new version; answers to questions asked under
// an
//    earlier one are ignored.
//
// Source: org.apache.kafka.clients.consumer.internals.SubscriptionState; validation: KIP-320.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/client/client_metadata.h"
#include "engine/io/config.h"

namespace odradek::client {

enum class FetchState : std::uint8_t { kInitializing, kFetching, kAwaitReset, kAwaitValidation };

[[nodiscard]] constexpr std::string_view name_of(FetchState state) {
  switch (state) {
    case FetchState::kInitializing: return "INITIALIZING";
    case FetchState::kFetching: return "FETCHING";
    case FetchState::kAwaitReset: return "AWAIT_RESET";
    case FetchState::kAwaitValidation: return "AWAIT_VALIDATION";
  }
  return "UNKNOWN";
}

/// What ListOffsets is asked for: an end of the log, or the first record at or after a timestamp.
using OffsetTarget = std::variant<api::OffsetSpec, Timestamp>;

struct FetchPosition {
  Offset offset;                            ///< next record to fetch
  std::optional<LeaderEpoch> offset_epoch;  ///< of the record before it, when known
  std::optional<KnownLeader> current_leader;

  FIELDS(offset, offset_epoch, current_leader)
  friend bool operator==(const FetchPosition&, const FetchPosition&) = default;
};

/// A Seek call that returns once its position is found.
struct ParkedSeek {
  CallId id;
  MonotonicTime deadline;

  FIELDS(id, deadline)
  friend bool operator==(const ParkedSeek&, const ParkedSeek&) = default;
};

struct PartitionState {
  FetchState state = FetchState::kInitializing;
  FetchPosition position;  ///< meaningful in FETCHING and AWAIT_VALIDATION
  OffsetTarget reset_to;   ///< meaningful in AWAIT_RESET
  std::uint64_t version = 0;
  bool asked = false;                       ///< a reset or validation is in flight
  std::optional<MonotonicTime> not_before;  ///< backoff of the next request for this partition
  bool announced = true;                    ///< ResetPosition was emitted for the position
  std::optional<ParkedSeek> seek;

  FIELDS(state, position, reset_to, version, asked, not_before, announced, seek)
  friend bool operator==(const PartitionState&, const PartitionState&) = default;

  [[nodiscard]] bool may_ask(const Now& now) const {
    return !asked && (!not_before || *not_before <= now.monotonic);
  }
};

class SubscriptionState {
 public:
  using Partitions = std::map<io::NamedPartition, PartitionState>;

  /// Replaces the assignment. Partitions that stay keep their state, as in Kafka's assignFromUser. Returns
  /// the seeks of those that go.
  [[nodiscard]] std::vector<CallId> assign(const std::vector<io::NamedPartition>& partitions);

  [[nodiscard]] PartitionState* find(const io::NamedPartition& partition);
  [[nodiscard]] Partitions& partitions() { return partitions_; }
  [[nodiscard]] const Partitions& partitions() const { return partitions_; }

  /// The position is to be looked up.
  void await_reset(PartitionState& partition, OffsetTarget target);
  /// The position is set, by a seek or by a lookup; it is validated if its epoch is known.
  void set_position(PartitionState& partition, FetchPosition position);
  /// Follows the partition to its current leader; what was fetched before may have been truncated there.
  static void follow_leader(PartitionState& partition, const KnownLeader& leader);

  FIELDS(partitions_, next_version_)
  friend bool operator==(const SubscriptionState&, const SubscriptionState&) = default;

 private:
  void renew(PartitionState& partition);

  Partitions partitions_;
  std::uint64_t next_version_ = 1;
};

/// What auto.offset.reset looks for; absent with "none".
[[nodiscard]] std::optional<OffsetTarget> reset_target(io::OffsetReset policy);

}  // namespace odradek::client
