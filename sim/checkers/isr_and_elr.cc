#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/describe.h"
#include "sim/checkers/checks.h"

namespace odradek::sim {

void check_isr_and_elr(const Scope& scope, const Target& target, const io::ChangePartition& change,
                       std::int32_t min_isr) {
  scope.findings.count(Invariant::kI18);
  const auto is_eligible = [&](BrokerId member) {
    return std::ranges::find(change.elr, member) != change.elr.end();
  };
  const bool overlap = std::ranges::any_of(change.isr, is_eligible);
  const bool suffices = std::cmp_greater_equal(change.isr.size(), min_isr);
  const bool led_from_within = !change.leader || !change.isr.empty();
  if (!overlap && led_from_within && (!suffices || change.elr.empty())) return;
  scope.findings.violate(
      Invariant::kI18, scope.now, target.tp,
      fmt::format("{} has the ISR {} and the ELR {} in partition epoch {}, with min.insync.replicas {}{}",
                  target.name(), describe(change.isr), describe(change.elr), change.partition_epoch.value(),
                  min_isr, change.leader ? " and a leader" : ""),
      "ISR and ELR contradict each other");
}

void check_recovering(const Scope& scope, const Target& target, const PartitionTruth& committed) {
  if (!committed.recovering) return;
  scope.findings.count(Invariant::kI18);
  // Nobody is in it while that leader is gone and stands in the ELR: whoever leads next recovers still.
  if (committed.isr.size() <= 1) return;
  scope.findings.violate(
      Invariant::kI18, scope.now, target.tp,
      fmt::format("{} has the ISR {} in partition epoch {}, though its leader recovers from an "
                  "unclean election",
                  target.name(), describe(committed.isr), committed.partition_epoch.value()),
      "a leader that recovers is not alone in the ISR");
}

}  // namespace odradek::sim
