#include "sim/disk/file.h"

#include <algorithm>

#include "engine/base/ensure.h"

namespace odradek::sim {
namespace {

/// The first piece that ends behind `position`.
template <class Pieces>
auto piece_at(Pieces& pieces, std::uint64_t position) {
  return std::ranges::upper_bound(pieces, position, {}, &Piece::end);
}

/// The block that holds the byte at `position`: nearly always the last.
template <class Blocks>
auto block_at(const Blocks& blocks, std::uint64_t position) {
  if (blocks.back()->front().begin() <= position) return std::prev(blocks.end());
  return std::ranges::upper_bound(blocks, position, {}, [](const auto& block) { return block->back().end; });
}

}  // namespace

void File::append(const Bytes& data) {
  if (data.empty()) return;
  const std::uint64_t end = size() + data.size();
  if (blocks_.empty() || blocks_.back()->size() >= kBlockPieces) blocks_.emplace_back();
  blocks_.back().write().push_back({.end = end, .data = data});
}

Bytes File::read(std::uint64_t position, std::uint32_t length) const {
  const std::uint64_t end = position + length;
  ENSURE(end <= size(), "read of {}+{} from a file of {} bytes", position, length, size());
  if (length == 0) return {};
  auto block = block_at(blocks_, position);
  auto piece = piece_at(**block, position);
  std::vector<Bytes> parts;
  while (position < end) {
    if (piece == (*block)->end()) piece = (*++block)->begin();
    const auto skipped = static_cast<std::uint32_t>(position - piece->begin());
    const std::uint64_t until = std::min(end, piece->end);
    Bytes part = piece->data.slice(skipped, static_cast<std::uint32_t>(until - position));
    if (part.size() == length) return part;
    parts.push_back(std::move(part));
    position = until;
    ++piece;
  }
  return concatenate(parts);
}

void File::truncate(std::uint64_t size) {
  ENSURE(size <= this->size(), "truncation to {} of a file of {} bytes", size, this->size());
  while (!blocks_.empty() && blocks_.back()->front().begin() >= size) blocks_.pop_back();
  if (this->size() == size) return;
  std::vector<Piece>& pieces = blocks_.back().write();
  auto last = piece_at(pieces, size);  // holds the byte at `size`, which is the first to go
  if (last->begin() < size) {
    last->data = last->data.slice(0, static_cast<std::uint32_t>(size - last->begin()));
    last->end = size;
    ++last;
  }
  pieces.erase(last, pieces.end());
}

std::uint64_t File::common_prefix(const File& other) const {
  const std::uint64_t shorter = std::min(size(), other.size());
  std::uint64_t equal = 0;
  for (std::uint32_t i = 0; i < std::min(blocks_.size(), other.blocks_.size()); ++i) {
    if (!blocks_[i].shares_with(other.blocks_[i])) break;
    equal = blocks_[i]->back().end;
  }
  while (equal < shorter) {
    const auto length = static_cast<std::uint32_t>(std::min<std::uint64_t>(shorter - equal, 1u << 16));
    const Bytes mine = read(equal, length);
    const Bytes others = other.read(equal, length);
    const auto differ = std::ranges::mismatch(mine.span(), others.span());
    equal += static_cast<std::uint64_t>(differ.in1 - mine.span().begin());
    if (differ.in1 != mine.span().end()) break;
  }
  return equal;
}

std::uint64_t File::append_before(std::uint64_t position) const {
  ENSURE(position < size(), "{} in a file of {} bytes", position, size());
  return piece_at(**block_at(blocks_, position), position)->begin();
}

}  // namespace odradek::sim
