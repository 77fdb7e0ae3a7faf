// I23 and I103, at the moment when a broker answers a produce with acks=all. I103 is checked once more at the
// end, from what producers were told.
#include <fmt/format.h>

#include <algorithm>

#include "sim/checkers/checks.h"

namespace odradek::sim {

namespace {

/// How many replicas of the assignment hold [base, end) as the leader does; a member of its ISR counts too
/// when it has lost them since it fetched them, unknown to all, or has cut them to follow an election that
/// left this leader behind.
std::int32_t holders(const Scope& scope, const Target& target, const ReplicaShadow& leader,
                     const io::AckProduce& ack) {
  const bool left_behind = scope.is_excused(target.tp, leader, ack.base);
  std::int32_t count = 0;
  for (const BrokerId broker : target.state.truth->replicas) {
    const ReplicaShadow* replica = target.state.replica(broker);
    const bool had = std::ranges::count(leader.seen.isr, broker) > 0 &&
                     (left_behind || scope.losses.has_lost(broker, target.tp));
    if (replica != nullptr && (had || agree(replica->log, leader.log, ack.base, ack.end))) ++count;
  }
  return count;
}

}  // namespace

void check_acked(const Scope& scope, const Target& target, BrokerId broker, const io::AckProduce& ack) {
  const ReplicaShadow* leader = target.state.replica(broker);
  if (ack.acks != -1 || ack.base >= ack.end || leader == nullptr || !target.state.truth) return;
  scope.findings.count(Invariant::kI23);
  const std::int32_t held = holders(scope, target, *leader, ack);
  if (held < target.state.truth->effective_min_isr) {
    scope.findings.violate(Invariant::kI23, scope.now, target.tp,
                           fmt::format("broker {} acknowledged offsets {} to {} of {} with acks=all while {} "
                                       "of at least {} replicas hold "
                                       "them",
                                       broker.value(), ack.base.value(), ack.end.value(), target.name(), held,
                                       target.state.truth->effective_min_isr),
                           "an acknowledged record is on fewer replicas than min.insync.replicas",
                           {.begin = ack.base, .end = ack.end});
  }
  scope.findings.count(Invariant::kI103);
  const RecordLog& ledger = target.state.ledger;
  const auto differs = first_mismatch(leader->log, ledger, ack.base, std::min(ack.end, ledger.end()));
  const Offset wrong = differs.value_or(std::max(ack.base, ledger.end()));
  if ((!differs && ack.end <= ledger.end()) || scope.is_excused(target.tp, *leader, wrong)) return;
  scope.findings.violate(
      Invariant::kI103, scope.now, target.tp,
      fmt::format("broker {} acknowledged offset {} of {}{} with acks=all, but {}", broker.value(),
                  wrong.value(), target.name(), record_name(scope, broker, target.tp, wrong),
                  differs ? "another record was made visible there" : "it was never made visible"),
      "an acknowledged offset holds no or another record", record_at(wrong));
}

}  // namespace odradek::sim
