// MurmurHash2, 32 bits, as Kafka's producers hash keys: one choice of partition for one key, in every
// language.
//
// Source: org.apache.kafka.common.utils.Utils.murmur2.
#pragma once

#include <cstdint>

#include "engine/base/bytes.h"

namespace odradek::assign {

[[nodiscard]] std::int32_t murmur2(ByteSpan data);

}  // namespace odradek::assign
