// SimDisk: the file system of one host as a value, with a page cache, and with all that can happen to it.
//
// Writes reach the page cache at once and survive the death of the process. What an fsync makes durable is
// the content at the moment when it was *asked for*, kept beside the cached content as another value that
// shares its blocks. Names are apart from files, as with inodes, and become durable by an fsync of their
// directory. All else is worked out when the power goes: see power_loss.h for files and names.h for names.
//
// 1. After a power loss what is left is durable: cache and platter agree.
// 2. A page that is neither dirty nor marked stale is the same in cache and platter.
// 3. A file is kept while a name may mean it, now or after a power loss.
//
// A disk knows neither its host nor its processes: disks are swapped with std::swap. Every mutation and every
// fault feeds one running digest; `mutations` counts them, so that the world can tell in O(1) whether a step
// touched the disk.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/cow.h"
#include "engine/base/ids.h"
#include "engine/io/disk.h"
#include "engine/io/lane.h"
#include "sim/disk/disk_rules.h"
#include "sim/disk/file.h"
#include "sim/disk/names.h"
#include "sim/disk/pages.h"

namespace odradek::sim {

/// An fsync that was asked for and is not finished: of a file, or else of the names in a directory.
struct PendingFsync {
  FsyncTicket ticket;
  io::Lane lane{};             ///< whom to tell
  bool ok = true;              ///< whether it will succeed
  std::optional<FileId> file;  ///< absent for a directory
  Cow<File> content;           ///< as it was when asked
  PageSet skipped;             ///< pages of it that were clean by then, right or wrong
  std::uint64_t changed = 0;
  std::string directory;
  std::uint64_t names_before = 0;  ///< changes of names below this ordinal are covered

  FIELDS(ticket, lane, ok, file, content, skipped, changed, directory, names_before)
  friend bool operator==(const PendingFsync&, const PendingFsync&) = default;
};

struct FsyncAnswer {
  io::Lane lane{};
  bool ok = true;

  FIELDS(lane, ok)
  friend bool operator==(const FsyncAnswer&, const FsyncAnswer&) = default;
};

class SimDisk final : public io::Disk {
 public:
  // What processes do. An append that does not fit writes nothing: a short write would end in kNoSpace all
  // the same, and Kafka takes the log directory offline at either.
  io::DiskResult<void> append(std::string_view path, const Bytes& data) override;
  [[nodiscard]] io::DiskResult<Bytes> read(std::string_view path, std::uint64_t position,
                                           std::uint32_t length) const override;
  [[nodiscard]] io::DiskResult<std::uint64_t> size(std::string_view path) const override;
  io::DiskResult<void> truncate(std::string_view path, std::uint64_t size) override;
  io::DiskResult<void> rename(std::string_view from, std::string_view to) override;
  io::DiskResult<void> remove(std::string_view path) override;
  [[nodiscard]] std::vector<std::string> list(std::string_view directory) const override;

  /// Notes what is to become durable: a file, or the names of a directory ("" is the root) when the path is
  /// no file. One that a rule lets fail marks its pages clean, as Linux does, so that the next one succeeds
  /// without them (PostgreSQL's "fsyncgate", 2018; Rebello et al., "Can Applications Recover from fsync
  /// Failures?", USENIX ATC 2020). A failed fsync of a directory leaves its names waiting.
  void begin_fsync(FsyncTicket ticket, std::string_view path, io::Lane lane);
  /// It is durable now, or has failed. Absent when the process that asked is gone.
  std::optional<FsyncAnswer> finish_fsync(FsyncTicket ticket);
  /// The process died: its fsyncs are answered to nobody, and nothing is promised of them.
  void forget_fsyncs() { pending_.clear(); }
  /// What was synced of a file; absent when it never was.
  [[nodiscard]] std::optional<Cow<File>> durable(std::string_view path) const;

  // What happens to the host.
  void lose_power(Survival survival, const Chance& chance);
  /// Clean pages are forgotten and read from the platter again.
  void drop_cache();
  /// A blank disk is put in its place. Rules, limit and counters stay.
  void empty();

