// Keyed randomness: every decision is a pure function of (key, purpose, entity, ordinal).
//
// There is no stream to advance and no state to share, so removing one decision changes only what depends on
// it causally. The generator is Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
// SC 2011); samplers use integers only and give the same answer on every compiler.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "engine/base/fields.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

namespace odradek {

/// The root of a family of decisions: a run's seed, or the key of one incarnation of a node.
struct Key {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  FIELDS(high, low)
  friend constexpr bool operator==(const Key&, const Key&) = default;
};

/// Philox4x32-10: 128 random bits for a 128-bit counter under a 64-bit key.
[[nodiscard]] std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                                  std::array<std::uint32_t, 2> key);

/// What a decision is about; the ordinal counts decisions of one purpose about one entity.
struct Subject {
  std::uint64_t entity = 0;
  std::uint64_t ordinal = 0;
};

/// The outcome of one decision: 128 bits, to be shaped by one sampler.
class Draw {
 public:
  constexpr Draw(std::uint64_t high, std::uint64_t low) : high_(high), low_(low) {}

  [[nodiscard]] constexpr std::uint64_t bits() const { return high_; }
  [[nodiscard]] constexpr Uuid uuid() const { return {.high = high_, .low = low_}; }
  [[nodiscard]] constexpr Key key() const { return {.high = high_, .low = low_}; }

  /// Uniform over [0, n). REQUIRES: n > 0. Bias below n / 2^64.
  [[nodiscard]] std::uint64_t below(std::uint64_t n) const;
  /// Uniform over [low, high], both ends included. REQUIRES: low <= high.
  [[nodiscard]] std::int64_t between(std::int64_t low, std::int64_t high) const;
  [[nodiscard]] Duration between(Duration low, Duration high) const;
  /// True with probability numerator / denominator.
  [[nodiscard]] bool chance(std::uint64_t numerator, std::uint64_t denominator) const;
  /// Exponential with the given mean, cut off at eight means, by a table of integers (no logarithm is taken).
  [[nodiscard]] Duration exponential(Duration mean) const;

 private:
  std::uint64_t high_;
  std::uint64_t low_;
};

[[nodiscard]] Draw draw_raw(const Key& key, std::uint16_t purpose, Subject subject);

/// REQUIRES: Purpose is an enum over 16 bits; each layer keeps its own list of purposes.
template <class Purpose>
[[nodiscard]] Draw draw(const Key& key, Purpose purpose, Subject subject) {
  static_assert(std::is_same_v<std::underlying_type_t<Purpose>, std::uint16_t>);
  return draw_raw(key, std::to_underlying(purpose), subject);
}

}  // namespace odradek
