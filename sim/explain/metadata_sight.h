// MetadataSight: what a chronicle says of a replica's metadata log, found by looking at it after each step of
// its node and comparing with what was seen before.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/raft/quorum_replica.h"
#include "sim/disk/sim_disk.h"
#include "sim/explain/chronicle.h"

namespace odradek::sim {

class MetadataSight {
 public:
  /// What is new; absent if nothing is. `incarnation` numbers the lives of the process.
  [[nodiscard]] std::optional<MetadataSeen> look(const raft::QuorumReplica& replica, const SimDisk& disk,
                                                 std::uint32_t incarnation);
  /// The step that is looked at next has cut the log there.
  void forget_from(Offset end);

 private:
  std::optional<MetadataSeen> last_;
  std::uint32_t incarnation_ = 0;
};

}  // namespace odradek::sim
