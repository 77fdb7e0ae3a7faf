#include "engine/base/bytes.h"

#include <algorithm>
#include <new>

namespace odradek {

Bytes::Block* Bytes::allocate(std::uint32_t size) {
  return ::new (::operator new(sizeof(Block) + size))
      Block{.count = 1, .size = size, .digest_high = 0, .digest_low = 0};
}

void Bytes::free(Block* block) {
  block->~Block();
  ::operator delete(block);
}

Bytes::Bytes(ByteSpan data) : length_(static_cast<std::uint32_t>(data.size())) {
  if (data.empty()) return;
  block_ = allocate(length_);
  std::ranges::copy(data, block_->data());
}

Bytes::Bytes(std::string_view text)
    : Bytes(ByteSpan(reinterpret_cast<const std::uint8_t*>(text.data()), text.size())) {}

std::string_view Bytes::text() const {
  const ByteSpan s = span();
  return {reinterpret_cast<const char*>(s.data()), s.size()};
}

Digest Bytes::digest() const {
  const auto work_out = [this] {
    Hasher h;
    h.bytes(span());
    return h.finish();
  };
  const bool is_whole = block_ != nullptr && length_ == block_->size;
  if (!is_whole) return work_out();
  // Threads that meet here store the same: a half that is seen before the other is 0 and asks again.
  const Digest known{.high = block_->digest_high.load(std::memory_order_relaxed),
                     .low = block_->digest_low.load(std::memory_order_relaxed)};
  if (known.high != 0 && known.low != 0) return known;
  const Digest digest = work_out();
  block_->digest_high.store(digest.high, std::memory_order_relaxed);
  block_->digest_low.store(digest.low, std::memory_order_relaxed);
  return digest;
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
