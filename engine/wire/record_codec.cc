#include "engine/wire/record_codec.h"

namespace odradek::wire {
namespace {

constexpr std::uint32_t kMaxRecordOverhead = 21;  // length, attributes, both deltas, lengths of key and value

std::uint32_t size_of_bytes(std::uint32_t length) {
  return size_of_varint(static_cast<std::int32_t>(length)) + length;
}

std::uint32_t size_of_nullable(const std::optional<Bytes>& bytes) {
  return bytes ? size_of_bytes(bytes->size()) : size_of_varint(-1);
}

std::uint32_t size_of_headers(const std::vector<Header>& headers) {
  std::uint32_t size = size_of_varint(static_cast<std::int32_t>(headers.size()));
  for (const Header& header : headers) {
    size += size_of_bytes(static_cast<std::uint32_t>(header.key.size())) + size_of_nullable(header.value);
  }
  return size;
}

/// Bytes after the length.
std::uint32_t body_size(const Record& record, RecordDelta delta) {
  return 1 + size_of_varint(delta.timestamp) + size_of_varint(delta.offset) + size_of_nullable(record.key) +
         size_of_nullable(record.value) + size_of_headers(record.headers);
}

void write_nullable(Writer& out, const std::optional<Bytes>& bytes) {
  if (!bytes) return out.varint(-1);
  out.varint(static_cast<std::int32_t>(bytes->size()));
  out.raw(bytes->span());
}

Result<std::optional<Extent>> read_nullable(Reader& in) {
  const std::uint32_t at = in.position();
  TRY(length, in.varint());
  if (length == -1) return std::nullopt;
  if (length < 0) return fail("byte {}: expected a length or -1, got {}", at, length);
  const Extent extent{.begin = in.position(), .length = static_cast<std::uint32_t>(length)};
  TRY_DO(in.raw(extent.length));
  return extent;
}

Result<std::vector<RawRecord::RawHeader>> read_headers(Reader& in) {
  const std::uint32_t at = in.position();
  TRY(count, in.varint());
  if (count < 0 ||
      static_cast<std::uint32_t>(count) > in.remaining() / 2) {  // a header takes two bytes or more
    return fail("byte {}: expected at most {} headers, got {}", at, in.remaining() / 2, count);
  }
  std::vector<RawRecord::RawHeader> headers(static_cast<std::uint32_t>(count));
  for (RawRecord::RawHeader& header : headers) {
    const std::uint32_t key_at = in.position();
    TRY(key, read_nullable(in));
    if (!key) return fail("byte {}: expected the key of a header, got null", key_at);
    TRY(value, read_nullable(in));
    header = {.key = *key, .value = value};
  }
  return headers;
}

}  // namespace

std::uint32_t record_size(const Record& record, RecordDelta delta) {
  return size_of_bytes(body_size(record, delta));
}

std::uint32_t record_size_upper_bound(const Record& record) {
  const auto length = [](const std::optional<Bytes>& bytes) { return bytes ? bytes->size() : 0; };
  return kMaxRecordOverhead + length(record.key) + length(record.value) + size_of_headers(record.headers);
}

void write_record(Writer& out, const Record& record, RecordDelta delta) {
  out.varint(static_cast<std::int32_t>(body_size(record, delta)));
  out.int8(0);  // attributes: none is in use
  out.varlong(delta.timestamp);
  out.varint(delta.offset);
  write_nullable(out, record.key);
  write_nullable(out, record.value);
  out.varint(static_cast<std::int32_t>(record.headers.size()));
  for (const Header& header : record.headers) {
    out.varint(static_cast<std::int32_t>(header.key.size()));
    out.raw(std::string_view(header.key));
    write_nullable(out, header.value);
  }
}

Result<RawRecord> read_record(Reader& in) {
  const std::uint32_t at = in.position();
  TRY(length, in.varint());
  const std::uint32_t begin = in.position();
  if (length < 0 || static_cast<std::uint32_t>(length) > in.remaining()) {
    return fail("byte {}: expected a record of at most {} bytes, got {}", at, in.remaining(), length);
  }
  TRY_DO(in.int8());
  TRY(timestamp_delta, in.varlong());
  TRY(offset_delta, in.varint());
  TRY(key, read_nullable(in));
  TRY(value, read_nullable(in));
  TRY(headers, read_headers(in));
  if (in.position() - begin != static_cast<std::uint32_t>(length)) {
    return fail("byte {}: expected a record of {} bytes, got {}", at, length, in.position() - begin);
  }
  return RawRecord{.delta = {.offset = offset_delta, .timestamp = timestamp_delta},
                   .key = key,
                   .value = value,
                   .headers = std::move(headers)};
}

}  // namespace odradek::wire
