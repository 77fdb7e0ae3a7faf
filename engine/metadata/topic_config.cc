#include "engine/metadata/topic_config.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <cstdint>

namespace odradek::metadata {
namespace {

template <std::integral Integer>
Result<void> parse(std::string_view name, std::string_view value, Integer& out) {
  Integer parsed = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
  if (error != std::errc{} || end != value.data() + value.size()) {
    return fail("Invalid value {} for configuration {}: Not a number of type {}", value, name,
                sizeof(Integer) == sizeof(std::int32_t) ? "INT" : "LONG");
  }
  out = parsed;
  return {};
}

Result<void> parse(std::string_view name, std::string_view value, bool& out) {
  if (value != "true" && value != "false") {
    return fail("Invalid value {} for configuration {}: Expected value to be either true or false", value,
                name);
  }
  out = value == "true";
  return {};
}

Result<void> parse(std::string_view name, std::string_view value, io::TimestampType& out) {
  if (value != "CreateTime" && value != "LogAppendTime") {
    return fail("Invalid value {} for configuration {}: String must be one of: CreateTime, LogAppendTime",
                value, name);
  }
  out = value == "CreateTime" ? io::TimestampType::kCreateTime : io::TimestampType::kLogAppendTime;
  return {};
}

struct Minimum {
  std::string_view name;
  std::int64_t least;
};

constexpr std::array kMinima = {
    Minimum{"min.insync.replicas", 1}, Minimum{"segment.bytes", 14},    Minimum{"index.interval.bytes", 0},
    Minimum{"segment.index.bytes", 4}, Minimum{"max.message.bytes", 0}, Minimum{"file.delete.delay.ms", 0},
};

template <class Field>
Result<void> check_minimum(std::string_view name, const Field& value) {
  if constexpr (std::integral<Field>) {
    const auto minimum = std::ranges::find(kMinima, name, &Minimum::name);
    if (minimum != kMinima.end() && value < static_cast<Field>(minimum->least))
      return fail("Invalid value {} for configuration {}: Value must be at least {}", value, name,
                  minimum->least);
  }
  return {};
}

}  // namespace

Result<void> set_property(io::TopicConfig& config, std::string_view name, std::string_view value) {
  io::TopicConfig changed = config;
  Result<void> result = fail("Unknown topic config name: {}", name);
  for_each_field(changed, [&](std::string_view member, auto& field) {
    if (io::property_name(member) != name) return;
    result = parse(name, value, field);
    if (result) result = check_minimum(name, field);
  });
  if (result) config = changed;
  return result;
}

Result<io::TopicConfig> parse_topic_config(const std::map<std::string, std::string>& properties,
                                           const io::TopicConfig& defaults) {
  io::TopicConfig config = defaults;
  for (const auto& [name, value] : properties) {
    if (Result<void> set = set_property(config, name, value); !set) return std::unexpected(set.error());
  }
  return config;
}

}  // namespace odradek::metadata
