#include <fmt/format.h>

#include <algorithm>

#include "sim/checkers/checks.h"

namespace odradek::sim {

void check_leader_in_isr(const Scope& scope, const Target& target, const io::ChangePartition& change) {
  if (!change.leader) return;
  scope.findings.count(Invariant::kI7);
  if (std::ranges::find(change.isr, *change.leader) != change.isr.end()) return;
  scope.findings.violate(Invariant::kI7, scope.now, target.tp,
                         fmt::format("leader {} of {} is not in the ISR in partition epoch {}",
                                     change.leader->value(), target.name(), change.partition_epoch.value()),
                         "a leader is outside its ISR");
}

}  // namespace odradek::sim
