// What all profiles of `odradek bench` do with their figures.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/base/time.h"

namespace odradek::cli {

/// 0 when there are none.
[[nodiscard]] inline double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values.empty() ? 0 : values[values.size() / 2];
}

/// To two places.
[[nodiscard]] inline double rounded(double x) { return std::round(x * 100) / 100; }

[[nodiscard]] inline double in_microseconds(Duration d) { return static_cast<double>(d.ns()) / 1e3; }
[[nodiscard]] inline double in_milliseconds(Duration d) { return static_cast<double>(d.ns()) / 1e6; }

}  // namespace odradek::cli
