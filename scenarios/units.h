// Quantities as scenario files write them: "250ms", "1/2000", "500/s".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/time.h"

namespace odradek::scenarios {

/// A whole number with a unit: ns, us, ms, s, m or h, and no space between. Absent when it is none of these.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);

struct Ratio {
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;
};
/// "1/3": between 0 and 1, and not negative.
[[nodiscard]] std::optional<Ratio> parse_ratio(std::string_view text);

/// "500/s": how many in a second, at least one.
[[nodiscard]] std::optional<std::int64_t> parse_rate(std::string_view text);

/// A seed: decimal, or hexadecimal behind 0x.
[[nodiscard]] std::optional<std::uint64_t> parse_seed(std::string_view text);

/// The whole text as a decimal number.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text);

}  // namespace odradek::scenarios
