// Bytes: an immutable run of bytes that is cheap to copy and to slice.
//
// A record batch is encoded once and then travels as Bytes: from the producer through the leader's log and
// the follower's fetch to the consumer, without another copy, and hashed once. Equality and hash are by
// content.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/ensure.h"
#include "engine/base/hash.h"

namespace odradek {

using ByteSpan = std::span<const std::uint8_t>;

class Bytes {
 public:
  Bytes() = default;
  explicit Bytes(ByteSpan data);
  explicit Bytes(std::string_view text);
  Bytes(const Bytes& other) : Bytes(other.block_, other.begin_, other.length_) {
    if (block_ != nullptr) block_->count.fetch_add(1, std::memory_order_relaxed);
  }
  Bytes(Bytes&& other) noexcept
      : Bytes(std::exchange(other.block_, nullptr), std::exchange(other.begin_, 0),
              std::exchange(other.length_, 0)) {}
  Bytes& operator=(Bytes other) noexcept {
    std::swap(block_, other.block_);
    std::swap(begin_, other.begin_);
    std::swap(length_, other.length_);
    return *this;
  }
  ~Bytes() {
    if (block_ != nullptr && block_->count.fetch_sub(1, std::memory_order_acq_rel) == 1) free(block_);
  }

  [[nodiscard]] ByteSpan span() const {
    return block_ == nullptr ? ByteSpan() : ByteSpan(block_->data() + begin_, length_);
  }
  [[nodiscard]] std::uint32_t size() const { return length_; }
  [[nodiscard]] bool empty() const { return length_ == 0; }
  [[nodiscard]] std::string_view text() const;

  /// `length` bytes from `begin`. REQUIRES: begin + length <= size().
  [[nodiscard]] Bytes slice(std::uint32_t begin, std::uint32_t length) const {
    ENSURE(begin <= length_ && length <= length_ - begin, "slice {}+{} of {} bytes", begin, length, length_);
    Bytes part = *this;
    part.begin_ += begin;
    part.length_ = length;
    return part;
  }

  friend bool operator==(const Bytes& a, const Bytes& b);
  void feed(Hasher& h) const { odradek::feed(h, digest()); }

 private:
  /// The bytes stand behind it, in the same allocation. They never change, so nothing is ever cloned, and
  /// their digest is worked out once: that is all that parts this from Cow.
  struct Block {
    std::atomic<std::uint32_t> count;
    std::uint32_t size = 0;
    std::atomic<std::uint64_t> digest_high;  ///< both 0 until somebody asked for it
    std::atomic<std::uint64_t> digest_low;

    [[nodiscard]] std::uint8_t* data() { return reinterpret_cast<std::uint8_t*>(this + 1); }
  };

  Bytes(Block* block, std::uint32_t begin, std::uint32_t length)
      : block_(block), begin_(begin), length_(length) {}
  [[nodiscard]] Digest digest() const;
  static Block* allocate(std::uint32_t size);
  static void free(Block* block);

  Block* block_ = nullptr;
  std::uint32_t begin_ = 0;
  std::uint32_t length_ = 0;
};

/// The pieces as one run; no copy when there is only one.
[[nodiscard]] Bytes concatenate(std::span<const Bytes> pieces);

}  // namespace odradek
