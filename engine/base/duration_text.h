// Durations as people write them: "250ms", "5s".
#pragma once

#include <string>

#include "engine/base/time.h"

namespace odradek {

/// With the largest unit that leaves a whole number. Nobody says "120m" who means two minutes of a run, so
/// minutes and hours come only from ten minutes on.
[[nodiscard]] std::string duration_text(Duration duration);

}  // namespace odradek
