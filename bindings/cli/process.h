// What the program may know of the machine: clocks, memory, signals, its own bytes. Nothing of it reaches a
// simulation, but for the wish to stop.
#pragma once

#include <string>

#include "engine/base/time.h"

namespace odradek::cli {

inline constexpr std::string_view kVersion = "0.1.0";

[[nodiscard]] Duration cpu_time();   ///< of this process so far
[[nodiscard]] Duration wall_time();  ///< since some fixed instant
[[nodiscard]] double peak_megabytes();

/// From here on Ctrl-C and SIGTERM only set a flag.
void catch_interrupts();
[[nodiscard]] bool interrupted();

/// Of the program's own bytes: two builds with one id run alike.
[[nodiscard]] std::string build_id();

}  // namespace odradek::cli
