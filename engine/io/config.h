// Configuration of nodes and topics, under Kafka's own names: a member `min_insync_replicas` is the property
// "min.insync.replicas" (`property_name`). Defaults are Kafka's.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/fields.h"
#include "engine/base/ids.h"
#include "engine/io/flaws.h"
#include "engine/wire/record.h"

namespace odradek::io {

/// "min_insync_replicas" -> "min.insync.replicas"
[[nodiscard]] inline std::string property_name(std::string_view member) {
  std::string name(member);
  std::ranges::replace(name, '_', '.');
  return name;
}

using wire::TimestampType;

/// Settings that a topic may override; a broker's own values are the defaults.
struct TopicConfig {
  std::int32_t min_insync_replicas = 1;
  bool unclean_leader_election_enable = false;
  std::int32_t segment_bytes = 1 << 30;
  std::int32_t index_interval_bytes = 4096;
  std::int32_t segment_index_bytes = 10 << 20;
  std::int32_t max_message_bytes = 1'048'588;
  TimestampType message_timestamp_type = TimestampType::kCreateTime;
  std::int64_t file_delete_delay_ms = 60'000;  ///< from the deletion of a log to that of its files

  FIELDS(min_insync_replicas, unclean_leader_election_enable, segment_bytes, index_interval_bytes,
         segment_index_bytes, max_message_bytes, message_timestamp_type, file_delete_delay_ms)
  friend bool operator==(const TopicConfig&, const TopicConfig&) = default;
};

struct BrokerConfig {
  std::int64_t broker_heartbeat_interval_ms = 2'000;
  std::int64_t replica_lag_time_max_ms = 30'000;
  std::int32_t replica_fetch_wait_max_ms = 500;
  std::int32_t replica_fetch_min_bytes = 1;
  std::int32_t replica_fetch_max_bytes = 1 << 20;
  std::int32_t replica_fetch_response_max_bytes = 10 << 20;
  std::int64_t replica_fetch_backoff_ms = 1'000;
  std::int64_t replica_socket_timeout_ms = 30'000;
  std::int64_t replica_high_watermark_checkpoint_interval_ms = 5'000;
  std::int64_t controller_socket_timeout_ms = 30'000;
  std::int64_t initial_broker_registration_timeout_ms = 60'000;
  std::int32_t max_incremental_fetch_session_cache_slots = 1'000;

  FIELDS(broker_heartbeat_interval_ms, replica_lag_time_max_ms, replica_fetch_wait_max_ms,
         replica_fetch_min_bytes, replica_fetch_max_bytes, replica_fetch_response_max_bytes,
         replica_fetch_backoff_ms, replica_socket_timeout_ms, replica_high_watermark_checkpoint_interval_ms,
         controller_socket_timeout_ms, initial_broker_registration_timeout_ms,
         max_incremental_fetch_session_cache_slots)
  friend bool operator==(const BrokerConfig&, const BrokerConfig&) = default;
};

struct ControllerConfig {
  std::int64_t broker_session_timeout_ms = 9'000;
  std::int64_t metadata_max_idle_interval_ms =
      500;  ///< a NoOpRecord is appended after as long without a record
  bool auto_leader_rebalance_enable = true;
  std::int64_t leader_imbalance_check_interval_seconds = 300;
  /// A feature level of the cluster: 1 keeps eligible leader replicas (KIP-966), as clusters made by
  /// Kafka 4.1 do. At 0 the last member of an ISR stays in it whatever happens to its disk (R18).
  std::int32_t eligible_leader_replicas_version = 1;

  FIELDS(broker_session_timeout_ms, metadata_max_idle_interval_ms, auto_leader_rebalance_enable,
         leader_imbalance_check_interval_seconds, eligible_leader_replicas_version)
  friend bool operator==(const ControllerConfig&, const ControllerConfig&) = default;
};

/// What every replica of the metadata log goes by, voters and observers.
struct QuorumConfig {
  std::int64_t controller_quorum_election_timeout_ms = 1'000;
  std::int64_t controller_quorum_fetch_timeout_ms = 2'000;
  std::int64_t controller_quorum_election_backoff_max_ms = 1'000;
  std::int64_t controller_quorum_request_timeout_ms = 2'000;
  std::int64_t controller_quorum_retry_backoff_ms = 20;
  std::int32_t controller_quorum_fetch_max_bytes = 8 << 20;           ///< KIP-1219
  std::int32_t controller_quorum_fetch_snapshot_max_bytes = 8 << 20;  ///< KIP-1219
  bool controller_quorum_auto_join_enable = false;                    ///< KIP-853, since 4.1
  std::int32_t metadata_log_segment_bytes = 1 << 30;
  std::int64_t metadata_log_max_record_bytes_between_snapshots = 20 << 20;
  std::int64_t metadata_log_max_snapshot_interval_ms = 3'600'000;
  std::int64_t metadata_max_retention_bytes = 100 << 20;
  /// The level of kraft.version that the cluster is formatted with: 0 has a fixed set of voters, 1 a set that
  /// changes (KIP-853).
  std::int16_t kraft_version = 1;

