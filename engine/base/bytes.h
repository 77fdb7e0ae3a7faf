// Bytes: an immutable run of bytes that is cheap to copy and to slice.
//
// A record batch is encoded once and then travels as Bytes: from the producer through the leader's log and
// the follower's fetch to the consumer, without another copy. Equality and hash are by content.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/cow.h"
#include "engine/base/hash.h"

namespace odradek {

using ByteSpan = std::span<const std::uint8_t>;

class Bytes {
 public:
  Bytes() = default;
  explicit Bytes(std::vector<std::uint8_t> data);
  explicit Bytes(std::string_view text);

  [[nodiscard]] ByteSpan span() const { return ByteSpan(*buffer_).subspan(begin_, length_); }
  [[nodiscard]] std::uint32_t size() const { return length_; }
  [[nodiscard]] bool empty() const { return length_ == 0; }
  [[nodiscard]] std::string_view text() const;

  /// `length` bytes from `begin`. REQUIRES: begin + length <= size().
  [[nodiscard]] Bytes slice(std::uint32_t begin, std::uint32_t length) const;

  friend bool operator==(const Bytes& a, const Bytes& b);
  void feed(Hasher& h) const { h.bytes(span()); }

 private:
  Cow<std::vector<std::uint8_t>> buffer_;
  std::uint32_t begin_ = 0;
  std::uint32_t length_ = 0;
};

/// The pieces as one run; no copy when there is only one.
[[nodiscard]] Bytes concatenate(std::span<const Bytes> pieces);

}  // namespace odradek
