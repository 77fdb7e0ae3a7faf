#include "engine/assign/murmur2.h"

namespace odradek::assign {
namespace {

constexpr std::uint32_t kSeed = 0x9747b28c;
constexpr std::uint32_t kMultiplier = 0x5bd1e995;
constexpr int kShift = 24;

/// The bytes as a little-endian number; at most four.
std::uint32_t load(ByteSpan data) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < data.size(); ++i) word |= std::uint32_t{data[i]} << (i * 8);
  return word;
}

}  // namespace

std::int32_t murmur2(ByteSpan data) {
  std::uint32_t h = kSeed ^ static_cast<std::uint32_t>(data.size());
  for (; data.size() >= 4; data = data.subspan(4)) {
    std::uint32_t k = load(data.first(4)) * kMultiplier;
    k ^= k >> kShift;
    h = (h * kMultiplier) ^ (k * kMultiplier);
  }
  if (!data.empty()) h = (h ^ load(data)) * kMultiplier;
  h = (h ^ (h >> 13)) * kMultiplier;
  return static_cast<std::int32_t>(h ^ (h >> 15));
}

}  // namespace odradek::assign
