// LogDirectory: a broker's only log directory. It passes everything on to the disk and notes the first
// failure of the medium, whoever met it: the broker ends after the step, as Kafka's does when all of its log
// directories are offline (KIP-112). What met the failure answers with KAFKA_STORAGE_ERROR or gives up.
#pragma once

#include <optional>

#include "engine/io/disk.h"

namespace odradek::node {

class LogDirectory final : public io::Disk {
 public:
  explicit LogDirectory(io::Disk& disk) : disk_(disk) {}

  [[nodiscard]] std::optional<io::DiskError> failure() const { return failure_; }

  io::DiskResult<void> append(std::string_view path, const Bytes& data) override {
    return note(disk_.append(path, data));
  }
  [[nodiscard]] io::DiskResult<Bytes> read(std::string_view path, std::uint64_t position,
                                           std::uint32_t length) const override {
    return note(disk_.read(path, position, length));
  }
  [[nodiscard]] io::DiskResult<std::uint64_t> size(std::string_view path) const override {
    return disk_.size(path);
  }
  io::DiskResult<void> truncate(std::string_view path, std::uint64_t size) override {
    return note(disk_.truncate(path, size));
  }
  io::DiskResult<void> rename(std::string_view from, std::string_view to) override {
    return note(disk_.rename(from, to));
  }
  io::DiskResult<void> remove(std::string_view path) override { return note(disk_.remove(path)); }
  [[nodiscard]] std::vector<std::string> list(std::string_view directory) const override {
    return disk_.list(directory);
  }

 private:
  /// A file that is not there says nothing about the medium.
  template <class T>
  io::DiskResult<T> note(io::DiskResult<T> result) const {
    const bool failed = !result && (result.error() == io::DiskError::kInputOutput ||
                                    result.error() == io::DiskError::kNoSpace);
    if (failed && !failure_) failure_ = result.error();
    return result;
  }

  io::Disk& disk_;
  mutable std::optional<io::DiskError> failure_;  ///< reads fail, too
};

}  // namespace odradek::node
