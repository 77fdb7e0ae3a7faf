// Pages: what the cache and the platter hold of a file, in the units in which the kernel writes it.
//
// The kernel writes whole pages, and a drive whole sectors: what is unsynced persists page by page, and a
// page is torn between two sectors. A page that was not written since it became clean is not written again,
// even if the platter never got it: that is how a failed fsync or a lost write goes unnoticed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "engine/base/bytes.h"
#include "engine/base/cow.h"
#include "engine/base/fields.h"
#include "sim/disk/file.h"

namespace odradek::sim {

inline constexpr std::uint32_t kPageBytes = 4096;
inline constexpr std::uint32_t kSectorBytes = 512;

using PageSet = std::set<std::uint64_t>;

/// Pages of a file about which the cache is wrong. Writing to a page clears its marks.
struct PageMarks {
  PageSet stale;       ///< clean in the cache, but the platter has something else
  PageSet doomed;      ///< dirty, and the drive will lose the next write of them
  PageSet unreadable;  ///< reading them fails

  /// Forgets pages from `first` to `last`, both included.
  void clear(std::uint64_t first, std::uint64_t last);

  FIELDS(stale, doomed, unreadable)
  friend bool operator==(const PageMarks&, const PageMarks&) = default;
};

/// A file with its durable shadow.
struct FileState {
  Cow<File> cached;                  ///< what reads see
  std::optional<Cow<File>> durable;  ///< what the platter has; absent: it was never synced
  std::uint64_t changed = 0;         ///< ordinal of the last mutation of the content
  std::uint64_t synced = 0;          ///< `changed` of the durable content
  Cow<PageMarks> marks;              ///< empty unless something went wrong

  /// Empty when it was never synced.
  [[nodiscard]] const File& platter() const;

  FIELDS(cached, durable, changed, synced, marks)
  friend bool operator==(const FileState&, const FileState&) = default;
};

[[nodiscard]] constexpr std::uint64_t page_of(std::uint64_t position) { return position / kPageBytes; }
/// How many pages so many bytes take.
[[nodiscard]] constexpr std::uint64_t pages_in(std::uint64_t size) { return page_of(size + kPageBytes - 1); }

/// A whole page, with zeros behind the end of the file.
[[nodiscard]] Bytes page_at(const File& file, std::uint64_t page);
/// `front` up to `cut`, then `back`. REQUIRES: two whole pages.
[[nodiscard]] Bytes spliced(const Bytes& front, const Bytes& back, std::uint32_t cut);

/// `base` cut or extended with zeros to `size`, with some pages replaced by others.
[[nodiscard]] File with_pages(const File& base, std::uint64_t size,
                              const std::map<std::uint64_t, Bytes>& pages);
/// The file after `content` was written over what the platter had, but for some pages.
[[nodiscard]] File written_out(const File& platter, const File& content, const PageSet& skipped);
/// Pages of `content` that the platter has not got.
[[nodiscard]] PageSet dirty_pages(const File& platter, const File& content);

}  // namespace odradek::sim
