// I25: a name may stand for several topics, one after the other, and a directory on a disk bears the name. So
// a replica's records are held against what the leaders of its topic id have written, epoch by epoch.
#include <fmt/format.h>

#include <algorithm>

#include "sim/checkers/checks.h"

namespace odradek::sim {

namespace {

/// The first record in `records`, all of `epoch`, that no leader of this topic has written.
std::optional<Offset> first_foreign(const PartitionState& state, const RecordLog& log, LeaderEpoch epoch,
                                    OffsetRange records) {
  const auto found = state.lineages.find(epoch);
  if (found == state.lineages.end()) return records.begin;
  const Lineage& lineage = found->second;
  // Its writer may have written more than anybody was told.
  if (lineage.cut_off) records.end = std::min(records.end, lineage.records.end());
  return first_mismatch(log, lineage.records, records.begin, records.end);
}

}  // namespace

void check_topic_identity(const Scope& scope, const Target& target, BrokerId broker, OffsetRange records) {
  const RecordLog& log = target.state.replicas.at(broker).log;
  const OffsetRange held{.begin = std::max(records.begin, log.start()),
                         .end = std::min(records.end, log.end())};
  if (held.begin >= held.end || scope.findings.knows(Invariant::kI25, target.tp)) return;
  scope.findings.count(Invariant::kI25);
  const auto& epochs = log.epochs();
  for (auto run = epochs.begin(); run != epochs.end(); ++run) {
    const auto next = std::next(run);
    const OffsetRange written{.begin = std::max(held.begin, run->offset),
                              .end = next == epochs.end() ? held.end : std::min(held.end, next->offset)};
    if (written.begin >= written.end) continue;
    const auto foreign = first_foreign(target.state, log, run->epoch, written);
    if (!foreign) continue;
    return scope.findings.violate(
        Invariant::kI25, scope.now, target.tp,
        fmt::format("broker {} has offset {} of {}{} in leader epoch {}, which no leader of this topic wrote",
                    broker.value(), foreign->value(), target.name(),
                    record_name(scope, broker, target.tp, *foreign), run->epoch.value()),
        "a replica holds a record of another topic", record_at(*foreign));
  }
}

}  // namespace odradek::sim
