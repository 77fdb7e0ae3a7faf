// How metadata reaches the replicas. The order is Kafka's: deletes come first, so that a new log may take the
// name of one that goes, and settings last.
//
// Source: ReplicaManager.applyDelta and stopPartitions, org.apache.kafka.image.TopicDelta.localChanges,
// LogManager.isStrayKraftReplica, DynamicConfigPublisher.
#include <algorithm>
#include <utility>

#include "engine/metadata/broker_config.h"
#include "engine/replica/partition_metadata_file.h"
#include "engine/replica/replica_manager.h"

namespace odradek::replica {

void ReplicaManager::apply(const metadata::ImageDelta& delta, const Context& ctx) {
  if (!has_applied_ && !is_registered(ctx)) return;
  const bool first = !std::exchange(has_applied_, true);
  const bool concerns_defaults = first || delta.changed_broker_configs.contains(std::nullopt) ||
                                 delta.changed_broker_configs.contains(config_.broker);
  const bool new_defaults = concerns_defaults && adopt_defaults(ctx);
  if (delta.brokers_changed) call_replica_fetches();
  const LocalChanges changes = first ? first_changes(ctx) : local_changes(delta, ctx);
  stop_replicas(changes.deletes, ctx);
  for (const TopicPartition& tp : changes.leaders) become_leader(tp, ctx);
  for (const TopicPartition& tp : changes.followers) become_follower(tp, ctx);
  stop_idle_fetchers(ctx);
  for (auto& [tp, partition] : partitions_) {
    if (new_defaults || delta.changed_configs.contains(tp.topic_id)) reconfigure(tp, partition, ctx);
  }
  send_all(ctx);
}

/// Whether the metadata knows this incarnation. A leadership that was granted to the one before is not taken
/// up: a log that lost its tail in a power loss must not bear that epoch again, or its first fetch as a
/// follower would claim all that the epoch holds. Kafka's broker takes it up, though it serves nobody until
/// it is unfenced.
bool ReplicaManager::is_registered(const Context& ctx) const {
  const metadata::BrokerRegistration* self = ctx.image.broker(config_.broker);
  return self != nullptr && self->incarnation_id == config_.incarnation;
}

ReplicaManager::LocalChanges ReplicaManager::local_changes(const metadata::ImageDelta& delta,
                                                           const Context& ctx) const {
  LocalChanges changes;
  for (const auto& [topic, name] : delta.deleted_topics) {
    for (auto hosted = partitions_.lower_bound({.topic_id = topic, .partition = PartitionId(0)});
         hosted != partitions_.end() && hosted->first.topic_id == topic; ++hosted)
      changes.deletes.push_back(hosted->first);
  }
  for (const TopicPartition& tp : delta.changed_partitions) sort_in(tp, changes, ctx);
  return changes;
}

/// Everything is new to a broker that has just started, and the logs that it should not have are strays.
ReplicaManager::LocalChanges ReplicaManager::first_changes(const Context& ctx) const {
  LocalChanges changes;
  for (const auto& [tp, partition] : partitions_) {
    if (ctx.image.partition(tp) == nullptr) changes.deletes.push_back(tp);
  }
  for (const auto& [id, topic] : ctx.image.topics()) {
    for (const auto& [partition, state] : topic->partitions) sort_in({id, partition}, changes, ctx);
  }
  for (std::size_t i = 0; i < changes.deletes.size(); ++i) sometimes(ctx.out, Probe::kStrayLog);
  return changes;
}

void ReplicaManager::sort_in(const TopicPartition& tp, LocalChanges& changes, const Context& ctx) const {
  const metadata::PartitionRegistration& state = *ctx.image.partition(tp);
  if (std::ranges::find(state.replicas, config_.broker) == state.replicas.end()) {
    if (partitions_.contains(tp)) changes.deletes.push_back(tp);
  } else if (state.leader != config_.broker) {
    changes.followers.push_back(tp);
  } else if (is_registered(ctx)) {
    changes.leaders.push_back(tp);
  }
}

void ReplicaManager::stop_replicas(const std::vector<TopicPartition>& deletes, const Context& ctx) {
  if (deletes.empty()) return;
  for (const TopicPartition& tp : deletes) {
    const Partition gone = std::move(partitions_.extract(tp).mapped());
    if (const auto leader = gone.followed_leader()) stop_fetching(tp, *leader);
    deleted_.add(gone.log().directory(), delete_delay(), ctx);
    ctx.out.emit(io::DeleteLog{.tp = tp, .log_end = gone.log().log_end_offset()});
    check_produces(tp, ctx);
    check_fetches(tp, ctx);
  }
  // By name: the next topic of this name must not take over how much of this one was committed.
  write_high_watermarks(ctx);
}

void ReplicaManager::become_leader(const TopicPartition& tp, const Context& ctx) {
  Partition* partition = find_or_create(tp, ctx);
  if (partition == nullptr) return;
  if (const auto previous = partition->followed_leader()) stop_fetching(tp, *previous);
  call_fetches(tp);
  on_progress(tp, partition->become_leader(*ctx.image.partition(tp), config_, ctx), ctx);
}

void ReplicaManager::become_follower(const TopicPartition& tp, const Context& ctx) {
  Partition* partition = find_or_create(tp, ctx);
  if (partition == nullptr) return;
  const bool was_leader = partition->leader() != nullptr;
  const std::optional<BrokerId> previous_leader = partition->followed_leader();
  const bool restart = partition->become_follower(*ctx.image.partition(tp), config_, ctx);
  const std::optional<BrokerId> leader = partition->followed_leader();
  if (previous_leader && previous_leader != leader) stop_fetching(tp, *previous_leader);
  if (leader && (restart || previous_leader != leader))
    fetchers_.try_emplace(*leader, *leader, config_).first->second.add(*partition);
  if (!was_leader) return;
  check_produces(tp, ctx);
  check_fetches(tp, ctx);
}

/// Null when the disk fails: the process ends after this step.
Partition* ReplicaManager::find_or_create(const TopicPartition& tp, const Context& ctx) {
  if (!partitions_.contains(tp)) {
    const std::string& topic = ctx.image.topic(tp.topic_id)->name;
    const std::string directory = partition_directory(topic, tp.partition);
    // A log of another topic of this name that could not be moved away must not pass for this one's.
    if (!ctx.disk.list(directory).empty()) return nullptr;
    if (!write_partition_metadata(directory, tp.topic_id, ctx.disk, ctx.out)) return nullptr;
    open_partition(tp, topic, Offset(0), ctx);
  }
  const auto found = partitions_.find(tp);
  if (found == partitions_.end()) return nullptr;
  found->second.set_config(ctx.image.topic_config(tp.topic_id, defaults_));
  return &found->second;
}

void ReplicaManager::stop_fetching(const TopicPartition& tp, BrokerId leader) {
  if (const auto fetcher = fetchers_.find(leader); fetcher != fetchers_.end()) fetcher->second.remove(tp);
}

void ReplicaManager::stop_idle_fetchers(const Context& ctx) {
  for (auto fetcher = fetchers_.begin(); fetcher != fetchers_.end();) {
    if (fetcher->second.is_idle()) {
      fetcher->second.stop(ctx);
      fetcher = fetchers_.erase(fetcher);
    } else {
      ++fetcher;
    }
  }
}

/// The broker's own settings, under those that all brokers inherit and those of this broker. Of Kafka's
/// dynamic settings these are the ones that are here. Source: DynamicBrokerConfig.AllDynamicConfigs.
bool ReplicaManager::adopt_defaults(const Context& ctx) {
  const io::TopicConfig before =
      std::exchange(defaults_, metadata::topic_defaults(ctx.image, config_.broker, config_.topic_defaults));
  return before != defaults_;
}

void ReplicaManager::reconfigure(const TopicPartition& tp, Partition& partition, const Context& ctx) {
  partition.set_config(ctx.image.topic_config(tp.topic_id, defaults_));
  const bool leads = partition.leader() != nullptr;
  // With fewer in-sync replicas demanded there may be enough of them.
  if (leads && partition.maybe_advance_high_watermark(config_, ctx))
    on_progress(tp, {.high_watermark_advanced = true}, ctx);
}

}  // namespace odradek::replica
