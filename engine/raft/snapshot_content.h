// What stands in a snapshot of the metadata log: batches as in a log, a header first, a footer last; what the
// quorum is; and the records that make up the state.
//
// Source: org.apache.kafka.snapshot.RecordsSnapshotWriter, RecordsSnapshotReader; KIP-630, KIP-853.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/result.h"
#include "engine/metadata/records.h"
#include "engine/raft/snapshot_store.h"
#include "engine/raft/voter_set.h"

namespace odradek::raft {

struct SnapshotContent {
  std::int16_t kraft_version = 0;
  std::optional<VoterSet> voters;  ///< from kraft.version 1 on
  std::vector<metadata::MetadataRecord> records;

  FIELDS(kraft_version, voters, records)
  friend bool operator==(const SnapshotContent&, const SnapshotContent&) = default;
};

[[nodiscard]] Bytes encode_snapshot(const SnapshotId& id, const SnapshotContent& content,
                                    Timestamp last_contained);

/// The error says which byte.
[[nodiscard]] Result<SnapshotContent> decode_snapshot(const Bytes& bytes);

}  // namespace odradek::raft
