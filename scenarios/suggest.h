// "did you mean …?": the nearest of the known names, when one is near enough to be meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace odradek::scenarios {

/// Insertions, deletions, changes and swaps of neighbours that turn one text into the other.
[[nodiscard]] int edit_distance(std::string_view a, std::string_view b);

/// `; did you mean "brokers"?`, or nothing when no known name is near.
[[nodiscard]] std::string did_you_mean(std::string_view unknown, const std::vector<std::string>& known);

}  // namespace odradek::scenarios
