#include "scenarios/units.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>

namespace odradek::scenarios {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};
constexpr std::array kUnits = {
    Unit{"h", 3'600'000'000'000}, Unit{"m", 60'000'000'000}, Unit{"s", 1'000'000'000},
    Unit{"ms", 1'000'000},        Unit{"us", 1'000},         Unit{"ns", 1},
};

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> parse_seed(std::string_view text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Duration> parse_duration(std::string_view text) {
  const auto digits = text.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
  const auto count = parse_integer(text.substr(0, digits));
  for (const Unit& unit : kUnits) {
    if (unit.name != text.substr(digits)) continue;
    if (!count || *count > std::numeric_limits<std::int64_t>::max() / unit.nanoseconds) return std::nullopt;
    return Duration(*count * unit.nanoseconds);
  }
  return std::nullopt;
}

std::optional<Ratio> parse_ratio(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto numerator = parse_integer(text.substr(0, slash));
  const auto denominator = parse_integer(text.substr(slash + 1));
  if (!numerator || !denominator || *numerator < 0 || *denominator < 1 || *numerator > *denominator)
    return std::nullopt;
  return Ratio{.numerator = *numerator, .denominator = *denominator};
}

std::optional<std::int64_t> parse_rate(std::string_view text) {
  if (!text.ends_with("/s")) return std::nullopt;
  const auto count = parse_integer(text.substr(0, text.size() - 2));
  return count && *count >= 1 ? count : std::nullopt;
}

}  // namespace odradek::scenarios
