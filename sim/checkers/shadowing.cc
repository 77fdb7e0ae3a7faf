#include "sim/checkers/shadowing.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace odradek::sim {

namespace {

void disagree(const Scope& scope, const Target& target, BrokerId broker, const std::string& what) {
  scope.findings.violate(Invariant::kShadow, scope.now, target.tp,
                         fmt::format("{} on broker {}: {}", target.name(), broker.value(), what),
                         "a log is not what its events told");
}

/// An empty log at `start`, whose hash goes on from the ledger's.
RecordLog empty_log(const PartitionState& state, Offset start) {
  const bool known = start >= state.ledger.start() && start <= state.ledger.end();
  return RecordLog(start, known ? state.ledger.prefix(start) : 0);
}

/// Reads what lies between the shadow's end and `to`.
void read_on(const Scope& scope, const Target& target, BrokerId broker, RecordLog& log, Offset to) {
  const Offset from = log.end();
  if (from >= to) return;
  const auto records = scope.view.read_log(broker, target.tp, from, to);
  for (const LogRecord& record : check_log_shape(scope, target, broker, records, from, to)) {
    log.append({.content = short_content(record.content), .epoch = record.epoch});
  }
}

/// After a restart the disk must hold what the broker had written, or what was found on it when it was
/// buried: a crash of the process keeps the page cache.
void reopen(const Scope& scope, const Target& target, BrokerId broker, ReplicaShadow& replica,
            const ReplicaView& now, bool is_new) {
  RecordLog log = empty_log(target.state, now.log_start);
  read_on(scope, target, broker, log, now.log_end);
  if (!is_new && !scope.findings.knows(Invariant::kShadow, target.tp)) {
    const auto lost = first_mismatch(log, replica.log, now.log_start, replica.log.end());
    if (lost) {
      disagree(scope, target, broker,
               fmt::format("the log that was reopened has lost offset {}", lost->value()));
    } else if (log.end() > replica.log.end()) {
      disagree(scope, target, broker,
               fmt::format("the log that was reopened ends at {}, but was written up to {}",
                           log.end().value(), replica.log.end().value()));
    }
  }
  replica.log = std::move(log);
}

void follow_events(const Scope& scope, const Target& target, BrokerId broker, ReplicaShadow& replica,
                   const ReplicaView& now, const Touch& touch) {
  if (touch.changed_from) replica.log.truncate(*touch.changed_from);
  if (touch.shrank && touch.changed_from < replica.seen.high_watermark) replica.retreated = true;
  // A follower whose leader retains nothing of its log starts anew at the leader's log start (KIP-101).
  if (now.log_start > replica.log.end() || now.log_start < replica.log.start()) {
    replica.log = empty_log(target.state, now.log_start);
  }
  const bool silent =
      replica.log.end() > now.log_end || (replica.log.end() < now.log_end && !touch.changed_from);
  if (silent) {
    disagree(scope, target, broker,
             fmt::format("the log ends at {}, its events said {}", now.log_end.value(),
                         replica.log.end().value()));
    replica.log.truncate(now.log_end);
  }
  read_on(scope, target, broker, replica.log, now.log_end);
}

}  // namespace

bool refresh(const Scope& scope, PartitionState& state, BrokerId broker, const Touch& touch) {
  auto now = scope.view.replica(broker, touch.tp);
  if (!now) return false;
  const Target target{.tp = touch.tp, .state = state};
  const auto [place, is_new] = state.replicas.try_emplace(broker);
  ReplicaShadow& replica = place->second;
  const std::uint32_t incarnation = scope.view.incarnation(broker);
  if (!is_new && replica.incarnation == incarnation) {
    check_grows(scope, touch.tp,
                {.what = "leader epoch of a replica",
                 .node = broker,
                 .before = replica.seen.leader_epoch.value(),
                 .after = now->leader_epoch.value()});
  }
  if (touch.opened) {
    reopen(scope, target, broker, replica, *now, is_new);
    replica.led.reset();
  } else {
    follow_events(scope, target, broker, replica, *now, touch);
  }
  replica.seen = std::move(*now);
  replica.incarnation = incarnation;
  return true;
}

