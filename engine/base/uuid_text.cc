#include "engine/base/uuid_text.h"

namespace odradek {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr int kCharacters = 22;  // 132 bits, the last four are zero

/// Six bits from bit `at` of the 128, counted from the most significant one.
unsigned six_bits(const Uuid& uuid, int at) {
  unsigned bits = 0;
  for (int i = at; i < at + 6; ++i) {
    const std::uint64_t word = i < 64 ? uuid.high : uuid.low;
    const bool bit = i < 128 && ((word >> (63 - i % 64)) & 1) != 0;
    bits = bits << 1 | (bit ? 1u : 0u);
  }
  return bits;
}

}  // namespace

std::string to_text(const Uuid& uuid) {
  std::string text;
  for (int i = 0; i < kCharacters; ++i) text += kAlphabet[six_bits(uuid, i * 6)];
  return text;
}

Result<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != kCharacters) return fail("a uuid has {} characters, not {}", kCharacters, text.size());
  Uuid uuid;
  for (int i = 0; i < kCharacters; ++i) {
    const auto digit = kAlphabet.find(text[static_cast<std::size_t>(i)]);
    if (digit == std::string_view::npos)
      return fail("'{}' at {} is not a base64url digit", text[static_cast<std::size_t>(i)], i);
    for (int b = 0; b < 6 && i * 6 + b < 128; ++b) {
      const int at = i * 6 + b;
      std::uint64_t& word = at < 64 ? uuid.high : uuid.low;
      word |= std::uint64_t{(digit >> (5 - b)) & 1} << (63 - at % 64);
    }
  }
  return uuid;
}

}  // namespace odradek
