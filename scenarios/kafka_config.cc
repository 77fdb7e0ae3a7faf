#include "scenarios/kafka_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <concepts>

#include "engine/metadata/topic_config.h"

namespace odradek::scenarios {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kBytesMax = 1 << 30;
constexpr std::int64_t kInt32Max = std::numeric_limits<std::int32_t>::max();

struct NameBounds {
  std::string_view name_or_end;
  IntegerBounds bounds;
};

/// The first row whose text the property's name is, or ends with.
constexpr std::array kBounds = {
    NameBounds{"retries", {0, kInt32Max}},
    NameBounds{"min.insync.replicas", {1, 100}},
    NameBounds{"eligible.leader.replicas.version", {0, 1}},
    NameBounds{"kraft.version", {0, 1}},
    NameBounds{"max.in.flight.requests.per.connection", {1, 1'000}},
    NameBounds{"segment.bytes", {1'024, kBytesMax}},
    NameBounds{"index.interval.bytes", {0, kBytesMax}},
    NameBounds{"fetch.min.bytes", {0, kBytesMax}},
    NameBounds{"linger.ms", {0, kDayMs}},
    NameBounds{"max.block.ms", {0, kDayMs}},
    NameBounds{"fetch.max.wait.ms", {0, kDayMs}},
    NameBounds{"fetch.wait.max.ms", {0, kDayMs}},
    NameBounds{"file.delete.delay.ms", {0, kDayMs}},
    NameBounds{".ms", {1, kDayMs}},
    NameBounds{".seconds", {1, kDayMs / 1'000}},
    NameBounds{"", {1, kBytesMax}},
};

IntegerBounds bounds_of(std::string_view name) {
  return std::ranges::find_if(kBounds,
                              [name](const NameBounds& row) { return name.ends_with(row.name_or_end); })
      ->bounds;
}

template <class Integer>
void read_integer(Reader& reader, const std::string& name, Integer& out) {
  IntegerBounds bounds = bounds_of(name);
  bounds.most = std::min<std::int64_t>(bounds.most, std::numeric_limits<Integer>::max());
  reader.read(name, out, bounds);
}

std::string print_property(bool value) { return value ? "true" : "false"; }
std::string print_property(std::int32_t value) { return std::to_string(value); }
std::string print_property(std::int64_t value) { return std::to_string(value); }
std::string print_property(io::TimestampType value) {
  return value == io::TimestampType::kCreateTime ? "CreateTime" : "LogAppendTime";
}

}  // namespace

void read_property(Reader& reader, const std::string& name, bool& out) { reader.read(name, out); }
void read_property(Reader& reader, const std::string& name, std::int32_t& out) {
  read_integer(reader, name, out);
}
void read_property(Reader& reader, const std::string& name, std::int64_t& out) {
  read_integer(reader, name, out);
}

/// A level of a feature, or `acks`: Kafka takes -1, 0, 1 and "all".
void read_property(Reader& reader, const std::string& name, std::int16_t& out) {
  if (name != "acks") return read_integer(reader, name, out);
  const Value* value = reader.take(name);
  if (value == nullptr) return;
  const auto* text = value->as<std::string>();
  const auto* integer = value->as<std::int64_t>();
  if (text != nullptr && *text == "all") {
    out = -1;
  } else if (integer != nullptr && *integer >= -1 && *integer <= 1) {
    out = static_cast<std::int16_t>(*integer);
  } else {
    expected(reader.problems(), name, *value, "\"all\", 1, 0 or -1");
  }
}

void read_property(Reader& reader, const std::string& name, io::TimestampType& out) {
  reader.read_choice(name, out, {"CreateTime", "LogAppendTime"});
}
void read_property(Reader& reader, const std::string& name, io::Partitioner& out) {
  reader.read_choice(name, out, {"default", "org.apache.kafka.clients.producer.RoundRobinPartitioner"});
}
void read_property(Reader& reader, const std::string& name, io::OffsetReset& out) {
  reader.read_choice(name, out, {"earliest", "latest", "none"});
}

std::map<std::string, std::string> read_topic_properties(Reader& reader, io::TopicConfig& config) {
  std::map<std::string, std::string> given;
  for_each_field(config, [&](std::string_view member, auto& field) {
    const std::string name = io::property_name(member);
    const Value* value = reader.take(name);
    if (value == nullptr) return;
    read_property(reader, name, field);
    given[name] = print_property(field);
    io::TopicConfig scratch;
    if (const auto set = metadata::set_property(scratch, name, given[name]); !set) {
      reader.problems().add(value->where, set.error().message);
    }
  });
  return given;
}

void check_producer(const io::ProducerConfig& config, const Reader& reader, Problems& problems) {
  if (config.delivery_timeout_ms < config.linger_ms + config.request_timeout_ms) {
    problems.add(
        reader.where(),
        fmt::format("delivery.timeout.ms = {}, expected at least linger.ms + request.timeout.ms = {}",
                    config.delivery_timeout_ms, config.linger_ms + config.request_timeout_ms));
  }
  // Otherwise each send fails: a batch is allocated whole (BufferPool.allocate).
  if (config.buffer_memory < config.batch_size) {
    problems.add(reader.where(), fmt::format("buffer.memory = {}, expected at least batch.size = {}",
                                             config.buffer_memory, config.batch_size));
  }
}

void check_cluster(const sim::ClusterSpec& cluster, const Reader& reader, Problems& problems) {
  const io::BrokerConfig& broker = cluster.broker;
  const auto at_most = [&](std::string_view name, std::int64_t value, std::string_view limit_name,
                           std::int64_t limit) {
    if (value <= limit) return;
    problems.add(reader.where(),
                 fmt::format("{} = {}, expected at most {} = {}", name, value, limit_name, limit));
  };
  at_most("replica.fetch.wait.max.ms", broker.replica_fetch_wait_max_ms, "replica.socket.timeout.ms",
          broker.replica_socket_timeout_ms);
  at_most("replica.fetch.wait.max.ms", broker.replica_fetch_wait_max_ms, "replica.lag.time.max.ms",
          broker.replica_lag_time_max_ms);
  at_most("broker.heartbeat.interval.ms", broker.broker_heartbeat_interval_ms,
          "half of broker.session.timeout.ms", cluster.controller.broker_session_timeout_ms / 2);
}

}  // namespace odradek::scenarios
