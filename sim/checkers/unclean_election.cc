// The last known leader (KIP-966): who led before the ISR became empty may lead again when nobody is left who
// is known to hold everything, and if it is there.
//
// Whoever the ELR still names then is struck out in the very change: it registers anew in the same batch, and
// may have lost something. Source: PartitionChangeBuilder.electAnyLeader.
#include <fmt/format.h>

#include <algorithm>

#include "engine/base/describe.h"
#include "sim/checkers/checks.h"

namespace odradek::sim {

namespace {

bool is_last_known_leader(const PartitionTruth& before, BrokerId elected, const Candidacy& candidacy) {
  const auto is_replaced = [&candidacy](BrokerId broker) {
    return std::ranges::find(candidacy.replaced, broker) != candidacy.replaced.end();
  };
  const bool nobody_is_left = before.isr.empty() && std::ranges::all_of(before.elr, is_replaced);
  return before.eligible_leader_replicas && nobody_is_left && candidacy.is_unfenced &&
         before.last_known_elr == std::vector{elected};
}

}  // namespace

void check_no_unclean_election(const Scope& scope, const Target& target, const io::ChangePartition& change,
                               const Candidacy& candidacy, bool is_allowed) {
  const auto& before = target.state.truth;
  if (!before) return;
  scope.findings.count(Invariant::kI22);
  if (is_allowed) return;
  if (is_last_known_leader(*before, *change.leader, candidacy)) return;
  scope.findings.violate(
      Invariant::kI22, scope.now, target.tp,
      fmt::format("broker {} was elected leader of {} in leader epoch {}, from outside the ISR {} and the "
                  "ELR {}, with "
                  "the last known leader {}, and nobody allowed that",
                  change.leader->value(), target.name(), change.leader_epoch.value(), describe(before->isr),
                  describe(before->elr), describe(before->last_known_elr)),
      "an unclean election that no setting allows");
}

}  // namespace odradek::sim
