// Permissions: what the configuration of a run allows to be lost, and nothing else.
//
// Two things are kept apart. The list of `Permission`s is the report: setting, event and range of each loss
// that took place. `covers` is what checkers ask, and it is exact: about one record at one offset.
//
// - An unclean election lets a leader drop what its own log lacks. It covers records that were written in an
// earlier
//   leader epoch, at or beyond the point where the new leader's log leaves what was visible, and that are not
//   in the new leader's log. What later leaders write at the same offsets is not covered.
// - acks=0 and acks=1 let an acknowledgement be lost: a record that never became visible. A record that was
// visible
//   once is not covered, so that these settings never excuse a lost read.
// - Who deletes a topic deletes its records: those that were acknowledged are not in a final log.
// - Without idempotence a retry may duplicate a record. That is reported and covers nothing.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/ids.h"
#include "sim/checkers/record_log.h"
#include "sim/checkers/violation.h"

namespace odradek::sim {

inline constexpr const char* kUncleanElection = "unclean.leader.election.enable=true";
inline constexpr const char* kUncleanByRequest = "ElectLeaders UNCLEAN";
inline constexpr const char* kNoEligibleLeaderReplicas = "eligible.leader.replicas.version=0";
inline constexpr const char* kMinIsrOfOne = "min.insync.replicas=1";
inline constexpr const char* kNoIdempotence = "enable.idempotence=false";
inline constexpr const char* kTopicDeleted = "topic deleted";

/// What a setting means for whoever relies on records, in plain words, and where that is written.
struct SettingInfo {
  std::string_view setting;
  std::string_view meaning;
  std::string_view source;
};

/// The settings that permit a loss or a duplicate. Decayed disks and timeouts that no network can meet, which
/// permit something too, say so themselves.
inline constexpr std::array kPermittingSettings = {
    SettingInfo{
        kUncleanElection,
        "When no in-sync replica is left, the controller may let a replica lead that lags behind. The "
        "partition is available again, and what that replica lacks is lost.",
        "unclean.leader.election.enable, KIP-106"},
    SettingInfo{kUncleanByRequest,
                "An administrator asked for somebody to lead who may lag behind (kafka-leader-election.sh "
                "--election-type unclean). What that replica lacks is lost.",
                "ElectLeaders, KIP-460"},
    SettingInfo{
        kNoEligibleLeaderReplicas,
        "Without eligible leader replicas the last member of the ISR stays in it when it dies, and leads "
        "again when it comes back, even if its disk has lost what was not flushed.",
        "KIP-966"},
    SettingInfo{
        kMinIsrOfOne,
        "acks=all waits for all in-sync replicas, and with min.insync.replicas=1 the leader alone may be "
        "all of them. What only one machine has, one machine can lose.",
        "min.insync.replicas"},
    SettingInfo{kNoIdempotence,
                "Without idempotence a producer that sends again after a lost answer may leave two copies.",
                "enable.idempotence, KIP-98"},
    SettingInfo{
        "acks=1",
        "With acks=1 the leader answers as soon as it has the record itself. If it dies before a follower "
        "has fetched the record, nobody has it.",
        "acks"},
    SettingInfo{kTopicDeleted,
                "Whoever deletes a topic deletes what is in it, acknowledged or not. A topic that is created "
                "again under the same name starts empty.",
                "DeleteTopics, KIP-516"},
    SettingInfo{"acks=0", "With acks=0 a producer does not wait for any answer, and hears of no loss.",
                "acks"},
};

/// One unclean election: from `begin` on only `survivors`, the new leader's log at its election, is left of
/// the past.
struct Fork {
  LeaderEpoch epoch;  ///< of the new leader
  Offset begin;
  RecordLog survivors;
  std::string setting;      ///< what permits it
  bool is_pending = false;  ///< the new leader has not taken up its epoch, and may never do so
  LeaderEpoch since{-1};    ///< it is about records and leaders of [since, epoch) only

  FIELDS(epoch, begin, survivors, setting, is_pending, since)
  friend bool operator==(const Fork&, const Fork&) = default;

  [[nodiscard]] bool keeps(Offset offset, const LoggedRecord& record) const {
    return survivors.holds(offset) && survivors.at(offset) == record;
  }
  [[nodiscard]] bool leaves_behind(LeaderEpoch older) const { return since <= older && older < epoch; }
  [[nodiscard]] bool dropped(Offset offset, const LoggedRecord& record) const {
    return leaves_behind(record.epoch) && offset >= begin && !keeps(offset, record);
  }
};

class Permissions {
 public:
  /// False when nothing of this partition is covered.
  [[nodiscard]] bool knows(const TopicPartition& tp) const {
    return has_forked(tp) || lost_acks_.contains(tp);
  }
  /// True when the loss of this record is permitted, and so is everything that follows from it at this
  /// offset.
  [[nodiscard]] bool covers(const TopicPartition& tp, Offset offset, const LoggedRecord& record) const;
  /// The same for a record that was acknowledged and that no log is known to have held in any epoch.
  [[nodiscard]] bool covers_lost_ack(const TopicPartition& tp, Offset offset, std::uint64_t content) const;
  [[nodiscard]] bool has_forked(const TopicPartition& tp) const;
  /// True when readers may be sent back to this offset: those who asked a leader that was late where their
  /// records end, and were told that they end there (KIP-320).
  [[nodiscard]] bool sends_back(const TopicPartition& tp, Offset to) const;
  /// True when a leader of this epoch leads what an unclean election has left behind.
  [[nodiscard]] bool is_abandoned(const TopicPartition& tp, LeaderEpoch epoch) const;

  void add_lost_ack(const TopicPartition& tp, Offset offset, std::uint64_t content) {
    lost_acks_[tp].insert({offset, content});
  }
  /// Adds to the report, joined with an adjacent loss of the same setting and message.
  void report(Permission permission);

  /// In the order of their epochs.
  [[nodiscard]] std::vector<Fork>& forks(const TopicPartition& tp) { return forks_[tp]; }

  [[nodiscard]] const std::vector<Permission>& reported() const { return reported_; }

  FIELDS(reported_, forks_, lost_acks_)
  friend bool operator==(const Permissions&, const Permissions&) = default;

 private:
  std::vector<Permission> reported_;
  std::map<TopicPartition, std::vector<Fork>> forks_;
  std::map<TopicPartition, std::set<std::pair<Offset, std::uint64_t>>> lost_acks_;
};

}  // namespace odradek::sim
