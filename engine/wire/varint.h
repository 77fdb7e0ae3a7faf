// Variable-length integers: seven bits to a byte, the lowest first; signed ones are folded by zig-zag.
//
// Source: org.apache.kafka.common.utils.ByteUtils.
#pragma once

#include <bit>
#include <cstdint>

namespace odradek::wire {

/// 0, -1, 1, -2, … become 0, 1, 2, 3, …, so that small magnitudes stay short.
[[nodiscard]] constexpr std::uint64_t zig_zag(std::int64_t n) {
  return (static_cast<std::uint64_t>(n) << 1) ^ static_cast<std::uint64_t>(n >> 63);
}

[[nodiscard]] constexpr std::int64_t un_zig_zag(std::uint64_t n) {
  return static_cast<std::int64_t>((n >> 1) ^ (~(n & 1) + 1));
}

/// Bytes that an unsigned varint takes: 1 to 10.
[[nodiscard]] constexpr std::uint32_t size_of_unsigned_varint(std::uint64_t n) {
  return static_cast<std::uint32_t>((std::bit_width(n | 1) + 6) / 7);
}

/// Bytes that a signed varint takes. A varint and a varlong of one value are the same bytes.
[[nodiscard]] constexpr std::uint32_t size_of_varint(std::int64_t n) {
  return size_of_unsigned_varint(zig_zag(n));
}

}  // namespace odradek::wire
