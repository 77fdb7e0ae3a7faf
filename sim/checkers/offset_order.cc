#include <fmt/format.h>

#include "sim/checkers/checks.h"
#include "sim/checkers/history_checks.h"

namespace odradek::sim {

std::string record_name(const Scope& scope, BrokerId broker, const TopicPartition& tp, Offset offset) {
  if (!scope.view.is_up(broker)) return {};
  const auto id = scope.view.record_id(broker, tp, offset);
  return id ? fmt::format(" ({})", name_of(*id)) : std::string();
}

void check_offset_order(const Scope& scope, const Target& target, BrokerId broker) {
  scope.findings.count(Invariant::kI1);
  const ReplicaView& r = target.state.replicas.at(broker).seen;
  const bool ordered =
      Offset(0) <= r.log_start && r.log_start <= r.high_watermark && r.high_watermark <= r.log_end;
  if (ordered || scope.findings.knows(Invariant::kI1, target.tp)) return;
  scope.findings.violate(
      Invariant::kI1, scope.now, target.tp,
      fmt::format("broker {} has log start {}, high watermark {} and log end {} on {}", broker.value(),
                  r.log_start.value(), r.high_watermark.value(), r.log_end.value(), target.name()),
      "the high watermark of a replica lies outside its log");
}

}  // namespace odradek::sim
