// Names: which file each path means, as processes see it and as the platter has it.
//
// Creating, renaming and removing change what processes see at once, and wait in a journal until their
// directory is fsynced: fsync of a file promises nothing about its name (fsync(2)). A power loss keeps of
// each directory's operations a prefix of their order, as a journalling file system replays them; a rename
// between two directories belongs to both orders, so that it happens in both or in neither.
//
// 1. Applying the journal to the durable names gives the names that processes see.
// 2. A name means the old file or the new one after a power loss that meets a rename; never none.
// 3. The journal is bounded: a long one commits its older half by itself, as ext4 does every few seconds.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/fields.h"
#include "engine/base/ids.h"
#include "sim/disk/chance.h"
#include "sim/disk/survival.h"

namespace odradek::sim {

using FileId = Id<struct FileIdTag, std::uint64_t>;
using NameTable = std::map<std::string, FileId, std::less<>>;

/// A name that ceases to be, a name that comes to mean `file`, or both: a rename.
struct NameChange {
  std::uint64_t ordinal = 0;
  std::optional<std::string> gone;
  std::optional<std::string> given;
  FileId file;

  FIELDS(ordinal, gone, given, file)
  friend bool operator==(const NameChange&, const NameChange&) = default;
};

class Names {
 public:
  [[nodiscard]] std::optional<FileId> find(std::string_view path) const;
  /// As processes see them, sorted.
  [[nodiscard]] const NameTable& all() const { return seen_; }

  /// REQUIRES: there is no such name.
  void create(std::string_view path, FileId file);
  /// REQUIRES: `from` exists and is not `to`.
  void rename(std::string_view from, std::string_view to);
  /// REQUIRES: the name exists.
  void remove(std::string_view path);

  /// The ordinal of the next change: an fsync covers those below it.
  [[nodiscard]] std::uint64_t next() const { return next_; }
  /// The changes of `directory` below `before` are durable now. Returns files that no name can mean any more.
  std::vector<FileId> commit(std::string_view directory, std::uint64_t before);
  /// Commits the older half of a journal that has grown long. Returns as `commit` does.
  std::vector<FileId> trim();
  /// What is left is seen, and durable.
  void lose_power(Survival survival, const Chance& chance);

  FIELDS(seen_, durable_, journal_, next_)
  friend bool operator==(const Names&, const Names&) = default;

 private:
  static constexpr std::uint32_t kJournalMax = 512;

  void note(NameChange change);
  void apply(const NameChange& change, std::vector<FileId>& displaced);
  [[nodiscard]] std::vector<FileId> unnamed(const std::vector<FileId>& displaced) const;
  [[nodiscard]] bool is_named(FileId file) const;

  NameTable seen_;
  NameTable durable_;
  std::vector<NameChange> journal_;  ///< in the order in which they were made
  std::uint64_t next_ = 0;
};

/// "t-0" of "t-0/00.log" and of "t-0/": empty for the root.
[[nodiscard]] std::string_view directory_of(std::string_view path);

}  // namespace odradek::sim