  FIELDS(controller_quorum_election_timeout_ms, controller_quorum_fetch_timeout_ms,
         controller_quorum_election_backoff_max_ms, controller_quorum_request_timeout_ms,
         controller_quorum_retry_backoff_ms, controller_quorum_fetch_max_bytes,
         controller_quorum_fetch_snapshot_max_bytes, controller_quorum_auto_join_enable,
         metadata_log_segment_bytes, metadata_log_max_record_bytes_between_snapshots,
         metadata_log_max_snapshot_interval_ms, metadata_max_retention_bytes, kraft_version)
  friend bool operator==(const QuorumConfig&, const QuorumConfig&) = default;
};

enum class Partitioner : std::uint8_t { kDefault, kRoundRobin };

struct ProducerConfig {
  std::int16_t acks = -1;
  std::int64_t linger_ms = 5;
  std::int32_t batch_size = 16'384;
  std::int64_t buffer_memory = 32 << 20;
  std::int32_t max_request_size = 1 << 20;
  std::int32_t retries = 2'147'483'647;
  std::int64_t retry_backoff_ms = 100;
  std::int64_t request_timeout_ms = 30'000;
  std::int64_t delivery_timeout_ms = 120'000;
  std::int32_t max_in_flight_requests_per_connection = 5;
  std::int64_t metadata_max_age_ms = 300'000;
  std::int64_t max_block_ms = 60'000;
  std::int64_t socket_connection_setup_timeout_ms = 10'000;
  std::int64_t socket_connection_setup_timeout_max_ms = 30'000;
  Partitioner partitioner_class = Partitioner::kDefault;

  FIELDS(acks, linger_ms, batch_size, buffer_memory, max_request_size, retries, retry_backoff_ms,
         request_timeout_ms, delivery_timeout_ms, max_in_flight_requests_per_connection, metadata_max_age_ms,
         max_block_ms, socket_connection_setup_timeout_ms, socket_connection_setup_timeout_max_ms,
         partitioner_class)
  friend bool operator==(const ProducerConfig&, const ProducerConfig&) = default;
};

enum class OffsetReset : std::uint8_t { kEarliest, kLatest, kNone };

struct ConsumerConfig {
  std::int32_t fetch_min_bytes = 1;
  std::int32_t fetch_max_wait_ms = 500;
  std::int32_t max_partition_fetch_bytes = 1 << 20;
  std::int32_t fetch_max_bytes = 50 << 20;
  OffsetReset auto_offset_reset = OffsetReset::kLatest;
  std::int64_t request_timeout_ms = 30'000;
  std::int64_t default_api_timeout_ms = 60'000;
  std::int64_t retry_backoff_ms = 100;
  std::int64_t metadata_max_age_ms = 300'000;
  std::int64_t socket_connection_setup_timeout_ms = 10'000;
  std::int64_t socket_connection_setup_timeout_max_ms = 30'000;
  bool check_crcs = true;

  FIELDS(fetch_min_bytes, fetch_max_wait_ms, max_partition_fetch_bytes, fetch_max_bytes, auto_offset_reset,
         request_timeout_ms, default_api_timeout_ms, retry_backoff_ms, metadata_max_age_ms,
         socket_connection_setup_timeout_ms, socket_connection_setup_timeout_max_ms, check_crcs)
  friend bool operator==(const ConsumerConfig&, const ConsumerConfig&) = default;
};

struct AdminConfig {
  std::int64_t request_timeout_ms = 30'000;
  std::int64_t retry_backoff_ms = 100;
  std::int64_t default_api_timeout_ms = 60'000;
  std::int64_t socket_connection_setup_timeout_ms = 10'000;
  std::int64_t socket_connection_setup_timeout_max_ms = 30'000;

  FIELDS(request_timeout_ms, retry_backoff_ms, default_api_timeout_ms, socket_connection_setup_timeout_ms,
         socket_connection_setup_timeout_max_ms)
  friend bool operator==(const AdminConfig&, const AdminConfig&) = default;
};

}  // namespace odradek::io
