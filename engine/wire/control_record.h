// Control records: what the cluster writes into logs for itself. They take offsets and never reach
// applications.
//
// The key names the type; the value depends on it. A control batch has the control attribute set.
// Source: org.apache.kafka.common.record.ControlRecordType; LeaderChangeMessage, SnapshotHeaderRecord,
// SnapshotFooterRecord, KRaftVersionRecord and VotersRecord.json.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <variant>
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

/// The first record of a snapshot (KIP-630).
struct SnapshotHeader {
  Timestamp last_contained_log_timestamp;

  FIELDS(last_contained_log_timestamp)
  friend bool operator==(const SnapshotHeader&, const SnapshotHeader&) = default;
};

/// The last record of a snapshot: without it the snapshot is not whole.
struct SnapshotFooter {
  FIELDS()
  friend bool operator==(const SnapshotFooter&, const SnapshotFooter&) = default;
};

/// The level of kraft.version from here on (KIP-853).
struct KRaftVersion {
  std::int16_t kraft_version = 0;

  FIELDS(kraft_version)
  friend bool operator==(const KRaftVersion&, const KRaftVersion&) = default;
};

/// The members of the quorum from here on (KIP-853).
struct KRaftVoters {
  struct Voter {
    NodeId voter_id;
    Uuid voter_directory_id;
    std::int16_t min_kraft_version = 0;
    std::int16_t max_kraft_version = 0;

    FIELDS(voter_id, voter_directory_id, min_kraft_version, max_kraft_version)
    friend bool operator==(const Voter&, const Voter&) = default;
  };
  std::vector<Voter> voters;

  FIELDS(voters)
  friend bool operator==(const KRaftVoters&, const KRaftVoters&) = default;
};

using ControlRecord = std::variant<LeaderChange, SnapshotHeader, SnapshotFooter, KRaftVersion, KRaftVoters>;

/// A batch of control records at `timestamp`. `spec.control` is implied. REQUIRES: at least one record.
[[nodiscard]] Bytes encode_control_batch(BatchSpec spec, std::span<const ControlRecord> records,
                                         Timestamp timestamp);

/// The type that the key of a control record names.
[[nodiscard]] Result<ControlType> control_type_of(const Record& record);

/// Markers of transactions are none of these: absent.
[[nodiscard]] Result<std::optional<ControlRecord>> decode_control_record(const Record& record);

}  // namespace odradek::wire
