// A tagged field of a flexible message (KIP-482): an optional field that a reader may skip without knowing
// it.
#pragma once

#include <cstdint>

#include "engine/base/bytes.h"
#include "engine/base/fields.h"

namespace odradek::wire {

struct TaggedField {
  std::uint32_t tag = 0;
  Bytes data;

  FIELDS(tag, data)
  friend bool operator==(const TaggedField&, const TaggedField&) = default;
};

}  // namespace odradek::wire
