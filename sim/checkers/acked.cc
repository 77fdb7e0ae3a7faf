// I23 and I103, at the moment when a broker answers a produce with acks=all. I103 is checked once more at the
// end, from what producers were told.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/checkers/checks.h"

namespace odradek::sim {

namespace {

/// How many replicas hold [base, end) as the leader does, of those that are assigned and those that the
/// leader has heard of last; a member of its ISR counts too when it has lost them since it fetched them,
/// unknown to all, was taken away since, or has cut them to follow an election that left this leader behind.
std::int32_t holders(const Scope& scope, const Target& target, const ReplicaShadow& leader,
                     const io::AckProduce& ack) {
  const std::vector<BrokerId>& isr = leader.seen.isr;
  std::set<BrokerId> brokers(target.state.truth->replicas.begin(), target.state.truth->replicas.end());
  brokers.insert(isr.begin(), isr.end());
  const bool left_behind = scope.is_excused(target.tp, leader, ack.base);
  return static_cast<std::int32_t>(std::ranges::count_if(brokers, [&](BrokerId broker) {
    const ReplicaShadow* replica = target.state.replica(broker);
    if (replica != nullptr && agree(replica->log, leader.log, ack.base, ack.end)) return true;
    const bool may_be_gone = left_behind || scope.losses.has_lost(broker, target.tp) ||
                             !target.counts_for(broker, leader.seen.leader_epoch);
    return std::ranges::count(isr, broker) > 0 && may_be_gone;
  }));
}

}  // namespace

void check_acked(const Scope& scope, const Target& target, BrokerId broker, const io::AckProduce& ack) {
  const ReplicaShadow* leader = target.state.replica(broker);
  if (ack.acks != -1 || ack.base >= ack.end || leader == nullptr || !target.state.truth) return;
  scope.findings.count(Invariant::kI23);
  const std::int32_t held = holders(scope, target, *leader, ack);
  const std::int32_t least = leader->seen.effective_min_isr;  // as far as settings have reached it
  if (held < least) {
    scope.findings.violate(
        Invariant::kI23, scope.now, target.tp,
        fmt::format("broker {} acknowledged offsets {} to {} of {} with acks=all while {} "
                    "of at least {} replicas hold "
                    "them",
                    broker.value(), ack.base.value(), ack.end.value(), target.name(), held, least),
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
