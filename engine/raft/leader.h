// Leader: what a replica keeps while it leads an epoch: how far the others have got, what is committed, and
// the requests that wait for more.
//
// A record is committed when a majority of the voters holds it durably and a record of this epoch, its
// LeaderChange, is among what is committed. The leader's own end counts as far as it is flushed; a follower's
// is where it fetches from, for it flushes before it fetches on.
//
// 1. The high watermark never decreases and lies beyond the epoch's start.
// 2. It covers only what a majority of the voters of the latest set holds, which counts once it is appended.
//
// Source: org.apache.kafka.raft.LeaderState; KIP-595, KIP-853; Raft, section 5.4.2.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "engine/base/time.h"
#include "engine/io/config.h"
#include "engine/raft/requester.h"
#include "engine/raft/voter_set.h"

namespace odradek::raft {

/// How far another replica has got, as its fetches tell.
struct Progress {
  std::optional<Offset> end_offset;
  std::optional<Timestamp> last_fetch;
  std::optional<Timestamp> last_caught_up;
  Offset leader_end_at_last_fetch;

  FIELDS(end_offset, last_fetch, last_caught_up, leader_end_at_last_fetch)
  friend bool operator==(const Progress&, const Progress&) = default;
};

/// A fetch that waits for records, or for a newer high watermark (KIP-1166).
struct ParkedFetch {
  Requester from;
  ReplicaKey replica;
  api::FetchPartition wanted;
  Timestamp deadline;

  FIELDS(from, replica, wanted, deadline)
  friend bool operator==(const ParkedFetch&, const ParkedFetch&) = default;
};

enum class VoterChangeKind : std::uint8_t { kAdd, kRemove };

/// A change of the voters that somebody waits for; there is one at a time.
struct VoterChange {
  VoterChangeKind kind{};
  std::optional<Requester> from;  ///< absent once its connection is gone
  ReplicaKey voter;
  std::optional<Offset> offset;  ///< of its record; absent while the new voter is asked what it supports
  Timestamp deadline;

  FIELDS(kind, from, voter, offset, deadline)
  friend bool operator==(const VoterChange&, const VoterChange&) = default;
};

class Leader {
 public:
  using Observers = std::map<ReplicaKey, Progress>;

  Leader(const ReplicaKey& self, Offset epoch_start, const VoterSet& voters, std::vector<NodeId> granting,
         const io::QuorumConfig& config, const io::Flaws& flaws, Timestamp time);

  [[nodiscard]] Offset epoch_start_offset() const { return epoch_start_; }
  [[nodiscard]] std::optional<Offset> high_watermark() const { return high_watermark_; }
  /// When it became the leader, or the voters changed last.
  [[nodiscard]] Timestamp since() const { return since_; }
  [[nodiscard]] const std::vector<NodeId>& granting_voters() const { return granting_; }
  [[nodiscard]] const std::map<NodeId, Progress>& voters() const { return progress_; }
  /// Who is no voter and fetches, or did of late.
  [[nodiscard]] const Observers& observers() const { return observers_; }
  /// It fetched within the last five minutes (LeaderState.clearInactiveObservers).
  [[nodiscard]] static bool is_alive(const Progress& observer, Timestamp time);

  /// The own log is durable up to here, and these are the voters now. True when the high watermark moved.
  bool update_local(Offset durable_end, const VoterSet& voters, Timestamp time);
  /// A replica fetches from `offset`: it holds durably what lies before. True when the high watermark moved.
  bool on_fetch(const ReplicaKey& replica, Offset offset, Offset log_end, Timestamp time);
  /// A sign of life: it fetches a snapshot.
  void on_fetch_snapshot(const ReplicaKey& replica, Timestamp time);
  /// Has been at the end of the log, and fetched within the last hour.
  [[nodiscard]] bool is_caught_up(const ReplicaKey& observer, Timestamp time) const;

  /// When it must resign, for too few voters have fetched; absent with a single voter.
  [[nodiscard]] std::optional<Timestamp> check_quorum_deadline() const;
  /// When it next tells all voters that it leads.
  [[nodiscard]] Timestamp begin_epoch_deadline() const { return begin_epoch_deadline_; }
  void restart_begin_epoch_timer(Timestamp time) { begin_epoch_deadline_ = time + fetch_timeout_ms_ / 2; }
  /// All other voters, whoever has most of the log first.
  [[nodiscard]] std::vector<ReplicaKey> successors() const;

  std::vector<ParkedFetch> parked;
  std::optional<VoterChange> change;
  /// At kraft.version 0: the voters with what they have told this leader of themselves, which no log keeps;
  /// what a raise of the level writes down (KRaftVersionUpgrade.Voters).
  std::optional<VoterSet> volatile_voters;
  bool has_begun = false;  ///< its LeaderChange is in the log
  bool resign_requested = false;

  FIELDS(self_, epoch_start_, since_, set_, granting_, fetch_timeout_ms_, flaws_, high_watermark_, progress_,
         observers_, fetched_, check_quorum_deadline_, begin_epoch_deadline_, parked, change, volatile_voters,
         has_begun, resign_requested)
  friend bool operator==(const Leader&, const Leader&) = default;

 private:
  void set_voters(const VoterSet& voters);
  void count_as_fetched(const ReplicaKey& replica, Timestamp time);
  [[nodiscard]] std::int64_t check_quorum_ms() const { return fetch_timeout_ms_ * 3 / 2; }
  [[nodiscard]] Progress& progress_of(const ReplicaKey& replica);
  bool maybe_advance();

  ReplicaKey self_;
  Offset epoch_start_;
  Timestamp since_;
  VoterSet set_;
  std::vector<NodeId> granting_;
  std::int64_t fetch_timeout_ms_ = 0;
  io::Flaws flaws_;
  std::optional<Offset> high_watermark_;
  std::map<NodeId, Progress> progress_;  ///< of the voters, itself included
  Observers observers_;
  std::set<NodeId> fetched_;  ///< voters that have fetched since the timer of the quorum was restarted
  Timestamp check_quorum_deadline_;
  Timestamp begin_epoch_deadline_;
};

}  // namespace odradek::raft
