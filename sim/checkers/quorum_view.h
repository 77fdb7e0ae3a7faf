// What the checkers see of one replica of the metadata log, at the end of a step of its node.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "engine/base/hash.h"
#include "engine/raft/roles.h"
#include "engine/raft/voter_set.h"

namespace odradek::sim {

/// What a leader goes by that needs other voters.
struct QuorumFetches {
  Timestamp time;  ///< of its wall clock
  std::uint32_t needed = 0;
  std::map<NodeId, std::optional<Timestamp>> last;  ///< of each other voter

  FIELDS(time, needed, last)
  friend bool operator==(const QuorumFetches&, const QuorumFetches&) = default;
};

struct QuorumReplicaView {
  NodeId node;
  std::uint32_t incarnation = 0;
  std::optional<Uuid> directory_id;
  raft::RoleKind role{};
  LeaderEpoch epoch;
  std::optional<NodeId> leader;
  std::optional<raft::ReplicaKey> voted;
  bool is_state_durable = false;  ///< epoch, leader and vote would survive a power loss
  bool can_be_voter = false;
  raft::VoterSet voters;   ///< by its own log
  bool is_voter = false;   ///< one of them
  bool may_stand = false;  ///< also when its removal may be uncommitted
  Offset log_start;
  Offset log_end;
  Offset durable_end;
  LeaderEpoch last_epoch;  ///< of the last record
  Offset high_watermark;   ///< 0: it knows none
  // Of a leader:
  Offset epoch_start;
  std::optional<Offset> committed_as_leader;  ///< absent until a record of its epoch is committed
  std::optional<QuorumFetches> fetches;       ///< absent: it needs none, or its disk keeps it waiting

  FIELDS(node, incarnation, directory_id, role, epoch, leader, voted, is_state_durable, can_be_voter, voters,
         is_voter, may_stand, log_start, log_end, durable_end, last_epoch, high_watermark, epoch_start,
         committed_as_leader, fetches)
  friend bool operator==(const QuorumReplicaView&, const QuorumReplicaView&) = default;
};

/// A batch of the metadata log.
struct MetadataBatch {
  Offset base;
  Offset next;
  LeaderEpoch epoch;
  Digest content;
  bool names_voters = false;

  FIELDS(base, next, epoch, content, names_voters)
  friend bool operator==(const MetadataBatch&, const MetadataBatch&) = default;
};

/// What is looked up only when something has changed.
class QuorumReader {
 public:
  virtual ~QuorumReader() = default;
  /// Batches of its log in [from, to); none where they cannot be read. REQUIRES: within the log.
  [[nodiscard]] virtual std::vector<MetadataBatch> batches(Offset from, Offset to) const = 0;
  [[nodiscard]] virtual bool has_snapshot_to(Offset end) const = 0;

 protected:
  QuorumReader() = default;
  QuorumReader(const QuorumReader&) = default;
  QuorumReader& operator=(const QuorumReader&) = default;
};

}  // namespace odradek::sim
