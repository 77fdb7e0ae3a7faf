// I15 and I31, over everything that consumers got.
#include <fmt/format.h>

#include "sim/checkers/history_checks.h"

namespace odradek::sim {

void check_reads_at_end(const HistoryScope& scope, const PartitionHistory& p) {
  for (const Read& read : p.reads) {
    scope.findings.count(Invariant::kI31);
    const auto what = [&read] {
      return read.record->id ? name_of(*read.record->id) : std::string("a record of no workload");
    };
    if (!read.send) {
      scope.violate(Invariant::kI31, p,
                    fmt::format("{} was read at offset {} of {}, but nobody sent it there like that", what(),
                                read.record->offset.value(), p.name()),
                    "a record was read that was never sent", read.record->offset);
    }
    if (p.state == nullptr) continue;
    scope.findings.count(Invariant::kI15);
    const bool first = p.state->ledger.has(read.record->offset, short_content(read.record->content));
    if (first || scope.is_excused(p, read.record->offset, read.record->content, Witness::kRead)) continue;
    scope.violate(
        Invariant::kI15, p,
        fmt::format("{} was read at offset {} of {}, where {}", what(), read.record->offset.value(), p.name(),
                    p.state->ledger.holds(read.record->offset) ? "another record was visible first"
                                                               : "nothing was visible"),
        "a read returned another record than was visible there", read.record->offset);
  }
}

}  // namespace odradek::sim
