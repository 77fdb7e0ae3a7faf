// The roles of a voter in a KRaft quorum. Each type holds what only that role has; which may follow which is
// a table that the code checks and tests enumerate.
//
// So far a quorum has one voter, which elects itself; Prospective and Follower come with the others. Brokers
// are observers (observer.h). Source: org.apache.kafka.raft.EpochState and its implementations; KIP-595.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <variant>

#include "engine/raft/leader.h"

namespace odradek::raft {

/// Knows an epoch and no leader.
struct Unattached {
  FIELDS()
  friend bool operator==(const Unattached&, const Unattached&) = default;
};

/// Led the epoch before it restarted: must not lead it again, for it cannot know what it had promised.
struct Resigned {
  FIELDS()
  friend bool operator==(const Resigned&, const Resigned&) = default;
};

/// Voted for itself and waits for a majority: with one voter, for its own vote to be durable.
struct Candidate {
  FIELDS()
  friend bool operator==(const Candidate&, const Candidate&) = default;
};

using Role = std::variant<Unattached, Resigned, Candidate, Leader>;

enum class RoleKind : std::uint8_t { kUnattached, kResigned, kCandidate, kLeader };  ///< in the order of Role

[[nodiscard]] inline RoleKind kind_of(const Role& role) { return static_cast<RoleKind>(role.index()); }

struct Transition {
  RoleKind from;
  RoleKind to;
  std::string_view why;
};

inline constexpr std::array kTransitions = {
    Transition{RoleKind::kUnattached, RoleKind::kCandidate,
               "the only voter need not wait for an election timeout"},
    Transition{RoleKind::kResigned, RoleKind::kCandidate,
               "the epoch that it led is over; it stands for the next"},
    Transition{RoleKind::kCandidate, RoleKind::kLeader, "a majority voted for it"},
};

[[nodiscard]] constexpr bool is_allowed(RoleKind from, RoleKind to) {
  for (const Transition& transition : kTransitions) {
    if (transition.from == from && transition.to == to) return true;
  }
  return false;
}

}  // namespace odradek::raft
