// The part of I30 that holds always: replay is a function of the log.
#include <fmt/format.h>

#include "sim/checkers/checks.h"

namespace odradek::sim {

void check_metadata(const Scope& scope, BrokerId broker) {
  scope.findings.count(Invariant::kI30);
  const auto other = scope.view.contradicts_metadata(broker);
  if (!other) return;
  scope.findings.violate(
      Invariant::kI30, scope.now, {},
      fmt::format("the metadata of broker {} and of {} end at one offset and differ", broker.value(), *other),
      "two images of one offset differ");
}

}  // namespace odradek::sim
