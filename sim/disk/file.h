// File: the content of one file as a value, made of the pieces in which it was written.
//
// Kafka's files grow at the end and are read in ranges. A piece is kept as it was appended, so that appending
// and reading back one record batch copy no bytes. Pieces lie in blocks that copies of a file share: the
// first write after a fork, or after the content was noted as durable, clones one block.
//
// 1. Pieces are not empty and stand one after the other without gaps.
// 2. All blocks but the last are full, or were when the file was last truncated.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/cow.h"

namespace odradek::sim {

/// Bytes with the position behind their last one.
struct Piece {
  std::uint64_t end = 0;
  Bytes data;

  [[nodiscard]] std::uint64_t begin() const { return end - data.size(); }
  FIELDS(end, data)
  friend bool operator==(const Piece&, const Piece&) = default;
};

class File {
 public:
  [[nodiscard]] std::uint64_t size() const { return blocks_.empty() ? 0 : blocks_.back()->back().end; }

  void append(const Bytes& data);
  /// REQUIRES: position + length <= size().
  [[nodiscard]] Bytes read(std::uint64_t position, std::uint32_t length) const;
  /// REQUIRES: size <= size().
  void truncate(std::uint64_t size);

  /// How many bytes from the beginning are equal; cheap where the two share blocks.
  [[nodiscard]] std::uint64_t common_prefix(const File& other) const;
  /// Where the append that wrote the byte at `position` began. REQUIRES: position < size().
  [[nodiscard]] std::uint64_t append_before(std::uint64_t position) const;

  FIELDS(blocks_)
  friend bool operator==(const File&, const File&) = default;

 private:
  using Block = Cow<std::vector<Piece>>;
  static constexpr std::uint32_t kBlockPieces = 64;

  std::vector<Block> blocks_;
};

}  // namespace odradek::sim
