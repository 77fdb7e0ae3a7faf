#include "sim/checkers/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace odradek::sim {

namespace {

RecordLog tail(const RecordLog& log, Offset begin) {
  const Offset from = std::max(begin, log.start());
  RecordLog copy(from, 0);
  for (Offset offset = from; offset < log.end(); ++offset) copy.append(log.at(offset));
  return copy;
}

/// The fork loses what lies between where it begins, or `from` if that is later, and `end`.
void report_loss(const Scope& scope, const TopicPartition& tp, const PartitionState& state, const Fork& fork,
                 Offset end, Offset from = Offset(0)) {
  const Offset begin = std::max(fork.begin, from);
  if (begin >= end) return;
  const std::string_view what = fork.setting == kUncleanElection || fork.setting == kUncleanByRequest
                                    ? "unclean election"
                                    : "election of a replica that had lost data";
  const auto report = [&](std::string_view setting, Offset first, Offset last) {
    const std::string message =
        fmt::format("{} on {} in leader epoch {}", what, state.name(tp), fork.epoch.value());
    scope.permissions.report({.setting = std::string(setting),
                              .tp = tp,
                              .begin = first,
                              .end = last,
                              .at = scope.now.at,
                              .message = message});
  };
  report(fork.setting, begin, end);
  for (const auto& [first, last] : state.alone) {
    if (std::max(first, begin) < std::min(last, end))
      report(kMinIsrOfOne, std::max(first, begin), std::min(last, end));
  }
}

/// Cuts `ledger` to what `leader` holds of it: the fork begins there.
void cut(RecordLog& ledger, Fork& fork, const PartitionState& state, BrokerId leader) {
  static const ReplicaShadow kNoReplica{};
  const ReplicaShadow* found = state.replica(leader);
  const ReplicaShadow& replica = found == nullptr ? kNoReplica : *found;
  fork.begin = replica.lacks(ledger, ledger.end()).value_or(ledger.end());
  fork.survivors = tail(replica.log, fork.begin);
  ledger.truncate(fork.begin);
}

/// Enters what a leader of `epoch`, whose log this is, makes visible below `to`: as far as it has survived
/// all of `forks` since.
void extend(RecordLog& ledger, const RecordLog& log, Offset to, LeaderEpoch epoch,
            const std::vector<Fork>& forks, bool also_pending) {
  const auto survived = [&](Offset at) {
    return std::ranges::all_of(forks, [&](const Fork& fork) {
      return !fork.leaves_behind(epoch) || (fork.is_pending && !also_pending) || fork.keeps(at, log.at(at));
    });
  };
  for (Offset at = ledger.end(); at < to && log.holds(at) && survived(at); ++at) ledger.append(log.at(at));
}

}  // namespace

void extend_ledger(const Scope& scope, const TopicPartition& tp, PartitionState& state, const Claim& claim,
                   Offset to) {
  if (!state.is_granted(claim.epoch, claim.leader)) return;
  const RecordLog& log = state.replicas.at(claim.leader).log;
  const std::vector<Fork>& forks = scope.permissions.forks(tp);
  extend(state.ledger, log, to, claim.epoch, forks, true);
  if (state.unforked) extend(*state.unforked, log, to, claim.epoch, forks, false);
  if (!scope.permissions.is_abandoned(tp, claim.epoch))
    state.ledger_epoch = std::max(state.ledger_epoch, claim.epoch);
}

void begin_fork(const Scope& scope, const TopicPartition& tp, PartitionState& state, BrokerId survivor,
                std::string_view setting) {
  if (!state.unforked) state.unforked = state.ledger;
  Fork fork{.epoch = state.truth->leader_epoch, .setting = std::string(setting), .is_pending = true};
  cut(state.ledger, fork, state, survivor);
  scope.permissions.forks(tp).push_back(std::move(fork));
  state.ledger_epoch = state.truth->leader_epoch;
}

/// Somebody takes up its epoch after a later one was: what it has and others do not, and what it writes from
/// here on, is left behind.
void begin_side_line(const Scope& scope, const TopicPartition& tp, const PartitionState& state,
                     const Claim& claim) {
  if (!scope.permissions.is_abandoned(tp, claim.epoch)) return;
  const RecordLog& log = state.replicas.at(claim.leader).log;
  std::vector<Fork>& forks = scope.permissions.forks(tp);
  Fork fork{.epoch = forks.back().epoch, .setting = forks.back().setting};
  fork.begin = first_mismatch(state.ledger, log, log.start(), log.end()).value_or(log.end());
  fork.survivors = tail(state.ledger, fork.begin);
  fork.since = log.holds(fork.begin) ? log.at(fork.begin).epoch : claim.epoch;
  forks.insert(std::prev(forks.end()), std::move(fork));
}

void settle_forks(const Scope& scope, const TopicPartition& tp, PartitionState& state, const Claim& claim,
                  Offset high_watermark) {
  if (!state.unforked) return begin_side_line(scope, tp, state, claim);
  std::vector<Fork>& forks = scope.permissions.forks(tp);
  const bool is_last = claim.epoch >= forks.back().epoch;
  const auto taken_up =
      is_last ? std::prev(forks.end()) : std::ranges::find(forks, claim.epoch, &Fork::epoch);
  if (taken_up == forks.end() || !taken_up->is_pending) return;
  const Offset visible = state.unforked->end();
  cut(*state.unforked, *taken_up, state, claim.leader);
  taken_up->is_pending = false;
  report_loss(scope, tp, state, *taken_up, visible);
  if (!is_last) {
    state.ledger.truncate(taken_up->begin);
    return;
  }
  // The broker that was elected never led, and who leads instead has everything.
  const bool never_was = !state.is_granted(taken_up->epoch, claim.leader) && taken_up->begin == visible;
  if (never_was) forks.pop_back();
  std::erase_if(forks, &Fork::is_pending);
  state.ledger = *std::exchange(state.unforked, std::nullopt);
  // It is all of the ISR now, and its high watermark may be that of the history it has left.
  extend_ledger(scope, tp, state, claim, high_watermark);
}

void report_pending_forks(const Scope& scope, const TopicPartition& tp, const PartitionState& state) {
  if (!state.unforked) return;
  for (const Fork& fork : scope.permissions.forks(tp)) {
    if (fork.is_pending) report_loss(scope, tp, state, fork, state.unforked->end());
  }
}

void report_abandoned(const Scope& scope, const TopicPartition& tp, const PartitionState& state,
                      LeaderEpoch epoch, Offset begin, Offset end) {
  if (state.unforked || !scope.permissions.is_abandoned(tp, epoch)) return;
  report_loss(scope, tp, state, scope.permissions.forks(tp).back(), end, begin);
}

}  // namespace odradek::sim
