// Disk: the file system that one host offers to its processes, as the engine sees it.
//
// Reads and writes are synchronous and hit the page cache, as in Kafka; durability is asked for with
// `Effects::fsync` and answered by an input. Errors are results. Paths are relative, "orders-0/….log";
// a directory exists as long as it holds a file.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"

namespace odradek::io {

enum class DiskError : std::uint8_t { kNotFound, kOutOfRange, kNoSpace, kInputOutput };

[[nodiscard]] constexpr std::string_view name_of(DiskError error) {
  switch (error) {
    case DiskError::kNotFound: return "no such file";
    case DiskError::kOutOfRange: return "read beyond the end of the file";
    case DiskError::kNoSpace: return "no space left on device";
    case DiskError::kInputOutput: return "input/output error";
  }
  return "unknown";
}

template <class T>
using DiskResult = std::expected<T, DiskError>;

class Disk {
 public:
  virtual ~Disk() = default;

  /// Adds bytes at the end; creates the file if need be.
  [[nodiscard]] virtual DiskResult<void> append(std::string_view path, const Bytes& data) = 0;
  /// Exactly `length` bytes from `position`. No copy when they were appended as one piece.
  [[nodiscard]] virtual DiskResult<Bytes> read(std::string_view path, std::uint64_t position,
                                               std::uint32_t length) const = 0;
  [[nodiscard]] virtual DiskResult<std::uint64_t> size(std::string_view path) const = 0;
  /// REQUIRES: size <= the file's size.
  [[nodiscard]] virtual DiskResult<void> truncate(std::string_view path, std::uint64_t size) = 0;
  /// Replaces `to` if it exists, atomically.
  [[nodiscard]] virtual DiskResult<void> rename(std::string_view from, std::string_view to) = 0;
  [[nodiscard]] virtual DiskResult<void> remove(std::string_view path) = 0;
  /// Paths of all files below `directory` (all files when empty), sorted.
  [[nodiscard]] virtual std::vector<std::string> list(std::string_view directory) const = 0;
};

}  // namespace odradek::io
