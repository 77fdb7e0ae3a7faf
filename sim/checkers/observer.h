// One step of one node, seen by the checkers: which checks an event can have affected is decided here.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "sim/checkers/checkers.h"
#include "sim/checkers/checks.h"
#include "sim/checkers/shadowing.h"

namespace odradek::sim {

class Observer {
 public:
  Observer(CheckersState& state, const StepObservation& step);

  void run();

 private:
  /// Which replicas of this node the events touch.
  void note_touches();
  Touch& touch(const TopicPartition& tp);
  PartitionState& partition(const TopicPartition& tp) { return state_.partitions[tp].write(); }
  Target target(const TopicPartition& tp) { return {.tp = tp, .state = partition(tp)}; }

  void note(const io::OpenLog& e);
  void note(const io::AppendLog& e);
  void note(const io::TruncateLog& e);
  void note(const io::BecomeLeader& e);
  void note(const io::BecomeFollower& e);
  void note(const io::AdvanceHighWatermark& e);
  void note(const io::ProposeIsr& e) { touch(e.tp).claims = true; }
  void note(const io::ShrinkIsr& e) { touch(e.tp).claims = true; }
  void note(const io::ExpandIsr& e) { touch(e.tp).claims = true; }
  void note(const io::AckProduce&) {}
  void note(const io::RejectProduce&) {}
  void note(const io::ServeFetch&) {}
  void note(const io::AnswerDivergence&) {}
  void note(const io::PublishMetadata&) {}
  void note(const io::LearnFencing&) {}
  void note(const io::ElectController&) {}
  void note(const io::RegisterBroker&) {}
  void note(const io::FenceBroker&) {}
  void note(const io::UnfenceBroker&) {}
  void note(const io::ChangePartition&) {}
  void note(const io::ResetPosition&) {}
  void note(const io::RemoveTopic&) {}
  void note(const io::ChangeRaftRole&) {}
  void note(const io::GrantVote&) {}
  void note(const io::TruncateMetadata&) {}
  void note(const io::CommitMetadata&) {}
  void note(const io::ChangeVoters&) {}
  void note(const io::WriteSnapshot&) {}
  void note(const io::LoadSnapshot&) {}
  void note(const io::DeleteLog&) {}

  void on(const io::OpenLog& e);
  void on(const io::AppendLog& e);
  void on(const io::TruncateLog&) { scope_.findings.count(Counter::kTruncations); }
  void on(const io::BecomeLeader& e);
  void on(const io::BecomeFollower&) {}
  void on(const io::AdvanceHighWatermark& e);
  void on(const io::ProposeIsr&) {}
  void on(const io::ShrinkIsr&) { scope_.findings.count(Counter::kIsrShrinks); }
  void on(const io::ExpandIsr&) { scope_.findings.count(Counter::kIsrExpansions); }
  void on(const io::AckProduce& e);
  void on(const io::RejectProduce&) {}
  void on(const io::ServeFetch& e);
  void on(const io::AnswerDivergence&) { scope_.findings.count(Counter::kDivergences); }
  void on(const io::PublishMetadata& e);
  void on(const io::LearnFencing&) {}
  void on(const io::ElectController& e);
  void on(const io::RegisterBroker& e);
  void on(const io::FenceBroker& e);
  void on(const io::UnfenceBroker& e) { state_.brokers[e.broker].unfenced = true; }
  void on(const io::ChangePartition& e);
  void on(const io::ResetPosition&) {}
  void on(const io::ChangeRaftRole& e);
  void on(const io::GrantVote& e);
  void on(const io::TruncateMetadata&) { scope_.findings.count(Counter::kMetadataTruncations); }
  void on(const io::CommitMetadata&) {}
  void on(const io::ChangeVoters&) { scope_.findings.count(Counter::kVoterChanges); }
  void on(const io::WriteSnapshot&) { scope_.findings.count(Counter::kSnapshotsWritten); }
  void on(const io::LoadSnapshot&) { scope_.findings.count(Counter::kSnapshotsLoaded); }

  [[nodiscard]] Candidacy candidacy_of(BrokerId elected) const;
  void check_decided();
  void on(const io::RemoveTopic& e);
  void on(const io::DeleteLog& e);

  /// Settings that a change may have been made under: a batch of the metadata log may hold a change of
  /// settings too, before it or after it, and is seen as a whole.
  struct Settings {
    std::int32_t min_isr = 1;
    bool unclean_elections = false;
    bool unclean_by_request = false;
  };
  void elect(const io::ChangePartition& e, const Settings& settings);
  void check_touched(const Touch& touch);
  void check_current_leader(const TopicPartition& tp);

  CheckersState& state_;
  const StepObservation& step_;
  Scope scope_;
  std::vector<Touch> touches_;
  std::set<TopicPartition> decided_;  ///< those that the controller has changed
  bool departed_ = false;             ///< it has fenced somebody, which concerns any partition
  std::map<TopicPartition, Settings> settings_before_;  ///< this step, of the partitions that it changes
};

/// How much a scan looks at.
enum class Scan : std::uint8_t {
  kInTurn,  ///< some partitions after those of the scan before, so that a scan costs the same in any cluster
  kEverything,   ///< all partitions
  kEveryRecord,  ///< and every record of every live log is read again
};
/// All checks on the state.
void full_scan(CheckersState& state, const Sighting& now, const ClusterView& view, Scan scan);

}  // namespace odradek::sim
