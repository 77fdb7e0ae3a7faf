// Spans and points of time, in the units that Kafka's code uses.
//
// `Duration` is a count of nanoseconds. A node sees two clocks and never virtual time: a monotonic one
// (System.nanoTime) and a wall clock in milliseconds (System.currentTimeMillis), which may jump.
#pragma once

#include <compare>
#include <cstdint>

#include "engine/base/fields.h"
#include "engine/base/strong.h"

namespace odradek {

/// A span of time in nanoseconds.
class Duration {
 public:
  constexpr Duration() = default;
  constexpr explicit Duration(std::int64_t nanoseconds) : ns_(nanoseconds) {}
  [[nodiscard]] constexpr std::int64_t ns() const { return ns_; }
  [[nodiscard]] constexpr std::int64_t ms() const { return ns_ / 1'000'000; }

  FIELDS(ns_)
  friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
  friend constexpr Duration operator+(Duration a, Duration b) { return Duration(a.ns_ + b.ns_); }
  friend constexpr Duration operator-(Duration a, Duration b) { return Duration(a.ns_ - b.ns_); }
  friend constexpr Duration operator*(Duration a, std::int64_t n) { return Duration(a.ns_ * n); }
  friend constexpr Duration operator/(Duration a, std::int64_t n) { return Duration(a.ns_ / n); }

 private:
  std::int64_t ns_ = 0;
};

[[nodiscard]] constexpr Duration nanoseconds(std::int64_t n) { return Duration(n); }
[[nodiscard]] constexpr Duration microseconds(std::int64_t n) { return Duration(n * 1'000); }
[[nodiscard]] constexpr Duration milliseconds(std::int64_t n) { return Duration(n * 1'000'000); }
[[nodiscard]] constexpr Duration seconds(std::int64_t n) { return Duration(n * 1'000'000'000); }

/// A point on one node's monotonic clock; comparable only within one incarnation of that node.
class MonotonicTime {
 public:
  constexpr MonotonicTime() = default;
  constexpr explicit MonotonicTime(std::int64_t nanoseconds) : ns_(nanoseconds) {}
  [[nodiscard]] constexpr std::int64_t ns() const { return ns_; }

  FIELDS(ns_)
  friend constexpr auto operator<=>(const MonotonicTime&, const MonotonicTime&) = default;
  friend constexpr MonotonicTime operator+(MonotonicTime t, Duration d) {
    return MonotonicTime(t.ns_ + d.ns());
  }
  friend constexpr Duration operator-(MonotonicTime a, MonotonicTime b) { return Duration(a.ns_ - b.ns_); }

 private:
  std::int64_t ns_ = 0;
};

/// A wall-clock reading in milliseconds since 1970, as in record timestamps.
using Timestamp = Point<struct TimestampTag, std::int64_t>;

/// What a node can know of time when it takes a step.
struct Now {
  MonotonicTime monotonic;
  Timestamp wall;

  FIELDS(monotonic, wall)
  friend constexpr bool operator==(const Now&, const Now&) = default;
};

}  // namespace odradek
