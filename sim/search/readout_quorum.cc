// As the leader of the highest epoch knows it. While nobody leads, only the voters are known, from the
// furthest log of a controller that runs.
#include <algorithm>

#include "sim/search/readout.h"

namespace odradek::sim {
namespace {

/// Null while the process is down.
const node::Process* running(NodeId node, const Simulation& run) {
  return run.world().state(node) == NodeState::kDown ? nullptr : &run.world().process(node);
}

api::QuorumReplicaState state_of(const raft::ReplicaKey& key, const raft::Progress* progress) {
  api::QuorumReplicaState state{.replica_id = key.id,
                                .replica_directory_id = key.directory_id.value_or(Uuid{})};
  if (progress == nullptr) return state;
  state.log_end_offset = progress->end_offset;
  state.last_fetch_timestamp = progress->last_fetch;
  state.last_caught_up_timestamp = progress->last_caught_up;
  return state;
}

}  // namespace

QuorumReadout read_out_quorum(const Simulation& run) {
  QuorumReadout readout;
  api::DescribeQuorumPartitionData& quorum = readout.partition;
  const raft::QuorumReplica* chosen = nullptr;
  const raft::Leader* leader = nullptr;
  for (const NodeId id : run.topology().controllers) {
    readout.cluster_id = run.world().process(id).server()->spec().cluster_id;
    const node::Process* process = running(id, run);
    if (process == nullptr) continue;
    const raft::QuorumReplica& replica = process->server()->raft();
    const auto* leads = std::get_if<raft::Leader>(&replica.role());
    const bool is_better =
        chosen == nullptr || (leads != nullptr) > (leader != nullptr) ||
        ((leads != nullptr) == (leader != nullptr) && chosen->log().end() < replica.log().end());
    if (!is_better) continue;
    chosen = &replica;
    leader = leads;
  }
  if (chosen == nullptr) return readout;
  quorum.leader_id = chosen->leader();
  quorum.leader_epoch = chosen->epoch();
  quorum.high_watermark = chosen->high_watermark();
  for (const raft::ReplicaKey& key : chosen->voters().keys()) {
    quorum.current_voters.push_back(state_of(key, leader ? &leader->voters().at(key.id) : nullptr));
    if (key == chosen->self()) quorum.current_voters.back().log_end_offset = chosen->log().end_offset();
  }
  if (leader == nullptr) return readout;
  for (const auto& [key, progress] : leader->observers())
    quorum.observers.push_back(state_of(key, &progress));
  return readout;
}

}  // namespace odradek::sim
