#include "sim/checkers/liveness.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/checkers/checks.h"

namespace odradek::sim {

namespace {

/// I26 and I27 for one replica that is up.
void look_at_replica(const Target& target, BrokerId broker, const ClusterView& view,
                     std::vector<Unsettled>& found) {
  const PartitionTruth& truth = *target.state.truth;
  const auto add = [&](Invariant invariant, const std::string& what, std::string_view witness) {
    found.push_back({.invariant = invariant,
                     .tp = target.tp,
                     .message = fmt::format("broker {} {} {}", broker.value(), what, target.name()),
                     .witness = witness});
  };
  if (std::ranges::find(truth.isr, broker) == truth.isr.end()) {
    add(Invariant::kI26, "is not in the ISR of", "a live replica is not in sync");
  }
  const ReplicaShadow* replica = target.state.replica(broker);
  const ReplicaShadow* leader = target.state.current_leader();
  if (leader != nullptr) {
    const bool equal = replica != nullptr && replica->log.end() == leader->log.end() &&
                       !replica->lacks(leader->log, leader->log.end());
    if (!equal)
      add(Invariant::kI26, "does not hold what the leader holds of",
          "a live replica differs from its leader");
  }
  const auto now = view.replica(broker, target.tp);
  if (now && now->proposal)
    add(Invariant::kI27, "waits for a change of the ISR of", "a change of an ISR is in flight");
}

/// I29 for one partition.
void look_at_leader(const Target& target, const ClusterView& view, std::vector<Unsettled>& found) {
  const PartitionTruth& truth = *target.state.truth;
  const std::vector<BrokerId>& candidates = truth.isr.empty() ? truth.elr : truth.isr;
  const bool electable =
      std::ranges::any_of(candidates, [&view](BrokerId broker) { return view.is_up(broker); });
  const bool leads = truth.leader && view.is_up(*truth.leader) && target.state.current_leader() != nullptr;
  if (leads || !electable) return;
  found.push_back(
      {.invariant = Invariant::kI29,
       .tp = target.tp,
       .message = fmt::format("{} has a live candidate in its ISR or ELR but no live leader", target.name()),
       .witness = "a partition has no leader"});
}

/// I29 and I30 for one broker that is up.
void look_at_broker(BrokerId broker, const ClusterView& view, std::vector<Unsettled>& found) {
  if (!view.is_unfenced(broker)) {
    found.push_back({.invariant = Invariant::kI29,
                     .tp = {},
                     .message = fmt::format("live broker {} is fenced or not registered", broker.value()),
                     .witness = "a live broker is fenced"});
  }
  // What the images say must be equal, not the offsets up to which they say it: the controller's NoOpRecords
  // keep the log growing, so that a broker is a record behind for as long as its fetch is under way.
  if (view.is_metadata_current(broker)) return;
  found.push_back({.invariant = Invariant::kI30,
                   .tp = {},
                   .message = fmt::format(
                       "the metadata of broker {} is not what the controller has committed", broker.value()),
                   .witness = "a broker's metadata lags behind"});
}

const SendOp* sent(const Op& op) { return std::get_if<SendOp>(&op.what); }

std::string send_name(const Op& op) {
  const SendOp& send = *sent(op);
  return fmt::format("the send of record {}/{} to {}-{} with acks={}", send.id.client.value(), send.id.number,
                     send.partition.topic, send.partition.partition.value(), send.acks);
}

}  // namespace

std::vector<Unsettled> find_unsettled(const CheckersState& state, const ClusterView& view) {
  std::vector<Unsettled> found;
  for (const auto& [tp, partition] : state.partitions) {
    if (!partition->truth) continue;
    const Target target{.tp = tp, .state = *partition};
    for (const BrokerId broker : partition->truth->replicas) {
      if (view.is_up(broker)) look_at_replica(target, broker, view, found);
    }
    look_at_leader(target, view, found);
  }
  for (const BrokerId broker : view.brokers()) {
    if (view.is_up(broker)) look_at_broker(broker, view, found);
  }
  return found;
}

std::vector<Unsettled> find_unresolved_writes(const SettledObservation& settled) {
  std::vector<Unsettled> found;
  for (std::uint32_t place = 0; place < settled.history.size(); ++place) {
    const Op& op = settled.history.at(place);
    const bool open =
        sent(op) != nullptr && !op.returned && op.invoked + settled.delivery_timeout < settled.at;
    const bool lost_with_client = op.incarnation < settled.view.incarnation(op.process);
    if (!open || lost_with_client) continue;
    found.push_back({.invariant = Invariant::kI28,
                     .tp = {},
                     .message = send_name(op) + " is still open after its delivery timeout",
                     .witness = "a send outlives its delivery timeout"});
  }
  return found;
}

std::vector<Unsettled> find_refused_writes(const History& history, Instant settled) {
  std::vector<Unsettled> found;
  for (std::uint32_t place = 0; place < history.size(); ++place) {
    const Op& op = history.at(place);
    const bool must_succeed = sent(op) != nullptr && sent(op)->acks == -1 && op.invoked >= settled;
    if (!must_succeed || (op.returned && op.status == io::CallStatus::kOk)) continue;
    found.push_back({.invariant = Invariant::kI28,
                     .tp = {},
                     .message = send_name(op) + " did not succeed, though all faults had ended before it",
                     .witness = "a send fails in a healthy cluster"});
  }
  return found;
}

}  // namespace odradek::sim
