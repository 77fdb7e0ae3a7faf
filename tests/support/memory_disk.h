// MemoryDisk: the simplest io::Disk that keeps its contract. It never fails, never forgets, and can be
// corrupted.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/disk.h"

namespace odradek::testing {

class MemoryDisk final : public io::Disk {
 public:
  [[nodiscard]] io::DiskResult<void> append(std::string_view path, const Bytes& data) override {
    File& file = files_[std::string(path)];
    if (data.empty()) return {};
    file.pieces.emplace(file.size, data);
    file.size += data.size();
    return {};
  }

  [[nodiscard]] io::DiskResult<Bytes> read(std::string_view path, std::uint64_t position,
                                           std::uint32_t length) const override {
    const auto found = files_.find(path);
    if (found == files_.end()) return std::unexpected(io::DiskError::kNotFound);
    const File& file = found->second;
    if (position + length > file.size) return std::unexpected(io::DiskError::kOutOfRange);
    if (length == 0) return Bytes();
    std::vector<Bytes> parts;
    for (auto piece = std::prev(file.pieces.upper_bound(position)); length > 0; ++piece) {
      const auto skip = static_cast<std::uint32_t>(position - piece->first);
      const std::uint32_t taken = std::min(length, piece->second.size() - skip);
      parts.push_back(piece->second.slice(skip, taken));
      position += taken;
      length -= taken;
    }
    return concatenate(parts);
  }

  [[nodiscard]] io::DiskResult<std::uint64_t> size(std::string_view path) const override {
    const auto found = files_.find(path);
    if (found == files_.end()) return std::unexpected(io::DiskError::kNotFound);
    return found->second.size;
  }

  [[nodiscard]] io::DiskResult<void> truncate(std::string_view path, std::uint64_t size) override {
    const auto found = files_.find(path);
    if (found == files_.end()) return std::unexpected(io::DiskError::kNotFound);
    File& file = found->second;
    file.pieces.erase(file.pieces.lower_bound(size), file.pieces.end());
    if (!file.pieces.empty()) {
      auto& [start, last] = *std::prev(file.pieces.end());
      if (start + last.size() > size) last = last.slice(0, static_cast<std::uint32_t>(size - start));
    }
    file.size = size;
    return {};
  }

  [[nodiscard]] io::DiskResult<void> rename(std::string_view from, std::string_view to) override {
    const auto found = files_.find(from);
    if (found == files_.end()) return std::unexpected(io::DiskError::kNotFound);
    File moved = std::move(found->second);
    files_.erase(found);
    files_[std::string(to)] = std::move(moved);
    return {};
  }

  [[nodiscard]] io::DiskResult<void> remove(std::string_view path) override {
    const auto found = files_.find(path);
    if (found == files_.end()) return std::unexpected(io::DiskError::kNotFound);
    files_.erase(found);
    return {};
  }

  [[nodiscard]] std::vector<std::string> list(std::string_view directory) const override {
    const std::string prefix = directory.empty() ? "" : std::string(directory) + "/";
    std::vector<std::string> paths;
    for (const auto& [path, file] : files_) {
      if (path.starts_with(prefix)) paths.push_back(path);
    }
    return paths;
  }

  /// Replaces a file by these bytes, whatever it held.
  void put(std::string_view path, const Bytes& data) {
    files_.erase(std::string(path));
    static_cast<void>(append(path, data));
  }

  /// Inverts the bits of one byte that are set in `mask`. REQUIRES: the file is longer than `position`.
  void flip(std::string_view path, std::uint64_t position, std::uint8_t mask = 0xFF) {
    const Bytes whole = *read(path, 0, static_cast<std::uint32_t>(*size(path)));
    std::vector<std::uint8_t> bytes(whole.span().begin(), whole.span().end());
    bytes[position] ^= mask;
    put(path, Bytes(std::move(bytes)));
  }

 private:
  struct File {
    std::map<std::uint64_t, Bytes> pieces;  ///< by position, without gaps
    std::uint64_t size = 0;
  };

  std::map<std::string, File, std::less<>> files_;
};

}  // namespace odradek::testing
