#include "sim/checkers/ledger.h"

#include <fmt/format.h>

#include <algorithm>

namespace odradek::sim {

namespace {

RecordLog tail(const RecordLog& log, Offset begin) {
  const Offset from = std::max(begin, log.start());
  RecordLog copy(from, 0);
  for (Offset offset = from; offset < log.end(); ++offset) copy.append(log.at(offset));
  return copy;
}

void report_loss(const Scope& scope, const TopicPartition& tp, const PartitionState& state, Offset begin,
                 Offset end) {
  if (begin >= end) return;
  const Fork& fork = *scope.permissions.last_fork(tp);
  const std::string_view what =
      fork.setting == kUncleanElection ? "unclean election" : "election of a replica that had lost data";
  const auto report = [&](std::string_view setting, Offset from, Offset to) {
    const std::string message =
        fmt::format("{} on {} in leader epoch {}", what, state.name(tp), fork.epoch.value());
    scope.permissions.report({.setting = std::string(setting),
                              .tp = tp,
                              .begin = from,
                              .end = to,
                              .at = scope.now.at,
                              .message = message});
  };
  report(fork.setting, begin, end);
  for (const auto& [from, to] : state.alone) {
    if (std::max(from, begin) < std::min(to, end))
      report(kMinIsrOfOne, std::max(from, begin), std::min(to, end));
  }
}

/// Cuts the ledger to what `leader` holds of it.
void cut_ledger(const Scope& scope, const TopicPartition& tp, PartitionState& state, BrokerId leader) {
  static const ReplicaShadow kNoReplica{};
  const ReplicaShadow* found = state.replica(leader);
  const ReplicaShadow& replica = found == nullptr ? kNoReplica : *found;
  const Offset visible = state.ledger.end();
  Fork& fork = *scope.permissions.last_fork(tp);
  fork.begin = std::min(fork.begin, replica.lacks(state.ledger, visible).value_or(visible));
  fork.survivors = tail(replica.log, fork.begin);
  report_loss(scope, tp, state, fork.begin, visible);
  state.ledger.truncate(fork.begin);
}

}  // namespace

void extend_ledger(const Scope& scope, const TopicPartition& tp, PartitionState& state, const Claim& claim,
                   Offset to) {
  if (!state.is_granted(claim.epoch, claim.leader) || scope.permissions.is_abandoned(tp, claim.epoch)) return;
  const RecordLog& log = state.replicas.at(claim.leader).log;
  while (state.ledger.end() < to && log.holds(state.ledger.end()))
    state.ledger.append(log.at(state.ledger.end()));
  state.ledger_epoch = std::max(state.ledger_epoch, claim.epoch);
}

void begin_fork(const Scope& scope, const TopicPartition& tp, PartitionState& state,
                std::string_view setting) {
  const Offset visible = state.ledger.end();
  scope.permissions.add_fork(tp, {.epoch = state.truth->leader_epoch,
                                  .begin = visible,
                                  .survivors = {},
                                  .setting = std::string(setting)});
  cut_ledger(scope, tp, state, *state.truth->leader);
  state.ledger_epoch = state.truth->leader_epoch;
  state.fork_settled = false;
}

void settle_fork(const Scope& scope, const TopicPartition& tp, PartitionState& state, const Claim& claim) {
  if (state.fork_settled || scope.permissions.is_abandoned(tp, claim.epoch)) return;
  cut_ledger(scope, tp, state, claim.leader);
  state.fork_settled = true;
}

void report_abandoned(const Scope& scope, const TopicPartition& tp, const PartitionState& state, Offset begin,
                      Offset end) {
  report_loss(scope, tp, state, std::max(begin, scope.permissions.last_fork(tp)->begin), end);
}

}  // namespace odradek::sim
