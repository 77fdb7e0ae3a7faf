// Numbers and durations of a tree, and smaller or rounder ones to try in their place.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/time.h"
#include "scenarios/shrink/tree.h"

namespace odradek::scenarios {

/// The interval of a client that does nothing on its own account: longer than a run.
inline constexpr Duration kNever = seconds(600);

[[nodiscard]] Value duration_value(Duration duration);
/// Absent for what is no duration.
[[nodiscard]] std::optional<Duration> duration_of(const Value& value);
[[nodiscard]] std::optional<std::int64_t> integer_at(const Table& root, const TreePath& path);

/// 1, then from `n / 8` up to `n - 1` in ever smaller steps.
[[nodiscard]] std::vector<Value> lower(std::int64_t n);
/// 1, 2, 3, 5, 10, 20, … below n.
[[nodiscard]] std::vector<Value> counts_below(std::int64_t n);
/// 100ms, 200ms, 500ms, 1s, … below or above this one, in that order.
[[nodiscard]] std::vector<Value> spans_below(Duration span);
[[nodiscard]] std::vector<Value> spans_above(Duration span);
/// With fewer digits, those with the fewest first; none when it has but one, such as 20ms.
[[nodiscard]] std::vector<Value> rounder(Duration duration);

}  // namespace odradek::scenarios
