#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/describe.h"
#include "sim/checkers/checks.h"

namespace odradek::sim {

void check_isr_and_elr(const Scope& scope, const Target& target, const io::ChangePartition& change) {
  scope.findings.count(Invariant::kI18);
  const auto is_eligible = [&](BrokerId member) {
    return std::ranges::find(change.elr, member) != change.elr.end();
  };
  const bool overlap = std::ranges::any_of(change.isr, is_eligible);
  const bool suffices = std::cmp_greater_equal(change.isr.size(), target.state.truth->effective_min_isr);
  const bool led_from_within = !change.leader || !change.isr.empty();
  if (!overlap && led_from_within && (!suffices || change.elr.empty())) return;
  scope.findings.violate(
      Invariant::kI18, scope.now, target.tp,
      fmt::format("{} has the ISR {} and the ELR {} in partition epoch {}, with min.insync.replicas {}{}",
                  target.name(), describe(change.isr), describe(change.elr), change.partition_epoch.value(),
                  target.state.truth->effective_min_isr, change.leader ? " and a leader" : ""),
      "ISR and ELR contradict each other");
}

}  // namespace odradek::sim
