#include "sim/checkers/observer.h"

#include <algorithm>
#include <utility>

#include "engine/raft/roles.h"
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
  check_decided();
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
  t.role = true;
}

void Observer::note(const io::BecomeFollower& e) {
  Touch& t = touch(e.tp);
  t.claims = true;
  t.role = true;
}

void Observer::note(const io::AdvanceHighWatermark& e) {
  Touch& t = touch(e.tp);
  t.claims = true;
  t.made_visible |= e.as_leader;
}

// Events of brokers ---------------------------------------------------------------------------------

void Observer::on(const io::ChangeRaftRole& e) {
  if (e.role == raft::name_of(raft::RoleKind::kCandidate)) scope_.findings.count(Counter::kQuorumElections);
  if (e.role == raft::name_of(raft::RoleKind::kResigned)) scope_.findings.count(Counter::kResignations);
}

void Observer::on(const io::GrantVote& e) {
  scope_.findings.count(e.pre_vote ? Counter::kPreVotes : Counter::kVotes);
}

void Observer::on(const io::OpenLog& e) {
  if (e.log_end > e.log_start) scope_.findings.count(Counter::kRecoveries);
  if (partition(e.tp).replica(step_.node) == nullptr) return;
  check_topic_identity(scope_, target(e.tp), step_.node, {.begin = e.log_start, .end = e.log_end});
}

void Observer::on(const io::DeleteLog& e) {
  scope_.findings.count(Counter::kDeletedLogs);
  partition(e.tp).replicas.erase(step_.node);
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
  if (!state.deleted) check_acked(scope_, target(e.tp), step_.node, e);
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
  // Of each controller by itself: one may learn late that it won an election that is history by then.
  const auto [before, is_first] = state_.controller_epochs.emplace(step_.node, e.controller_epoch);
  if (!is_first) {
    check_grows(scope_, {},
                {.what = "controller epoch",
                 .node = step_.node,
                 .before = before->second.value(),
                 .after = e.controller_epoch.value(),
                 .strictly = true});
  }
  before->second = e.controller_epoch;
}

void Observer::on(const io::RegisterBroker& e) {
  auto& registrations = state_.brokers[e.broker].registrations;
  const std::optional<BrokerEpoch> before =
      registrations.empty() ? std::nullopt : std::optional(registrations.rbegin()->first);
  registrations.try_emplace(e.broker_epoch, e.incarnation);
  state_.brokers[e.broker].unfenced = false;
  departed_ = true;
  state_.losses.on_registered(e.broker);
  if (!before) return;
  check_grows(scope_, {},
              {.what = "broker epoch",
               .node = e.broker,
               .before = before->value(),
               .after = e.broker_epoch.value(),
               .strictly = true});
}

void Observer::on(const io::FenceBroker& e) {
  scope_.findings.count(Counter::kFencings);
  state_.brokers[e.broker].unfenced = false;
  departed_ = true;
}

void Observer::on(const io::ChangePartition& e) {
  decided_.insert(e.tp);
  PartitionState& state = partition(e.tp);
  check_partition_epochs(scope_, target(e.tp), e);
  check_leader_in_isr(scope_, target(e.tp), e);
  check_reassignment(scope_, target(e.tp), e);
  const bool is_new = !state.truth;
  const PartitionTruth before = state.truth.value_or(PartitionTruth{});
  PartitionTruth truth = step_.view.truth(e.tp).value_or(before);  // for its settings
  const Settings now{.min_isr = truth.effective_min_isr,
                     .unclean_elections = truth.unclean_leader_election_enable};
  const Settings former =
      settings_before_
          .try_emplace(e.tp, Settings{.min_isr = before.effective_min_isr,
                                      .unclean_elections = before.unclean_leader_election_enable})
          .first->second;
  const bool by_request = state_.unclean_by_request.contains({.topic = e.topic, .partition = e.tp.partition});
  const Settings settings{.min_isr = std::max(former.min_isr, now.min_isr),
                          .unclean_elections = former.unclean_elections || now.unclean_elections,
                          .unclean_by_request = by_request};
  if (e.unclean) {
    const bool is_allowed = settings.unclean_elections || settings.unclean_by_request;
    check_no_unclean_election(scope_, target(e.tp), e, candidacy_of(*e.leader), is_allowed);
  }
  truth.topic = e.topic;
  truth.replicas = e.replicas;
  truth.isr = e.isr;
  truth.elr = e.elr;
  truth.last_known_elr = e.last_known_elr;
  truth.adding_replicas = e.adding_replicas;
  truth.removing_replicas = e.removing_replicas;
  truth.leader = e.leader;
  truth.leader_epoch = e.leader_epoch;
  truth.partition_epoch = e.partition_epoch;
  const auto moves = [](const PartitionTruth& p) {
    return !p.adding_replicas.empty() || !p.removing_replicas.empty();
  };
  if (moves(truth) && !moves(before)) scope_.findings.count(Counter::kReassignments);
  state.truth = std::move(truth);
  for (const BrokerId replica : e.replicas) state_.permit_if_decayed(replica, e.tp);
  state_.losses.keep(e.tp, e.replicas);
  for (const BrokerId broker : before.replicas) {
    if (!target(e.tp).is_assigned(broker)) state.taken_away[broker] = e.leader_epoch;
  }
  check_isr_and_elr(scope_, target(e.tp), e, settings.min_isr);
  if (e.leader) state.granted.try_emplace(e.leader_epoch, *e.leader);
  if (e.leader && e.leader_changed && !is_new) elect(e, settings);
  // A move that is taken back may leave nobody who was in sync: then the first replica is, if the topic
  // allows it (PartitionReassignmentRevert).
  const auto was_complete = [&before](BrokerId member) {
    return std::ranges::count(before.isr, member) != 0 || std::ranges::count(before.elr, member) != 0;
  };
  const bool outsiders = !is_new && !e.isr.empty() && std::ranges::none_of(e.isr, was_complete);
  if (outsiders && !e.leader && settings.unclean_elections)
    begin_fork(scope_, e.tp, state, e.isr.front(), kUncleanElection);
  check_candidates(scope_, target(e.tp));
  check_strong_isr(scope_, target(e.tp));
  for (const BrokerId member : e.isr) {
    const bool joins = std::ranges::count(before.isr, member) == 0;
    if (joins || (e.leader_changed && e.leader == member)) state_.losses.on_back(e.tp, member);
  }
}

