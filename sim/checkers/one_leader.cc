// I20 is about what a broker believes, I4 about what it writes. A broker can believe without writing.
#include <fmt/format.h>

#include <algorithm>

#include "sim/checkers/checks.h"

namespace odradek::sim {

void check_one_leader(const Scope& scope, const Target& target, BrokerId broker, LeaderEpoch epoch) {
  scope.findings.count(Invariant::kI20);
  const auto other = target.state.believed.find(epoch);
  if (other == target.state.believed.end() || other->second == broker) return;
  scope.findings.violate(Invariant::kI20, scope.now, target.tp,
                         fmt::format("brokers {} and {} both lead {} in leader epoch {}",
                                     other->second.value(), broker.value(), target.name(), epoch.value()),
                         "two leaders of one epoch");
}

void check_leader_append(const Scope& scope, const Target& target, BrokerId broker,
                         const io::AppendLog& append) {
  scope.findings.count(Invariant::kI4);
  const auto known = target.state.lineages.find(append.leader_epoch);
  if (known == target.state.lineages.end() || scope.findings.knows(Invariant::kI4, target.tp)) return;
  const Lineage& lineage = known->second;
  if (lineage.writer != broker) {
    scope.findings.violate(
        Invariant::kI4, scope.now, target.tp,
        fmt::format("brokers {} and {} both appended to {} as leader of epoch {}", lineage.writer.value(),
                    broker.value(), target.name(), append.leader_epoch.value()),
        "two brokers appended as leader of one epoch", {.begin = append.base, .end = append.end});
    return;
  }
  const RecordLog& log = target.state.replicas.at(broker).log;
  const Offset to = std::min({append.end, lineage.records.end(), log.end()});
  const auto rewritten = first_mismatch(log, lineage.records, append.base, to);
  if (!rewritten) return;
  scope.findings.violate(
      Invariant::kI4, scope.now, target.tp,
      fmt::format("broker {} wrote offset {} of {} a second time in leader epoch {}{}, with another payload",
                  broker.value(), rewritten->value(), target.name(), append.leader_epoch.value(),
                  record_name(scope, broker, target.tp, *rewritten)),
      "an epoch and offset were written twice", record_at(*rewritten));
}

}  // namespace odradek::sim
