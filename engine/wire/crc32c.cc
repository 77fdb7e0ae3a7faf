#include "engine/wire/crc32c.h"

#include <array>
#include <cstring>

#include "engine/base/ensure.h"

namespace odradek::wire {
namespace {

consteval std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit) {
      remainder = (remainder >> 1) ^ ((remainder & 1u) != 0 ? 0x82F63B78u : 0u);  // the polynomial, reflected
    }
    table[byte] = remainder;
  }
  return table;
}

constexpr std::array<std::uint32_t, 256> kTable = make_table();

}  // namespace

namespace detail {

std::uint32_t crc32c_by_table(ByteSpan data) {
  std::uint32_t crc = 0xFFFFFFFFu;
  for (const std::uint8_t byte : data) crc = (crc >> 8) ^ kTable[(crc ^ byte) & 0xFFu];
  return ~crc;
}

#if defined(__x86_64__)

bool has_crc32c_instruction() { return __builtin_cpu_supports("sse4.2") != 0; }

[[gnu::target("sse4.2")]] std::uint32_t crc32c_by_instruction(ByteSpan data) {
  std::uint64_t crc = 0xFFFFFFFFu;
  for (; data.size() >= 8; data = data.subspan(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, data.data(), 8);
    crc = __builtin_ia32_crc32di(crc, word);
  }
  auto tail = static_cast<std::uint32_t>(crc);
  for (const std::uint8_t byte : data) tail = __builtin_ia32_crc32qi(tail, byte);
  return ~tail;
}

#else

bool has_crc32c_instruction() { return false; }

std::uint32_t crc32c_by_instruction(ByteSpan data) {
  ENSURE(false, "no CRC-32C instruction for {} bytes", data.size());
  return 0;
}

#endif

}  // namespace detail

std::uint32_t crc32c(ByteSpan data) {
  return detail::has_crc32c_instruction() ? detail::crc32c_by_instruction(data)
                                          : detail::crc32c_by_table(data);
}

}  // namespace odradek::wire
