// Control records: what the cluster writes into logs for itself. They take offsets and never reach
// applications.
//
// The key names the type; the value depends on it. A control batch has the control attribute set.
// Source: org.apache.kafka.common.record.ControlRecordType, LeaderChangeMessage.json.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/ids.h"
#include "engine/wire/record_batch.h"

namespace odradek::wire {

enum class ControlType : std::int16_t {
  kAbort = 0,
  kCommit = 1,
  kLeaderChange = 2,
  kSnapshotHeader = 3,
  kSnapshotFooter = 4,
  kKRaftVersion = 5,
  kKRaftVoters = 6,
};

/// The first record of a leader's epoch in a KRaft log (LeaderChangeMessage version 0).
struct LeaderChange {
  NodeId leader_id;
  std::vector<NodeId> voters;
  std::vector<NodeId> granting_voters;

  FIELDS(leader_id, voters, granting_voters)
  friend bool operator==(const LeaderChange&, const LeaderChange&) = default;
};

/// A batch of one leader-change record at `timestamp`. `spec.control` is implied.
[[nodiscard]] Bytes encode_control_batch(BatchSpec spec, const LeaderChange& change, Timestamp timestamp);

/// The type that the key of a control record names.
[[nodiscard]] Result<ControlType> control_type_of(const Record& record);

/// REQUIRES: control_type_of(record) is kLeaderChange.
[[nodiscard]] Result<LeaderChange> decode_leader_change(const Record& record);

}  // namespace odradek::wire
