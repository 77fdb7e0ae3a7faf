#include "engine/wire/writer.h"

#include <utility>

#include "engine/base/ensure.h"

namespace odradek::wire {

void Writer::uuid(const Uuid& value) {
  int64(static_cast<std::int64_t>(value.high));
  int64(static_cast<std::int64_t>(value.low));
}

void Writer::compact_string(std::string_view text) {
  unsigned_varint(static_cast<std::uint32_t>(text.size() + 1));
  raw(text);
}

void Writer::compact_nullable_string(const std::optional<std::string_view>& text) {
  if (!text) return unsigned_varint(0);
  compact_string(*text);
}

void Writer::compact_bytes(ByteSpan bytes) {
  unsigned_varint(static_cast<std::uint32_t>(bytes.size() + 1));
  raw(bytes);
}

void Writer::compact_nullable_bytes(const std::optional<Bytes>& bytes) {
  if (!bytes) return unsigned_varint(0);
  compact_bytes(bytes->span());
}

void Writer::tagged_fields(std::span<const TaggedField> fields) {
  unsigned_varint(static_cast<std::uint32_t>(fields.size()));
  std::optional<std::uint32_t> last;
  for (const TaggedField& field : fields) {
    ENSURE(!last || *last < field.tag, "tag {} after tag {}", field.tag, *last);
    last = field.tag;
    unsigned_varint(field.tag);
    unsigned_varint(field.data.size());
    raw(field.data.span());
  }
}

void Writer::patch_uint32(std::uint32_t position, std::uint32_t value) {
  ENSURE(position + 4 <= size(), "patch at {} of {} bytes", position, size());
  for (std::uint32_t i = 0; i < 4; ++i)
    data_[position + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

Bytes Writer::take() { return Bytes(std::exchange(data_, {})); }

}  // namespace odradek::wire
