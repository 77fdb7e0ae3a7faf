#include "sim/checkers/checkers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/checkers/history_checks.h"
#include "sim/checkers/liveness.h"
#include "sim/checkers/observer.h"
#include "sim/checkers/shadowing.h"

namespace odradek::sim {

namespace {

constexpr std::uint64_t kScanInterval = 1'024;

void report(CheckersState& state, const Sighting& now, const std::vector<Unsettled>& found,
            std::span<const std::string> pending) {
  const std::string suffix = pending.empty() ? "" : fmt::format("; pending: {}", fmt::join(pending, ", "));
  for (const Unsettled& unsettled : found) {
    state.findings.miss(unsettled.invariant, now, unsettled.tp, unsettled.message + suffix,
                        unsettled.witness);
  }
}

/// H7: nothing vanishes in the simulated network.
void check_conservation(Findings& findings, const Sighting& now, const MessageBalance& messages) {
  findings.count(Invariant::kConservation);
  if (messages.sent == messages.arrived + messages.dropped + messages.under_way) return;
  findings.violate(Invariant::kConservation, now, {},
                   fmt::format("{} messages were sent, {} arrived, {} were dropped, {} are under way",
                               messages.sent, messages.arrived, messages.dropped, messages.under_way),
                   "a message vanished or came from nowhere");
}

}  // namespace

void Checkers::observe(const StepObservation& step) {
  if (!step.events.empty()) Observer(state_, step).run();
  if (step.event < state_.next_scan) return;
  state_.next_scan = step.event + kScanInterval;
  full_scan(state_, {.at = step.at, .event = step.event}, step.view, Scan::kInTurn);
}

void Checkers::on_unclean_end(BrokerId broker, bool data) {
  for (const auto& [tp, partition] : state_.partitions) {
    if (partition->deleted || !partition->truth) continue;
    if (std::ranges::count(partition->truth->replicas, broker) == 0) continue;
    state_.losses.end(broker, tp, data);
  }
}

void Checkers::on_burial(BrokerId broker, const ClusterView& view) {
  for (auto& [tp, shared] : state_.partitions) {
    if (shared->replica(broker) == nullptr) continue;
    if (const auto found = view.buried_log(broker, tp)) {
      bury(shared.write(), broker, *found);
    } else {
      shared.write().replicas.erase(broker);
    }
  }
}

void Checkers::on_decay(BrokerId broker, Decay kind) {
  const auto place = state_.decayed.try_emplace(broker, fmt::format("disk-decay={}", name_of(kind))).first;
  state_.findings.permit({}, place->second);
  for (const auto& [tp, partition] : state_.partitions) {
    if (partition->truth && std::ranges::count(partition->truth->replicas, broker) != 0)
      state_.permit_if_decayed(broker, tp);
  }
}

std::vector<Permission> Checkers::permissions() const {
  std::vector<Permission> all = state_.permissions.reported();
  const std::vector<Permission>& excused = state_.findings.excused();
  all.insert(all.end(), excused.begin(), excused.end());
  return all;
}

void Checkers::at_settled(const SettledObservation& settled) {
  const Sighting now{.at = settled.at, .event = settled.event};
  full_scan(state_, now, settled.view, Scan::kEverything);
  for (const Invariant invariant :
       {Invariant::kI26, Invariant::kI27, Invariant::kI28, Invariant::kI29, Invariant::kI30, Invariant::kI61,
        Invariant::kI62, Invariant::kI63, Invariant::kI64}) {
    state_.findings.count(invariant);
  }
  report(state_, now, find_unsettled(state_, settled.view), settled.pending);
  report(state_, now, find_unresolved_writes(settled), settled.pending);
}

void Checkers::at_end(const EndObservation& end) {
  const Sighting now{.at = end.at, .event = end.event};
  full_scan(state_, now, end.view, Scan::kEveryRecord);
  if (end.settled) report(state_, now, find_refused_writes(end.history, *end.settled), {});
  check_history(state_, end);
  check_conservation(state_.findings, now, end.messages);
}

void Checkers::miss(Invariant invariant, const Sighting& now, std::string message) {
  state_.findings.miss(invariant, now, {}, std::move(message), info_of(invariant).id);
}

std::map<TopicPartition, Replicated> Checkers::replicated() const {
  std::map<TopicPartition, Replicated> all;
  for (const auto& [tp, partition] : state_.partitions) {
    const ReplicaShadow* leader = partition->current_leader();
    if (leader == nullptr || partition->deleted) continue;
    const Offset end = leader->log.end();
    Replicated& replicated = all[tp] = {.epoch = leader->seen.leader_epoch};
    for (const auto& [broker, replica] : partition->replicas) {
      replicated.incarnations += replica.incarnation;
      if (&replica != leader) replicated.records += replica.lacks(leader->log, end).value_or(end).value();
    }
  }
  return all;
}

std::vector<std::string> Checkers::unsettled(const ClusterView& view) const {
  std::vector<std::string> reasons;
  for (const Unsettled& found : find_unsettled(state_, view)) reasons.push_back(found.message);
  return reasons;
}

}  // namespace odradek::sim
