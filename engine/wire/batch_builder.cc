#include "engine/wire/batch_builder.h"

#include <algorithm>

#include "engine/base/ensure.h"
#include "engine/wire/batch_layout.h"
#include "engine/wire/crc32c.h"
#include "engine/wire/record_codec.h"

namespace odradek::wire {
namespace {

constexpr std::uint32_t kFirstRoom = 512;  // most batches of a simulation are small

std::int16_t attributes_of(const BatchSpec& spec) {
  return static_cast<std::int16_t>((spec.log_append_time ? kLogAppendTimeBit : 0) |
                                   (spec.transactional ? kTransactionalBit : 0) |
                                   (spec.control ? kControlBit : 0));
}

/// In a header a negative number stands for "none".
template <class T>
typename T::rep to_wire(const std::optional<T>& value) {
  return value ? value->value() : typename T::rep{-1};
}

}  // namespace

void BatchBuilder::append(const Record& record) {
  if (count_ == 0) records_.reserve(kFirstRoom);
  write_record(records_, record, delta_of(record));
  if (count_ == 0) base_timestamp_ = record.timestamp;
  max_timestamp_ = count_ == 0 ? record.timestamp : std::max(max_timestamp_, record.timestamp);
  ++count_;
}

Bytes BatchBuilder::build(const BatchSpec& spec) const {
  ENSURE(count_ > 0, "a batch at offset {} without records", spec.base_offset.value());
  Writer out;
  out.reserve(size());
  out.int64(spec.base_offset.value());
  out.uint32(size() - 12);
  out.int32(to_wire(spec.leader_epoch));
  out.int8(kMagic);
  out.uint32(0);  // the checksum, once all that it covers is written
  out.int16(attributes_of(spec));
  out.int32(count_ - 1);
  out.int64(base_timestamp_.value());
  out.int64(spec.log_append_time.value_or(max_timestamp_).value());
  out.int64(to_wire(spec.producer_id));
  out.int16(to_wire(spec.producer_epoch));
  out.int32(spec.base_sequence.value_or(-1));
  out.int32(count_);
  out.raw(records_.span());
  out.patch_uint32(kCrcAt, crc32c(out.span().subspan(kAttributesAt)));
  return out.take();
}

}  // namespace odradek::wire
