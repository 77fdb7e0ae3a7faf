// What the clients of a scenario do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/fields.h"
#include "engine/base/time.h"
#include "engine/io/config.h"

namespace odradek::sim {

/// How a producer chooses partitions.
enum class Partitioning : std::uint8_t { kKeyed, kSticky, kRoundRobin, kExplicit };

struct ProducerSpec {
  io::ProducerConfig config;
  Duration interval = milliseconds(20);  ///< mean time between sends
  std::int32_t records = 0;              ///< stop after as many; 0: until the faults end
  std::int32_t keys = 16;                ///< number of different keys when keyed
  std::int32_t value_bytes = 32;         ///< padded to at least this size
  std::int32_t headers = 0;
  Partitioning partitioning = Partitioning::kKeyed;

  FIELDS(config, interval, records, keys, value_bytes, headers, partitioning)
  friend bool operator==(const ProducerSpec&, const ProducerSpec&) = default;
};

struct ConsumerSpec {
  io::ConsumerConfig config;
  std::vector<PartitionId> partitions;  ///< that it assigns itself; empty: all of the topic
  Duration poll_interval = milliseconds(50);
  std::int32_t max_poll_records = 500;
  bool reread = false;  ///< now and then seeks back to the beginning, the end or a timestamp

  FIELDS(config, partitions, poll_interval, max_poll_records, reread)
  friend bool operator==(const ConsumerSpec&, const ConsumerSpec&) = default;
};

/// `count` clients of one kind on one topic; each is a node of its own, with ids from 1001.
struct ClientSpec {
  std::string topic;
  std::int32_t count = 1;
  std::variant<ProducerSpec, ConsumerSpec> kind;

  FIELDS(topic, count, kind)
  friend bool operator==(const ClientSpec&, const ClientSpec&) = default;
};

}  // namespace odradek::sim