void bury(PartitionState& state, BrokerId broker, const BuriedLog& found) {
  ReplicaShadow& replica = state.replicas.at(broker);
  // Its writes of the last step may have reached followers and not its disk.
  if (replica.seen.is_leader) {
    const auto [place, is_new] = state.lineages.try_emplace(replica.seen.leader_epoch);
    const RecordLog& log = replica.log;
    if (is_new) place->second = {.writer = broker, .records = RecordLog(log.end(), log.prefix(log.end()))};
    place->second.cut_off = true;
  }
  RecordLog log = empty_log(state, found.log_start);
  for (const LogRecord& record : found.records)
    log.append({.content = short_content(record.content), .epoch = record.epoch});
  replica.log = std::move(log);
  replica.seen.log_start = found.log_start;
  replica.seen.log_end = found.log_end;
  replica.seen.high_watermark = std::min(replica.seen.high_watermark, found.log_end);
  state.learn_from(replica);
}

bool compare(const Scope& scope, const TopicPartition& tp, PartitionState& state, BrokerId broker,
             Offset from, Offset to) {
  auto now = scope.view.replica(broker, tp);
  if (!now) return false;
  const Target target{.tp = tp, .state = state};
  ReplicaShadow& replica = state.replicas.at(broker);
  const ReplicaView& seen = replica.seen;
  const bool moved = now->log_start != seen.log_start || now->log_end != seen.log_end ||
                     now->high_watermark != seen.high_watermark || now->is_leader != seen.is_leader ||
                     now->leader_epoch != seen.leader_epoch;
  if (moved) {
    disagree(
        scope, target, broker,
        fmt::format(
            "without an event, [{}, {}) with high watermark {} and leader epoch {} became [{}, {}), {}, {}",
            seen.log_start.value(), seen.log_end.value(), seen.high_watermark.value(),
            seen.leader_epoch.value(), now->log_start.value(), now->log_end.value(),
            now->high_watermark.value(), now->leader_epoch.value()));
  }
  const Offset begin = std::max(from, now->log_start);
  const Offset end = std::min(to, now->log_end);
  if (begin < end) {
    const auto records = scope.view.read_log(broker, tp, begin, end);
    const auto dense = check_log_shape(scope, target, broker, records, begin, end);
    const auto wrong = std::ranges::find_if(dense, [&replica](const LogRecord& record) {
      const LoggedRecord expected{.content = short_content(record.content), .epoch = record.epoch};
      return !replica.log.holds(record.offset) || replica.log.at(record.offset) != expected;
    });
    if (wrong != dense.end())
      disagree(scope, target, broker,
               fmt::format("offset {} is not what was appended", wrong->offset.value()));
  }
  replica.seen = std::move(*now);
  return true;
}

void compare_truth(const Scope& scope, const Target& target) {
  const auto committed = scope.view.truth(target.tp);
  const auto& told = target.state.truth;
  if (!committed || !told || scope.view.is_truth_behind()) return;
  scope.findings.count(Invariant::kShadow);
  const auto state_of = [](const PartitionTruth& p) {  // settings may change without the partition
    return std::tie(p.replicas, p.isr, p.elr, p.adding_replicas, p.removing_replicas, p.leader,
                    p.leader_epoch, p.partition_epoch);
  };
  if (state_of(*committed) == state_of(*told)) return;
  scope.findings.violate(
      Invariant::kShadow, scope.now, target.tp,
      fmt::format("{} is committed in partition epoch {}, events told of {}, or they differ in it",
                  target.name(), committed->partition_epoch.value(), told->partition_epoch.value()),
      "a committed partition is not what its events told");
}

}  // namespace odradek::sim
