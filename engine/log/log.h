// Log: one replica's records, as segments on a disk. Start here.
//
// The log keeps paths, indexes and the epoch cache in memory and the batches on disk; every operation takes
// the disk. It is a regular value: a copy with a copy of the disk is a fork. What a role may do with it (who
// appends, who truncates, up to where one reads) is the business of its owner.
//
// 1. Offsets are dense from log_start_offset() to log_end_offset(); leader epochs never decrease.
// 2. There is at least one segment; only the last one grows.
// 3. The epoch cache knows every epoch that has a record, with the offset of its first one.
// 4. What recovery finds is a prefix of what was appended, by whole batches.
//
// After a disk error a log may disagree with its files and must be opened again (KIP-112: the log directory
// goes offline). Source: org.apache.kafka.storage.internals.log.UnifiedLog, LocalLog, LogLoader.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/cow.h"
#include "engine/log/segment.h"

namespace odradek::log {

/// What an append did.
struct AppendInfo {
  Offset first;
  Offset next;  ///< one past the last record
  Timestamp max_timestamp;
  std::optional<Timestamp> log_append_time;  ///< present when the topic uses LogAppendTime
  std::optional<std::string> rolled;         ///< the segment file that was completed, due for an fsync

  FIELDS(first, next, max_timestamp, log_append_time, rolled)
  friend bool operator==(const AppendInfo&, const AppendInfo&) = default;
};

/// A record found by its timestamp.
struct TimestampedOffset {
  Offset offset;
  Timestamp timestamp;
  std::optional<LeaderEpoch> leader_epoch;

  FIELDS(offset, timestamp, leader_epoch)
  friend bool operator==(const TimestampedOffset&, const TimestampedOffset&) = default;
};

class Log {
 public:
  Log() = default;

  /// Creates the log, or recovers it: reads every batch back, cuts at the first bad one, and derives indexes
  /// and epoch cache from what is left. An epoch without records is forgotten.
  [[nodiscard]] static Result<Log> open(io::Disk& disk, std::string directory, const io::TopicConfig& config);
  /// Recovery cut an invalid tail.
  [[nodiscard]] bool recovered_truncation() const { return recovered_truncation_; }

  [[nodiscard]] Offset log_start_offset() const { return segments_.front()->base_offset(); }
  [[nodiscard]] Offset log_end_offset() const { return segments_.back()->next_offset(); }
  [[nodiscard]] const EpochCache& epochs() const { return epochs_; }
  [[nodiscard]] std::optional<LeaderEpoch> latest_epoch() const;
  [[nodiscard]] std::optional<api::EpochEndOffset> end_offset_for(LeaderEpoch epoch) const;

  [[nodiscard]] const std::string& directory() const { return directory_; }
  [[nodiscard]] const std::vector<Cow<Segment>>& segments() const { return segments_; }
  /// The file to fsync so that all appends since the last roll become durable.
  [[nodiscard]] const std::string& active_path() const { return segments_.back()->path(); }
  [[nodiscard]] std::string epoch_checkpoint_path() const { return EpochCache::path_in(directory_); }
  /// Settings apply from the next append on.
  void set_config(const io::TopicConfig& config) { config_ = config; }

  /// Appends a producer's batch at the end, with offsets, epoch and time of the leader. REQUIRES:
  /// check_batch.
  [[nodiscard]] io::DiskResult<AppendInfo> append_as_leader(io::Disk& disk, const Bytes& batch,
                                                            LeaderEpoch epoch, Timestamp now);
  /// Appends a leader's batch verbatim. REQUIRES: check_batch_crc, base offset at log_end_offset().
  [[nodiscard]] io::DiskResult<AppendInfo> append_as_follower(io::Disk& disk, const Bytes& batch);

  /// Whole batches below `upper_bound`, from the one that holds `from`, of `max_bytes` together; with
  /// `at_least_one` the first may be larger. REQUIRES: from within [log start, log end].
  [[nodiscard]] io::DiskResult<std::vector<Bytes>> read(const io::Disk& disk, Offset from, Offset upper_bound,
                                                        std::int32_t max_bytes, bool at_least_one) const;

  /// How many bytes of batches lie between the two; absent when they lie in different segments.
  /// REQUIRES: log_start_offset() <= from < to <= log_end_offset().
  [[nodiscard]] io::DiskResult<std::optional<std::int64_t>> bytes_between(const io::Disk& disk, Offset from,
                                                                          Offset to) const;
  /// The first record at or after `timestamp`, if it lies below `upper_bound`.
  [[nodiscard]] io::DiskResult<std::optional<TimestampedOffset>> offset_for_timestamp(
      const io::Disk& disk, Timestamp timestamp, Offset upper_bound) const;
  /// The first record with the newest timestamp of the log, if it lies below `upper_bound` (KIP-734).
  [[nodiscard]] io::DiskResult<std::optional<TimestampedOffset>> offset_of_max_timestamp(
      const io::Disk& disk, Offset upper_bound) const;

  /// Makes the log end at `end`, or before it at the start of the batch that holds it. Epochs that begin at
  /// or after `end` are forgotten even when no record is dropped.
  [[nodiscard]] io::DiskResult<void> truncate_to(io::Disk& disk, Offset end);
  /// Deletes the segments all of whose records lie below `start`, the oldest first; never the active one.
  [[nodiscard]] io::DiskResult<void> delete_segments_below(io::Disk& disk, Offset start);
  /// Drops everything; the log is empty and begins at `start`.
  [[nodiscard]] io::DiskResult<void> truncate_fully_and_start_at(io::Disk& disk, Offset start);
  /// A new leader writes its epoch at once, before any record.
  [[nodiscard]] io::DiskResult<void> assign_epoch(io::Disk& disk, LeaderEpoch epoch, Offset start_offset);

  FIELDS(directory_, config_, segments_, epochs_, recovered_truncation_)
  friend bool operator==(const Log&, const Log&) = default;

 private:
  [[nodiscard]] io::DiskResult<void> load(io::Disk& disk);
  [[nodiscard]] io::DiskResult<void> recover_segment(io::Disk& disk, Offset base_offset);
  [[nodiscard]] io::DiskResult<AppendInfo> append(io::Disk& disk, const Bytes& batch,
                                                  const wire::BatchHeader& header);
  [[nodiscard]] io::DiskResult<std::string> roll(io::Disk& disk);
  [[nodiscard]] io::DiskResult<void> remove_segments_from(io::Disk& disk, std::uint32_t first);
  /// The index of the segment that holds `offset`, or would.
  [[nodiscard]] std::uint32_t segment_holding(Offset offset) const;

  std::string directory_;
  io::TopicConfig config_;
  std::vector<Cow<Segment>> segments_;  ///< by base offset; sealed ones are shared between copies
  EpochCache epochs_;
  bool recovered_truncation_ = false;
};

}  // namespace odradek::log
