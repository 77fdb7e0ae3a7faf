// I8 and I14: what a leader may claim to be committed.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/checkers/checks.h"

namespace odradek::sim {

namespace {

/// Whoever may be elected without the leader hearing of it first: its committed and maximal ISR, what it has
/// asked for, and what the controller has committed in this epoch.
std::set<BrokerId> may_be_in_sync(const Target& target, BrokerId leader) {
  const ReplicaView& seen = target.state.replicas.at(leader).seen;
  std::set<BrokerId> members(seen.isr.begin(), seen.isr.end());
  members.insert(seen.maximal_isr.begin(), seen.maximal_isr.end());
  if (seen.proposal) members.insert(seen.proposal->begin(), seen.proposal->end());
  const auto& truth = target.state.truth;
  if (truth && truth->leader == leader && truth->leader_epoch == seen.leader_epoch) {
    members.insert(truth->isr.begin(), truth->isr.end());
  }
  return members;
}

}  // namespace

void check_valid_high_watermark(const Scope& scope, const Target& target, BrokerId leader) {
  const ReplicaView& seen = target.state.replicas.at(leader).seen;
  if (!seen.is_leader || scope.permissions.is_abandoned(target.tp, seen.leader_epoch)) return;
  if (seen.high_watermark > seen.log_start) scope.findings.count(Invariant::kI8);
  for (const BrokerId broker : may_be_in_sync(target, leader)) {
    if (!target.counts_for(broker, seen.leader_epoch)) continue;
    const ReplicaShadow* member = target.state.replica(broker);
    const Offset log_end = member == nullptr ? Offset(0) : member->log.end();
    if (scope.losses.has_lost(broker, target.tp)) continue;  // until it is back (loss_ledger.h)
    if (seen.high_watermark <= log_end || scope.findings.knows(Invariant::kI8, target.tp)) continue;
    scope.findings.violate(Invariant::kI8, scope.now, target.tp,
                           fmt::format("leader {} of {} has high watermark {}, but broker {}, which the "
                                       "controller may count as in sync, "
                                       "ends at {}",
                                       leader.value(), target.name(), seen.high_watermark.value(),
                                       broker.value(), log_end.value()),
                           "a high watermark passed the log end of a possible member of the ISR",
                           {.begin = log_end, .end = seen.high_watermark});
  }
}

// A new leader's high watermark is stale until it reaches the start of its epoch; only then do consumers rely
// on it (KIP-207). A leader older than the one that last moved the ledger is merely behind.
void check_high_watermark_monotone(const Scope& scope, const Target& target, BrokerId leader,
                                   Offset high_watermark, LeaderEpoch epoch) {
  scope.findings.count(Invariant::kI14);
  const ReplicaShadow& replica = target.state.replicas.at(leader);
  if (replica.led == epoch && high_watermark < replica.led_high_watermark) {
    scope.findings.violate(
        Invariant::kI14, scope.now, target.tp,
        fmt::format("the high watermark of leader {} of {} went back from {} to {} within leader epoch {}",
                    leader.value(), target.name(), replica.led_high_watermark.value(), high_watermark.value(),
                    epoch.value()),
        "a leader's high watermark went back", {.begin = high_watermark, .end = replica.led_high_watermark});
    return;
  }
  const bool visible =
      replica.seen.leader_epoch == epoch && high_watermark >= replica.seen.leader_epoch_start;
  const bool current =
      epoch >= target.state.ledger_epoch && !scope.permissions.is_abandoned(target.tp, epoch);
  if (!visible || !current || high_watermark >= target.state.ledger.end()) return;
  scope.findings.violate(
      Invariant::kI14, scope.now, target.tp,
      fmt::format(
          "leader {} of {} shows high watermark {} in leader epoch {} after an earlier leader showed {}",
          leader.value(), target.name(), high_watermark.value(), epoch.value(),
          target.state.ledger.end().value()),
      "the visible high watermark went back at a change of leader",
      {.begin = high_watermark, .end = target.state.ledger.end()});
}

}  // namespace odradek::sim
