#include "engine/metadata/record_codec.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "engine/base/hash.h"
#include "engine/wire/reader.h"
#include "engine/wire/record_batch.h"
#include "engine/wire/writer.h"

namespace odradek::metadata {
namespace {

constexpr std::uint32_t kFrameVersion = 1;

/// Optional, with a null of its own on the wire.
template <class T>
constexpr bool is_nullable =
    std::is_same_v<T, std::optional<BrokerId>> || std::is_same_v<T, std::optional<std::string>>;

template <class T>
constexpr bool is_tagged = odradek::detail::is_optional<T> && !is_nullable<T>;

// Encoding -------------------------------------------------------------------------------------------

template <class T>
void write(wire::Writer& out, const T& x) {
  if constexpr (std::is_same_v<T, bool>) {
    out.boolean(x);
  } else if constexpr (std::is_same_v<T, std::int8_t>) {
    out.int8(x);
  } else if constexpr (std::is_same_v<T, std::int16_t>) {
    out.int16(x);
  } else if constexpr (std::is_same_v<T, std::int32_t>) {
    out.int32(x);
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    out.int64(x);
  } else if constexpr (std::is_enum_v<T>) {
    write(out, std::to_underlying(x));
  } else if constexpr (Strong<T>) {
    write(out, x.value());
  } else if constexpr (std::is_same_v<T, Uuid>) {
    out.uuid(x);
  } else if constexpr (std::is_same_v<T, std::string>) {
    out.compact_string(x);
  } else if constexpr (std::is_same_v<T, std::optional<std::string>>) {
    out.compact_nullable_string(x);
  } else if constexpr (std::is_same_v<T, std::optional<BrokerId>>) {
    write(out, x.value_or(BrokerId(-1)));
  } else if constexpr (HasFields<T>) {
    for_each_field(x, [&out](std::string_view, const auto& member) { write(out, member); });
    out.tagged_fields({});
  } else {
    static_assert(odradek::detail::is_range_container<T>, "this type has no encoding yet");
    out.compact_array_length(static_cast<std::uint32_t>(x.size()));
    for (const auto& element : x) write(out, element);
  }
}

template <class Record>
void write_record(wire::Writer& out, const Record& record) {
  out.unsigned_varint(kFrameVersion);
  out.unsigned_varint(Record::kKind.api_key);
  out.unsigned_varint(Record::kKind.version);
  std::vector<wire::TaggedField> tagged;
  std::uint32_t tag = 0;
  for_each_field(record, [&]<class T>(std::string_view, const T& member) {
    if constexpr (!is_tagged<T>) {
      write(out, member);
    } else {
      if (member) {
        wire::Writer field;
        write(field, *member);
        tagged.push_back({.tag = tag, .data = field.take()});
      }
      ++tag;
    }
  });
  out.tagged_fields(tagged);
}

// Decoding -------------------------------------------------------------------------------------------

template <class T>
Result<void> assign(T& x, Result<T> read) {
  if (!read) return std::unexpected(std::move(read).error());
  x = *std::move(read);
  return {};
}

/// A read of the wire's type, converted to ours.
template <class Wire, class T>
Result<void> convert(T& x, Result<Wire> read) {
  if (!read) return std::unexpected(std::move(read).error());
  x = T(*read);
  return {};
}

template <class T>
Result<void> read(wire::Reader& in, T& x);

template <class T>
Result<void> read_array(wire::Reader& in, std::vector<T>& x) {
  TRY(count, in.compact_array_length());
  x.clear();
  for (std::uint32_t i = 0; i < count; ++i) {
    if (Result<void> element = read(in, x.emplace_back()); !element) return element;
  }
  return {};
}

template <class T>
Result<void> read(wire::Reader& in, T& x) {
  if constexpr (std::is_same_v<T, bool>) {
    return assign(x, in.boolean());
  } else if constexpr (std::is_same_v<T, std::int8_t>) {
    return assign(x, in.int8());
  } else if constexpr (std::is_same_v<T, std::int16_t>) {
    return assign(x, in.int16());
  } else if constexpr (std::is_same_v<T, std::int32_t>) {
    return assign(x, in.int32());
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    return assign(x, in.int64());
  } else if constexpr (std::is_enum_v<T>) {
    static_assert(sizeof(T) == 1);
    return convert(x, in.int8());
  } else if constexpr (Strong<T>) {
    typename T::rep value{};
    if (Result<void> ok = read(in, value); !ok) return ok;
    x = T(value);
    return {};
  } else if constexpr (std::is_same_v<T, Uuid>) {
    return assign(x, in.uuid());
  } else if constexpr (std::is_same_v<T, std::string>) {
    return assign(x, in.compact_string());
  } else if constexpr (std::is_same_v<T, std::optional<std::string>>) {
    return assign(x, in.compact_nullable_string());
  } else if constexpr (std::is_same_v<T, std::optional<BrokerId>>) {
    TRY(id, in.int32());
    x = id < 0 ? std::nullopt : std::optional(BrokerId(id));
    return {};
  } else if constexpr (HasFields<T>) {
    Result<void> ok;
    for_each_field(x, [&](std::string_view, auto& member) {
      if (ok) ok = read(in, member);
    });
    if (!ok) return ok;
    TRY(skipped, in.tagged_fields());
    static_cast<void>(skipped);
    return {};
  } else {
    return read_array(in, x);
  }
}

template <class T>
Result<void> read_tagged(const std::vector<wire::TaggedField>& fields, std::uint32_t tag,
                         std::optional<T>& x) {
  const auto found = std::ranges::find(fields, tag, &wire::TaggedField::tag);
  if (found == fields.end()) return {};
  wire::Reader in(found->data.span());
  if (Result<void> ok = read(in, x.emplace()); !ok)
    return fail("tagged field {}: {}", tag, ok.error().message);
  return in.expect_end();
}

template <class Record>
Result<MetadataRecord> read_record(wire::Reader& in, std::uint32_t version) {
  if (version != Record::kKind.version) {
    return fail("{} has version {}, expected {}", Record::kKind.name, version, Record::kKind.version);
  }
  Record record;
  Result<void> ok;
  for_each_field(record, [&]<class T>(std::string_view, T& member) {
    if constexpr (!is_tagged<T>) {
      if (ok) ok = read(in, member);
    }
  });
  if (!ok) return std::unexpected(ok.error());
  TRY(tagged, in.tagged_fields());
  std::uint32_t tag = 0;
  for_each_field(record, [&]<class T>(std::string_view, T& member) {
    if constexpr (is_tagged<T>) {
      if (ok) ok = read_tagged(tagged, tag, member);
      ++tag;
    }
  });
  if (ok) ok = in.expect_end();
  if (!ok) return std::unexpected(ok.error());
  return record;
}

using ReadRecord = Result<MetadataRecord> (*)(wire::Reader&, std::uint32_t version);

/// How to read the kind with this api key; null when there is no such kind.
template <class... Kinds>
constexpr ReadRecord reader_of(std::uint32_t api_key, const std::variant<Kinds...>*) {
  ReadRecord found = nullptr;
  ((Kinds::kKind.api_key == api_key ? void(found = &read_record<Kinds>) : void()), ...);
  return found;
}

}  // namespace

Bytes encode(const MetadataRecord& record) {
  wire::Writer out;
  std::visit([&out](const auto& r) { write_record(out, r); }, record);
  return out.take();
}

Result<MetadataRecord> decode(ByteSpan value) {
  wire::Reader in(value);
  TRY(frame, in.unsigned_varint());
  if (frame != kFrameVersion) return fail("byte 0: frame version {}, expected {}", frame, kFrameVersion);
  TRY(api_key, in.unsigned_varint());
  const ReadRecord reader = reader_of(api_key, static_cast<const MetadataRecord*>(nullptr));
  if (reader == nullptr) return fail("byte 1: no kind of metadata record has the api key {}", api_key);
  TRY(version, in.unsigned_varint());
  return reader(in, version);
}

Bytes encode_batch(std::span<const MetadataRecord> records, Timestamp timestamp) {
  std::vector<wire::Record> encoded;
  encoded.reserve(records.size());
  for (const MetadataRecord& record : records) {
    encoded.push_back({.key = {}, .value = encode(record), .headers = {}, .timestamp = timestamp});
  }
  return wire::encode_batch({}, encoded);
}

Result<RecordBatch> decode_batch(const Bytes& batch) {
  TRY(header, wire::read_batch_header(batch.span()));
  RecordBatch result{.base = header.base_offset,
                     .end = header.next_offset(),
                     .epoch = header.partition_leader_epoch.value_or(LeaderEpoch(0)),
                     .records = {}};
  if (header.is_control()) return result;
  TRY(decoded, wire::decode_batch(batch));
  for (const wire::DecodedRecord& entry : decoded) {
    if (!entry.record.value)
      return fail("offset {}: a metadata record without a value", entry.offset.value());
    Result<MetadataRecord> record = decode(entry.record.value->span());
    if (!record) return fail("offset {}: {}", entry.offset.value(), record.error().message);
    result.records.push_back(*std::move(record));
  }
  return result;
}

}  // namespace odradek::metadata
