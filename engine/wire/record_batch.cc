#include "engine/wire/record_batch.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/base/ensure.h"
#include "engine/wire/batch_builder.h"
#include "engine/wire/batch_layout.h"
#include "engine/wire/big_endian.h"
#include "engine/wire/crc32c.h"
#include "engine/wire/reader.h"
#include "engine/wire/record_codec.h"
#include "engine/wire/writer.h"

namespace odradek::wire {
namespace {

/// The number at a place of the header. REQUIRES: the bytes reach so far.
template <class T>
T load(ByteSpan bytes, std::uint32_t at) {
  return load_big_endian<T>(bytes.data() + at);
}

/// In a header a negative number stands for "none"; Kafka writes -1.
template <class T>
std::optional<T> from_wire(typename T::rep value) {
  return value < 0 ? std::nullopt : std::optional(T(value));
}

Result<void> check_ranges(const BatchHeader& header) {
  if (header.length < kBatchOverhead - 12 || header.length > kMaxLength) {
    return fail("byte {}: expected a length of at least {}, got {}", kLengthAt, kBatchOverhead - 12,
                static_cast<std::int32_t>(header.length));
  }
  if (header.base_offset < Offset(0)) {
    return fail("byte {}: expected an offset, got {}", kBaseOffsetAt, header.base_offset.value());
  }
  if (header.last_offset_delta < 0 ||
      header.base_offset.value() >= std::numeric_limits<std::int64_t>::max() - header.last_offset_delta) {
    return fail("byte {}: expected an offset delta, got {}", kLastOffsetDeltaAt, header.last_offset_delta);
  }
  if (header.record_count < 0)
    return fail("byte {}: expected a count, got {}", kRecordCountAt, header.record_count);
  return {};
}

Result<void> check_whole(const BatchHeader& header, ByteSpan batch) {
  if (header.size() != batch.size()) {
    return fail("byte {}: expected a batch of {} bytes, got a length for {}", kLengthAt, batch.size(),
                header.size());
  }
  if (header.compression() != 0) {
    return fail("byte {}: expected no compression, got codec {}", kAttributesAt, header.compression());
  }
  return {};
}

/// Calls `visit(record)` for each record: as many as the header promises, up to the last byte.
template <class Visit>
Result<void> for_each_record(const BatchHeader& header, ByteSpan batch, Visit&& visit) {
  Reader in(batch);
  TRY_DO(in.raw(kBatchOverhead));
  for (std::int32_t i = 0; i < header.record_count; ++i) {
    const std::uint32_t at = in.position();
    TRY(record, read_record(in));
    TRY_DO(visit(at, i, record));
  }
  return in.expect_end();
}

RecordView to_view(ByteSpan batch, const BatchHeader& header, const RawRecord& raw) {
  const auto run = [batch](const Extent& e) { return batch.subspan(e.begin, e.length); };
  const auto nullable = [&run](const std::optional<Extent>& e) {
    return e ? std::optional(run(*e)) : std::nullopt;
  };
  const bool append_time = header.timestamp_type() == TimestampType::kLogAppendTime;
  const auto create_time = static_cast<std::uint64_t>(header.base_timestamp.value()) +
                           static_cast<std::uint64_t>(raw.delta.timestamp);  // wraps, as in Java
  RecordView view{
      .offset = header.base_offset + raw.delta.offset,
      .timestamp = append_time ? header.max_timestamp : Timestamp(static_cast<std::int64_t>(create_time)),
      .key = nullable(raw.key),
      .value = nullable(raw.value)};
  for (const auto& [key, value] : raw.headers)
    view.headers.push_back({.key = run(key), .value = nullable(value)});
  return view;
}

Record to_record(const Bytes& batch, const RecordView& view) {
  const auto slice = [&batch](const std::optional<ByteSpan>& run) {
    if (!run) return std::optional<Bytes>();
    const auto begin = static_cast<std::uint32_t>(run->data() - batch.span().data());
    return std::optional(batch.slice(begin, static_cast<std::uint32_t>(run->size())));
  };
  Record record{.key = slice(view.key), .value = slice(view.value), .timestamp = view.timestamp};
  record.headers.reserve(view.headers.size());
  for (const auto& [key, value] : view.headers)
    record.headers.push_back({.key = std::string(key.begin(), key.end()), .value = slice(value)});
  return record;
}

}  // namespace

Result<BatchHeader> read_batch_header(ByteSpan bytes) {
  if (bytes.size() < kBatchOverhead) {
    return fail("byte {}: expected {} bytes of a batch header", bytes.size(), kBatchOverhead);
  }
  if (bytes[kMagicAt] != kMagic) {
    return fail("byte {}: expected magic {}, got {}", kMagicAt, kMagic, bytes[kMagicAt]);
  }
  const auto base_sequence = load<std::int32_t>(bytes, kBaseSequenceAt);
  const BatchHeader header{
      .base_offset = Offset(load<std::int64_t>(bytes, kBaseOffsetAt)),
      .length = load<std::uint32_t>(bytes, kLengthAt),
      .partition_leader_epoch = from_wire<LeaderEpoch>(load<std::int32_t>(bytes, kLeaderEpochAt)),
      .crc = load<std::uint32_t>(bytes, kCrcAt),
      .attributes = load<std::int16_t>(bytes, kAttributesAt),
      .last_offset_delta = load<std::int32_t>(bytes, kLastOffsetDeltaAt),
      .base_timestamp = Timestamp(load<std::int64_t>(bytes, kBaseTimestampAt)),
      .max_timestamp = Timestamp(load<std::int64_t>(bytes, kMaxTimestampAt)),
      .producer_id = from_wire<ProducerId>(load<std::int64_t>(bytes, kProducerIdAt)),
      .producer_epoch = from_wire<ProducerEpoch>(load<std::int16_t>(bytes, kProducerEpochAt)),
      .base_sequence = base_sequence < 0 ? std::nullopt : std::optional(base_sequence),
      .record_count = load<std::int32_t>(bytes, kRecordCountAt)};
  TRY_DO(check_ranges(header));
  return header;
}

Result<BatchHeader> check_batch_crc(ByteSpan batch) {
  TRY(header, read_batch_header(batch));
  TRY_DO(check_whole(header, batch));
  const std::uint32_t actual = crc32c(batch.subspan(kAttributesAt));
  if (actual != header.crc) {
    return fail("byte {}: expected checksum {:#010x}, got {:#010x}", kCrcAt, actual, header.crc);
  }
  return header;
}

Result<void> check_batch(ByteSpan batch) {
  TRY(header, check_batch_crc(batch));
  if (header.record_count != header.last_offset_delta + std::int64_t{1}) {
    return fail("byte {}: expected {} records, got {}", kRecordCountAt,
                header.last_offset_delta + std::int64_t{1}, header.record_count);
  }
  return for_each_record(
      header, batch, [](std::uint32_t at, std::int32_t index, const RawRecord& record) -> Result<void> {
        if (record.delta.offset == index) return {};
        return fail("byte {}: expected offset delta {}, got {}", at, index, record.delta.offset);
      });
}

Bytes encode_batch(const BatchSpec& spec, std::span<const Record> records) {
  BatchBuilder builder;
  for (const Record& record : records) builder.append(record);
  return builder.build(spec);
}

Result<std::vector<RecordView>> view_records(ByteSpan batch) {
  TRY(header, read_batch_header(batch));
  TRY_DO(check_whole(header, batch));
  std::vector<RecordView> records;
  records.reserve(std::min<std::size_t>(static_cast<std::uint32_t>(header.record_count), batch.size() / 7));
  const auto add = [&](std::uint32_t at, std::int32_t, const RawRecord& raw) -> Result<void> {
    if (raw.delta.offset < 0 || raw.delta.offset > header.last_offset_delta) {
      return fail("byte {}: expected an offset delta of at most {}, got {}", at, header.last_offset_delta,
                  raw.delta.offset);
    }
    records.push_back(to_view(batch, header, raw));
    return {};
  };
  TRY_DO(for_each_record(header, batch, add));
  return records;
}

Result<std::vector<DecodedRecord>> decode_batch(const Bytes& batch) {
  TRY(views, view_records(batch.span()));
  std::vector<DecodedRecord> records;
  records.reserve(views.size());
  for (const RecordView& view : views)
    records.push_back({.offset = view.offset, .record = to_record(batch, view)});
  return records;
}

Bytes stamp_batch(const Bytes& batch, Offset base_offset, LeaderEpoch leader_epoch,
                  std::optional<Timestamp> log_append_time) {
  const auto header = read_batch_header(batch.span());
  ENSURE(header.has_value(), "stamping what is no batch: {}", header.error().message);
  const ByteSpan old = batch.span();
  Writer out;
  out.reserve(batch.size());
  out.int64(base_offset.value());
  out.uint32(header->length);
  out.int32(leader_epoch.value());
  if (!log_append_time) {
    out.raw(old.subspan(kMagicAt));
    return out.take();
  }
  out.raw(old.subspan(kMagicAt, kAttributesAt - kMagicAt));
  out.int16(static_cast<std::int16_t>(header->attributes | kLogAppendTimeBit));
  out.raw(old.subspan(kAttributesAt + 2, kMaxTimestampAt - kAttributesAt - 2));
  out.int64(log_append_time->value());
  out.raw(old.subspan(kProducerIdAt));
  out.patch_uint32(kCrcAt, crc32c(out.span().subspan(kAttributesAt)));
  return out.take();
}

}  // namespace odradek::wire
