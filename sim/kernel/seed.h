// Seed: the root of all that a universe draws, and which purposes it keeps calm.
//
// A calm purpose gets the same draw every time: the one whose bits make the sampler at that place give the
// value of purpose.h, the low end of a range, its middle or its high end. So calming needs no code where
// things are drawn, and costs one comparison when nothing is calm.
#pragma once

#include <cstdint>

#include "engine/base/fields.h"
#include "engine/base/hash.h"
#include "engine/base/random.h"
#include "sim/kernel/purpose.h"

namespace odradek::sim {

/// A set of purposes.
class Calm {
 public:
  constexpr void add(Purpose purpose) { bits_ |= bit(purpose); }
  [[nodiscard]] constexpr bool has(Purpose purpose) const {
    return bits_ != 0 && (bits_ & bit(purpose)) != 0;
  }
  [[nodiscard]] constexpr bool is_empty() const { return bits_ == 0; }

  FIELDS(bits_)
  friend constexpr bool operator==(const Calm&, const Calm&) = default;

 private:
  static_assert(kPurposes.size() <= 32);
  [[nodiscard]] static constexpr std::uint32_t bit(Purpose purpose) {
    for (std::uint32_t i = 0; i < kPurposes.size(); ++i) {
      if (kPurposes[i].purpose == purpose) return std::uint32_t{1} << i;
    }
    return 0;
  }

  std::uint32_t bits_ = 0;
};

class Seed {
 public:
  Seed() = default;
  Seed(const Key& root, Calm calmed = {}) : key(root), calm(calmed) {}  // NOLINT: a key is a seed

  Key key;
  Calm calm;

  /// As its key alone while nothing is calm.
  void feed(Hasher& h) const {
    odradek::feed(h, key);
    if (!calm.is_empty()) odradek::feed(h, calm);
  }

  FIELDS(key, calm)
  friend bool operator==(const Seed&, const Seed&) = default;
};

/// What every draw of a calm purpose is.
[[nodiscard]] constexpr Draw calm_draw(Purpose purpose) {
  for (const PurposeInfo& info : kPurposes) {
    if (info.purpose != purpose) continue;
    if (info.calm_draw == CalmDraw::kMiddle) return {std::uint64_t{1} << 63, 0};
    if (info.calm_draw == CalmDraw::kHighest) return {~std::uint64_t{0}, 0};
  }
  return {0, 0};
}

[[nodiscard]] inline Draw draw(const Seed& seed, Purpose purpose, Subject subject) {
  if (seed.calm.has(purpose)) [[unlikely]]
    return calm_draw(purpose);
  return odradek::draw(seed.key, purpose, subject);
}

}  // namespace odradek::sim
