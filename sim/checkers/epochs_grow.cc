#include <fmt/format.h>

#include "sim/checkers/checks.h"

namespace odradek::sim {

void check_grows(const Scope& scope, const TopicPartition& tp, const Growth& growth) {
  scope.findings.count(Invariant::kI19);
  const bool grows = growth.strictly ? growth.after > growth.before : growth.after >= growth.before;
  if (grows || scope.findings.knows(Invariant::kI19, tp)) return;
  scope.findings.violate(Invariant::kI19, scope.now, tp,
                         fmt::format("the {} of node {} went from {} to {}", growth.what, growth.node.value(),
                                     growth.before, growth.after),
                         fmt::format("the {} of a node did not grow", growth.what));
}

void check_partition_epochs(const Scope& scope, const Target& target, const io::ChangePartition& change) {
  const auto& before = target.state.truth;
  if (!before) return;
  scope.findings.count(Invariant::kI19);
  const auto wrong = [&](const std::string& what, std::string_view witness) {
    scope.findings.violate(Invariant::kI19, scope.now, target.tp, fmt::format("{} {}", target.name(), what),
                           witness);
  };
  const LeaderEpoch epoch = change.leader_epoch;
  if (epoch < before->leader_epoch) {
    return wrong(
        fmt::format("went back from leader epoch {} to {}", before->leader_epoch.value(), epoch.value()),
        "a committed leader epoch went back");
  }
  // Neither losing a leader nor getting one back leaves the epoch as it was.
  if (epoch == before->leader_epoch && change.leader != before->leader) {
    return wrong(fmt::format("changed its leader within leader epoch {}", epoch.value()),
                 "a leader changed without a new leader epoch");
  }
  const std::int32_t step = change.partition_epoch - before->partition_epoch;
  const bool repeated = step == 0 && change.isr == before->isr && change.replicas == before->replicas;
  if (step != 1 && !repeated) {
    wrong(fmt::format("went from partition epoch {} to {} in one change", before->partition_epoch.value(),
                      change.partition_epoch.value()),
          "a partition epoch did not grow by one");
  }
}

}  // namespace odradek::sim
