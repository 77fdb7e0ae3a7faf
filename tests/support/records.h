// Records and batches for tests, in few words.
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "engine/wire/record_batch.h"

namespace odradek::testing {

[[nodiscard]] inline wire::Record record(std::string_view value, std::int64_t timestamp = 0) {
  return {.key = std::nullopt, .value = Bytes(value), .headers = {}, .timestamp = Timestamp(timestamp)};
}

/// One batch with these values, as a producer sends it.
[[nodiscard]] inline Bytes batch_of(std::initializer_list<std::string_view> values,
                                    std::int64_t timestamp = 0) {
  std::vector<wire::Record> records;
  for (const std::string_view value : values) records.push_back(record(value, timestamp));
  return wire::encode_batch({}, records);
}

}  // namespace odradek::testing
