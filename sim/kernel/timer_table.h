// TimerTable: the timers that one process has set. Whoever sets one again cancels it first.
//
// The table knows each timer by the sequence number of its entry in the event queue, so an entry that was
// replaced or cancelled is recognised as stale.
//
// 1. Ascending by timer, at most one of each.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/io/timer.h"

namespace odradek::sim {

struct TimerSlot {
  io::Timer timer;
  std::uint64_t sequence = 0;

  FIELDS(timer, sequence)
  friend bool operator==(const TimerSlot&, const TimerSlot&) = default;
};

class TimerTable {
 public:
  /// REQUIRES: not set.
  void set(io::Timer timer, std::uint64_t sequence) {
    slots_.insert(find(timer), {.timer = timer, .sequence = sequence});
  }

  /// True when it was set.
  bool cancel(io::Timer timer) {
    const auto place = find(timer);
    if (place == slots_.end() || place->timer != timer) return false;
    slots_.erase(place);
    return true;
  }

  /// Whether this very setting of the timer still stands.
  [[nodiscard]] bool holds(io::Timer timer, std::uint64_t sequence) const {
    const auto place = std::ranges::lower_bound(slots_, timer, {}, &TimerSlot::timer);
    return place != slots_.end() && place->timer == timer && place->sequence == sequence;
  }

  void clear() { slots_.clear(); }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(slots_.size()); }

  FIELDS(slots_)
  friend bool operator==(const TimerTable&, const TimerTable&) = default;

 private:
  [[nodiscard]] std::vector<TimerSlot>::iterator find(io::Timer timer) {
    return std::ranges::lower_bound(slots_, timer, {}, &TimerSlot::timer);
  }

  std::vector<TimerSlot> slots_;
};

}  // namespace odradek::sim
