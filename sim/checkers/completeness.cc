// I10 and I11: whoever leads, or could be elected now, holds all that was ever made visible. Brokers that are
// down count with what lies on their disks: their page cache outlives the process. Whoever has lost data does
// not count while the controller cannot know it: its registration strikes it out of ISR and ELR.
#include <fmt/format.h>

#include "sim/checkers/checks.h"

namespace odradek::sim {

namespace {

void check_complete(const Scope& scope, const Target& target, Invariant invariant, BrokerId broker,
                    std::string_view role, std::string_view witness) {
  const RecordLog& ledger = target.state.ledger;
  if (ledger.end() == ledger.start()) return;
  scope.findings.count(invariant);
  const ReplicaShadow* replica = target.state.replica(broker);
  const auto lacks =
      replica == nullptr ? std::optional(ledger.start()) : replica->lacks(ledger, ledger.end());
  if (!lacks || scope.findings.knows(invariant, target.tp)) return;
  const bool shorter = replica == nullptr || !replica->log.holds(*lacks);
  const std::string has =
      shorter ? "its log ends before it"
              : fmt::format("it holds another record there{}", record_name(scope, broker, target.tp, *lacks));
  scope.findings.violate(
      invariant, scope.now, target.tp,
      fmt::format("broker {} {} {} without offset {}, which was visible up to {}: {}", broker.value(), role,
                  target.name(), lacks->value(), ledger.end().value(), has),
      witness, record_at(*lacks));
}

/// It has lost data, and the controller cannot know: not before the next incarnation is registered (KIP-966),
/// and never while eligible leader replicas are off.
bool is_beyond_knowing(const Scope& scope, const Target& target, BrokerId broker) {
  const bool never = !target.state.truth->eligible_leader_replicas;
  return never ? scope.losses.has_lost(broker, target.tp) : scope.losses.is_unknown(broker, target.tp);
}

}  // namespace

void check_elected(const Scope& scope, const Target& target) {
  const auto& truth = target.state.truth;
  if (!truth || !truth->leader) return;
  // The controller may elect a broker whose loss it cannot know. It leads nobody: its listeners are closed
  // until it is registered anew, and then another is elected.
  if (is_beyond_knowing(scope, target, *truth->leader)) return;
  check_complete(scope, target, Invariant::kI10, *truth->leader, "was elected leader of",
                 "an elected leader lacks a committed record");
}

void check_candidates(const Scope& scope, const Target& target) {
  if (!target.state.truth) return;
  for (const BrokerId broker : target.state.truth->isr) {
    if (is_beyond_knowing(scope, target, broker)) continue;
    check_complete(scope, target, Invariant::kI11, broker, "is in the ISR of",
                   "a member of the ISR lacks a committed record");
  }
  for (const BrokerId broker : target.state.truth->elr) {
    if (is_beyond_knowing(scope, target, broker)) continue;
    check_complete(scope, target, Invariant::kI11, broker, "is eligible to lead",
                   "an eligible leader replica lacks a committed record");
  }
}

}  // namespace odradek::sim