void Observer::on(const io::RemoveTopic& e) {
  scope_.findings.count(Counter::kDeletedTopics);
  const TopicPartition first{.topic_id = e.topic_id, .partition = PartitionId(0)};
  for (auto partition = state_.partitions.lower_bound(first);
       partition != state_.partitions.end() && partition->first.topic_id == e.topic_id; ++partition) {
    partition->second.write().deleted = true;
    state_.losses.keep(partition->first, {});
  }
}

// An election outside the ISR that the topic does not allow excuses nothing: it is held to what a clean one
// promises.
void Observer::elect(const io::ChangePartition& e, const Settings& settings) {
  scope_.findings.count(Counter::kLeaderElections);
  if (e.unclean) scope_.findings.count(Counter::kUncleanElections);
  PartitionState& state = partition(e.tp);
  // Without eligible leader replicas the last member of an ISR leads again whatever it has lost (KIP-966,
  // "last replica standing").
  const bool last_standing =
      !state.truth->eligible_leader_replicas && state_.losses.has_lost(*e.leader, e.tp);
  if (e.unclean && (settings.unclean_elections || settings.unclean_by_request)) {
    begin_fork(scope_, e.tp, state, *e.leader,
               settings.unclean_elections ? kUncleanElection : kUncleanByRequest);
  } else if (state.truth->least_min_isr == 1 && state_.losses.has_lost(*e.leader, e.tp)) {
    // It lost data while settings promised to survive that, and then they were changed not to.
    begin_fork(scope_, e.tp, state, *e.leader, kMinIsrOfOne);
  } else if (last_standing) {
    begin_fork(scope_, e.tp, state, *e.leader, kNoEligibleLeaderReplicas);
  } else {
    check_elected(scope_, target(e.tp));
  }
}

Candidacy Observer::candidacy_of(BrokerId elected) const {
  Candidacy candidacy;
  const auto known = state_.brokers.find(elected);
  candidacy.is_unfenced = known != state_.brokers.end() && known->second.unfenced;
  for (const io::Event& event : step_.events) {
    if (const auto* registered = std::get_if<io::RegisterBroker>(&event))
      candidacy.replaced.push_back(registered->broker);
  }
  return candidacy;
}

// The state after the step ----------------------------------------------------------------------------

/// Judged at the end of the step, since a batch of the metadata log takes effect as a whole.
void Observer::check_decided() {
  if (departed_) {
    for (const auto& [tp, partition] : state_.partitions) decided_.insert(tp);
  }
  for (const TopicPartition& tp : decided_) {
    const auto committed = step_.view.truth(tp);
    if (!committed) continue;
    const Target target{.tp = tp, .state = *state_.partitions.at(tp)};
    check_fenced_not_in_isr(scope_, target, *committed);
    check_recovering(scope_, target, *committed);
  }
}

void Observer::check_touched(const Touch& touch) {
  PartitionState& state = partition(touch.tp);
  state.learn_from(state.replicas.at(step_.node));
  if (state.deleted) return;  // nothing is promised of it any more
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
  if (touch.role) check_fetchers(scope_, target, step_.node);
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
