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
  if (leader != nullptr && broker != *truth.leader &&
      view.fetched_from(broker, target.tp) != std::vector{*truth.leader})
    add(Invariant::kI26, "does not fetch from its leader", "a live replica does not fetch");
  const auto now = view.replica(broker, target.tp);
  if (now && now->proposal)
    add(Invariant::kI27, "waits for a change of the ISR of", "a change of an ISR is in flight");
  const auto committed = view.truth(target.tp);  // settings change without an event
  if (now && now->is_leader && committed && now->effective_min_isr != committed->effective_min_isr)
    add(Invariant::kI30, "does not lead by the present settings of", "settings have not reached a leader");
}

/// I26 and I30 for what is not at its place any more, or not yet.
void look_at_assignment(const Target& target, const ClusterView& view, std::vector<Unsettled>& found) {
  const PartitionTruth& truth = *target.state.truth;
  const bool moves = !truth.adding_replicas.empty() || !truth.removing_replicas.empty();
  const bool can_end = std::ranges::all_of(truth.replicas, [&](BrokerId broker) {
    return std::ranges::count(truth.removing_replicas, broker) != 0 || view.takes_part(broker);
  });
  if (!target.state.deleted && moves && can_end) {
    found.push_back({.invariant = Invariant::kI26,
                     .tp = target.tp,
                     .message = fmt::format("the reassignment of {} has not ended", target.name()),
                     .witness = "a reassignment has not ended"});
  }
  for (const auto& [broker, replica] : target.state.replicas) {
    const bool is_due = !target.state.deleted && target.is_assigned(broker);
    if (is_due || !view.takes_part(broker) || !view.replica(broker, target.tp)) continue;
    found.push_back(
        {.invariant = Invariant::kI30,
         .tp = target.tp,
         .message = fmt::format("broker {} still has a replica of {}", broker.value(), target.name()),
         .witness = "a broker keeps a replica that was taken from it"});
  }
}

/// I29 for one partition.
void look_at_leader(const Target& target, const ClusterView& view, std::vector<Unsettled>& found) {
  const PartitionTruth& truth = *target.state.truth;
  const std::vector<BrokerId>& candidates = truth.isr.empty() ? truth.elr : truth.isr;
  const bool electable =
      std::ranges::any_of(candidates, [&view](BrokerId broker) { return view.takes_part(broker); });
  const bool leads =
      truth.leader && view.takes_part(*truth.leader) && target.state.current_leader() != nullptr;
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

/// I61, I63 and I64, as each replica of the metadata log was after its last step.
void look_at_quorum(const QuorumWatch& quorum, const ClusterView& view, std::vector<Unsettled>& found) {
  const auto add = [&](Invariant invariant, std::string message, std::string_view witness) {
    found.push_back({.invariant = invariant, .tp = {}, .message = std::move(message), .witness = witness});
  };
  const QuorumWatch::Replica* leader = nullptr;
  for (const auto& [node, replica] : quorum.replicas()) {
    if (view.takes_part(node) && replica.view.committed_as_leader) leader = &replica;
  }
  for (const auto& [node, replica] : quorum.replicas()) {
    if (!view.takes_part(node) || !replica.view.is_voter) continue;
    if (replica.view.role == raft::RoleKind::kProspective) {
      add(Invariant::kI64, fmt::format("controller {} still asks for votes", node.value()),
          "a controller goes on asking for votes");
    }
    const bool agrees = leader != nullptr && replica.view.leader == leader->view.node &&
                        replica.view.epoch == leader->view.epoch;
    if (agrees) continue;
    add(Invariant::kI61,
        leader == nullptr ? std::string("no controller is active")
                          : fmt::format("controller {} does not follow controller {}, which is active",
                                        node.value(), leader->view.node.value()),
        leader == nullptr ? "no controller is active" : "a controller follows nobody, or somebody else");
  }
  if (leader == nullptr || leader->voter_records.empty()) return;
  const Offset last = *leader->voter_records.rbegin();
  if (last < *leader->view.committed_as_leader) return;
  add(Invariant::kI63, fmt::format("the voters named at offset {} are not committed", last.value()),
      "a change of the voters is under way");
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
    look_at_assignment(target, view, found);
    if (partition->deleted) continue;
    for (const BrokerId broker : partition->truth->replicas) {
      if (view.takes_part(broker)) look_at_replica(target, broker, view, found);
    }
    look_at_leader(target, view, found);
  }
  for (const BrokerId broker : view.brokers()) {
    if (view.takes_part(broker)) look_at_broker(broker, view, found);
  }
  look_at_quorum(state.quorum, view, found);
  return found;
}

std::vector<Unsettled> find_unresolved_writes(const SettledObservation& settled) {
  std::vector<Unsettled> found;
  for (std::uint32_t place = 0; place < settled.history.size(); ++place) {
    const Op& op = settled.history.at(place);
    const bool open = sent(op) != nullptr && !op.returned && op.invoked + settled.send_timeout < settled.at;
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
