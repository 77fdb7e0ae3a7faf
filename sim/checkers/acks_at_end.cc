// I13 and I103, over everything that producers were told.
//
// acks=1 promises no more than that the leader had the record. One that never became visible at its offset is
// a lost acknowledgement, which the setting permits. One that did become visible is held to the ledger like
// any other.
#include <fmt/format.h>

#include "sim/checkers/history_checks.h"

namespace odradek::sim {

namespace {

/// The final log of a partition: its leader's, or that of a member of its ISR when nobody leads.
const ReplicaShadow* final_log(const PartitionState& state) {
  if (const ReplicaShadow* leader = state.current_leader()) return leader;
  if (!state.truth) return nullptr;
  for (const BrokerId broker : state.truth->isr) {
    if (const ReplicaShadow* replica = state.replica(broker)) return replica;
  }
  return nullptr;
}

void check_durable(const HistoryScope& scope, const PartitionHistory& p, const SendOp& send) {
  scope.findings.count(Invariant::kI13);
  const ReplicaShadow* log = final_log(*p.state);
  const std::uint64_t content = short_content(send.content);
  const bool kept =
      log != nullptr && (log->log.has(*send.offset, content) || *send.offset < log->seen.log_start);
  if (kept) return;
  scope.violate(
      Invariant::kI13, p,
      fmt::format("{} was acknowledged with acks=all at offset {} of {}, but is not in the final log there",
                  name_of(send.id), send.offset->value(), p.name()),
      "an acknowledged record is lost", *send.offset);
}

void permit_deletion(const HistoryScope& scope, const PartitionHistory& p, const SendOp& send) {
  scope.permissions.report(
      {.setting = kTopicDeleted,
       .tp = p.tp,
       .begin = *send.offset,
       .end = *send.offset + 1,
       .at = scope.now.at,
       .message = fmt::format("acknowledged on {}, and deleted with the topic", p.name())});
}

void permit_lost_ack(const HistoryScope& scope, const PartitionHistory& p, const SendOp& send) {
  scope.permissions.add_lost_ack(p.tp, *send.offset, short_content(send.content));
  scope.permissions.report(
      {.setting = "acks=1",
       .tp = p.tp,
       .begin = *send.offset,
       .end = *send.offset + 1,
       .at = scope.now.at,
       .message = fmt::format("acknowledged on {} with acks=1 and never visible", p.name())});
}

}  // namespace

void check_acks_at_end(const HistoryScope& scope, const PartitionHistory& p) {
  if (p.state == nullptr) return;
  for (const std::uint32_t place : p.acked) {
    const SendOp& send = scope.index.send(place);
    scope.findings.count(Invariant::kI103);
    if (scope.is_excused(p, *send.offset, send.content, Witness::kAck)) continue;
    const bool visible = p.state->ledger.has(*send.offset, short_content(send.content));
    if (!visible && send.acks == 1) {
      permit_lost_ack(scope, p, send);
      continue;
    }
    if (!visible) {
      scope.violate(Invariant::kI103, p,
                    fmt::format("{} was acknowledged at offset {} of {}, where {}", name_of(send.id),
                                send.offset->value(), p.name(),
                                p.state->ledger.holds(*send.offset) ? "another record became visible"
                                                                    : "nothing became visible"),
                    "an acknowledged offset holds no or another record", *send.offset);
    }
    if (p.state->deleted) {
      permit_deletion(scope, p, send);
    } else if (send.acks == -1) {
      check_durable(scope, p, send);
    }
  }
}

}  // namespace odradek::sim
