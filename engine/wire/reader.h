// Reader: Kafka's primitive types out of bytes that anyone may have sent.
//
// Every read says at which byte it failed and what it expected there; a failed read moves nothing. Reads
// never allocate more than the input is long. `Writer` is its mirror.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/ids.h"
#include "engine/base/result.h"
#include "engine/wire/big_endian.h"
#include "engine/wire/tagged_field.h"
#include "engine/wire/varint.h"

namespace odradek::wire {

class Reader {
 public:
  explicit Reader(ByteSpan data) : data_(data) {}

  [[nodiscard]] Result<bool> boolean();
  [[nodiscard]] Result<std::int8_t> int8() { return fixed<std::int8_t>(); }
  [[nodiscard]] Result<std::int16_t> int16() { return fixed<std::int16_t>(); }
  [[nodiscard]] Result<std::int32_t> int32() { return fixed<std::int32_t>(); }
  [[nodiscard]] Result<std::int64_t> int64() { return fixed<std::int64_t>(); }
  [[nodiscard]] Result<std::uint32_t> uint32() { return fixed<std::uint32_t>(); }
  [[nodiscard]] Result<Uuid> uuid();

  [[nodiscard, gnu::always_inline]] Result<std::int32_t> varint() {
    const auto bits = base_128(std::numeric_limits<std::uint32_t>::max());
    if (!bits) return std::unexpected(bits.error());
    return static_cast<std::int32_t>(un_zig_zag(*bits));
  }
  [[nodiscard, gnu::always_inline]] Result<std::int64_t> varlong() {
    const auto bits = base_128(std::numeric_limits<std::uint64_t>::max());
    if (!bits) return std::unexpected(bits.error());
    return un_zig_zag(*bits);
  }
  [[nodiscard]] Result<std::uint32_t> unsigned_varint() {
    const auto bits = base_128(std::numeric_limits<std::uint32_t>::max());
    if (!bits) return std::unexpected(bits.error());
    return static_cast<std::uint32_t>(*bits);
  }

  /// A view of the next `length` bytes.
  [[nodiscard]] Result<ByteSpan> raw(std::uint32_t length) {
    if (remaining() < length) return too_short(length);
    const ByteSpan bytes = data_.subspan(position_, length);
    position_ += length;
    return bytes;
  }

  [[nodiscard]] Result<std::string> compact_string();
  [[nodiscard]] Result<std::optional<std::string>> compact_nullable_string();
  [[nodiscard]] Result<Bytes> compact_bytes();
  [[nodiscard]] Result<std::optional<Bytes>> compact_nullable_bytes();
  /// How many elements follow: never more than bytes remain, since an element takes at least one.
  [[nodiscard]] Result<std::uint32_t> compact_array_length();
  [[nodiscard]] Result<std::optional<std::uint32_t>> compact_nullable_array_length();

  /// The tagged fields at the end of a structure; tags must strictly increase.
  [[nodiscard]] Result<std::vector<TaggedField>> tagged_fields();

  [[nodiscard]] std::uint32_t position() const { return position_; }
  [[nodiscard]] std::uint32_t remaining() const {
    return static_cast<std::uint32_t>(data_.size()) - position_;
  }
  [[nodiscard]] Result<void> expect_end() const;

 private:
  template <class T>
  Result<T> fixed() {
    if (remaining() < sizeof(T)) return too_short(sizeof(T));
    const T value = load_big_endian<T>(data_.data() + position_);
    position_ += sizeof(T);
    return value;
  }

  /// Seven bits to a byte, the lowest first. Most numbers have one byte or two.
  [[nodiscard, gnu::always_inline]] Result<std::uint64_t> base_128(std::uint64_t max) {
    if (remaining() > 0 && data_[position_] < 0x80) return std::uint64_t{data_[position_++]};
    if (remaining() > 1 && data_[position_ + 1] < 0x80) {
      const std::uint64_t low = data_[position_] & 0x7Fu;
      const std::uint64_t high = data_[position_ + 1];
      position_ += 2;
      return low | high << 7;
    }
    return long_base_128(max);
  }
  [[nodiscard]] Result<std::uint64_t> long_base_128(std::uint64_t max);
  /// A length with one added, so that zero stands for null.
  [[nodiscard]] Result<std::optional<std::uint32_t>> compact_length();
  [[nodiscard]] std::unexpected<Error> too_short(std::uint32_t wanted) const;

  ByteSpan data_;
  std::uint32_t position_ = 0;
};

}  // namespace odradek::wire
