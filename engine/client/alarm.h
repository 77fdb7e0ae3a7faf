// Alarm: one timer of a client, at the earliest time of interest.
//
// A client looks at everything that is due whenever it is stepped, so an alarm that rings early is harmless:
// an earlier setting is left alone instead of being moved with every record that is sent.
#pragma once

#include <algorithm>
#include <optional>
#include <variant>

#include "engine/io/effects.h"

namespace odradek::client {

class Alarm {
 public:
  Alarm() = default;
  explicit Alarm(io::TimerKind kind) : kind_(kind) {}

  /// Rings at `at` or earlier; absent: not at all.
  void set(const Now& now, std::optional<MonotonicTime> at, io::Effects& out) {
    if (!at) {
      if (set_for_) out.cancel_timer({.kind = kind_});
      set_for_.reset();
    } else if (!set_for_ || *at < *set_for_) {
      set_for_ = at;
      out.set_timer({.kind = kind_}, std::max(*at - now.monotonic, Duration()));
    }
  }

  /// True when the input is this alarm ringing.
  [[nodiscard]] bool on(const io::Input& input) {
    const auto* fired = std::get_if<io::TimerFired>(&input);
    if (fired == nullptr || fired->timer.kind != kind_) return false;
    set_for_.reset();
    return true;
  }

  FIELDS(kind_, set_for_)
  friend bool operator==(const Alarm&, const Alarm&) = default;

 private:
  io::TimerKind kind_{};
  std::optional<MonotonicTime> set_for_;
};

/// The earliest of some points in time that lie in the future.
class Earliest {
 public:
  explicit Earliest(const Now& now) : now_(now.monotonic) {}
  void consider(MonotonicTime at) {
    if (at > now_ && (!earliest_ || at < *earliest_)) earliest_ = at;
  }
  [[nodiscard]] std::optional<MonotonicTime> time() const { return earliest_; }

 private:
  MonotonicTime now_;
  std::optional<MonotonicTime> earliest_;
};

}  // namespace odradek::client
