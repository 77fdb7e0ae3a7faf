// TapedDisk: a disk during one step, which keeps what it was after each mutation, and how many effects had
// been emitted by then. A step is one ordered list of mutations and effects; a crash may keep any prefix of
// it.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/io/effects.h"
#include "sim/disk/sim_disk.h"

namespace odradek::sim {

class TapedDisk final : public io::Disk {
 public:
  TapedDisk(SimDisk& disk, const io::Effects& effects) : disk_(disk), before_(disk), effects_(effects) {}

  /// A prefix of the list: the disk as it was then, and how many of the effects belong to it.
  struct Prefix {
    SimDisk disk;
    std::uint64_t effects = 0;
  };

  [[nodiscard]] std::uint64_t mutations() const { return tape_.size(); }
  [[nodiscard]] Prefix prefix(std::uint64_t length) const;

  io::DiskResult<void> append(std::string_view path, const Bytes& data) override {
    return noted(disk_.append(path, data));
  }
  [[nodiscard]] io::DiskResult<Bytes> read(std::string_view path, std::uint64_t position,
                                           std::uint32_t length) const override {
    return disk_.read(path, position, length);
  }
  [[nodiscard]] io::DiskResult<std::uint64_t> size(std::string_view path) const override {
    return disk_.size(path);
  }
  io::DiskResult<void> truncate(std::string_view path, std::uint64_t size) override {
    return noted(disk_.truncate(path, size));
  }
  io::DiskResult<void> rename(std::string_view from, std::string_view to) override {
    return noted(disk_.rename(from, to));
  }
  io::DiskResult<void> remove(std::string_view path) override { return noted(disk_.remove(path)); }
  [[nodiscard]] std::vector<std::string> list(std::string_view directory) const override {
    return disk_.list(directory);
  }

 private:
  struct Mutation {
    std::uint64_t effects_before = 0;
    SimDisk disk;  ///< after it
  };

  io::DiskResult<void> noted(io::DiskResult<void> result) {
    tape_.push_back({.effects_before = effects_.list().size(), .disk = disk_});
    return result;
  }

  SimDisk& disk_;
  SimDisk before_;
  const io::Effects& effects_;
  std::vector<Mutation> tape_;
};

}  // namespace odradek::sim
