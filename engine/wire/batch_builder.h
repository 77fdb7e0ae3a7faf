// BatchBuilder: a record batch that grows record by record and is encoded on the way, so that it is written
// once however often it is sent. Source: org.apache.kafka.common.record.MemoryRecordsBuilder.
#pragma once

#include <cstdint>

#include "engine/wire/record_batch.h"
#include "engine/wire/writer.h"

namespace odradek::wire {

class BatchBuilder {
 public:
  [[nodiscard]] std::int32_t count() const { return count_; }
  /// Bytes of the batch so far, its header included.
  [[nodiscard]] std::uint32_t size() const { return kBatchOverhead + records_.size(); }
  /// What it would be with one more record.
  [[nodiscard]] std::uint32_t size_with(const Record& record) const {
    return size() + record_size(record, delta_of(record));
  }

  void append(const Record& record);
  /// REQUIRES: at least one record.
  [[nodiscard]] Bytes build(const BatchSpec& spec) const;

  FIELDS(records_, count_, base_timestamp_, max_timestamp_)
  friend bool operator==(const BatchBuilder&, const BatchBuilder&) = default;

 private:
  [[nodiscard]] RecordDelta delta_of(const Record& record) const {
    return {.offset = count_, .timestamp = count_ == 0 ? 0 : record.timestamp - base_timestamp_};
  }

  Writer records_;  ///< encoded
  std::int32_t count_ = 0;
  Timestamp base_timestamp_;
  Timestamp max_timestamp_;
};

}  // namespace odradek::wire
