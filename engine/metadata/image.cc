#include "engine/metadata/image.h"

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

}  // namespace

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
                                        .fenced = record.fenced,
                                        .in_controlled_shutdown = record.in_controlled_shutdown};
  delta.brokers_changed = true;
}

void MetadataImage::apply(const BrokerRegistrationChangeRecord& record, ImageDelta& delta) {
  const auto found = brokers_.write().find(record.broker_id);
  ENSURE(found != brokers_->end(), "broker {} changes before it registers", record.broker_id.value());
  BrokerRegistration& registration = found->second;
  ENSURE(registration.epoch == record.broker_epoch, "broker {} of epoch {} changes at epoch {}",
         record.broker_id.value(), registration.epoch.value(), record.broker_epoch.value());
  if (record.fenced) registration.fenced = *record.fenced == FencingChange::kFence;
  if (record.in_controlled_shutdown) registration.in_controlled_shutdown = true;
  delta.brokers_changed = true;
}

void MetadataImage::apply(const TopicRecord& record, ImageDelta&) {
  const bool new_name = topic_ids_.write().emplace(record.name, record.topic_id).second;
  ENSURE(new_name, "topic {} is created twice", record.name);
  const Cow created(TopicImage{.name = record.name, .id = record.topic_id, .partitions = {}, .configs = {}});
  const bool new_id = topics_.write().emplace(record.topic_id, created).second;
  ENSURE(new_id, "topic {} takes the id of another", record.name);
}

void MetadataImage::apply(const ConfigRecord& record, ImageDelta& delta) {
  ENSURE(record.resource_type == ResourceType::kTopic, "settings of {} are not in the metadata log yet",
         record.resource_name);
  const TopicId* id = find_or_null(*topic_ids_, record.resource_name);
  ENSURE(id != nullptr, "a setting for topic {}, which does not exist", record.resource_name);
  TopicImage& changed = topic_to_change(*id);
  if (record.value) {
    changed.configs[record.name] = *record.value;
  } else {
    changed.configs.erase(record.name);
  }
  delta.changed_configs.insert(*id);
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

TopicImage& MetadataImage::topic_to_change(TopicId id) {
  const auto found = topics_.write().find(id);
  ENSURE(found != topics_->end(), "a record for topic {:016x}{:016x}, which does not exist", id.high, id.low);
  return found->second.write();
}

}  // namespace odradek::metadata