  // What happens to the disk.
  /// REQUIRES: kInputOutput, or kNoSpace of appends.
  DiskRuleId fail(DiskScope scope, io::DiskError error);
  /// REQUIRES: a lost or misdirected write; the scope is of appends.
  DiskRuleId misplace(DiskScope scope, Decay decay, const Chance& chance);
  void lift(DiskRuleId rule);
  [[nodiscard]] std::uint64_t affected(DiskRuleId rule) const { return rules_.affected(rule); }
  /// Flips a drawn bit in a drawn file whose path has this prefix; absent when there is nothing to hit.
  std::optional<DecayedPlace> rot(std::string_view prefix, const Chance& chance);
  /// A drawn page cannot be read until it is written again.
  std::optional<DecayedPlace> make_unreadable(std::string_view prefix, const Chance& chance);
  /// Done by somebody whom neither rules nor the limit hinder, such as who puts in another drive.
  template <class Deed>
  void unhindered(Deed deed) {
    DiskRules rules = std::exchange(rules_, {});
    const std::optional<std::uint64_t> capacity = std::exchange(capacity_, std::nullopt);
    deed(*this);
    rules_ = std::move(rules);
    capacity_ = capacity;
  }
  /// Bytes for all files together; absent: no limit.
  void limit(std::optional<std::uint64_t> capacity);

  /// What a read would find if nothing went wrong; for those who watch, see peek.h.
  [[nodiscard]] io::DiskResult<Bytes> peek(std::string_view path, std::uint64_t position,
                                           std::uint32_t length) const;
  /// A copy on which nothing goes wrong, to try on it what a process would find.
  [[nodiscard]] SimDisk without_rules() const;
  /// Files that a name means, or may mean after a power loss.
  [[nodiscard]] std::uint64_t files_kept() const { return files_.size(); }
  [[nodiscard]] std::uint64_t bytes_used() const { return bytes_used_; }
  /// Appended so far, since the beginning.
  [[nodiscard]] std::uint64_t bytes_written() const { return bytes_written_; }
  [[nodiscard]] std::uint64_t mutations() const { return mutations_; }
  /// Rolled over all mutations and faults so far, with the bytes written.
  [[nodiscard]] Digest mutation_digest() const { return rolled_.finish(); }

  FIELDS(names_, files_, pending_, rules_, next_file_, capacity_, bytes_used_, bytes_written_, mutations_,
         rolled_)
  friend bool operator==(const SimDisk& a, const SimDisk& b);

 private:
  enum class Mutation : std::uint8_t {
    kAppend,
    kTruncate,
    kRename,
    kRemove,
    kError,
    kFailedFsync,
    kPowerLoss,
    kCacheDrop,
    kBlank,
    kRule,
    kLift,
    kLimit,
    kDecay,
  };

  [[nodiscard]] const FileState* find(std::string_view path) const;
  [[nodiscard]] FileState* find(std::string_view path);
  std::uint64_t note(Mutation mutation, std::string_view path);
  /// The error that a rule has in store for this operation.
  std::optional<io::DiskError> refusal(DiskOperation operation, std::string_view path);
  void forget(const std::vector<FileId>& files);
  void mark_fsync_failed(FileState& file);
  void write_out(const PendingFsync& done);
  [[nodiscard]] std::map<FileId, FileState> surviving_files(Survival survival, const Chance& chance);
  void lose_write(FileState& file, std::uint64_t begin, const DiskRule& rule);
  void land_elsewhere(const Bytes& page, const DiskRule& rule);
  [[nodiscard]] std::optional<DecayedPlace> drawn_place(std::string_view prefix, const Chance& chance) const;

  Names names_;
  std::map<FileId, FileState> files_;
  std::vector<PendingFsync> pending_;  ///< in the order in which they were asked for
  mutable DiskRules rules_;            ///< reading is const to the engine, and a rule counts what it meets
  FileId next_file_;
  std::optional<std::uint64_t> capacity_;
  std::uint64_t bytes_used_ = 0;
  std::uint64_t bytes_written_ = 0;
  std::uint64_t mutations_ = 0;
  Hasher rolled_;
};

}  // namespace odradek::sim

/// FIELDS cannot see the pointer to the table of virtual functions, which comes first.
template <>
inline constexpr bool odradek::fields_complete<odradek::sim::SimDisk> =
    odradek::detail::LayoutOfFields<odradek::sim::SimDisk>::size() + sizeof(void*) ==
    sizeof(odradek::sim::SimDisk);
