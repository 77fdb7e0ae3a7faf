// Virtual time: where a run stands. Nodes never see it; they see their own clocks (clock.h).
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

#include "engine/base/fields.h"
#include "engine/base/time.h"

namespace odradek::sim {

/// A point of virtual time: nanoseconds since the universe began.
class Instant {
 public:
  constexpr Instant() = default;
  constexpr explicit Instant(std::int64_t nanoseconds) : ns_(nanoseconds) {}
  /// Later than anything that happens.
  [[nodiscard]] static constexpr Instant never() { return Instant(std::numeric_limits<std::int64_t>::max()); }

  [[nodiscard]] constexpr std::int64_t ns() const { return ns_; }
  [[nodiscard]] constexpr Duration since_start() const { return Duration(ns_); }

  FIELDS(ns_)
  friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
  friend constexpr Instant operator+(Instant t, Duration d) { return Instant(t.ns_ + d.ns()); }
  friend constexpr Instant operator-(Instant t, Duration d) { return Instant(t.ns_ - d.ns()); }
  friend constexpr Duration operator-(Instant a, Instant b) { return Duration(a.ns_ - b.ns_); }

 private:
  std::int64_t ns_ = 0;
};

/// An interval to draw from; nothing is drawn when its ends are equal.
struct DurationRange {
  Duration min;
  Duration max;
  FIELDS(min, max)
  friend bool operator==(const DurationRange&, const DurationRange&) = default;
};

}  // namespace odradek::sim
