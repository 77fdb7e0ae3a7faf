// SparseIndex: the entries of a segment's `.index` or `.timeindex`, in memory and, byte for byte, on disk.
//
// Lookups use memory alone; the file is what a real broker would find after a restart. Recovery rebuilds
// both.
//
// 1. Offsets never decrease along the entries.
//
// Source: org.apache.kafka.storage.internals.log.OffsetIndex, TimeIndex.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/time.h"
#include "engine/io/disk.h"
#include "engine/wire/writer.h"

namespace odradek::log {

/// The batch that ends with `offset` stands at `position`.
struct OffsetIndexEntry {
  static constexpr std::uint32_t kSize = 8;

  Offset offset;
  std::uint32_t position = 0;

  void write(wire::Writer& out, Offset segment_base) const {
    out.int32(static_cast<std::int32_t>(offset - segment_base));
    out.uint32(position);
  }

  FIELDS(offset, position)
  friend bool operator==(const OffsetIndexEntry&, const OffsetIndexEntry&) = default;
};

/// Records above `timestamp` come after `offset`, the last one of the batch that first bore it.
struct TimeIndexEntry {
  static constexpr std::uint32_t kSize = 12;

  Timestamp timestamp;
  Offset offset;

  void write(wire::Writer& out, Offset segment_base) const {
    out.int64(timestamp.value());
    out.int32(static_cast<std::int32_t>(offset - segment_base));
  }

  FIELDS(timestamp, offset)
  friend bool operator==(const TimeIndexEntry&, const TimeIndexEntry&) = default;
};

template <class Entry>
class SparseIndex {
 public:
  SparseIndex() = default;
  SparseIndex(std::string path, Offset segment_base) : path_(std::move(path)), segment_base_(segment_base) {}

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  [[nodiscard]] std::optional<Entry> last() const {
    return entries_.empty() ? std::nullopt : std::optional(entries_.back());
  }
  [[nodiscard]] std::int32_t bytes() const {
    return static_cast<std::int32_t>(entries_.size() * Entry::kSize);
  }

  /// The last entry whose `member` is at or below `key`.
  template <class Key>
  [[nodiscard]] std::optional<Entry> floor(Key key, Key Entry::* member) const {
    const auto above = std::ranges::upper_bound(entries_, key, {}, member);
    return above == entries_.begin() ? std::nullopt : std::optional(*(above - 1));
  }

  /// Adds an entry in memory only; recovery follows with `rewrite`.
  void remember(const Entry& entry) { entries_.push_back(entry); }

  [[nodiscard]] io::DiskResult<void> append(io::Disk& disk, const Entry& entry) {
    wire::Writer out;
    entry.write(out, segment_base_);
    TRY_DO(disk.append(path_, out.take()));
    remember(entry);
    return {};
  }

  /// Drops entries at or after `end`.
  [[nodiscard]] io::DiskResult<void> truncate_to(io::Disk& disk, Offset end) {
    const auto first = std::ranges::lower_bound(entries_, end, {}, &Entry::offset);
    if (first == entries_.end()) return {};
    entries_.erase(first, entries_.end());
    return disk.truncate(path_, entries_.size() * Entry::kSize);
  }

  /// Makes the file hold exactly these entries; touches it only if it does not.
  [[nodiscard]] io::DiskResult<void> rewrite(io::Disk& disk) const {
    wire::Writer out;
    for (const Entry& entry : entries_) entry.write(out, segment_base_);
    const Bytes wanted = out.take();
    if (const auto size = disk.size(path_)) {
      if (*size == wanted.size()) {
        TRY(found, disk.read(path_, 0, wanted.size()));
        if (found == wanted) return {};
      }
      TRY_DO(disk.remove(path_));
    }
    if (wanted.empty()) return {};
    return disk.append(path_, wanted);
  }

  /// Deletes the file, which exists once it has had an entry.
  [[nodiscard]] io::DiskResult<void> remove(io::Disk& disk) const {
    if (!disk.size(path_)) return {};
    return disk.remove(path_);
  }

  FIELDS(path_, segment_base_, entries_)
  friend bool operator==(const SparseIndex&, const SparseIndex&) = default;

 private:
  std::string path_;
  Offset segment_base_;
  std::vector<Entry> entries_;
};

using OffsetIndex = SparseIndex<OffsetIndexEntry>;
using TimeIndex = SparseIndex<TimeIndexEntry>;

}  // namespace odradek::log
