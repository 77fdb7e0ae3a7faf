// Fixed-width integers as Kafka writes them: the highest byte first.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace odradek::wire {

/// REQUIRES: sizeof(T) bytes from `bytes` on.
template <class T>
[[nodiscard]] T load_big_endian(const std::uint8_t* bytes) {
  std::make_unsigned_t<T> bits = 0;
  std::memcpy(&bits, bytes, sizeof(T));
  if constexpr (std::endian::native == std::endian::little) bits = std::byteswap(bits);
  return static_cast<T>(bits);
}

}  // namespace odradek::wire
