// A record as applications know it: key, value, headers, timestamp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

namespace odradek::wire {

/// Whose clock a record's timestamp comes from: the producer's, or the leader's when it appends.
enum class TimestampType : std::uint8_t { kCreateTime = 0, kLogAppendTime = 1 };

struct Header {
  std::string key;
  std::optional<Bytes> value;

  FIELDS(key, value)
  friend bool operator==(const Header&, const Header&) = default;
};

struct Record {
  std::optional<Bytes> key;
  std::optional<Bytes> value;
  std::vector<Header> headers;
  Timestamp timestamp;

  FIELDS(key, value, headers, timestamp)
  friend bool operator==(const Record&, const Record&) = default;
};

}  // namespace odradek::wire
