#include "engine/base/bytes.h"

#include <algorithm>
#include <utility>

#include "engine/base/ensure.h"

namespace odradek {

Bytes::Bytes(std::vector<std::uint8_t> data) : length_(static_cast<std::uint32_t>(data.size())) {
  if (length_ > 0) buffer_ = Cow(std::move(data));
}

Bytes::Bytes(std::string_view text) : Bytes(std::vector<std::uint8_t>(text.begin(), text.end())) {}

std::string_view Bytes::text() const {
  const ByteSpan s = span();
  return {reinterpret_cast<const char*>(s.data()), s.size()};
}

Bytes Bytes::slice(std::uint32_t begin, std::uint32_t length) const {
  ENSURE(begin <= length_ && length <= length_ - begin, "slice {}+{} of {} bytes", begin, length, length_);
  Bytes part = *this;
  part.begin_ += begin;
  part.length_ = length;
  return part;
}

bool operator==(const Bytes& a, const Bytes& b) {
  if (a.length_ != b.length_) return false;
  if (a.begin_ == b.begin_ && a.buffer_.shares_with(b.buffer_)) return true;
  return std::ranges::equal(a.span(), b.span());
}

Bytes concatenate(std::span<const Bytes> pieces) {
  if (pieces.size() == 1) return pieces.front();
  std::size_t total = 0;
  for (const Bytes& piece : pieces) total += piece.size();
  std::vector<std::uint8_t> joined;
  joined.reserve(total);
  for (const Bytes& piece : pieces) joined.insert(joined.end(), piece.span().begin(), piece.span().end());
  return Bytes(std::move(joined));
}

}  // namespace odradek
