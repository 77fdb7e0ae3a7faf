// NodeClock: what one node's two clocks show at an instant, and when a timer of its ends.
//
// Both clocks run at one rate, a ratio to virtual time that is exact. The monotonic clock starts anew with
// each boot, at a drawn origin, so that nothing can depend on its readings across incarnations; the wall
// clock is off by a skew. What waits for a time of day waits longer when the wall clock is set back:
// `behind`.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/base/time.h"
#include "sim/kernel/virtual_time.h"

namespace odradek::sim {

/// Ticks of a clock per nanosecond of virtual time. REQUIRES: both positive.
struct Rate {
  std::int64_t numerator = 1;
  std::int64_t denominator = 1;

  FIELDS(numerator, denominator)
  friend constexpr bool operator==(const Rate&, const Rate&) = default;
};

class NodeClock {
 public:
  /// The wall clock of a node without skew when a run begins: 2024-10-25T00:00:00Z.
  static constexpr Timestamp kEpoch{1'729'814'400'000};
  /// Longer timers end after a century, as good as never.
  static constexpr Duration kLongest = seconds(100LL * 365 * 24 * 3600);

  NodeClock() = default;
  NodeClock(Duration skew, Rate rate) : skew_(skew), rate_(rate) {}

  void boot(Instant now, MonotonicTime origin) {
    booted_ = now;
    origin_ = origin;
    latest_ = Timestamp(0);
  }

  [[nodiscard]] Now read(Instant now) const {
    return {.monotonic = origin_ + ticks(now - booted_),
            .wall = kEpoch + (ticks(now.since_start()) + skew_).ms()};
  }

  /// Somebody sets the wall clock (NTP does, and operators); the monotonic one goes on.
  void jump(Instant now, Duration by) {
    latest_ = std::max(latest_, read(now).wall);
    skew_ = skew_ + by;
  }

  /// How long until the wall clock shows again what it has shown since the boot.
  [[nodiscard]] Duration behind(Instant now) const {
    return milliseconds(std::max<std::int64_t>(0, latest_ - read(now).wall));
  }

  /// The first instant at which `after` has passed on this clock.
  [[nodiscard]] Instant when(Instant now, Duration after) const {
    if (after <= Duration{}) return now;
    if (after > kLongest) after = kLongest;
    if (rate_ == Rate{}) return now + after;
    const Wide scaled = static_cast<Wide>(after.ns()) * rate_.denominator + (rate_.numerator - 1);
    return now + Duration(static_cast<std::int64_t>(scaled / rate_.numerator));
  }

  FIELDS(skew_, rate_, booted_, origin_, latest_)
  friend bool operator==(const NodeClock&, const NodeClock&) = default;

 private:
  __extension__ using Wide = __int128;

  [[nodiscard]] Duration ticks(Duration passed) const {
    if (rate_ == Rate{}) return passed;
    return Duration(
        static_cast<std::int64_t>(static_cast<Wide>(passed.ns()) * rate_.numerator / rate_.denominator));
  }

  Duration skew_;
  Rate rate_;
  Instant booted_;
  MonotonicTime origin_;
  Timestamp latest_;  ///< before the last jump
};

}  // namespace odradek::sim
