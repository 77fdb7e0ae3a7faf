#include "engine/metadata/topic_config.h"

#include <array>
#include <charconv>
#include <cstdint>

namespace odradek::metadata {
namespace {

Result<void> parse(std::string_view name, std::string_view value, std::int32_t& out) {
  std::int32_t parsed = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
  if (error != std::errc{} || end != value.data() + value.size()) {
    return fail("Invalid value {} for configuration {}: Not a number of type INT", value, name);
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
  std::int32_t io::TopicConfig::* member;
  std::int32_t least;
};

constexpr std::array kMinima = {
    Minimum{"min.insync.replicas", &io::TopicConfig::min_insync_replicas, 1},
    Minimum{"segment.bytes", &io::TopicConfig::segment_bytes, 14},
    Minimum{"index.interval.bytes", &io::TopicConfig::index_interval_bytes, 0},
    Minimum{"segment.index.bytes", &io::TopicConfig::segment_index_bytes, 4},
    Minimum{"max.message.bytes", &io::TopicConfig::max_message_bytes, 0},
};

Result<void> check_minimum(const io::TopicConfig& config, std::string_view name) {
  for (const Minimum& minimum : kMinima) {
    if (minimum.name == name && config.*minimum.member < minimum.least) {
      return fail("Invalid value {} for configuration {}: Value must be at least {}", config.*minimum.member,
                  name, minimum.least);
    }
  }
  return {};
}

}  // namespace

Result<void> set_property(io::TopicConfig& config, std::string_view name, std::string_view value) {
  io::TopicConfig changed = config;
  Result<void> result = fail("Unknown topic config name: {}", name);
  for_each_field(changed, [&](std::string_view member, auto& field) {
    if (io::property_name(member) == name) result = parse(name, value, field);
  });
  if (result) result = check_minimum(changed, name);
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
