// Writer: a sink of Kafka's primitive types, big-endian, under the names of Kafka's protocol guide.
//
//   Writer w;
//   w.int16(0);
//   w.compact_string("orders");
//   w.tagged_fields({});
//   Bytes encoded = w.take();
//
// `Reader` is its mirror. Source: KIP-482, org.apache.kafka.common.protocol.types.Type.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/ids.h"
#include "engine/wire/tagged_field.h"
#include "engine/wire/varint.h"

namespace odradek::wire {

class Writer {
 public:
  /// Room for `bytes` in one allocation.
  void reserve(std::uint32_t bytes) { data_.reserve(bytes); }

  void boolean(bool value) { int8(value ? 1 : 0); }
  void int8(std::int8_t value) { fixed(value); }
  void int16(std::int16_t value) { fixed(value); }
  void int32(std::int32_t value) { fixed(value); }
  void int64(std::int64_t value) { fixed(value); }
  void uint32(std::uint32_t value) { fixed(value); }
  void uuid(const Uuid& value);

  void varint(std::int32_t value) { varlong(value); }
  void varlong(std::int64_t value) { base_128(zig_zag(value)); }
  void unsigned_varint(std::uint32_t value) { base_128(value); }

  /// The bytes alone, without a length.
  void raw(ByteSpan bytes) { data_.insert(data_.end(), bytes.begin(), bytes.end()); }
  void raw(std::string_view text) { data_.insert(data_.end(), text.begin(), text.end()); }

  void compact_string(std::string_view text);
  void compact_nullable_string(const std::optional<std::string_view>& text);
  void compact_bytes(ByteSpan bytes);
  void compact_nullable_bytes(const std::optional<Bytes>& bytes);
  /// How many elements follow.
  void compact_array_length(std::uint32_t count) { unsigned_varint(count + 1); }
  /// A null array; nothing follows.
  void compact_null_array() { unsigned_varint(0); }

  /// REQUIRES: tags strictly increasing. Messages without tagged fields write `tagged_fields({})`.
  void tagged_fields(std::span<const TaggedField> fields);

  /// Overwrites four bytes that were written before, such as a length or checksum known only at the end.
  /// REQUIRES: position + 4 <= size().
  void patch_uint32(std::uint32_t position, std::uint32_t value);

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(data_.size()); }
  [[nodiscard]] ByteSpan span() const { return data_; }
  /// What was written; the writer is empty afterwards.
  [[nodiscard]] Bytes take();

  FIELDS(data_)
  friend bool operator==(const Writer&, const Writer&) = default;

 private:
  template <class T>
  void fixed(T value) {
    const auto bits = static_cast<std::make_unsigned_t<T>>(value);
    std::array<std::uint8_t, sizeof(T)> bytes;
    for (std::uint32_t i = 0; i < sizeof(T); ++i)
      bytes[i] = static_cast<std::uint8_t>(bits >> (8 * (sizeof(T) - 1 - i)));
    raw(bytes);
  }
  void base_128(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) data_.push_back(static_cast<std::uint8_t>(value | 0x80));
    data_.push_back(static_cast<std::uint8_t>(value));
  }

  std::vector<std::uint8_t> data_;
};

}  // namespace odradek::wire
