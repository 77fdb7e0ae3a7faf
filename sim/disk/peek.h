// Peek: a disk as an observer sees it. Reading through it meets no rule and leaves no trace; it is for
// reading.
#pragma once

#include "engine/base/ensure.h"
#include "sim/disk/sim_disk.h"

namespace odradek::sim {

class Peek final : public io::Disk {
 public:
  explicit Peek(const SimDisk& disk) : disk_(disk) {}

  [[nodiscard]] io::DiskResult<Bytes> read(std::string_view path, std::uint64_t position,
                                           std::uint32_t length) const override {
    return disk_.peek(path, position, length);
  }
  [[nodiscard]] io::DiskResult<std::uint64_t> size(std::string_view path) const override {
    return disk_.size(path);
  }
  [[nodiscard]] std::vector<std::string> list(std::string_view directory) const override {
    return disk_.list(directory);
  }

  io::DiskResult<void> append(std::string_view, const Bytes&) override { return refuse(); }
  io::DiskResult<void> truncate(std::string_view, std::uint64_t) override { return refuse(); }
  io::DiskResult<void> rename(std::string_view, std::string_view) override { return refuse(); }
  io::DiskResult<void> remove(std::string_view) override { return refuse(); }

 private:
  static io::DiskResult<void> refuse() {
    ensure_failed("reading only", __FILE__, __LINE__, "an observer writes");
  }

  const SimDisk& disk_;
};

}  // namespace odradek::sim
