// SnapshotStore: the snapshots of the metadata log, as files beside it.
//
// A snapshot is named by the offset after the last record that it covers and by that record's epoch:
// `00000000000000000120-0000000003.checkpoint`. It is written under another name, synced and renamed, so that
// what bears the name is whole. One may be written (this node's own) while another one is being fetched from
// the leader.
//
// Source: org.apache.kafka.snapshot.Snapshots, FileRawSnapshotWriter; KIP-630.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "engine/base/ids.h"
#include "engine/io/disk.h"
#include "engine/log/durable_file.h"

namespace odradek::raft {

/// Where a snapshot ends: exclusive offset, and the epoch of the last record that it covers.
using SnapshotId = OffsetAndEpoch;

/// `kafka-storage format` writes this one: it covers no record and says who is in the quorum (KIP-853).
inline constexpr SnapshotId kBootstrapSnapshot{};

[[nodiscard]] std::string snapshot_path(std::string_view directory, const SnapshotId& id);

class SnapshotStore {
 public:
  SnapshotStore() = default;
  /// What is there; unfinished ones are deleted.
  [[nodiscard]] static io::DiskResult<SnapshotStore> open(io::Disk& disk, std::string directory);

  [[nodiscard]] const std::set<SnapshotId>& ids() const { return ids_; }
  [[nodiscard]] std::optional<SnapshotId> earliest() const;
  [[nodiscard]] std::optional<SnapshotId> latest() const;
  [[nodiscard]] io::DiskResult<std::uint64_t> size(const io::Disk& disk, const SnapshotId& id) const;
  /// At most `max_bytes` from `position`. REQUIRES: position <= size.
  [[nodiscard]] io::DiskResult<Bytes> read(const io::Disk& disk, const SnapshotId& id, std::uint64_t position,
                                           std::uint64_t max_bytes) const;
  [[nodiscard]] io::DiskResult<void> remove(io::Disk& disk, const SnapshotId& id);

  /// Begins to write one of this node's own. REQUIRES: !is_writing().
  [[nodiscard]] io::DiskResult<void> write(const SnapshotId& id, const Bytes& content, io::Disk& disk,
                                           io::Effects& out);
  [[nodiscard]] bool is_writing() const { return writing_.has_value(); }

  /// Begins to fetch one; what was fetched of another is deleted.
  [[nodiscard]] io::DiskResult<void> begin_fetch(const SnapshotId& id, io::Disk& disk);
  [[nodiscard]] io::DiskResult<void> abandon_fetch(io::Disk& disk);
  /// What is being fetched, until it is whole.
  [[nodiscard]] std::optional<SnapshotId> fetching() const;
  [[nodiscard]] std::uint64_t fetched_bytes(const io::Disk& disk) const;
  [[nodiscard]] io::DiskResult<void> add_fetched(const Bytes& piece, io::Disk& disk);
  /// All of it is here: makes it durable.
  void seal_fetched(io::Effects& out);
  [[nodiscard]] bool is_sealing() const { return fetching_ && fetching_->file.is_writing(); }

  struct Completed {
    SnapshotId id;
    bool fetched = false;
  };
  /// The snapshot that this fsync has made whole, if it did. REQUIRES: finished.ok.
  [[nodiscard]] io::DiskResult<std::optional<Completed>> on_fsync(const io::FsyncFinished& finished,
                                                                  io::Disk& disk, io::Effects& out);
  [[nodiscard]] bool awaits(FsyncTicket ticket) const;

  struct Unfinished {
    SnapshotId id;
    log::DurableFile file;

    FIELDS(id, file)
    friend bool operator==(const Unfinished&, const Unfinished&) = default;
  };

  FIELDS(directory_, ids_, writing_, fetching_)
  friend bool operator==(const SnapshotStore&, const SnapshotStore&) = default;

 private:
  std::string directory_;
  std::set<SnapshotId> ids_;
  std::optional<Unfinished> writing_;
  std::optional<Unfinished> fetching_;
};

}  // namespace odradek::raft
