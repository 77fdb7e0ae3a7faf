// J10: with at most one request in flight a producer's records keep the order in which they were sent.
//
// Only acknowledged offsets are compared. A retry may leave a duplicate elsewhere, but the acknowledged copy
// was appended before the next record was sent on, so acknowledged offsets grow. A record whose
// acknowledgement was lost as permitted leaves its offset to a later one and is passed over. So is, with
// acks=1, one whose acknowledged copy was cut off and whose late retry came to stand at the very same offset.
#include <fmt/format.h>

#include <map>
#include <utility>

#include "sim/checkers/history_checks.h"

namespace odradek::sim {

void check_send_order(const HistoryScope& scope, const PartitionHistory& p) {
  std::map<std::pair<NodeId, std::uint32_t>, std::uint32_t>
      previous;  // place of the last send of each process
  for (const std::uint32_t place : p.acked) {
    const Op& op = scope.index.op(place);
    const SendOp& send = scope.index.send(place);
    const bool ordered = scope.end.ordered_producers.contains(op.process) && send.acks != 0;
    if (!ordered || scope.is_excused(p, *send.offset, send.content, Witness::kAck)) continue;
    if (send.acks == 1 && p.state != nullptr &&
        p.state->written_again(*send.offset, short_content(send.content)))
      continue;
    const auto [last, first] = previous.try_emplace({op.process, op.incarnation}, place);
    if (first) continue;
    scope.findings.count(Invariant::kJ10);
    const SendOp& before = scope.index.send(std::exchange(last->second, place));
    if (*before.offset < *send.offset) continue;
    scope.violate(
        Invariant::kJ10, p,
        fmt::format("{} was sent to {} before {}, but stands at offset {}, not before {}", name_of(before.id),
                    p.name(), name_of(send.id), before.offset->value(), send.offset->value()),
        "records of one producer changed places", *send.offset);
  }
}

}  // namespace odradek::sim
