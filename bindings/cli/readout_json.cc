#include <nlohmann/json.hpp>

#include "bindings/cli/readout.h"
#include "engine/base/uuid_text.h"

namespace odradek::cli {
namespace {

using nlohmann::ordered_json;

template <class T>
ordered_json number(const std::optional<T>& value) {
  return value ? ordered_json(value->value()) : ordered_json();
}

ordered_json count(const std::optional<std::int64_t>& value) {
  return value ? ordered_json(*value) : ordered_json();
}

ordered_json ids(const std::vector<BrokerId>& brokers) {
  ordered_json list = ordered_json::array();
  for (const BrokerId broker : brokers) list.push_back(broker.value());
  return list;
}

ordered_json logs_json(const sim::PartitionReadout& partition) {
  ordered_json list = ordered_json::array();
  for (const auto& [broker, held] : partition.held) {
    list.push_back({{"broker", broker.value()},
                    {"log_start_offset", held.log_start.value()},
                    {"log_end_offset", held.log_end.value()},
                    {"high_watermark", held.high_watermark.value()},
                    {"leader_epoch", held.leader_epoch.value()}});
  }
  return list;
}

ordered_json partition_json(const sim::PartitionReadout& partition) {
  const metadata::PartitionRegistration& committed = partition.committed;
  const bool recovered = committed.leader_recovery_state == api::LeaderRecoveryState::kRecovered;
  return {{"partition", partition.id.value()},
          {"leader", number(committed.leader)},
          {"replicas", ids(committed.replicas)},
          {"adding_replicas", ids(committed.adding_replicas)},
          {"removing_replicas", ids(committed.removing_replicas)},
          {"isr", ids(committed.isr)},
          {"elr", ids(committed.elr)},
          {"last_known_elr", ids(committed.last_known_elr)},
          {"leader_recovery_state", recovered ? "RECOVERED" : "RECOVERING"},
          {"leader_epoch", committed.leader_epoch.value()},
          {"partition_epoch", committed.partition_epoch.value()},
          {"high_watermark", number(high_watermark(partition))},
          {"logs", logs_json(partition)}};
}

ordered_json replicas_json(const std::vector<api::QuorumReplicaState>& replicas, const Quorum& quorum) {
  ordered_json list = ordered_json::array();
  for (const api::QuorumReplicaState& replica : replicas) {
    const Uuid& directory = replica.replica_directory_id;
    list.push_back({{"id", replica.replica_id.value()},
                    {"directory_id", directory.is_zero() ? ordered_json() : ordered_json(to_text(directory))},
                    {"log_end_offset", number(replica.log_end_offset)},
                    {"lag", count(lag_of(replica, quorum))},
                    {"last_fetch_timestamp", number(replica.last_fetch_timestamp)},
                    {"last_caught_up_timestamp", number(replica.last_caught_up_timestamp)}});
  }
  return list;
}

}  // namespace

ordered_json topics_json(const sim::Readout& readout) {
  ordered_json list = ordered_json::array();
  for (const sim::TopicReadout& topic : readout.topics) {
    ordered_json partitions = ordered_json::array();
    for (const sim::PartitionReadout& partition : topic.partitions)
      partitions.push_back(partition_json(partition));
    list.push_back({{"name", topic.name},
                    {"topic_id", to_text(topic.id)},
                    {"configs", ordered_json(topic.configs)},
                    {"partitions", partitions}});
  }
  return list;
}

ordered_json brokers_json(const sim::Readout& readout) {
  ordered_json list = ordered_json::array();
  for (const sim::BrokerReadout& broker : readout.brokers) {
    ordered_json object = {{"id", broker.id.value()},
                           {"epoch", nullptr},
                           {"incarnation_id", nullptr},
                           {"rack", broker.rack},
                           {"state", std::string(registration_state(broker))},
                           {"process", std::string(name_of(broker.process))},
                           {"broker_state", std::string(broker_state(broker))},
                           {"metadata_offset", number(broker.metadata_offset)}};
    if (broker.registration) {
      object["epoch"] = broker.registration->epoch.value();
      object["incarnation_id"] = to_text(broker.registration->incarnation_id);
    }
    list.push_back(std::move(object));
  }
  return list;
}

ordered_json quorum_json(const sim::Readout& readout) {
  const Quorum& quorum = readout.quorum.partition;
  return {{"cluster_id", to_text(readout.quorum.cluster_id)},
          {"leader_id", number(quorum.leader_id)},
          {"leader_epoch", quorum.leader_epoch.value()},
          {"high_watermark", number(quorum.high_watermark)},
          {"max_follower_lag", count(max_follower_lag(quorum))},
          {"max_follower_lag_time_ms", count(max_follower_lag_time_ms(quorum))},
          {"current_voters", replicas_json(quorum.current_voters, quorum)},
          {"current_observers", replicas_json(quorum.observers, quorum)}};
}

}  // namespace odradek::cli
