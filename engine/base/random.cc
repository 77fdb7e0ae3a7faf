#include "engine/base/random.h"

#include "engine/base/ensure.h"

namespace odradek {
namespace {

__extension__ using Wide = unsigned __int128;

std::uint64_t multiply_high(std::uint64_t a, std::uint64_t b) {
  return static_cast<std::uint64_t>((static_cast<Wide>(a) * b) >> 64);
}

// -ln(k / 64) in units of 1 / 2^16 for k = 64 … 1; between two entries the value is interpolated linearly.
constexpr std::array<std::uint32_t, 64> kMinusLog = {
    0,      1032,   2081,   3146,   4230,   5331,   6451,   7591,   8751,   9932,   11135,  12360, 13608,
    14880,  16178,  17502,  18854,  20233,  21643,  23083,  24556,  26063,  27605,  29184,  30802, 32461,
    34164,  35911,  37707,  39553,  41453,  43409,  45426,  47507,  49656,  51877,  54177,  56561, 59034,
    61604,  64280,  67069,  69982,  73031,  76228,  79590,  83133,  86879,  90852,  95082,  99603, 104460,
    109706, 115408, 121654, 128559, 136278, 145029, 155132, 167080, 181704, 200558, 227130, 272557};

}  // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> k) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53u} * c[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57u} * c[2];
    c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(p0)};
    k = {k[0] + 0x9E3779B9u, k[1] + 0xBB67AE85u};
  }
  return c;
}

Draw draw_raw(const Key& key, std::uint16_t purpose, Subject subject) {
  const std::uint64_t x = subject.ordinal ^ (std::uint64_t{purpose} << 48);
  const std::uint64_t y = subject.entity ^ key.high;
  const auto r = philox({static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(x >> 32),
                         static_cast<std::uint32_t>(y), static_cast<std::uint32_t>(y >> 32)},
                        {static_cast<std::uint32_t>(key.low), static_cast<std::uint32_t>(key.low >> 32)});
  return {(std::uint64_t{r[1]} << 32) | r[0], (std::uint64_t{r[3]} << 32) | r[2]};
}

std::uint64_t Draw::below(std::uint64_t n) const {
  ENSURE(n > 0, "a choice among nothing");
  return multiply_high(high_, n);
}

std::int64_t Draw::between(std::int64_t low, std::int64_t high) const {
  ENSURE(low <= high, "empty range {}..{}", low, high);
  const std::uint64_t span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + (span == 0 ? high_ : below(span)));
}

Duration Draw::between(Duration low, Duration high) const { return Duration(between(low.ns(), high.ns())); }

bool Draw::chance(std::uint64_t numerator, std::uint64_t denominator) const {
  return below(denominator) < numerator;
}

Duration Draw::exponential(Duration mean) const {
  const std::uint64_t cell = high_ >> 58;                // 64 cells of equal probability
  const std::uint64_t within = (high_ >> 42) & 0xFFFFu;  // place inside the cell, 16 bits
  const std::uint64_t left = kMinusLog[cell];
  const std::uint64_t right = cell == 63 ? std::uint64_t{8} << 16 : std::uint64_t{kMinusLog[cell + 1]};
  const std::uint64_t scaled = left + (((right - left) * within) >> 16);
  return Duration(
      static_cast<std::int64_t>((static_cast<Wide>(static_cast<std::uint64_t>(mean.ns())) * scaled) >> 16));
}

}  // namespace odradek
