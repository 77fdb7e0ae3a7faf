// Files that are either whole or not there: text goes to a neighbour whose name ends in ".partial", which
// then takes the place of the file. What is renamed is on the disk before, so that a power loss tears
// nothing.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/cli/commands.h"

namespace odradek::cli {

/// What could not be stored, and whether for want of room: on the disk, in a quota, below a limit of size.
struct FileError {
  std::string message;
  bool full = false;

  /// A path that cannot be written is the caller's mistake, a full disk is not.
  [[nodiscard]] Exit exit() const { return full ? Exit::kInternal : Exit::kUsage; }
};
using Stored = std::expected<void, FileError>;

struct NamedText {
  std::string name;
  std::string text;
};

/// What is no regular file, such as /dev/stdout, is written to directly.
[[nodiscard]] Stored write_whole(const std::filesystem::path& path, std::string_view text);
/// Takes the place of a folder that is there already.
[[nodiscard]] Stored write_folder(const std::filesystem::path& path, const std::vector<NamedText>& files);
/// Whether `write_whole` could begin; leaves nothing behind.
[[nodiscard]] Stored check_writable(const std::filesystem::path& path);

/// A file that grows, by whole texts only.
class GrowingFile {
 public:
  /// Made when it is not there. Inherited by processes that are forked, closed in programs that are started.
  [[nodiscard]] static std::expected<GrowingFile, FileError> open(const std::filesystem::path& path);
  GrowingFile(GrowingFile&& other) noexcept;
  GrowingFile& operator=(GrowingFile&&) = delete;
  ~GrowingFile();

  /// False when another living process holds it; the lock ends with this process, however that ends.
  [[nodiscard]] bool lock() const;
  /// What a full disk took only a part of is cut off again.
  [[nodiscard]] Stored append(std::string_view text);
  /// Keeps the first `bytes`, and goes on behind them.
  [[nodiscard]] Stored cut(std::uint64_t bytes);
  /// In place of what it begins with; blanks take the place of what was longer.
  [[nodiscard]] Stored overwrite(std::string text);
  /// To the disk itself: what a power loss does not take.
  void sync() const;

 private:
  GrowingFile(int descriptor, std::uint64_t bytes, std::filesystem::path path)
      : descriptor_(descriptor), bytes_(bytes), path_(std::move(path)) {}

  int descriptor_;
  std::uint64_t bytes_;
  std::filesystem::path path_;
};

}  // namespace odradek::cli
