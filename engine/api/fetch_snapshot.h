// FetchSnapshot (key 59): a snapshot of the metadata log, piece by piece (KIP-630).
//
// One topic and partition, as in raft_requests.h. Source: FetchSnapshotRequest.json.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/api/raft_requests.h"
#include "engine/base/bytes.h"

namespace odradek::api {

struct FetchSnapshotRequest {
  static constexpr ApiKey kApiKey = ApiKey::kFetchSnapshot;

  Uuid cluster_id;
  ReplicaKey replica;
  LeaderEpoch current_leader_epoch;
  OffsetAndEpoch snapshot_id;  ///< the offset after its last record, and that record's epoch
  std::int64_t position = 0;   ///< in bytes
  std::int32_t max_bytes = 8 << 20;

  FIELDS(cluster_id, replica, current_leader_epoch, snapshot_id, position, max_bytes)
  friend bool operator==(const FetchSnapshotRequest&, const FetchSnapshotRequest&) = default;
};

struct FetchSnapshotResponse {
  static constexpr ApiKey kApiKey = ApiKey::kFetchSnapshot;

  ErrorCode error_code = ErrorCode::kNone;
  std::optional<LeaderIdAndEpoch> current_leader;
  OffsetAndEpoch snapshot_id;
  std::int64_t size = 0;  ///< of the whole snapshot
  std::int64_t position = 0;
  Bytes unaligned_records;

  FIELDS(error_code, current_leader, snapshot_id, size, position, unaligned_records)
  friend bool operator==(const FetchSnapshotResponse&, const FetchSnapshotResponse&) = default;
};

}  // namespace odradek::api
