// One record inside a batch: length, attributes, deltas, key, value, headers.
//
// The batch codec is the only user. Source: org.apache.kafka.common.record.DefaultRecord.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/wire/reader.h"
#include "engine/wire/record_batch.h"
#include "engine/wire/writer.h"

namespace odradek::wire {

/// A run of bytes of the batch.
struct Extent {
  std::uint32_t begin = 0;
  std::uint32_t length = 0;
};

/// A record as it stands in its batch; nothing is copied.
struct RawRecord {
  struct RawHeader {
    Extent key;
    std::optional<Extent> value;
  };
  RecordDelta delta;
  std::optional<Extent> key;
  std::optional<Extent> value;
  std::vector<RawHeader> headers;
};

void write_record(Writer& out, const Record& record, RecordDelta delta);
[[nodiscard]] Result<RawRecord> read_record(Reader& in);

}  // namespace odradek::wire
