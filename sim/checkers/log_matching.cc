// I5 and I5', both in O(1).
//
// I5 asks of any two replicas that they agree below both of their high watermarks. Here each replica is
// compared with the ledger instead. That implies it: if r and s each equal the ledger in [log start, own high
// watermark), and no high watermark lies beyond the ledger's end, then at an offset below both r and s equal
// the same ledger entry, and so each other.
//
// I5' asks of any two logs that agree on the epoch at one offset that they agree on everything before it.
// Here the end of each log is compared with what the leader of its last epoch wrote at that offset, and with
// all that this leader's log held in front of it. Two logs that share an (offset, epoch) are then both equal
// to that leader's log up to there: by induction over appends each log equals it at the end of each append,
// and truncation only shortens.
#include <fmt/format.h>

#include <algorithm>

#include "sim/checkers/checks.h"

namespace odradek::sim {

void check_log_matching(const Scope& scope, const Target& target, BrokerId broker) {
  // A power loss may undo a truncation while the checkpoint keeps the high watermark that came after it. Such
  // a replica leads nobody, and its first fetch truncates it again before it is back in the ISR (KIP-101).
  if (scope.losses.has_lost(broker, target.tp)) return;
  // A reassignment has taken it away, and its broker does not know yet: it would start anew.
  if (!target.is_assigned(broker)) return;
  const ReplicaShadow& replica = target.state.replicas.at(broker);
  const RecordLog& ledger = target.state.ledger;
  const Offset high_watermark = replica.seen.high_watermark;
  if (high_watermark > replica.seen.log_start) scope.findings.count(Invariant::kI5);
  auto wrong = replica.lacks(ledger, std::min(high_watermark, ledger.end()));
  const bool beyond = !wrong && high_watermark > ledger.end();
  if (beyond) wrong = ledger.end();
  // Who cuts its log below its high watermark, as only a fork makes it do, and restarts before that is
  // checkpointed, takes the old one for its own, as far as its log reaches. Only its leader's next answer
  // puts it right (Partition.createLogIfNotExists reads the checkpoint); until then it shows it to nobody.
  if (beyond && replica.retreated && !replica.seen.is_leader && scope.permissions.has_forked(target.tp))
    return;
  if (!wrong || scope.is_excused(target.tp, replica, *wrong) ||
      scope.findings.knows(Invariant::kI5, target.tp)) {
    return;
  }
  const std::string what =
      beyond ? "no legitimate leader has made it visible" : "another record was made visible there";
  scope.findings.violate(
      Invariant::kI5, scope.now, target.tp,
      fmt::format("broker {} holds offset {} of {}{} below its high watermark {}, but {}", broker.value(),
                  wrong->value(), target.name(), record_name(scope, broker, target.tp, *wrong),
                  high_watermark.value(), what),
      beyond ? "a high watermark lies beyond what was made visible"
             : "a replica differs below its high watermark",
      record_at(*wrong));
}

void check_prefix_by_epoch(const Scope& scope, const Target& target, BrokerId broker) {
  const RecordLog& log = target.state.replicas.at(broker).log;
  if (log.end() == log.start()) return;
  scope.findings.count(Invariant::kI5Prefix);
  const Offset last = log.end() - 1;
  const LoggedRecord record = log.at(last);
  const auto lineage = target.state.lineages.find(record.epoch);
  const bool written = lineage != target.state.lineages.end() && lineage->second.records.holds(last);
  if (written && lineage->second.records.prefix(log.end()) == log.prefix(log.end())) return;
  if (scope.findings.knows(Invariant::kI5Prefix, target.tp)) return;
  const std::string what = written ? fmt::format("the log differs from that of the epoch's leader, broker {}",
                                                 lineage->second.writer.value())
                                   : std::string("no leader wrote it");
  scope.findings.violate(
      Invariant::kI5Prefix, scope.now, target.tp,
      fmt::format("broker {} holds offset {} of {} in leader epoch {}{}, but up to there {}", broker.value(),
                  last.value(), target.name(), record.epoch.value(),
                  record_name(scope, broker, target.tp, last), what),
      "two logs agree on an epoch and differ before it", record_at(last));
}

}  // namespace odradek::sim
