// H-families: the two families of oracles judge the same anomalies, one by the ledger and the final logs, the
// other by the history alone. Where one must follow from the other and does not, an oracle is wrong, or a
// client: whoever reads the finding has to find out which.
//
// What follows, on one partition and after permissions:
//  1. J1, two records seen at one offset: the ledger holds one of them at most, so the other was
//     read (I15) or acknowledged (I103) against it.
//  2. J3 or J11, an acknowledged record that nobody ever read: the ledger or the final log does not have it
//     there (I103, I13), or somebody read something else in its place (I15, I31). Otherwise it is there, and
//     readers were given everything but that.
//  3. I13, and an acknowledged record that nobody ever read in a partition that was read to its end: readers
//     have missed it (J3, J11).
// The other directions do not hold: what only the ledger has seen, clients need not know.
#include <fmt/format.h>

#include <algorithm>

#include "sim/checkers/history_checks.h"

namespace odradek::sim {

namespace {

/// Some record that was acknowledged with acks=all, with no permission to be lost, was never read.
bool has_unread_ack(const HistoryScope& scope, const PartitionHistory& p) {
  return std::ranges::any_of(p.acked, [&](std::uint32_t place) {
    const SendOp& send = scope.index.send(place);
    return send.acks == -1 && !scope.index.was_read(place) &&
           !scope.is_excused(p, *send.offset, send.content, Witness::kAck);
  });
}

}  // namespace

void check_families_agree(const HistoryScope& scope, const PartitionHistory& p) {
  if (p.state == nullptr || scope.findings.is_full()) return;
  scope.findings.count(Invariant::kFamilies);
  const auto found = [&](Invariant invariant) { return scope.findings.has_found(invariant, p.tp); };
  const auto disagree = [&](std::string_view one, std::string_view other) {
    scope.findings.violate(
        Invariant::kFamilies, scope.now, p.tp,
        fmt::format("{} of {} is violated, from which {} follows, but that holds", one, p.name(), other),
        "the two families of oracles disagree");
  };
  const bool seen_inside =
      found(Invariant::kI103) || found(Invariant::kI13) || found(Invariant::kI15) || found(Invariant::kI31);
  if (found(Invariant::kJ1) && !found(Invariant::kI15) && !found(Invariant::kI103))
    disagree("J1", "I15 or I103");
  const bool lost = found(Invariant::kJ3) || found(Invariant::kJ11);
  if (lost && !seen_inside && has_unread_ack(scope, p)) disagree("J3 or J11", "I13, I103, I15 or I31");
  const bool read_to_end = scope.end.fully_read.contains(p.partition) && !p.is_deleted();
  if (found(Invariant::kI13) && read_to_end && !lost && has_unread_ack(scope, p))
    disagree("I13", "J3 or J11");
}

}  // namespace odradek::sim
