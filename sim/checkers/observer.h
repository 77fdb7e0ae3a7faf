// One step of one node, seen by the checkers: which checks an event can have affected is decided here.
#pragma once

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
  void note(const io::BecomeFollower& e) { touch(e.tp).claims = true; }
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
  void on(const io::FenceBroker&) { scope_.findings.count(Counter::kFencings); }
  void on(const io::UnfenceBroker&) {}
  void on(const io::ChangePartition& e);
  void on(const io::ResetPosition&) {}

  void elect(const io::ChangePartition& e);
  void check_touched(const Touch& touch);
  void check_current_leader(const TopicPartition& tp);

  CheckersState& state_;
  const StepObservation& step_;
  Scope scope_;
  std::vector<Touch> touches_;
};

/// All checks on the state of all partitions; with `whole` every record of every live log is read again.
void full_scan(CheckersState& state, const Sighting& now, const ClusterView& view, bool whole);

}  // namespace odradek::sim
