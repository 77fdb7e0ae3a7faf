#include "engine/base/duration_text.h"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

namespace odradek {
namespace {

constexpr std::array<std::pair<std::int64_t, std::string_view>, 5> kUnits = {{
    {seconds(3600).ns(), "h"},
    {seconds(60).ns(), "m"},
    {seconds(1).ns(), "s"},
    {milliseconds(1).ns(), "ms"},
    {microseconds(1).ns(), "us"},
}};

}  // namespace

std::string duration_text(Duration duration) {
  if (duration.ns() == 0) return "0s";
  for (const auto& [nanoseconds, unit] : kUnits) {
    if (nanoseconds > seconds(1).ns() && duration < seconds(600)) continue;
    if (duration.ns() % nanoseconds == 0) return fmt::format("{}{}", duration.ns() / nanoseconds, unit);
  }
  return fmt::format("{}ns", duration.ns());
}

}  // namespace odradek
