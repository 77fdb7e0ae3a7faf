// DurableFile: a small file that is replaced as a whole. After a power loss it holds the old text or the new
// one, never half of a text.
//
// Writing takes four steps: write a temporary file, fsync it, rename it over the old one, fsync the
// directory. An fsync is asked for by an effect and answered by an input, so the file is a small state
// machine; whoever must not go on before the text is safe asks `is_durable`.
//
// Source: org.apache.kafka.server.common.CheckpointFile, Utils.atomicMoveWithFallback.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/bytes.h"
#include "engine/base/ids.h"
#include "engine/io/disk.h"
#include "engine/io/effects.h"

namespace odradek::log {

/// The directory of a path, as `Effects::fsync` takes it: "" is the root.
[[nodiscard]] std::string directory_of(std::string_view path);

class DurableFile {
 public:
  DurableFile() = default;
  explicit DurableFile(std::string path, std::string temporary_suffix = ".tmp")
      : path_(std::move(path)), temporary_suffix_(std::move(temporary_suffix)) {}

  /// The text; kNotFound when it was never saved.
  [[nodiscard]] io::DiskResult<Bytes> load(const io::Disk& disk) const;
  /// Begins to write; a write that is under way is superseded.
  [[nodiscard]] io::DiskResult<void> save(std::string_view text, io::Disk& disk, io::Effects& out);
  /// The same for what the owner has written to `temporary_path()` itself, piece by piece.
  void seal(io::Effects& out);
  /// REQUIRES: finished.ok.
  [[nodiscard]] io::DiskResult<void> on_fsync(const io::FsyncFinished& finished, io::Disk& disk,
                                              io::Effects& out);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string temporary_path() const { return path_ + temporary_suffix_; }
  [[nodiscard]] bool awaits(FsyncTicket ticket) const { return ticket_ == ticket; }
  [[nodiscard]] bool is_writing() const { return ticket_.has_value(); }
  /// The last text saved survives a power loss.
  [[nodiscard]] bool is_durable() const { return stage_ == Stage::kDurable; }

  enum class Stage : std::uint8_t { kNothing, kTemporary, kRenamed, kDurable };

  FIELDS(path_, temporary_suffix_, stage_, ticket_)
  friend bool operator==(const DurableFile&, const DurableFile&) = default;

 private:
  std::string path_;
  std::string temporary_suffix_ = ".tmp";
  Stage stage_ = Stage::kNothing;
  std::optional<FsyncTicket> ticket_;
};

}  // namespace odradek::log
