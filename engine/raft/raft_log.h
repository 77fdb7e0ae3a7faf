// RaftLog: the metadata log on a disk, with its snapshots, and how much of all that is durable.
//
// Kafka's replica of the metadata log writes and syncs in one thread; nothing goes on before the fsync is
// back. Here the fsync is asked for and answered later, so that the owner looks at `durable_end` before it
// says anything that the log must keep, and does nothing at all while `is_cutting`: what is written behind a
// truncation that is not durable may stand behind the old records after a power loss.
//
// 1. Below start_offset() there are no records, but a snapshot that covers them, unless it is 0.
// 2. durable_end() <= end_offset().
// 3. The history tells what the control records between start and end say, committed or not.
//
// Source: org.apache.kafka.raft.ReplicatedLog, KafkaMetadataLog; KIP-595, KIP-630.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/io/effects.h"
#include "engine/log/log.h"
#include "engine/metadata/records.h"
#include "engine/raft/quorum_history.h"
#include "engine/raft/snapshot_store.h"

namespace odradek::raft {

inline constexpr std::string_view kMetadataDirectory = "__cluster_metadata-0";

/// Where a fetcher's log stands to this one.
struct IsPrefix {};
struct Diverges {
  api::EpochEndOffset at;
};
struct NeedsSnapshot {
  SnapshotId id;
};
using Comparison = std::variant<IsPrefix, Diverges, NeedsSnapshot>;

class RaftLog {
 public:
  RaftLog() = default;
  [[nodiscard]] static Result<RaftLog> open(io::Disk& disk, const io::QuorumConfig& config,
                                            VoterSet static_voters);

  [[nodiscard]] Offset start_offset() const { return start_; }
  [[nodiscard]] Offset end_offset() const { return log_.log_end_offset(); }
  /// The epoch of the last record, of the log or else of the latest snapshot.
  [[nodiscard]] LeaderEpoch last_epoch() const;
  [[nodiscard]] OffsetAndEpoch end() const { return {.offset = end_offset(), .epoch = last_epoch()}; }
  [[nodiscard]] const QuorumHistory& history() const { return history_; }
  [[nodiscard]] const SnapshotStore& snapshots() const { return snapshots_; }
  [[nodiscard]] SnapshotStore& snapshots() { return snapshots_; }
  [[nodiscard]] const log::Log& log() const { return log_; }

  /// At the end, as the leader of this epoch. Returns the offset of the first record.
  [[nodiscard]] io::DiskResult<Offset> append_as_leader(const Bytes& batch, LeaderEpoch epoch, Timestamp now,
                                                        io::Disk& disk);
  /// REQUIRES: a batch with a matching checksum that begins at end_offset().
  [[nodiscard]] io::DiskResult<void> append_as_follower(const Bytes& batch, io::Disk& disk);
  [[nodiscard]] io::DiskResult<void> assign_epoch(LeaderEpoch epoch, io::Disk& disk);
  /// Where this log and the leader's part, given where the leader's ends in an epoch.
  [[nodiscard]] Offset end_of_common_part(const api::EpochEndOffset& leader) const;
  /// What is cut off is durably gone when `is_cutting` ends.
  [[nodiscard]] io::DiskResult<void> truncate_to(Offset end, io::Disk& disk, io::Effects& out);
  /// Whole batches from `from`, at least one; uncommitted ones too. REQUIRES: start <= from <= end.
  [[nodiscard]] io::DiskResult<std::vector<Bytes>> read(const io::Disk& disk, Offset from,
                                                        std::int32_t max_bytes) const;
  [[nodiscard]] Comparison compare(Offset fetch_offset, LeaderEpoch last_fetched_epoch) const;

  /// Asks for all that the log holds to become durable, one flush at a time.
  void flush(io::Effects& out);
  [[nodiscard]] Offset durable_end() const { return durable_end_; }
  [[nodiscard]] bool is_cutting() const { return cut_ || (flush_ && flush_->covers_cut); }
  /// REQUIRES: finished.ok.
  void on_fsync(const io::FsyncFinished& finished, io::Effects& out);

  /// The latest snapshot goes beyond the log: the log begins anew at its end. False when it does not.
  [[nodiscard]] Result<bool> truncate_to_latest_snapshot(io::Disk& disk, io::Effects& out);
  /// Drops what newer snapshots cover while log and snapshots are larger than `retention_bytes`. The latest
  /// snapshot stays, and so does the active segment.
  [[nodiscard]] io::DiskResult<void> clean(std::int64_t retention_bytes, io::Disk& disk);
  /// A snapshot up to `end` is durable: what the history said before is in it.
  void forget_history_before(Offset end) { history_.truncate_old(end); }

  struct Flush {
    std::set<FsyncTicket> awaited;
    Offset end_offset;  ///< durable when all of them are back
    bool covers_cut = false;

    FIELDS(awaited, end_offset, covers_cut)
    friend bool operator==(const Flush&, const Flush&) = default;
  };

  FIELDS(log_, snapshots_, history_, start_, durable_end_, flush_, unsynced_, new_names_, wanted_, cut_)
  friend bool operator==(const RaftLog&, const RaftLog&) = default;

 private:
  [[nodiscard]] Result<void> load_snapshot_history(const io::Disk& disk);
  [[nodiscard]] Result<void> load_log_history(const io::Disk& disk);
  [[nodiscard]] Result<void> learn(const Bytes& batch);
  void note_append(const log::AppendInfo& appended);
  void maybe_flush(io::Effects& out);
  [[nodiscard]] io::DiskResult<std::uint64_t> size(const io::Disk& disk) const;
  [[nodiscard]] io::DiskResult<void> delete_before(const SnapshotId& id, io::Disk& disk);

  log::Log log_;
  SnapshotStore snapshots_;
  QuorumHistory history_;
  Offset start_;
  Offset durable_end_;
  std::optional<Flush> flush_;
  std::vector<std::string> unsynced_;  ///< completed segments that no flush covers yet
  bool new_names_ = true;              ///< files were created or deleted; after a start nobody knows
  Offset wanted_;                      ///< the end that was to become durable when it was last asked for
  bool cut_ = false;                   ///< a truncation that no flush covers yet
};

struct DecodedBatches {
  std::vector<metadata::RecordBatch> batches;  ///< control batches without records
  std::int64_t bytes = 0;                      ///< as they stand in the log
};

/// Batches of the log in [from, to). Errors are of the disk, or of bytes that went bad on it.
[[nodiscard]] Result<DecodedBatches> read_batches(const log::Log& log, const io::Disk& disk, Offset from,
                                                  Offset to);

}  // namespace odradek::raft
