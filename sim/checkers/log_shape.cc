#include <fmt/format.h>

#include "sim/checkers/checks.h"

namespace odradek::sim {

std::span<const LogRecord> check_log_shape(const Scope& scope, const Target& target, BrokerId broker,
                                           std::span<const LogRecord> records, Offset from, Offset to) {
  scope.findings.count(Invariant::kI2);
  std::size_t dense = 0;
  while (dense < records.size() && records[dense].offset == from + static_cast<std::int64_t>(dense)) ++dense;
  const Offset reached = from + static_cast<std::int64_t>(dense);
  if (dense == records.size() && reached == to) return records;
  if (!scope.findings.knows(Invariant::kI2, target.tp)) {
    const std::string found = dense < records.size() ? fmt::format("offset {}", records[dense].offset.value())
                                                     : std::string("nothing");
    scope.findings.violate(
        Invariant::kI2, scope.now, target.tp,
        fmt::format("the log of {} on broker {} ends at {}, but where offset {} belongs it has {}",
                    target.name(), broker.value(), to.value(), reached.value(), found),
        "a log has a gap or an overlap");
  }
  return records.first(dense);
}

}  // namespace odradek::sim
