// A scenario that a test can run in a few milliseconds: three brokers, one controller, two partitions,
// timeouts scaled down with Kafka's order kept.
#pragma once

#include "sim/search/scenario.h"

namespace odradek::sim {

[[nodiscard]] inline Scenario small_scenario() {
  Scenario scenario;
  scenario.name = "small";
  scenario.cluster.broker.broker_heartbeat_interval_ms = 200;
  scenario.cluster.broker.replica_lag_time_max_ms = 2'000;
  scenario.cluster.broker.replica_socket_timeout_ms = 2'000;
  scenario.cluster.broker.controller_socket_timeout_ms = 2'000;
  scenario.cluster.broker.replica_fetch_backoff_ms = 200;
  scenario.cluster.controller.broker_session_timeout_ms = 1'000;
  scenario.cluster.topic_defaults.min_insync_replicas = 2;
  scenario.topics.push_back({.name = "orders", .partitions = 2, .replication_factor = 3});

  ProducerSpec producer{.interval = milliseconds(50)};
  producer.config.request_timeout_ms = 1'500;
  producer.config.delivery_timeout_ms = 10'000;
  producer.config.max_block_ms = 5'000;
  producer.config.max_in_flight_requests_per_connection = 1;
  ConsumerSpec consumer;
  consumer.config.request_timeout_ms = 1'500;
  consumer.config.auto_offset_reset = io::OffsetReset::kEarliest;
  scenario.clients.push_back({.topic = "orders", .count = 2, .kind = producer});
  scenario.clients.push_back({.topic = "orders", .count = 1, .kind = consumer});
  scenario.faults_until = seconds(10);
  return scenario;
}

/// The same with faults of every kind.
[[nodiscard]] inline Scenario small_chaos() {
  Scenario scenario = small_scenario();
  for (const auto* kind :
       {"crash", "pause", "isolate", "partition", "reset", "delay", "hold", "leader-move"}) {
    scenario.faults.push_back({.kind = kind, .mean_every = seconds(5)});
  }
  return scenario;
}

}  // namespace odradek::sim
