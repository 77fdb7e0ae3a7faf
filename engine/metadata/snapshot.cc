#include "engine/metadata/snapshot.h"

#include <string>

namespace odradek::metadata {
namespace {

RegisterBrokerRecord record_of(const BrokerRegistration& broker) {
  return {.broker_id = broker.id,
          .incarnation_id = broker.incarnation_id,
          .broker_epoch = broker.epoch,
          .features = broker.features,
          .rack = broker.rack,
          .fenced = broker.fenced,
          .in_controlled_shutdown = broker.in_controlled_shutdown,
          .log_dirs = broker.log_dirs};
}

/// Absent stands for nobody.
std::optional<std::vector<BrokerId>> some(const std::vector<BrokerId>& brokers) {
  return brokers.empty() ? std::nullopt : std::optional(brokers);
}

PartitionRecord record_of(const TopicPartition& tp, const PartitionRegistration& partition) {
  const bool is_recovered = partition.leader_recovery_state == api::LeaderRecoveryState::kRecovered;
  return {
      .partition_id = tp.partition,
      .topic_id = tp.topic_id,
      .replicas = partition.replicas,
      .isr = partition.isr,
      .removing_replicas = partition.removing_replicas,
      .adding_replicas = partition.adding_replicas,
      .leader = partition.leader,
      .leader_recovery_state = is_recovered ? std::nullopt : std::optional(partition.leader_recovery_state),
      .leader_epoch = partition.leader_epoch,
      .partition_epoch = partition.partition_epoch,
      .eligible_leader_replicas = some(partition.elr),
      .last_known_elr = some(partition.last_known_elr)};
}

void write_configs(ResourceType type, const std::string& resource, const MetadataImage::Properties& configs,
                   std::vector<MetadataRecord>& records) {
  for (const auto& [name, value] : configs) {
    records.emplace_back(
        ConfigRecord{.resource_type = type, .resource_name = resource, .name = name, .value = value});
  }
}

void compare_topics(const TopicImage* before, const TopicImage& after, ImageDelta& delta) {
  if (before == nullptr) delta.created_topics.insert(after.id);
  const bool has_new_configs = before == nullptr ? !after.configs.empty() : before->configs != after.configs;
  if (has_new_configs) delta.changed_configs.insert(after.id);
  for (const auto& [id, partition] : after.partitions) {
    const bool is_same =
        before != nullptr && before->partitions.contains(id) && before->partitions.at(id) == partition;
    if (!is_same) delta.changed_partitions.insert({.topic_id = after.id, .partition = id});
  }
}

void compare_broker_configs(const MetadataImage::BrokerConfigs& before,
                            const MetadataImage::BrokerConfigs& after, ImageDelta& delta) {
  for (const auto& [key, properties] : after) {
    const auto old = before.find(key);
    if (old == before.end() || old->second != properties) delta.changed_broker_configs.insert(key);
  }
  for (const auto& [key, properties] : before) {
    if (!after.contains(key)) delta.changed_broker_configs.insert(key);
  }
}

}  // namespace

std::vector<MetadataRecord> to_records(const MetadataImage& image) {
  std::vector<MetadataRecord> records;
  for (const auto& [name, level] : image.features()) {
    records.emplace_back(FeatureLevelRecord{.name = name, .feature_level = level});
  }
  for (const auto& [id, broker] : image.brokers()) records.emplace_back(record_of(broker));
  for (const auto& [id, topic] : image.topics()) {
    records.emplace_back(TopicRecord{.name = topic->name, .topic_id = id});
    for (const auto& [partition_id, partition] : topic->partitions) {
      records.emplace_back(record_of({.topic_id = id, .partition = partition_id}, partition));
    }
  }
  for (const auto& [key, configs] : image.broker_configs()) {
    write_configs(ResourceType::kBroker, key ? std::to_string(key->value()) : std::string(), configs,
                  records);
  }
  for (const auto& [id, topic] : image.topics()) {
    write_configs(ResourceType::kTopic, topic->name, topic->configs, records);
  }
  return records;
}

MetadataImage from_records(std::span<const MetadataRecord> records, OffsetAndEpoch end) {
  MetadataImage image;
  ImageDelta delta;
  for (const MetadataRecord& record : records) image.replay(record, delta);
  image.finish_batch(end);
  return image;
}

ImageDelta difference(const MetadataImage& before, const MetadataImage& after) {
  ImageDelta delta;
  for (const auto& [id, topic] : before.topics()) {
    if (after.topic(id) == nullptr) delta.deleted_topics.emplace(id, topic->name);
  }
  for (const auto& [id, topic] : after.topics()) {
    const auto old = before.topics().find(id);
    if (old != before.topics().end() && old->second.shares_with(topic)) continue;
    compare_topics(before.topic(id), *topic, delta);
  }
  compare_broker_configs(before.broker_configs(), after.broker_configs(), delta);
  delta.brokers_changed = before.brokers() != after.brokers();
  delta.features_changed = before.features() != after.features();
  return delta;
}

}  // namespace odradek::metadata
