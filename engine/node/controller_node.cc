#include "engine/node/controller_node.h"

#include <optional>
#include <utility>

#include "engine/metadata/snapshot.h"

namespace odradek::node {

void ControllerNode::follow(raft::QuorumReplica& raft, const PartContext& ctx) {
  const auto raft_ctx = ctx.as<raft::Context>();
  // Before it takes what another leader has committed over what it had proposed.
  maybe_resign(raft, ctx.out);
  if (auto snapshot = raft.take_snapshot(listener_, raft_ctx))
    controller_.load(metadata::from_records(snapshot->records, snapshot->id));
  for (const metadata::RecordBatch& batch : raft.take_committed(listener_, raft_ctx))
    controller_.commit(batch, ctx.out);
  if (!raft.is_active() || controller_.is_active() || !raft.is_drained(listener_)) return;
  epoch_ = raft.epoch();
  controller_.claim(ctx.now, epoch_, key_, ctx.out);
}

void ControllerNode::maybe_resign(const raft::QuorumReplica& raft, io::Effects& out) {
  if (controller_.is_active() && (!raft.is_active() || raft.epoch() != epoch_)) controller_.resign(out);
}

void ControllerNode::on_timer(const io::Timer& timer, raft::QuorumReplica& raft, const PartContext& ctx) {
  controller_.pass_over(raft.log().end());
  (void)propose(controller_.on_timer(ctx.now, timer, ctx.out), raft, ctx);
}

void ControllerNode::on_request(const io::RequestReceived& received, raft::QuorumReplica& raft,
                                const PartContext& ctx) {
  controller_.pass_over(raft.log().end());
  const controller::KRaftVersionState kraft{.level = raft.kraft_version(),
                                            .within_reach = raft.kraft_version_within_reach()};
  controller::Outcome outcome = controller_.handle(ctx.now, received.request, kraft, ctx.out);
  if (outcome.kraft_version) {
    if (!raft.raise_kraft_version(ctx.as<raft::Context>())) return;
    controller_.pass_over(raft.log().end());
  }
  if (!propose(std::move(outcome.records), raft, ctx)) return;
  controller_.respond_when_committed({.connection = received.connection,
                                      .correlation = received.correlation,
                                      .request = received.request,
                                      .response = std::move(outcome.response)},
                                     ctx.out);
}

bool ControllerNode::propose(controller::Records records, raft::QuorumReplica& raft, const PartContext& ctx) {
  if (records.empty()) return true;
  const std::optional<metadata::RecordBatch> batch = raft.append(std::move(records), ctx.as<raft::Context>());
  if (batch) controller_.replay(ctx.now, *batch, ctx.out);
  return batch.has_value();
}

}  // namespace odradek::node
