// MetadataImage: the state of the cluster as of one offset of the metadata log.
//
// Everybody who follows the log holds one: the active controller (with uncommitted records), the brokers
// (committed ones only), the checkers. `replay` is its only mutator, so equal prefixes of the log give equal
// images. A copy costs a few counts; a change clones one topic, not the cluster.
//
// 1. A topic's partitions are numbered 0 … n-1, and its name and id lead to each other.
// 2. Leader and partition epochs never decrease; every change of a partition adds one to its partition epoch.
//
// Source: org.apache.kafka.image.MetadataImage, PartitionRegistration.merge.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/cow.h"
#include "engine/io/config.h"
#include "engine/metadata/records.h"

namespace odradek::metadata {

struct BrokerRegistration {
  BrokerId id;
  BrokerEpoch epoch;
  Uuid incarnation_id;
  std::vector<BrokerFeature> features;
  std::optional<std::string> rack;
  bool fenced = true;
  bool in_controlled_shutdown = false;
  std::optional<std::vector<Uuid>> log_dirs;  ///< those online; absent: the broker did not tell

  /// May lead partitions and join an ISR (ClusterControlManager.isActive).
  [[nodiscard]] bool is_active() const { return !fenced && !in_controlled_shutdown; }

  /// A broker whose directories have all failed leads nothing (KIP-858).
  [[nodiscard]] bool has_online_dir() const { return !log_dirs || !log_dirs->empty(); }

  FIELDS(id, epoch, incarnation_id, features, rack, fenced, in_controlled_shutdown, log_dirs)
  friend bool operator==(const BrokerRegistration&, const BrokerRegistration&) = default;
};

struct PartitionRegistration {
  std::vector<BrokerId> replicas;  ///< in order of preference
  std::vector<BrokerId> isr;
  std::vector<BrokerId> removing_replicas;
  std::vector<BrokerId> adding_replicas;
  std::vector<BrokerId> elr;  ///< left the ISR, but hold all that is committed: may lead once it is empty
  std::vector<BrokerId> last_known_elr;  ///< the last leader, while the ISR is empty (KIP-966)
  std::optional<BrokerId> leader;
  api::LeaderRecoveryState leader_recovery_state = api::LeaderRecoveryState::kRecovered;
  LeaderEpoch leader_epoch;
  PartitionEpoch partition_epoch;

  [[nodiscard]] BrokerId preferred_replica() const { return replicas.front(); }

  FIELDS(replicas, isr, removing_replicas, adding_replicas, elr, last_known_elr, leader,
         leader_recovery_state, leader_epoch, partition_epoch)
  friend bool operator==(const PartitionRegistration&, const PartitionRegistration&) = default;
};

/// The partition after a change.
[[nodiscard]] PartitionRegistration merge(PartitionRegistration partition,
                                          const PartitionChangeRecord& change);

struct TopicImage {
  std::string name;
  TopicId id;
  std::map<PartitionId, PartitionRegistration> partitions;
  std::map<std::string, std::string> configs;  ///< properties that the topic overrides

  FIELDS(name, id, partitions, configs)
  friend bool operator==(const TopicImage&, const TopicImage&) = default;
};

/// Whose settings: one broker's, or, when absent, those that all brokers inherit.
using BrokerConfigKey = std::optional<BrokerId>;

/// What a stretch of the log changed, for those who act on changes rather than on states. Of a topic that was
/// created and deleted within the stretch nothing is left.
struct ImageDelta {
  std::set<TopicId> created_topics;
  std::map<TopicId, std::string> deleted_topics;  ///< and the name that each had
  std::set<TopicPartition> changed_partitions;    ///< new ones included, those of deleted topics not
  std::set<TopicId> changed_configs;              ///< of topics
  std::set<BrokerConfigKey> changed_broker_configs;
  bool brokers_changed = false;
  bool features_changed = false;

  [[nodiscard]] bool is_empty() const { return *this == ImageDelta{}; }
  /// What a later stretch changed, too.
  void add(const ImageDelta& later);

