// Findings: what the checkers have seen go wrong, and how much they have looked at.
//
// The first violation of each (invariant, partition) is kept: what follows from it would only repeat it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/ids.h"
#include "sim/checkers/registry.h"
#include "sim/checkers/violation.h"

namespace odradek::sim {

/// What a run did, so that a check that saw nothing is not taken for one that held.
#define ODRADEK_RUN_COUNTERS(X)                   \
  X(kLeaderElections, "leader-elections")         \
  X(kUncleanElections, "unclean-elections")       \
  X(kLeaderChanges, "leader-changes")             \
  X(kIsrShrinks, "isr-shrinks")                   \
  X(kIsrExpansions, "isr-expansions")             \
  X(kTruncations, "truncations")                  \
  X(kDivergences, "divergences")                  \
  X(kRecoveries, "recoveries")                    \
  X(kFencings, "fencings")                        \
  X(kControllerElections, "controller-elections") \
  X(kQuorumElections, "quorum-elections")         \
  X(kPreVotes, "pre-votes")                       \
  X(kVotes, "votes")                              \
  X(kResignations, "resignations")                \
  X(kMetadataTruncations, "metadata-truncations") \
  X(kVoterChanges, "voter-changes")               \
  X(kSnapshotsWritten, "snapshots-written")       \
  X(kSnapshotsLoaded, "snapshots-loaded")         \
  X(kDeletedTopics, "deleted-topics")             \
  X(kDeletedLogs, "deleted-logs")                 \
  X(kReassignments, "reassignments")              \
  X(kAcks0, "acks-0")                             \
  X(kAcks1, "acks-1")                             \
  X(kAcksAll, "acks-all")                         \
  X(kFullScans, "full-scans")

enum class Counter : std::uint8_t {
#define X(constant, name) constant,
  ODRADEK_RUN_COUNTERS(X)
#undef X
};

inline constexpr std::array kCounterNames = {
#define X(constant, name) std::string_view(name),
    ODRADEK_RUN_COUNTERS(X)
#undef X
};

#define X(...) +1
inline constexpr std::uint32_t kInvariantCount = 0 ODRADEK_INVARIANTS(X);
#undef X

/// When something was seen.
struct Sighting {
  Instant at;
  std::uint64_t event = 0;

  FIELDS(at, event)
  friend bool operator==(const Sighting&, const Sighting&) = default;
};

class Findings {
 public:
  static constexpr std::uint32_t kMaxViolations = 64;

  void count(Invariant invariant) { ++cases_[std::to_underlying(invariant)]; }
  void count(Counter counter) { ++counters_[std::to_underlying(counter)]; }
  void count(Counter counter, std::uint64_t n) { counters_[std::to_underlying(counter)] += n; }

  /// `witness` names kinds of things, no numbers: failures of one cause share it. `records` are those that it
  /// is about, if it is about some. Where a disk has decayed, what Kafka does not promise under that is noted
  /// as permitted instead.
  void violate(Invariant invariant, const Sighting& when, const TopicPartition& tp, std::string message,
               std::string_view witness, OffsetRange records = {});
  /// Something has not come about in its time. Where settings ask for more than their network can give,
  /// nobody promised that, and it is noted as permitted instead.
  void miss(Invariant invariant, const Sighting& when, const TopicPartition& tp, std::string message,
            std::string_view witness);
  /// True when a violation of the two would be dropped: its message need not be made.
  [[nodiscard]] bool knows(Invariant invariant, const TopicPartition& tp) const {
    return violations_.size() >= kMaxViolations || known_.contains({invariant, tp});
  }

  /// True when it was violated there, excused or not.
  [[nodiscard]] bool has_found(Invariant invariant, const TopicPartition& tp) const {
    return known_.contains({invariant, tp});
  }
  [[nodiscard]] bool is_full() const { return violations_.size() >= kMaxViolations; }

  /// Nobody promises from now on that anything comes to an end: these settings ask for more than their
  /// network can give.
  void excuse_liveness(std::vector<Permission> causes) { unbounded_by_ = std::move(causes); }
  [[nodiscard]] bool is_liveness_excused() const { return !unbounded_by_.empty(); }
  /// From now on `cause` permits what happens to this partition, or with a default one to brokers as such.
  void permit(const TopicPartition& tp, std::string_view cause) { permitted_by_.try_emplace(tp, cause); }

  [[nodiscard]] const std::vector<Violation>& violations() const { return violations_; }
  /// What would have been a violation without the decay of a disk, or with timeouts that can be met.
  [[nodiscard]] const std::vector<Permission>& excused() const { return excused_; }
  /// Counters by name and cases per invariant by id; invariants that saw no case stand there with 0.
  [[nodiscard]] std::map<std::string, std::uint64_t> exercised() const;

  FIELDS(cases_, counters_, known_, violations_, permitted_by_, unbounded_by_, excused_)
  friend bool operator==(const Findings&, const Findings&) = default;

 private:
  std::array<std::uint64_t, kInvariantCount> cases_{};
  std::array<std::uint64_t, kCounterNames.size()> counters_{};
  std::set<std::pair<Invariant, TopicPartition>> known_;
  std::vector<Violation> violations_;
  std::map<TopicPartition, std::string> permitted_by_;  ///< the first cause
  std::vector<Permission> unbounded_by_;                ///< why liveness is excused, if it is
  std::vector<Permission> excused_;
};

}  // namespace odradek::sim
