#include "sim/checkers/observer.h"

#include <algorithm>
#include <utility>

#include "sim/checkers/ledger.h"

namespace odradek::sim {

namespace {

/// Where records begin to differ from what was there before, whichever events said so.
void change_from(Touch& touch, Offset offset) {
  touch.changed_from = touch.changed_from ? std::min(*touch.changed_from, offset) : offset;
}

}  // namespace

Observer::Observer(CheckersState& state, const StepObservation& step)
    : state_(state),
      step_(step),
      scope_{.now = {.at = step.at, .event = step.event},
             .view = step.view,
             .losses = state.losses,
             .findings = state.findings,
             .permissions = state.permissions} {}

void Observer::run() {
  note_touches();
  std::erase_if(touches_, [this](const Touch& touch) {
    return !refresh(scope_, partition(touch.tp), step_.node, touch);
  });
  for (const io::Event& event : step_.events) {
    std::visit([this](const auto& e) { on(e); }, event);
  }
  for (const Touch& touch : touches_) check_touched(touch);
}

// Touches -----------------------------------------------------------------------------------------

void Observer::note_touches() {
  for (const io::Event& event : step_.events) {
    std::visit([this](const auto& e) { note(e); }, event);
  }
}

Touch& Observer::touch(const TopicPartition& tp) {
  const auto known = std::ranges::find(touches_, tp, &Touch::tp);
  return known != touches_.end() ? *known : touches_.emplace_back(Touch{.tp = tp, .changed_from = {}});
}

void Observer::note(const io::OpenLog& e) {
  Touch& t = touch(e.tp);
  t.opened = true;
  t.claims = true;
  // partition.metadata has no checksum: a flipped bit in it makes another topic of the log.
  if (!partition(e.tp).truth) state_.permit_if_decayed(step_.node, e.tp);
}

void Observer::note(const io::AppendLog& e) { change_from(touch(e.tp), e.base); }

void Observer::note(const io::TruncateLog& e) {
  Touch& t = touch(e.tp);
  change_from(t, e.end);
  t.shrank = true;
}

void Observer::note(const io::BecomeLeader& e) {
  Touch& t = touch(e.tp);
  t.claims = true;
  t.leads = true;
}

void Observer::note(const io::AdvanceHighWatermark& e) {
  Touch& t = touch(e.tp);
  t.claims = true;
  t.made_visible |= e.as_leader;
}

// Events of brokers ---------------------------------------------------------------------------------

void Observer::on(const io::OpenLog& e) {
  if (e.log_end > e.log_start) scope_.findings.count(Counter::kRecoveries);
}

void Observer::on(const io::AppendLog& e) {
  PartitionState& state = partition(e.tp);
  const ReplicaShadow* replica = state.replica(step_.node);
  if (!e.as_leader || replica == nullptr) return;
  check_leader_append(scope_, target(e.tp), step_.node, e);
  const RecordLog& log = replica->log;
  if (e.base < log.start() || e.base > log.end()) return;  // a gap, which I2 has reported
  const auto [place, first] = state.lineages.try_emplace(e.leader_epoch);
  Lineage& lineage = place->second;
  if (first) lineage = {.writer = step_.node, .records = RecordLog(e.base, log.prefix(e.base))};
  const Offset to = std::min(e.end, log.end());
  if (lineage.writer != step_.node || e.base > lineage.records.end()) return;
  for (Offset offset = lineage.records.end(); offset < to; ++offset) lineage.records.append(log.at(offset));
}

void Observer::on(const io::BecomeLeader& e) {
  scope_.findings.count(Counter::kLeaderChanges);
  PartitionState& state = partition(e.tp);
  check_one_leader(scope_, target(e.tp), step_.node, e.leader_epoch);
  state.believed.try_emplace(e.leader_epoch, step_.node);
  if (state.replica(step_.node) == nullptr) return;
  settle_forks(scope_, e.tp, state, {.leader = step_.node, .epoch = e.leader_epoch}, e.high_watermark);
  check_high_watermark_monotone(scope_, target(e.tp), step_.node, e.high_watermark, e.leader_epoch);
  ReplicaShadow& replica = state.replicas.at(step_.node);
  replica.led = e.leader_epoch;
  replica.led_high_watermark = e.high_watermark;
}

void Observer::on(const io::AdvanceHighWatermark& e) {
  PartitionState& state = partition(e.tp);
  if (!e.as_leader || state.replica(step_.node) == nullptr) return;
  check_high_watermark_monotone(scope_, target(e.tp), step_.node, e.to, e.leader_epoch);
  extend_ledger(scope_, e.tp, state, {.leader = step_.node, .epoch = e.leader_epoch}, e.to);
  report_abandoned(scope_, e.tp, state, e.leader_epoch, e.from, e.to);
  ReplicaShadow& replica = state.replicas.at(step_.node);
  replica.led = e.leader_epoch;
  replica.led_high_watermark = e.to;
}

void Observer::on(const io::AckProduce& e) {
  scope_.findings.count(e.acks == 0 ? Counter::kAcks0 : e.acks == 1 ? Counter::kAcks1 : Counter::kAcksAll);
  PartitionState& state = partition(e.tp);
  check_acked(scope_, target(e.tp), step_.node, e);
  if (e.acks == -1 && e.isr_size == 1 && e.base < e.end) {
    const bool joins = !state.alone.empty() && state.alone.back().second == e.base;
    if (joins) {
      state.alone.back().second = e.end;
    } else {
      state.alone.emplace_back(e.base, e.end);
    }
  }
  const ReplicaShadow* replica = state.replica(step_.node);
  if (replica != nullptr) report_abandoned(scope_, e.tp, state, replica->seen.leader_epoch, e.base, e.end);
}

void Observer::on(const io::ServeFetch& e) { check_served(scope_, target(e.tp), step_.node, e); }

void Observer::on(const io::PublishMetadata& e) {
  BrokerState& broker = state_.brokers[step_.node];
  const std::uint32_t incarnation = step_.view.incarnation(step_.node);
  if (broker.image_offset && broker.incarnation == incarnation) {
    check_grows(scope_, {},
                {.what = "published metadata offset",
                 .node = step_.node,
                 .before = broker.image_offset->value(),
                 .after = e.offset.value()});
  }
  broker.incarnation = incarnation;
  broker.image_offset = e.offset;
}

// Events of the controller ----------------------------------------------------------------------------

void Observer::on(const io::ElectController& e) {
  scope_.findings.count(Counter::kControllerElections);
  if (state_.controller_epoch) {
    check_grows(scope_, {},
                {.what = "controller epoch",
                 .node = step_.node,
                 .before = state_.controller_epoch->value(),
                 .after = e.controller_epoch.value(),
                 .strictly = true});
  }
  state_.controller_epoch = e.controller_epoch;
}

void Observer::on(const io::RegisterBroker& e) {
  auto& registrations = state_.brokers[e.broker].registrations;
  const std::optional<BrokerEpoch> before =
      registrations.empty() ? std::nullopt : std::optional(registrations.rbegin()->first);
  registrations.try_emplace(e.broker_epoch, e.incarnation);
  state_.losses.on_registered(e.broker);
  if (!before) return;
  check_grows(scope_, {},
              {.what = "broker epoch",
               .node = e.broker,
               .before = before->value(),
               .after = e.broker_epoch.value(),
               .strictly = true});
}

void Observer::on(const io::ChangePartition& e) {
  PartitionState& state = partition(e.tp);
  check_partition_epochs(scope_, target(e.tp), e);
  check_leader_in_isr(scope_, target(e.tp), e);
  const bool is_new = !state.truth;
  PartitionTruth truth =
      step_.view.truth(e.tp).value_or(state.truth.value_or(PartitionTruth{}));  // for its settings
  const std::vector<BrokerId> isr_before = is_new ? std::vector<BrokerId>() : state.truth->isr;
  truth.topic = e.topic;
  truth.replicas = e.replicas;
  truth.isr = e.isr;
  truth.elr = e.elr;
  truth.leader = e.leader;
  truth.leader_epoch = e.leader_epoch;
  truth.partition_epoch = e.partition_epoch;
  state.truth = std::move(truth);
  for (const BrokerId replica : e.replicas) state_.permit_if_decayed(replica, e.tp);
  check_isr_and_elr(scope_, target(e.tp), e);
  if (e.leader) state.granted.try_emplace(e.leader_epoch, *e.leader);
  if (e.leader && e.leader_changed && !is_new) elect(e);
  check_candidates(scope_, target(e.tp));
  check_strong_isr(scope_, target(e.tp));
  for (const BrokerId member : e.isr) {
    const bool joins = std::ranges::count(isr_before, member) == 0;
    if (joins || (e.leader_changed && e.leader == member)) state_.losses.on_back(e.tp, member);
  }
}

// An election outside the ISR that the topic does not allow excuses nothing: it is held to what a clean one
// promises.
void Observer::elect(const io::ChangePartition& e) {
  scope_.findings.count(Counter::kLeaderElections);
  if (e.unclean) scope_.findings.count(Counter::kUncleanElections);
  PartitionState& state = partition(e.tp);
  // Without eligible leader replicas the last member of an ISR leads again whatever it has lost (KIP-966,
  // "last replica standing").
  const bool last_standing =
      !state.truth->eligible_leader_replicas && state_.losses.has_lost(*e.leader, e.tp);
  if (e.unclean && state.truth->unclean_leader_election_enable) {
    begin_fork(scope_, e.tp, state, kUncleanElection);
  } else if (last_standing) {
    begin_fork(scope_, e.tp, state, kNoEligibleLeaderReplicas);
  } else {
    check_elected(scope_, target(e.tp));
  }
}

// The state after the step ----------------------------------------------------------------------------

void Observer::check_touched(const Touch& touch) {
  PartitionState& state = partition(touch.tp);
  state.learn_from(state.replicas.at(step_.node));
  const Target target = this->target(touch.tp);
  const ReplicaShadow& replica = target.state.replicas.at(step_.node);
  check_offset_order(scope_, target, step_.node);
  if (touch.changed_from || touch.opened) {
    const auto& epochs = replica.log.epochs();
    const Offset changed_from = touch.changed_from.value_or(replica.seen.log_start);
    const bool new_epoch = !epochs.empty() && epochs.back().offset >= changed_from;
    check_epoch_order(scope_, target, step_.node);
    if (new_epoch || touch.shrank || touch.opened) check_epoch_cache(scope_, target, step_.node);
    if (!touch.opened) check_prefix_by_epoch(scope_, target, step_.node);
  } else if (touch.leads) {
    check_epoch_cache(scope_, target, step_.node);
  }
  if (touch.claims || touch.shrank) check_log_matching(scope_, target, step_.node);
  if (touch.claims && replica.seen.is_leader) {
    check_valid_high_watermark(scope_, target, step_.node);
    check_weak_isr(scope_, target, step_.node);
    check_strong_isr(scope_, target);
  }
  if (touch.made_visible || touch.shrank || touch.opened) check_candidates(scope_, target);
  if (touch.shrank || touch.opened) check_current_leader(touch.tp);
}

// A follower lost records. What its leader is waiting for may have changed without an event, so it is asked
// anew.
void Observer::check_current_leader(const TopicPartition& tp) {
  PartitionState& state = partition(tp);
  if (state.current_leader() == nullptr) return;
  const BrokerId leader = *state.truth->leader;
  if (auto now = step_.view.replica(leader, tp)) state.replicas.at(leader).seen = std::move(*now);
  check_valid_high_watermark(scope_, target(tp), leader);
  check_weak_isr(scope_, target(tp), leader);
  check_strong_isr(scope_, target(tp));
}

}  // namespace odradek::sim
