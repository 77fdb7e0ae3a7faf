// I15 and I16, at the moment when a broker answers a consumer: the records below the high watermark, and they
// are the ones that were first made visible. What consumers then report is checked once more, at the end,
// from the history.
#include <fmt/format.h>

#include <algorithm>

#include "sim/checkers/checks.h"

namespace odradek::sim {

void check_served(const Scope& scope, const Target& target, BrokerId broker, const io::ServeFetch& served) {
  const ReplicaShadow* replica = target.state.replica(broker);
  if (served.replica || served.from >= served.end || replica == nullptr) return;
  check_topic_identity(scope, target, broker, {.begin = served.from, .end = served.end});
  scope.findings.count(Invariant::kI16);
  const RecordLog& ledger = target.state.ledger;
  const Offset bound = std::min(served.upper_bound, served.high_watermark);
  const Offset allowed = std::min(bound, ledger.end());
  if (served.end > allowed && !scope.is_excused(target.tp, *replica, allowed)) {
    scope.findings.violate(Invariant::kI16, scope.now, target.tp,
                           fmt::format("broker {} served offsets {} to {} of {} to a consumer, but {} {}",
                                       broker.value(), served.from.value(), served.end.value(), target.name(),
                                       served.end > bound ? "its high watermark is"
                                                          : "no legitimate leader made visible more than",
                                       allowed.value()),
                           "a consumer got records beyond the high watermark",
                           {.begin = allowed, .end = served.end});
  }
  const Offset to = std::min(served.end, ledger.end());
  if (served.from >= to) return;
  scope.findings.count(Invariant::kI15);
  const auto wrong = first_mismatch(replica->log, ledger, served.from, to);
  if (!wrong || scope.is_excused(target.tp, *replica, *wrong) ||
      scope.findings.knows(Invariant::kI15, target.tp)) {
    return;
  }
  scope.findings.violate(
      Invariant::kI15, scope.now, target.tp,
      fmt::format("broker {} served offset {} of {}{}, but another record was visible there first",
                  broker.value(), wrong->value(), target.name(),
                  record_name(scope, broker, target.tp, *wrong)),
      "a read returned another record than an earlier one could", record_at(*wrong));
}

}  // namespace odradek::sim
