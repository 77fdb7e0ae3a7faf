// Who is registered anew starts fenced, and leaves the ISRs that its earlier incarnation earned.
#include <fmt/format.h>

#include <algorithm>

#include "engine/base/describe.h"
#include "sim/checkers/checks.h"

namespace odradek::sim {

void check_fenced_not_in_isr(const Scope& scope, const Target& target, const PartitionTruth& committed) {
  if (committed.isr.empty()) return;
  scope.findings.count(Invariant::kI17);
  const auto is_gone = [&scope](BrokerId broker) { return !scope.view.is_active(broker); };
  const auto gone = std::ranges::find_if(committed.isr, is_gone);
  if (gone == committed.isr.end() || scope.findings.knows(Invariant::kI17, target.tp)) return;
  const bool is_last = committed.isr.size() == 1 && !committed.eligible_leader_replicas;
  const bool leads = committed.leader == *gone;
  if (is_last && !leads) return;
  scope.findings.violate(
      Invariant::kI17, scope.now, target.tp,
      fmt::format("broker {}, which is fenced or shuts down, {} {} in partition epoch {}, whose ISR is {}",
                  gone->value(), leads ? "leads" : "is in the ISR of", target.name(),
                  committed.partition_epoch.value(), describe(committed.isr)),
      leads ? "a broker leads that is fenced or shuts down" : "a member of the ISR is fenced or shuts down");
}

}  // namespace odradek::sim
