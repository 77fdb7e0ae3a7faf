// The roles of a replica in a metadata quorum. Each type holds what only that role has; which may follow
// which is a table that the code checks and tests enumerate.
//
// Epoch, leader and vote stand in ElectionState (quorum_state.h), which outlives a role. Observers are
// Unattached or Follower. Source: org.apache.kafka.raft.EpochState and its implementations; KIP-595, KIP-996.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/raft/leader.h"
#include "engine/raft/vote_tally.h"

namespace odradek::raft {

/// The deadline of whoever waits for nothing: an observer waits for no election.
inline constexpr Timestamp kNever{std::int64_t{1} << 62};

/// Knows an epoch and no leader; may have voted.
struct Unattached {
  Timestamp election_deadline;

  FIELDS(election_deadline)
  friend bool operator==(const Unattached&, const Unattached&) = default;
};

/// Led this epoch and leads it no longer, since it resigned or was restarted: it cannot know what it had
/// promised.
struct Resigned {
  Timestamp election_deadline;
  std::set<NodeId> unacknowledged;               ///< who has not heard of it
  std::vector<ReplicaKey> preferred_candidates;  ///< who has most of the log first

  FIELDS(election_deadline, unacknowledged, preferred_candidates)
  friend bool operator==(const Resigned&, const Resigned&) = default;
};

/// Asks whether it would be elected, before it disturbs anybody with a new epoch (KIP-996).
struct Prospective {
  VoteTally votes;
  Timestamp election_deadline;

  FIELDS(votes, election_deadline)
  friend bool operator==(const Prospective&, const Prospective&) = default;
};

/// Voted for itself in a new epoch, and asks the others to.
struct Candidate {
  VoteTally votes;
  Timestamp election_deadline;

  FIELDS(votes, election_deadline)
  friend bool operator==(const Candidate&, const Candidate&) = default;
};

/// Knows the leader of the epoch, and fetches from it.
struct Follower {
  Timestamp fetch_deadline;
  Timestamp update_voter_deadline;  ///< when it next looks whether the leader knows it rightly
  bool has_fetched = false;         ///< from this leader
  bool has_told = false;            ///< this leader what it is, as a voter does at kraft.version 0

  FIELDS(fetch_deadline, update_voter_deadline, has_fetched, has_told)
  friend bool operator==(const Follower&, const Follower&) = default;
};

using Role = std::variant<Unattached, Resigned, Prospective, Candidate, Leader, Follower>;

/// In the order of Role.
enum class RoleKind : std::uint8_t { kUnattached, kResigned, kProspective, kCandidate, kLeader, kFollower };

inline constexpr std::array<std::string_view, std::variant_size_v<Role>> kRoleNames = {
    "Unattached", "Resigned", "Prospective", "Candidate", "Leader", "Follower"};

[[nodiscard]] inline RoleKind kind_of(const Role& role) { return static_cast<RoleKind>(role.index()); }
[[nodiscard]] constexpr std::string_view name_of(RoleKind kind) {
  return kRoleNames[static_cast<std::size_t>(kind)];
}

struct Transition {
  RoleKind from;
  RoleKind to;
  std::string_view why;
};

inline constexpr std::array kTransitions = {
    Transition{RoleKind::kUnattached, RoleKind::kUnattached, "a higher epoch"},
    Transition{RoleKind::kUnattached, RoleKind::kFollower, "somebody leads"},
    Transition{RoleKind::kUnattached, RoleKind::kProspective, "nobody leads for an election timeout"},
    Transition{RoleKind::kUnattached, RoleKind::kCandidate, "the only voter need not ask"},
    Transition{RoleKind::kResigned, RoleKind::kUnattached, "a higher epoch, or no voter any more"},
    Transition{RoleKind::kResigned, RoleKind::kFollower, "somebody leads a higher epoch"},
    Transition{RoleKind::kResigned, RoleKind::kCandidate, "nobody leads for an election timeout"},
    Transition{RoleKind::kProspective, RoleKind::kCandidate, "a majority would vote for it"},
    Transition{RoleKind::kProspective, RoleKind::kUnattached,
               "a higher epoch, or no majority would vote for it"},
    Transition{RoleKind::kProspective, RoleKind::kFollower,
               "somebody leads, or no majority would vote for it"},
    Transition{RoleKind::kCandidate, RoleKind::kLeader, "a majority voted for it"},
    Transition{RoleKind::kCandidate, RoleKind::kProspective, "it was not elected within an election timeout"},
    Transition{RoleKind::kCandidate, RoleKind::kUnattached, "a higher epoch, or no voter any more"},
    Transition{RoleKind::kCandidate, RoleKind::kFollower, "somebody else leads"},
    Transition{RoleKind::kLeader, RoleKind::kResigned,
               "no majority fetches, it is no voter any more, or it shuts down"},
    Transition{RoleKind::kLeader, RoleKind::kUnattached, "a higher epoch"},
    Transition{RoleKind::kLeader, RoleKind::kFollower, "somebody leads a higher epoch"},
    Transition{RoleKind::kFollower, RoleKind::kProspective, "the leader gives no answer for a fetch timeout"},
    Transition{RoleKind::kFollower, RoleKind::kUnattached, "a higher epoch"},
    Transition{RoleKind::kFollower, RoleKind::kFollower, "somebody leads a higher epoch"},
    Transition{RoleKind::kFollower, RoleKind::kCandidate, "the only voter need not ask"},
};

[[nodiscard]] constexpr bool is_allowed(RoleKind from, RoleKind to) {
  for (const Transition& transition : kTransitions) {
    if (transition.from == from && transition.to == to) return true;
  }
  return false;
}

}  // namespace odradek::raft
