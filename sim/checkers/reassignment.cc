// I24: a reassignment ends when all target replicas are in the ISR, or by being taken back. One that is
// replaced by another with other targets goes on, unless these are all in the ISR already.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/base/describe.h"
#include "sim/checkers/checks.h"

namespace odradek::sim {

namespace {

std::set<BrokerId> without(const std::vector<BrokerId>& replicas, const std::vector<BrokerId>& others) {
  std::set<BrokerId> left(replicas.begin(), replicas.end());
  for (const BrokerId other : others) left.erase(other);
  return left;
}

}  // namespace

void check_reassignment(const Scope& scope, const Target& target, const io::ChangePartition& change) {
  const auto& before = target.state.truth;
  if (!before || (before->adding_replicas.empty() && before->removing_replicas.empty())) return;
  if (!change.adding_replicas.empty() || !change.removing_replicas.empty()) return;
  scope.findings.count(Invariant::kI24);
  const std::set<BrokerId> replicas(change.replicas.begin(), change.replicas.end());
  if (replicas == without(before->replicas, before->adding_replicas)) return;  // taken back
  const bool complete = std::ranges::all_of(replicas, [&change](BrokerId replica) {
    return std::ranges::find(change.isr, replica) != change.isr.end();
  });
  if (complete) return;
  scope.findings.violate(
      Invariant::kI24, scope.now, target.tp,
      fmt::format(
          "the reassignment of {} from {}, adding {} and removing {}, ended in partition epoch {} with "
          "replicas {} and ISR {}",
          target.name(), describe(before->replicas), describe(before->adding_replicas),
          describe(before->removing_replicas), change.partition_epoch.value(), describe(change.replicas),
          describe(change.isr)),
      "a reassignment ended before all its replicas were in sync");
}

}  // namespace odradek::sim
