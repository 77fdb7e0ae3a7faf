// CRC-32C (Castagnoli), the checksum of record batches, by the processor's instruction where there is one.
//
// Both paths give the same result on every input; which one runs is never observable.
#pragma once

#include <cstdint>

#include "engine/base/bytes.h"

namespace odradek::wire {

/// The checksum of all of `data`. crc32c("123456789") == 0xE3069283.
[[nodiscard]] std::uint32_t crc32c(ByteSpan data);

namespace detail {

[[nodiscard]] std::uint32_t crc32c_by_table(ByteSpan data);
[[nodiscard]] bool has_crc32c_instruction();
/// REQUIRES: has_crc32c_instruction().
[[nodiscard]] std::uint32_t crc32c_by_instruction(ByteSpan data);

}  // namespace detail

}  // namespace odradek::wire
