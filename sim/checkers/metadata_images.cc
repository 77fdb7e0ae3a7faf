// Replay is a function of the log: the part of I30 that holds always, and I65.
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

void check_controller_metadata(const Scope& scope, NodeId controller) {
  scope.findings.count(Invariant::kI65);
  const auto other = scope.view.contradicts_controller(controller);
  if (!other) return;
  scope.findings.violate(
      Invariant::kI65, scope.now, {},
      fmt::format("what controller {} knows and {} end at one offset and differ", controller.value(), *other),
      "two controllers differ at one offset");
}

}  // namespace odradek::sim
