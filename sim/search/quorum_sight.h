// How the harness looks at a replica of the metadata log: its state for the checkers, and its log and
// snapshots when they ask.
#pragma once

#include "engine/raft/quorum_replica.h"
#include "sim/checkers/quorum_view.h"
#include "sim/disk/peek.h"

namespace odradek::sim {

[[nodiscard]] QuorumReplicaView look_at(const raft::QuorumReplica& replica, std::uint32_t incarnation);

class QuorumSight final : public QuorumReader {
 public:
  QuorumSight(const raft::QuorumReplica& replica, const SimDisk& disk) : replica_(replica), disk_(disk) {}

  [[nodiscard]] std::vector<MetadataBatch> batches(Offset from, Offset to) const override;
  [[nodiscard]] bool has_snapshot_to(Offset end) const override;

 private:
  const raft::QuorumReplica& replica_;
  Peek disk_;
};

}  // namespace odradek::sim
