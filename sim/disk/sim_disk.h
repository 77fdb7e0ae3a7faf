// SimDisk: the file system of one host as a value, with a page cache.
//
// Writes reach the page cache at once and survive the death of the process. What an fsync makes durable is
// the content at the moment when it was *asked for*, kept beside the cached content as another value that
// shares its blocks: all that a power loss needs to know. Names and files are apart, as with inodes, so that
// a rename moves a name and a pending fsync follows its file.
//
// Every mutation feeds one running digest; `mutations` counts them, so that the world can tell in O(1)
// whether a step touched the disk.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/cow.h"
#include "engine/base/ids.h"
#include "engine/io/disk.h"
#include "engine/io/lane.h"
#include "sim/disk/file.h"

namespace odradek::sim {

using FileId = Id<struct FileIdTag, std::uint64_t>;

/// A file with its durable shadow.
struct FileState {
  Cow<File> cached;  ///< what reads see
  std::optional<Cow<File>>
      durable;                ///< content when the last finished fsync was asked for; absent: never synced
  std::uint64_t changed = 0;  ///< ordinal of the last mutation of the content
  std::uint64_t synced = 0;   ///< `changed` of the durable content

  FIELDS(cached, durable, changed, synced)
  friend bool operator==(const FileState&, const FileState&) = default;
};

/// A name of a file, and the mutation that gave it.
struct DirectoryEntry {
  FileId file;
  std::uint64_t linked = 0;

  FIELDS(file, linked)
  friend bool operator==(const DirectoryEntry&, const DirectoryEntry&) = default;
};

/// An fsync that was asked for and is not finished.
struct PendingFsync {
  FsyncTicket ticket;
  io::Lane lane{};             ///< whom to tell
  std::optional<FileId> file;  ///< absent for a directory, or a name without a file
  Cow<File> content;           ///< as it was when asked
  std::uint64_t changed = 0;

  FIELDS(ticket, lane, file, content, changed)
  friend bool operator==(const PendingFsync&, const PendingFsync&) = default;
};

class SimDisk final : public io::Disk {
 public:
  io::DiskResult<void> append(std::string_view path, const Bytes& data) override;
  [[nodiscard]] io::DiskResult<Bytes> read(std::string_view path, std::uint64_t position,
                                           std::uint32_t length) const override;
  [[nodiscard]] io::DiskResult<std::uint64_t> size(std::string_view path) const override;
  io::DiskResult<void> truncate(std::string_view path, std::uint64_t size) override;
  io::DiskResult<void> rename(std::string_view from, std::string_view to) override;
  io::DiskResult<void> remove(std::string_view path) override;
  [[nodiscard]] std::vector<std::string> list(std::string_view directory) const override;

  /// Notes what is to become durable.
  void begin_fsync(FsyncTicket ticket, std::string_view path, io::Lane lane);
  /// It is durable now. Returns the lane to tell; absent when the process that asked is gone.
  std::optional<io::Lane> finish_fsync(FsyncTicket ticket);
  /// The process died: its fsyncs are answered to nobody, and nothing is promised of them.
  void forget_fsyncs() { pending_.clear(); }

  /// What a power loss now would certainly leave of a file; absent when it was never synced.
  [[nodiscard]] std::optional<Cow<File>> durable(std::string_view path) const;

  [[nodiscard]] std::uint64_t mutations() const { return mutations_; }
  /// Rolled over all mutations so far, with the bytes written.
  [[nodiscard]] Digest mutation_digest() const { return rolled_.finish(); }

  FIELDS(names_, files_, pending_, next_file_, mutations_, rolled_)
  friend bool operator==(const SimDisk& a, const SimDisk& b) { return a.fields() == b.fields(); }

 private:
  enum class Mutation : std::uint8_t { kAppend, kTruncate, kRename, kRemove };

  [[nodiscard]] const FileState* find(std::string_view path) const;
  std::uint64_t note(Mutation mutation, std::string_view path);

  std::map<std::string, DirectoryEntry, std::less<>> names_;
  std::map<FileId, FileState> files_;
  std::vector<PendingFsync> pending_;  ///< in the order in which they were asked for
  FileId next_file_;
  std::uint64_t mutations_ = 0;
  Hasher rolled_;
};

}  // namespace odradek::sim

/// FIELDS cannot see the pointer to the table of virtual functions, which comes first.
template <>
inline constexpr bool odradek::fields_complete<odradek::sim::SimDisk> =
    odradek::detail::Layout<decltype(std::declval<odradek::sim::SimDisk&>().fields())>::size() +
        sizeof(void*) ==
    sizeof(odradek::sim::SimDisk);
