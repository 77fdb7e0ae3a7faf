// Which of a process's lanes takes an input.
#pragma once

#include <concepts>

#include "engine/io/lane_of.h"

namespace odradek::sim {

/// A process may know better: a controller takes requests on its own event queue.
template <class Process>
[[nodiscard]] io::Lane lane_of(const Process& process, const io::Input& input) {
  if constexpr (requires {
                  { process.lane_of(input) } -> std::same_as<io::Lane>;
                }) {
    return process.lane_of(input);
  } else {
    return io::default_lane_of(input);
  }
}

}  // namespace odradek::sim
