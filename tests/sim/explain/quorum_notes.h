// QuorumNotes: chronicles of a metadata quorum written by hand. The voters are the controllers 101, 102 and
// 103; every entry has one record.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "tests/sim/explain/notes.h"

namespace odradek::sim {

inline constexpr NodeId kOne{101};
inline constexpr NodeId kTwo{102};
inline constexpr NodeId kThree{103};
inline constexpr NodeId kBroker{1};

/// Two entries of one offset and epoch differ by their contents.
inline Entry entry_at(std::int64_t offset, std::int32_t epoch, std::uint64_t content = 0,
                      bool decides = true) {
  return {.base = Offset(offset),
          .end = Offset(offset + 1),
          .epoch = LeaderEpoch(epoch),
          .content = {.high = content, .low = 0},
          .records = decides ? "TopicRecord" : "NoOpRecord",
          .decides = decides};
}

class QuorumNotes {
 public:
  QuorumNotes() : notes_(TopicPartition()) {
    for (const NodeId node : {kOne, kTwo, kThree, kBroker}) starts(node);
  }

  [[nodiscard]] Notes& notes() { return notes_; }
  [[nodiscard]] const Chronicle& chronicle() const { return notes_.chronicle(); }

  /// A process comes up with what it has on disk, and knows of nothing that is committed.
  void starts(NodeId node) {
    notes_.happens(node, NodeStarted{});
    notes_.step({.node = node, .spur = Spur::kBoot});
    MetadataSeen& seen = seen_[node];
    seen.restarted = true;
    seen.voters = {kOne, kTwo, kThree};
    seen.log_end = seen.durable_end;
    seen.high_watermark = Offset(0);
    seen.kept_end = Offset(0);
    std::vector<Entry>& log = logs_[node];
    std::erase_if(log, [&](const Entry& entry) { return entry.end > seen.log_end; });
    seen.appended = log;
    seen.durable_end = Offset(0);  // until it has flushed again
    show(node);
  }
  void dies(NodeId node) { notes_.happens(node, NodeDied{.ending = Ending::kBetween}); }

  void becomes(NodeId node, raft::RoleKind role, std::int32_t epoch, std::optional<NodeId> leader = {}) {
    notes_.step({.node = node, .spur = Spur::kTimer, .timer = io::TimerKind::kRaftPoll});
    notes_.emits(io::ChangeRaftRole{std::string(raft::name_of(role)), LeaderEpoch(epoch), leader});
    seen_[node].role = role;
    seen_[node].epoch = LeaderEpoch(epoch);
    seen_[node].leader = leader;
    show(node);
  }
  void votes(NodeId voter, NodeId candidate, std::int32_t epoch, bool pre_vote = false) {
    const std::uint64_t asked = notes_.chronicle().steps.size();
    notes_.hears(voter, asked, api::ApiKey::kVote);
    notes_.emits(io::GrantVote{candidate, LeaderEpoch(epoch), pre_vote});
    if (pre_vote) return;
    seen_[voter].epoch = LeaderEpoch(epoch);
    seen_[voter].voted = candidate;
    show(voter);
  }
  /// It stands, gets this vote, leads, and is followed by whoever voted.
  void elects(NodeId candidate, NodeId voter, std::int32_t epoch) {
    becomes(candidate, raft::RoleKind::kCandidate, epoch);
    votes(voter, candidate, epoch);
    becomes(candidate, raft::RoleKind::kLeader, epoch, candidate);
    becomes(voter, raft::RoleKind::kFollower, epoch, candidate);
  }

  void appends(NodeId node, const Entry& entry, bool durable = true) {
    notes_.step({.node = node, .spur = Spur::kTimer, .timer = io::TimerKind::kNoOpRecord});
    MetadataSeen& seen = seen_[node];
    logs_[node].push_back(entry);
    seen.kept_end = seen.log_end;
    seen.log_end = entry.end;
    seen.appended = {entry};
    if (durable) seen.durable_end = entry.end;
    show(node);
  }
  void commits(NodeId leader, std::int64_t to) {
    notes_.step({.node = leader, .spur = Spur::kMessage, .api = api::ApiKey::kFetch});
    MetadataSeen& seen = seen_[leader];
    notes_.emits(io::CommitMetadata{seen.high_watermark, Offset(to), seen.epoch});
    seen.high_watermark = Offset(to);
    show(leader);
  }
  void truncates(NodeId node, std::int64_t end) {
    notes_.step({.node = node, .spur = Spur::kMessage, .api = api::ApiKey::kFetch, .response = true});
    MetadataSeen& seen = seen_[node];
    notes_.emits(io::TruncateMetadata{seen.log_end, Offset(end), seen.epoch});
    std::erase_if(logs_[node], [end](const Entry& entry) { return entry.end > Offset(end); });
    seen.log_end = Offset(end);
    seen.durable_end = std::min(seen.durable_end, seen.log_end);
    seen.kept_end = seen.log_end;
    show(node);
  }

  /// That a check fails now.
  [[nodiscard]] Subject subject(std::string invariant) {
    return {.quorum = true,
            .findings = {{.invariant = std::move(invariant),
                          .at = notes_.now(),
                          .event = notes_.chronicle().steps.size(),
                          .message = "it is so"}}};
  }

 private:
  void show(NodeId node) {
    MetadataSeen& seen = seen_[node];
    notes_.shows(seen);
    seen.restarted = false;
    seen.appended.clear();
    seen.kept_end = seen.log_end;
  }

  Notes notes_;
  std::map<NodeId, MetadataSeen> seen_;
  std::map<NodeId, std::vector<Entry>> logs_;
};

}  // namespace odradek::sim
