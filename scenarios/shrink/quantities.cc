#include "scenarios/shrink/quantities.h"

#include <algorithm>
#include <array>

#include "engine/base/duration_text.h"
#include "scenarios/units.h"

namespace odradek::scenarios {
namespace {

Value integer_value(std::int64_t n) { return {.data = n, .where = {}}; }

/// The spans that people write, ascending.
constexpr std::array kSpans = {milliseconds(1),   milliseconds(2),  milliseconds(5),   milliseconds(10),
                               milliseconds(20),  milliseconds(50), milliseconds(100), milliseconds(200),
                               milliseconds(500), seconds(1),       seconds(2),        seconds(3),
                               seconds(5),        seconds(10),      seconds(20),       seconds(60),
                               seconds(600)};

/// How many digits it takes to write this number, without zeros at its end.
std::int64_t digits_of(std::int64_t n) {
  while (n % 10 == 0) n /= 10;
  std::int64_t digits = 0;
  for (; n > 0; n /= 10) ++digits;
  return digits;
}

}  // namespace

Value duration_value(Duration duration) { return {.data = duration_text(duration), .where = {}}; }

std::optional<Duration> duration_of(const Value& value) {
  const auto* text = value.as<std::string>();
  return text == nullptr ? std::nullopt : parse_duration(*text);
}

std::optional<std::int64_t> integer_at(const Table& root, const TreePath& path) {
  const Value* value = find(root, path);
  const auto* n = value == nullptr ? nullptr : value->as<std::int64_t>();
  return n == nullptr ? std::nullopt : std::optional(*n);
}

std::vector<Value> lower(std::int64_t n) {
  std::vector<Value> out;
  std::int64_t latest = 1;
  if (n > 1) out.push_back(integer_value(1));
  for (std::int64_t step = n - n / 8; step > 0; step = step * 2 / 3) {
    if (n - step > latest) out.push_back(integer_value(latest = n - step));
  }
  return out;
}

std::vector<Value> counts_below(std::int64_t n) {
  std::vector<Value> out;
  for (const std::int64_t count : {1, 2, 3, 5, 10, 20, 50, 100, 200, 500}) {
    if (count < n) out.push_back(integer_value(count));
  }
  return out;
}

std::vector<Value> spans_below(Duration span) {
  std::vector<Value> out;
  for (const Duration each : kSpans) {
    if (each < span) out.push_back(duration_value(each));
  }
  return out;
}

std::vector<Value> spans_above(Duration span) {
  std::vector<Value> out;
  for (const Duration each : kSpans) {
    if (each > span) out.push_back(duration_value(each));
  }
  return out;
}

std::vector<Value> rounder(Duration duration) {
  std::vector<Value> out;
  if (duration <= Duration()) return out;
  const std::int64_t digits = digits_of(duration.ns());
  std::int64_t step = 1;
  while (step <= duration.ns() / 10) step *= 10;
  for (std::int64_t fewer = 1; fewer < digits; ++fewer, step /= 10) {
    const std::int64_t over = duration.ns() % step;
    const Duration down = duration - nanoseconds(over);
    const Duration up = down + nanoseconds(step);
    const bool is_down_nearer = over * 2 <= step;
    out.push_back(duration_value(is_down_nearer ? down : up));
    out.push_back(duration_value(is_down_nearer ? up : down));
  }
  return out;
}

}  // namespace odradek::scenarios
