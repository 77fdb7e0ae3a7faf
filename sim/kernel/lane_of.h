// Which of a process's lanes takes an input.
#pragma once

#include <concepts>

#include "engine/io/input.h"

namespace odradek::sim {

/// By what the input says of itself: a timer's kind, a connection's purpose. Requests and the ends of peers'
/// connections go to the request handlers, so that they stay in order.
[[nodiscard]] io::Lane default_lane_of(const io::Input& input);

/// A process may know better: a controller takes requests on its own event queue.
template <class Process>
[[nodiscard]] io::Lane lane_of(const Process& process, const io::Input& input) {
  if constexpr (requires {
                  { process.lane_of(input) } -> std::same_as<io::Lane>;
                }) {
    return process.lane_of(input);
  } else {
    return default_lane_of(input);
  }
}

}  // namespace odradek::sim
