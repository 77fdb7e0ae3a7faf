// Segment: one file of record batches, named by its first offset, with its two sparse indexes.
//
// A lookup takes the floor entry of an index and walks batch headers from there. The places of the newest
// batches are remembered, so that reads near the end, nearly all of them, need no walk.
//
// 1. Offsets are dense: each batch begins where the one before it ends.
// 2. All but the files is a function of the batches: recovery arrives at what appending left.
//
// After a disk error a segment may disagree with its files; its log must be opened again (KIP-112: the log
// directory goes offline). Source: org.apache.kafka.storage.internals.log.LogSegment.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/config.h"
#include "engine/io/disk.h"
#include "engine/log/epoch_cache.h"
#include "engine/log/sparse_index.h"
#include "engine/wire/record_batch.h"

namespace odradek::log {

/// Where a batch stands in its segment.
struct BatchPlace {
  Offset base_offset;
  Offset next_offset;
  std::uint32_t position = 0;
  std::uint32_t size = 0;

  [[nodiscard]] std::uint32_t end() const { return position + size; }

  FIELDS(base_offset, next_offset, position, size)
  friend bool operator==(const BatchPlace&, const BatchPlace&) = default;
};

class Segment {
 public:
  Segment() = default;

  /// A new, empty segment; creates its file.
  [[nodiscard]] static io::DiskResult<Segment> create(io::Disk& disk, std::string_view directory,
                                                      Offset base_offset);

  struct Recovery;
  /// Reads a segment back batch by batch up to the first that is torn, corrupt or out of place, cuts the file
  /// there, rebuilds the indexes and tells `epochs` what begins here.
  [[nodiscard]] static io::DiskResult<Recovery> recover(io::Disk& disk, std::string_view directory,
                                                        Offset base_offset, const io::TopicConfig& config,
                                                        EpochCache& epochs);

  [[nodiscard]] static std::string path_of(std::string_view directory, Offset base_offset);

  [[nodiscard]] Offset base_offset() const { return base_offset_; }
  [[nodiscard]] Offset next_offset() const { return next_offset_; }
  [[nodiscard]] std::uint32_t size() const { return size_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const OffsetIndex& offset_index() const { return offset_index_; }
  [[nodiscard]] const TimeIndex& time_index() const { return time_index_; }
  /// The newest timestamp, with the last offset of the batch that first bore it; absent when empty.
  [[nodiscard]] std::optional<TimeIndexEntry> newest() const { return newest_; }

  /// False when the batch belongs into a new segment.
  [[nodiscard]] bool has_room_for(const wire::BatchHeader& header, const io::TopicConfig& config) const;

  /// REQUIRES: `header` is the batch's own and begins at next_offset().
  [[nodiscard]] io::DiskResult<void> append(io::Disk& disk, const Bytes& batch,
                                            const wire::BatchHeader& header, const io::TopicConfig& config);
  /// The segment gets no more batches: completes the time index.
  [[nodiscard]] io::DiskResult<void> seal(io::Disk& disk);

  /// The batch that holds `offset`. REQUIRES: base_offset() <= offset < next_offset().
  [[nodiscard]] io::DiskResult<BatchPlace> find(const io::Disk& disk, Offset offset) const;
  /// The batch at `position`. REQUIRES: a batch begins there.
  [[nodiscard]] io::DiskResult<BatchPlace> place_at(const io::Disk& disk, std::uint32_t position) const;
  /// The batch after `place`. REQUIRES: place.end() < size().
  [[nodiscard]] io::DiskResult<BatchPlace> following(const io::Disk& disk, const BatchPlace& place) const;
  [[nodiscard]] io::DiskResult<wire::BatchHeader> header_at(const io::Disk& disk,
                                                            std::uint32_t position) const;
  [[nodiscard]] io::DiskResult<Bytes> read(const io::Disk& disk, const BatchPlace& place) const;

  /// Drops the batch that holds `end` and all after it. REQUIRES: as `find`.
  [[nodiscard]] io::DiskResult<void> truncate_to(io::Disk& disk, Offset end);
  /// Deletes the files of the segment of that name.
  [[nodiscard]] static io::DiskResult<void> remove(io::Disk& disk, std::string_view directory,
                                                   Offset base_offset);

  FIELDS(path_, base_offset_, next_offset_, size_, offset_index_, time_index_, newest_, recent_)
  friend bool operator==(const Segment&, const Segment&) = default;

 private:
  Segment(std::string_view directory, Offset base_offset);

  [[nodiscard]] bool index_is_due(const io::TopicConfig& config) const;
  void note(const wire::BatchHeader& header);
  [[nodiscard]] io::DiskResult<bool> recover_next(const io::Disk& disk, std::uint64_t file_size,
                                                  const io::TopicConfig& config, EpochCache& epochs);
  [[nodiscard]] io::DiskResult<void> reload_tail(const io::Disk& disk, std::uint32_t end, Offset next);

  std::string path_;
  Offset base_offset_;
  Offset next_offset_;
  std::uint32_t size_ = 0;
  OffsetIndex offset_index_;
  TimeIndex time_index_;
  std::optional<TimeIndexEntry> newest_;
  std::vector<BatchPlace> recent_;  ///< of the batches up to the end, between one and two times kRecent
};

struct Segment::Recovery {
  Segment segment;
  bool cut = false;  ///< something was lost at the end
};

}  // namespace odradek::log
