// A replica that has lost what it had not flushed is exempt until it is back (loss_ledger.h).
//
// I6 and I6w: one comparison, over the controller's ISR and over the leader's.
//
// They part when the controller and a leader disagree: then the strong one breaks and the weak one holds,
// which tells where to look.
#include <fmt/format.h>

#include <algorithm>

#include "sim/checkers/checks.h"

namespace odradek::sim {

namespace {

void check_members(const Scope& scope, const Target& target, Invariant invariant, BrokerId leader,
                   const std::vector<BrokerId>& isr) {
  const ReplicaShadow& leads = target.state.replicas.at(leader);
  if (scope.permissions.is_abandoned(target.tp, leads.seen.leader_epoch)) return;
  const Offset to = std::min(leads.seen.high_watermark, leads.log.end());
  if (to > leads.seen.log_start) scope.findings.count(invariant);
  static const ReplicaShadow kNoReplica{};
  for (const BrokerId broker : isr) {
    if (broker == leader || scope.losses.has_lost(broker, target.tp)) continue;
    if (!target.counts_for(broker, leads.seen.leader_epoch)) continue;
    const ReplicaShadow* found = target.state.replica(broker);
    const ReplicaShadow& member = found == nullptr ? kNoReplica : *found;
    const auto lacks = member.lacks(leads.log, to);
    if (!lacks || scope.is_excused(target.tp, member, *lacks) || scope.findings.knows(invariant, target.tp))
      continue;
    scope.findings.violate(
        invariant, scope.now, target.tp,
        fmt::format(
            "broker {} is in the ISR of {}, but lacks offset {}{}, which is below the high watermark {} of "
            "leader {} (leader epoch {})",
            broker.value(), target.name(), lacks->value(), record_name(scope, leader, target.tp, *lacks),
            to.value(), leader.value(), leads.seen.leader_epoch.value()),
        "a member of the ISR lacks a record below the leader's high watermark", record_at(*lacks));
  }
}

}  // namespace

void check_strong_isr(const Scope& scope, const Target& target) {
  if (target.state.current_leader() == nullptr) return;
  check_members(scope, target, Invariant::kI6, *target.state.truth->leader, target.state.truth->isr);
}

void check_weak_isr(const Scope& scope, const Target& target, BrokerId leader) {
  const ReplicaView& seen = target.state.replicas.at(leader).seen;
  if (seen.is_leader) check_members(scope, target, Invariant::kI6Weak, leader, seen.isr);
}

}  // namespace odradek::sim
