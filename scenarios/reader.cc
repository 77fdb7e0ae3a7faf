#include "scenarios/reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/base/duration_text.h"
#include "scenarios/suggest.h"
#include "scenarios/units.h"

namespace odradek::scenarios {
namespace {

std::string list_names(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += fmt::format("{}\"{}\"", out.empty() ? "" : ", ", name);
  return out;
}

std::string between(std::string_view low, std::string_view high) {
  return fmt::format("from {} to {}", low, high);
}

}  // namespace

void expected(Problems& problems, std::string_view what, const Value& value, std::string_view expectation) {
  problems.add(value.where, fmt::format("{} = {}, expected {}", what, print_inline(value), expectation));
}

std::optional<std::int64_t> to_integer(const Value& value, std::string_view what, IntegerBounds bounds,
                                       Problems& problems) {
  const auto* integer = value.as<std::int64_t>();
  if (integer != nullptr && *integer >= bounds.least && *integer <= bounds.most) return *integer;
  const std::string range = between(std::to_string(bounds.least), std::to_string(bounds.most));
  expected(problems, what, value, "an integer " + range);
  return std::nullopt;
}

std::optional<Duration> to_duration(const Value& value, std::string_view what, DurationBounds bounds,
                                    Problems& problems) {
  const auto* text = value.as<std::string>();
  const auto duration = text == nullptr ? std::nullopt : parse_duration(*text);
  if (duration && *duration >= bounds.least && *duration <= bounds.most) return duration;
  const std::string range = between(duration_text(bounds.least), duration_text(bounds.most));
  const std::string_view units = duration ? "" : ", such as \"250ms\" (units: ns, us, ms, s, m, h)";
  expected(problems, what, value, fmt::format("a duration {}{}", range, units));
  return std::nullopt;
}

std::optional<std::size_t> to_choice(const Value& value, std::string_view what,
                                     const std::vector<std::string>& names, Problems& problems) {
  const auto* text = value.as<std::string>();
  const auto at = text == nullptr ? names.end() : std::ranges::find(names, *text);
  if (at != names.end()) return static_cast<std::size_t>(at - names.begin());
  const std::string hint = text == nullptr ? "" : did_you_mean(*text, names);
  expected(problems, what, value, (names.size() > 1 ? "one of " : "") + list_names(names) + hint);
  return std::nullopt;
}

Reader::Reader(const Value* value, std::string title, Problems& problems)
    : title_(std::move(title)), problems_(problems) {
  if (value == nullptr) return;
  where_ = value->where;
  if (const Table* table = value->as<Table>()) {
    table_ = *table;
  } else {
    expected(problems_, title_, *value, "a table, such as { key = value }");
  }
}

const Value* Reader::take(std::string_view key) {
  known_.emplace_back(key);
  return std::as_const(table_).find(key);
}

void Reader::read(std::string_view key, Duration& out, DurationBounds bounds) {
  const Value* value = take(key);
  if (value == nullptr) return;
  if (const auto duration = to_duration(*value, key, bounds, problems_)) out = *duration;
}

void Reader::read(std::string_view key, bool& out) {
  const Value* value = take(key);
  if (value == nullptr) return;
  if (const auto* flag = value->as<bool>()) {
    out = *flag;
  } else {
    expected(problems_, key, *value, "true or false");
  }
}

void Reader::read(std::string_view key, std::string& out) {
  const Value* value = take(key);
  if (value == nullptr) return;
  if (const auto* text = value->as<std::string>()) {
    out = *text;
  } else {
    expected(problems_, key, *value, "a string");
  }
}

void Reader::read(std::string_view key, std::vector<std::string>& out) {
  const Value* value = take(key);
  if (value == nullptr) return;
  std::vector<std::string> found;
  if (const auto* text = value->as<std::string>()) {
    for (std::size_t begin = 0; begin <= text->size();) {
      const auto comma = std::min(text->find(',', begin), text->size());
      found.push_back(text->substr(begin, comma - begin));
      begin = comma + 1;
    }
  } else if (const List* list = value->as<List>()) {
    for (const Value& element : *list) {
      const auto* item = element.as<std::string>();
      if (item == nullptr) return expected(problems_, key, *value, "a list of strings");
      found.push_back(*item);
    }
  } else {
    return expected(problems_, key, *value, "a list of strings");
  }
  out = std::move(found);
}

void Reader::read_span(std::string_view key, Duration& low, Duration& high, DurationBounds bounds) {
  const Value* value = take(key);
  if (value == nullptr) return;
  const List* list = value->as<List>();
  if (list == nullptr || list->size() != 2) {
    return expected(problems_, key, *value, "two durations, the lower first, such as [\"200us\", \"2ms\"]");
  }
  const auto first = to_duration(list->front(), key, bounds, problems_);
  const auto second = to_duration(list->back(), key, bounds, problems_);
  if (!first || !second) return;
  if (*first > *second) return expected(problems_, key, *value, "the lower duration first");
  low = *first;
  high = *second;
}

void Reader::missing(std::string_view key, std::string_view expectation) {
  problems_.add(where_, fmt::format("{} has no {}, expected {}", title_, key, expectation));
}

void Reader::finish() {
  for (const Entry& entry : table_.entries) {
    if (std::ranges::find(known_, entry.key) != known_.end()) continue;
    std::string hint = did_you_mean(entry.key, known_);
    if (hint.empty()) hint = fmt::format("; known are {}", list_names(known_));
    problems_.add(entry.where, fmt::format("unknown key \"{}\" in {}{}", entry.key, title_, hint));
  }
}

}  // namespace odradek::scenarios
