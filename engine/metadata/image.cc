#include "engine/metadata/image.h"

#include <charconv>
#include <utility>

#include "engine/base/ensure.h"
#include "engine/metadata/topic_config.h"

namespace odradek::metadata {
namespace {

template <class Map, class Key>
auto* find_or_null(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

BrokerConfigKey broker_config_key(std::string_view resource_name) {
  if (resource_name.empty()) return std::nullopt;
  std::int32_t id = 0;
  const char* end = resource_name.data() + resource_name.size();
  const auto [parsed, error] = std::from_chars(resource_name.data(), end, id);
  ENSURE(error == std::errc{} && parsed == end, "settings of broker \"{}\", which is no id", resource_name);
  return BrokerId(id);
}

}  // namespace

void ImageDelta::add(const ImageDelta& later) {
  created_topics.insert(later.created_topics.begin(), later.created_topics.end());
  changed_partitions.insert(later.changed_partitions.begin(), later.changed_partitions.end());
  changed_configs.insert(later.changed_configs.begin(), later.changed_configs.end());
  changed_broker_configs.insert(later.changed_broker_configs.begin(), later.changed_broker_configs.end());
  brokers_changed |= later.brokers_changed;
  features_changed |= later.features_changed;
  for (const auto& [id, name] : later.deleted_topics) {
    std::erase_if(changed_partitions, [&](const TopicPartition& tp) { return tp.topic_id == id; });
    changed_configs.erase(id);
    if (created_topics.erase(id) == 0) deleted_topics.emplace(id, name);
  }
}

PartitionRegistration merge(PartitionRegistration partition, const PartitionChangeRecord& change) {
  if (change.isr) partition.isr = *change.isr;
  if (change.replicas) partition.replicas = *change.replicas;
  if (change.removing_replicas) partition.removing_replicas = *change.removing_replicas;
  if (change.adding_replicas) partition.adding_replicas = *change.adding_replicas;
  if (change.eligible_leader_replicas) partition.elr = *change.eligible_leader_replicas;
  if (change.last_known_elr) partition.last_known_elr = *change.last_known_elr;
  if (change.leader_recovery_state) partition.leader_recovery_state = *change.leader_recovery_state;
  if (change.leader) {
    partition.leader = *change.leader;
    ++partition.leader_epoch;
  }
  ++partition.partition_epoch;
  return partition;
}

const BrokerRegistration* MetadataImage::broker(BrokerId id) const { return find_or_null(*brokers_, id); }

const TopicImage* MetadataImage::topic(TopicId id) const {
  const Cow<TopicImage>* found = find_or_null(*topics_, id);
  return found == nullptr ? nullptr : &found->read();
}

const TopicImage* MetadataImage::topic(std::string_view name) const {
  const TopicId* id = find_or_null(*topic_ids_, name);
  return id == nullptr ? nullptr : topic(*id);
}

const PartitionRegistration* MetadataImage::partition(const TopicPartition& tp) const {
  const TopicImage* found = topic(tp.topic_id);
  return found == nullptr ? nullptr : find_or_null(found->partitions, tp.partition);
}

bool MetadataImage::is_active(BrokerId id) const {
  const BrokerRegistration* registration = broker(id);
  return registration != nullptr && registration->is_active();
}

std::optional<std::int16_t> MetadataImage::feature_level(std::string_view name) const {
  const std::int16_t* level = find_or_null(*features_, name);
  return level == nullptr ? std::nullopt : std::optional(*level);
}

MetadataImage::Properties MetadataImage::broker_config(BrokerId id) const {
  Properties result;
  for (const BrokerConfigKey& key : {BrokerConfigKey{}, BrokerConfigKey{id}}) {
    const Properties* properties = find_or_null(*broker_configs_, key);
    if (properties == nullptr) continue;
    for (const auto& [name, value] : *properties) result[name] = value;
  }
  return result;
}

io::TopicConfig MetadataImage::topic_config(TopicId id, const io::TopicConfig& defaults) const {
  const TopicImage* found = topic(id);
  if (found == nullptr) return defaults;
  const Result<io::TopicConfig> config = parse_topic_config(found->configs, defaults);
  ENSURE(config.has_value(), "topic {} was given an invalid setting: {}", found->name,
         config.error().message);
  return *config;
}

void MetadataImage::replay(const RecordBatch& batch, ImageDelta& delta) {
  ENSURE(batch.base == end_.offset, "batch at {} follows offset {}", batch.base.value(), end_.offset.value());
  for (const MetadataRecord& record : batch.records) replay(record, delta);
  finish_batch({.offset = batch.end, .epoch = batch.epoch});
}

void MetadataImage::replay(const MetadataRecord& record, ImageDelta& delta) {
  std::visit([&](const auto& r) { apply(r, delta); }, record);
}

void MetadataImage::apply(const RegisterBrokerRecord& record, ImageDelta& delta) {
  const BrokerRegistration* old = broker(record.broker_id);
  ENSURE(old == nullptr || old->epoch <= record.broker_epoch, "broker {} registers at epoch {} after {}",
         record.broker_id.value(), record.broker_epoch.value(), old->epoch.value());
  brokers_.write()[record.broker_id] = {.id = record.broker_id,
                                        .epoch = record.broker_epoch,
                                        .incarnation_id = record.incarnation_id,
                                        .features = record.features,
                                        .rack = record.rack,
                                        .fenced = record.fenced,
                                        .in_controlled_shutdown = record.in_controlled_shutdown,
                                        .log_dirs = record.log_dirs};
  delta.brokers_changed = true;
}

void MetadataImage::apply(const BrokerRegistrationChangeRecord& record, ImageDelta& delta) {
  BrokerRegistration& registration = broker_to_change(record.broker_id, record.broker_epoch);
  if (record.fenced) registration.fenced = *record.fenced == FencingChange::kFence;
  if (record.in_controlled_shutdown) registration.in_controlled_shutdown = true;
  if (record.log_dirs) registration.log_dirs = record.log_dirs;
  delta.brokers_changed = true;
}

void MetadataImage::apply(const UnregisterBrokerRecord& record, ImageDelta& delta) {
  (void)broker_to_change(record.broker_id, record.broker_epoch);
  brokers_.write().erase(record.broker_id);
  delta.brokers_changed = true;
}

void MetadataImage::apply(const TopicRecord& record, ImageDelta& delta) {
  const bool new_name = topic_ids_.write().emplace(record.name, record.topic_id).second;
  ENSURE(new_name, "topic {} is created twice", record.name);
  const Cow created(TopicImage{.name = record.name, .id = record.topic_id, .partitions = {}, .configs = {}});
  const bool new_id = topics_.write().emplace(record.topic_id, created).second;
  ENSURE(new_id, "topic {} takes the id of another", record.name);
  delta.created_topics.insert(record.topic_id);
}

void MetadataImage::apply(const RemoveTopicRecord& record, ImageDelta& delta) {
  const TopicId id = record.topic_id;
  const std::string name = topic_to_change(id).name;
  topics_.write().erase(id);
  topic_ids_.write().erase(name);
  std::erase_if(delta.changed_partitions, [id](const TopicPartition& tp) { return tp.topic_id == id; });
  delta.changed_configs.erase(id);
  if (delta.created_topics.erase(id) == 0) delta.deleted_topics.emplace(id, name);
}

void MetadataImage::apply(const ConfigRecord& record, ImageDelta& delta) {
  const auto set = [&record](Properties& properties) {
    if (record.value) {
      properties[record.name] = *record.value;
    } else {
      properties.erase(record.name);
    }
  };
  if (record.resource_type == ResourceType::kBroker) {
    const BrokerConfigKey key = broker_config_key(record.resource_name);
    Properties& properties = broker_configs_.write()[key];
    set(properties);
    if (properties.empty()) broker_configs_.write().erase(key);
    delta.changed_broker_configs.insert(key);
    return;
  }
  const TopicId* id = find_or_null(*topic_ids_, record.resource_name);
  ENSURE(id != nullptr, "a setting for topic {}, which does not exist", record.resource_name);
  set(topic_to_change(*id).configs);
  delta.changed_configs.insert(*id);
}

void MetadataImage::apply(const FeatureLevelRecord& record, ImageDelta& delta) {
  features_.write()[record.name] = record.feature_level;
  delta.features_changed = true;
}

void MetadataImage::apply(const PartitionRecord& record, ImageDelta& delta) {
  TopicImage& changed = topic_to_change(record.topic_id);
  const auto next = static_cast<std::int32_t>(changed.partitions.size());
  ENSURE(record.partition_id.value() == next, "partition {} of {} after {} others",
         record.partition_id.value(), changed.name, next);
  changed.partitions[record.partition_id] = {
      .replicas = record.replicas,
      .isr = record.isr,
      .removing_replicas = record.removing_replicas,
      .adding_replicas = record.adding_replicas,
      .elr = record.eligible_leader_replicas.value_or(std::vector<BrokerId>{}),
      .last_known_elr = record.last_known_elr.value_or(std::vector<BrokerId>{}),
      .leader = record.leader,
      .leader_recovery_state = record.leader_recovery_state.value_or(api::LeaderRecoveryState::kRecovered),
      .leader_epoch = record.leader_epoch,
      .partition_epoch = record.partition_epoch};
  delta.changed_partitions.insert({.topic_id = record.topic_id, .partition = record.partition_id});
}

void MetadataImage::apply(const PartitionChangeRecord& record, ImageDelta& delta) {
  TopicImage& changed = topic_to_change(record.topic_id);
  const auto found = changed.partitions.find(record.partition_id);
  ENSURE(found != changed.partitions.end(), "partition {} of {} changes before it exists",
         record.partition_id.value(), changed.name);
  found->second = merge(std::move(found->second), record);
  delta.changed_partitions.insert({.topic_id = record.topic_id, .partition = record.partition_id});
}

BrokerRegistration& MetadataImage::broker_to_change(BrokerId id, BrokerEpoch epoch) {
  const auto found = brokers_.write().find(id);
  ENSURE(found != brokers_->end(), "broker {} changes before it registers", id.value());
  ENSURE(found->second.epoch == epoch, "broker {} of epoch {} changes at epoch {}", id.value(),
         found->second.epoch.value(), epoch.value());
  return found->second;
}

TopicImage& MetadataImage::topic_to_change(TopicId id) {
  const auto found = topics_.write().find(id);
  ENSURE(found != topics_->end(), "a record for topic {:016x}{:016x}, which does not exist", id.high, id.low);
  return found->second.write();
}

}  // namespace odradek::metadata
