#include "engine/base/bytes.h"

#include <algorithm>
#include <new>

namespace odradek {

Bytes::Block* Bytes::allocate(std::size_t size) {
  return ::new (::operator new(sizeof(Block) + size)) Block{.count = 1};
}

void Bytes::free(Block* block) {
  block->~Block();
  ::operator delete(block);
}

Bytes::Bytes(ByteSpan data) : length_(static_cast<std::uint32_t>(data.size())) {
  if (data.empty()) return;
  block_ = allocate(data.size());
  std::ranges::copy(data, block_->data());
}

Bytes::Bytes(std::string_view text)
    : Bytes(ByteSpan(reinterpret_cast<const std::uint8_t*>(text.data()), text.size())) {}

std::string_view Bytes::text() const {
  const ByteSpan s = span();
  return {reinterpret_cast<const char*>(s.data()), s.size()};
}

bool operator==(const Bytes& a, const Bytes& b) {
  if (a.length_ != b.length_) return false;
  if (a.begin_ == b.begin_ && a.block_ == b.block_) return true;
  return std::ranges::equal(a.span(), b.span());
}

Bytes concatenate(std::span<const Bytes> pieces) {
  if (pieces.size() == 1) return pieces.front();
  std::size_t total = 0;
  for (const Bytes& piece : pieces) total += piece.size();
  std::vector<std::uint8_t> joined;
  joined.reserve(total);
  for (const Bytes& piece : pieces) joined.insert(joined.end(), piece.span().begin(), piece.span().end());
  return Bytes(joined);
}

}  // namespace odradek
