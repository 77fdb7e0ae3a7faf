#include "engine/wire/reader.h"

#include <utility>

namespace odradek::wire {

Result<bool> Reader::boolean() {
  TRY(byte, int8());
  return byte != 0;
}

Result<Uuid> Reader::uuid() {
  if (remaining() < 16) return too_short(16);
  TRY(high, int64());
  TRY(low, int64());
  return Uuid{.high = static_cast<std::uint64_t>(high), .low = static_cast<std::uint64_t>(low)};
}

Result<std::string> Reader::compact_string() {
  const std::uint32_t start = position_;
  TRY(text, compact_nullable_string());
  if (!text) {
    position_ = start;
    return fail("byte {}: expected a string, got null", start);
  }
  return *std::move(text);
}

Result<std::optional<std::string>> Reader::compact_nullable_string() {
  const std::uint32_t start = position_;
  TRY(length, compact_length());
  if (!length) return std::nullopt;
  auto bytes = raw(*length);
  if (!bytes) {
    position_ = start;
    return std::unexpected(std::move(bytes).error());
  }
  return std::string(bytes->begin(), bytes->end());
}

Result<Bytes> Reader::compact_bytes() {
  const std::uint32_t start = position_;
  TRY(bytes, compact_nullable_bytes());
  if (!bytes) {
    position_ = start;
    return fail("byte {}: expected bytes, got null", start);
  }
  return *std::move(bytes);
}

Result<std::optional<Bytes>> Reader::compact_nullable_bytes() {
  const std::uint32_t start = position_;
  TRY(length, compact_length());
  if (!length) return std::nullopt;
  auto bytes = raw(*length);
  if (!bytes) {
    position_ = start;
    return std::unexpected(std::move(bytes).error());
  }
  return Bytes(*bytes);
}

Result<std::uint32_t> Reader::compact_array_length() {
  const std::uint32_t start = position_;
  TRY(length, compact_nullable_array_length());
  if (!length) {
    position_ = start;
    return fail("byte {}: expected an array, got null", start);
  }
  return *length;
}

Result<std::optional<std::uint32_t>> Reader::compact_nullable_array_length() {
  const std::uint32_t start = position_;
  TRY(length, compact_length());
  if (length && *length > remaining()) {
    position_ = start;
    return fail("byte {}: expected an array of at most {} elements, got {}", start, remaining(), *length);
  }
  return length;
}

Result<std::vector<TaggedField>> Reader::tagged_fields() {
  TRY(count, unsigned_varint());
  std::vector<TaggedField> fields;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t start = position_;
    TRY(tag, unsigned_varint());
    if (!fields.empty() && tag <= fields.back().tag) {
      return fail("byte {}: expected a tag above {}, got {}", start, fields.back().tag, tag);
    }
    TRY(length, unsigned_varint());
    TRY(bytes, raw(length));
    fields.push_back({.tag = tag, .data = Bytes(bytes)});
  }
  return fields;
}

Result<void> Reader::expect_end() const {
  if (remaining() == 0) return {};
  return fail("byte {}: expected the end, got {} more bytes", position_, remaining());
}

Result<std::uint64_t> Reader::long_base_128(std::uint64_t max) {
  std::uint64_t value = 0;
  std::uint32_t at = position_;
  for (int shift = 0; shift < 70; shift += 7) {
    if (at == data_.size()) return fail("byte {}: expected the rest of a varint, got the end", at);
    const std::uint64_t bits = data_[at] & 0x7Fu;
    if (bits > (max >> shift)) break;
    value |= bits << shift;
    if ((data_[at++] & 0x80u) == 0) {
      position_ = at;
      return value;
    }
  }
  return fail("byte {}: expected a varint of at most {}, got a larger one", position_, max);
}

Result<std::optional<std::uint32_t>> Reader::compact_length() {
  TRY(plus_one, unsigned_varint());
  if (plus_one == 0) return std::nullopt;
  return plus_one - 1;
}

std::unexpected<Error> Reader::too_short(std::uint32_t wanted) const {
  return fail("byte {}: expected {} more bytes, got {}", position_, wanted, remaining());
}

}  // namespace odradek::wire
