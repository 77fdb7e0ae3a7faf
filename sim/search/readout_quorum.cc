// As the leader of the highest epoch knows it. While nobody leads, only the voters are known, from the
// furthest log of a controller that runs.
#include <algorithm>

#include "engine/raft/describe_quorum.h"
#include "sim/search/readout.h"

namespace odradek::sim {
namespace {

/// Null while the process is down.
const node::Process* running(NodeId node, const Simulation& run) {
  return run.world().state(node) == NodeState::kDown ? nullptr : &run.world().process(node);
}

}  // namespace

QuorumReadout read_out_quorum(const Simulation& run) {
  QuorumReadout readout;
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
  if (chosen != nullptr) readout.partition = raft::describe_quorum(*chosen);
  return readout;
}

}  // namespace odradek::sim
