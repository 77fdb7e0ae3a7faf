// VoteTally: who has voted how, among the voters of the set that counted when the election began.
//
// Source: org.apache.kafka.raft.internals.EpochElection.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "engine/raft/voter_set.h"

namespace odradek::raft {

class VoteTally {
 public:
  VoteTally() = default;
  /// The candidate's own vote is its own.
  VoteTally(const VoterSet& voters, NodeId self) {
    for (const ReplicaKey& key : voters.keys()) votes_[key];
    record(self, true);
  }

  /// Ignores whoever is no voter.
  void record(NodeId voter, bool granted) {
    for (auto& [key, vote] : votes_) {
      if (key.id == voter) vote = granted;
    }
  }

  [[nodiscard]] bool is_granted() const { return count(true) >= majority(); }
  /// So many have refused that no majority is left.
  [[nodiscard]] bool is_rejected() const {
    return static_cast<std::int64_t>(votes_.size()) - count(false) < majority();
  }
  [[nodiscard]] std::vector<ReplicaKey> unrecorded() const {
    std::vector<ReplicaKey> keys;
    for (const auto& [key, vote] : votes_) {
      if (!vote) keys.push_back(key);
    }
    return keys;
  }
  [[nodiscard]] std::vector<NodeId> granting() const {
    std::vector<NodeId> ids;
    for (const auto& [key, vote] : votes_) {
      if (vote == true) ids.push_back(key.id);
    }
    return ids;
  }

  FIELDS(votes_)
  friend bool operator==(const VoteTally&, const VoteTally&) = default;

 private:
  [[nodiscard]] std::int64_t majority() const { return static_cast<std::int64_t>(votes_.size() / 2 + 1); }
  [[nodiscard]] std::int64_t count(bool granted) const {
    return std::ranges::count_if(votes_, [granted](const auto& entry) { return entry.second == granted; });
  }

  std::map<ReplicaKey, std::optional<bool>> votes_;
};

}  // namespace odradek::raft
