// The slow way to the same answers. It shares the checks with the fast way, but neither its triggers nor its
// reading.
#include <algorithm>

#include "sim/checkers/ledger.h"
#include "sim/checkers/observer.h"

namespace odradek::sim {

namespace {

constexpr std::int64_t kWindow = 256;      // records that a scan within a run reads again
constexpr std::uint64_t kPartitions = 16;  // at which such a scan looks

struct Window {
  TopicPartition tp;
  BrokerId broker;
  Offset from;
  Offset to;
};

/// The window whose turn it is: round robin over all logs, in each from its beginning to its end and over
/// again.
std::optional<Window> choose_window(const CheckersState& state) {
  std::uint64_t logs = 0;
  for (const auto& [tp, partition] : state.partitions) logs += partition->replicas.size();
  if (logs == 0) return std::nullopt;
  std::uint64_t turn = state.scans % logs;
  for (const auto& [tp, partition] : state.partitions) {
    for (const auto& [broker, replica] : partition->replicas) {
      if (turn-- != 0) continue;
      const std::int64_t windows =
          std::max<std::int64_t>(1, (replica.log.end() - replica.log.start() + kWindow - 1) / kWindow);
      const auto round = static_cast<std::int64_t>(state.scans / logs);
      const Offset from = replica.log.start() + round % windows * kWindow;
      return Window{.tp = tp, .broker = broker, .from = from, .to = from + kWindow};
    }
  }
  return std::nullopt;
}

/// The partitions whose turn it is, each once.
std::vector<TopicPartition> choose_partitions(const CheckersState& state, Scan scan) {
  const auto& all = state.partitions;
  const std::uint64_t count =
      scan == Scan::kInTurn ? std::min<std::uint64_t>(kPartitions, all.size()) : all.size();
  auto next = state.scanned_last ? all.upper_bound(*state.scanned_last) : all.begin();
  std::vector<TopicPartition> chosen;
  while (chosen.size() < count) {
    if (next == all.end()) next = all.begin();
    chosen.push_back(next->first);
    ++next;
  }
  return chosen;
}

/// Within a run one node after another: comparing images costs as much as there are partitions.
void scan_metadata(const Scope& scope, std::uint64_t turn, Scan scan) {
  const auto scan_of = [&](const std::vector<NodeId>& nodes, auto check) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const bool has_turn = scan != Scan::kInTurn || turn % nodes.size() == i;
      if (has_turn && scope.view.is_up(nodes[i])) check(scope, nodes[i]);
    }
  };
  scan_of(scope.view.brokers(), check_metadata);
  scan_of(scope.view.controllers(), check_controller_metadata);
}

void scan_replica(const Scope& scope, const Target& target, BrokerId broker) {
  check_offset_order(scope, target, broker);
  check_epoch_order(scope, target, broker);
  check_log_matching(scope, target, broker);
  check_fetchers(scope, target, broker);
  if (!target.state.replicas.at(broker).seen.is_leader) return;
  check_valid_high_watermark(scope, target, broker);
  check_weak_isr(scope, target, broker);
}

}  // namespace

void full_scan(CheckersState& state, const Sighting& now, const ClusterView& view, Scan scan) {
  const Scope scope{.now = now,
                    .view = view,
                    .losses = state.losses,
                    .findings = state.findings,
                    .permissions = state.permissions};
  const auto window = choose_window(state);
  const bool whole = scan == Scan::kEveryRecord;
  state.findings.count(Counter::kFullScans);
  scan_metadata(scope, state.scans, scan);
  ++state.scans;
  for (const TopicPartition& tp : choose_partitions(state, scan)) {
    Cow<PartitionState>& shared = state.partitions.at(tp);
    if (shared->deleted) continue;
    PartitionState& partition = shared.write();
    const Target target{.tp = tp, .state = partition};
    compare_truth(scope, target);
    if (const auto committed = view.truth(tp)) {
      check_fenced_not_in_isr(scope, target, *committed);
      check_recovering(scope, target, *committed);
    }
    for (const auto& [broker, replica] : partition.replicas) {
      const bool chosen = window && window->tp == tp && window->broker == broker;
      const Offset from = whole ? replica.log.start() : chosen ? window->from : Offset(0);
      const Offset to = whole ? replica.log.end() : chosen ? window->to : Offset(0);
      if (compare(scope, tp, partition, broker, from, to)) scan_replica(scope, target, broker);
    }
    check_candidates(scope, target);
    check_strong_isr(scope, target);
    if (whole) report_pending_forks(scope, tp, partition);
    state.scanned_last = tp;
  }
}

}  // namespace odradek::sim