  FIELDS(created_topics, deleted_topics, changed_partitions, changed_configs, changed_broker_configs,
         brokers_changed, features_changed)
  friend bool operator==(const ImageDelta&, const ImageDelta&) = default;
};

class MetadataImage {
 public:
  using Brokers = std::map<BrokerId, BrokerRegistration>;
  using Topics = std::map<TopicId, Cow<TopicImage>>;
  using Properties = std::map<std::string, std::string>;
  using BrokerConfigs = std::map<BrokerConfigKey, Properties>;
  using Features = std::map<std::string, std::int16_t, std::less<>>;

  [[nodiscard]] const Brokers& brokers() const { return *brokers_; }
  [[nodiscard]] const Topics& topics() const { return *topics_; }
  [[nodiscard]] const BrokerConfigs& broker_configs() const { return *broker_configs_; }
  /// Finalized levels by name; without an entry, a feature is at the level that the cluster was formatted
  /// with.
  [[nodiscard]] const Features& features() const { return *features_; }

  /// Null when there is none; valid until the next replay.
  [[nodiscard]] const BrokerRegistration* broker(BrokerId id) const;
  [[nodiscard]] const TopicImage* topic(TopicId id) const;
  [[nodiscard]] const TopicImage* topic(std::string_view name) const;
  [[nodiscard]] const PartitionRegistration* partition(const TopicPartition& tp) const;

  [[nodiscard]] bool is_active(BrokerId id) const;
  [[nodiscard]] std::optional<std::int16_t> feature_level(std::string_view name) const;

  /// The broker's dynamic properties: its own, over those that all brokers inherit.
  [[nodiscard]] Properties broker_config(BrokerId id) const;

  /// The topic's settings: its own where it has some, otherwise the defaults. Parses; callers on a hot path
  /// keep it.
  [[nodiscard]] io::TopicConfig topic_config(TopicId id, const io::TopicConfig& defaults) const;

  /// The offset after the last record replayed, and the epoch of the controller that wrote it.
  [[nodiscard]] Offset end_offset() const { return end_.offset; }
  [[nodiscard]] LeaderEpoch controller_epoch() const { return end_.epoch; }

  /// The next batch of the log. REQUIRES: batch.base == end_offset().
  void replay(const RecordBatch& batch, ImageDelta& delta);
  /// One record of a batch; `finish_batch` follows the last one.
  void replay(const MetadataRecord& record, ImageDelta& delta);
  void finish_batch(OffsetAndEpoch end) { end_ = end; }

  FIELDS(brokers_, topics_, topic_ids_, broker_configs_, features_, end_)
  friend bool operator==(const MetadataImage&, const MetadataImage&) = default;

 private:
  void apply(const RegisterBrokerRecord& record, ImageDelta& delta);
  void apply(const UnregisterBrokerRecord& record, ImageDelta& delta);
  void apply(const TopicRecord& record, ImageDelta& delta);
  void apply(const PartitionRecord& record, ImageDelta& delta);
  void apply(const ConfigRecord& record, ImageDelta& delta);
  void apply(const PartitionChangeRecord& record, ImageDelta& delta);
  void apply(const RemoveTopicRecord& record, ImageDelta& delta);
  void apply(const FeatureLevelRecord& record, ImageDelta& delta);
  void apply(const BrokerRegistrationChangeRecord& record, ImageDelta& delta);
  void apply(const NoOpRecord&, ImageDelta&) {}

  TopicImage& topic_to_change(TopicId id);
  BrokerRegistration& broker_to_change(BrokerId id, BrokerEpoch epoch);

  Cow<Brokers> brokers_;
  Cow<Topics> topics_;
  Cow<std::map<std::string, TopicId, std::less<>>> topic_ids_;
  Cow<BrokerConfigs> broker_configs_;
  Cow<Features> features_;
  OffsetAndEpoch end_;
};

}  // namespace odradek::metadata
