// The records of the metadata log: what the controller decides, and brokers replay.
//
// Members stand in the order of Kafka's schemas, with Kafka's types, as far as we have the field; the codec
// (record_codec.h) follows from that order. An optional member is a tagged field, numbered by its place among
// the optional ones, with two exceptions that have a null of their own on the wire: an id is -1, a string has
// length 0. `MetadataRecord` is the one list of kinds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/api/alter_partition.h"
#include "engine/api/incremental_alter_configs.h"
#include "engine/base/ids.h"

namespace odradek::metadata {

using api::ResourceType;

/// How a kind of record is known in the log: MetadataRecordType.
struct RecordKind {
  std::string_view name;
  std::uint32_t api_key;
  std::uint32_t version;
};

/// The levels of a feature that a broker can run at.
struct BrokerFeature {
  std::string name;
  std::int16_t min_supported_version = 0;
  std::int16_t max_supported_version = 0;

  FIELDS(name, min_supported_version, max_supported_version)
  friend bool operator==(const BrokerFeature&, const BrokerFeature&) = default;
};

/// A broker registered; a new incarnation starts fenced (KIP-631).
struct RegisterBrokerRecord {
  static constexpr RecordKind kKind{.name = "RegisterBrokerRecord", .api_key = 0, .version = 3};

  BrokerId broker_id;
  Uuid incarnation_id;
  BrokerEpoch broker_epoch;
  std::vector<BrokerFeature> features;
  std::optional<std::string> rack;
  bool fenced = true;
  bool in_controlled_shutdown = false;
  std::optional<std::vector<Uuid>> log_dirs;  ///< since v3 (KIP-858): those online; absent: not told

  FIELDS(broker_id, incarnation_id, broker_epoch, features, rack, fenced, in_controlled_shutdown, log_dirs)
  friend bool operator==(const RegisterBrokerRecord&, const RegisterBrokerRecord&) = default;
};

/// A broker is forgotten; it may register again.
struct UnregisterBrokerRecord {
  static constexpr RecordKind kKind{.name = "UnregisterBrokerRecord", .api_key = 1, .version = 0};

  BrokerId broker_id;
  BrokerEpoch broker_epoch;

  FIELDS(broker_id, broker_epoch)
  friend bool operator==(const UnregisterBrokerRecord&, const UnregisterBrokerRecord&) = default;
};

struct TopicRecord {
  static constexpr RecordKind kKind{.name = "TopicRecord", .api_key = 2, .version = 0};

  std::string name;
  TopicId topic_id;

  FIELDS(name, topic_id)
  friend bool operator==(const TopicRecord&, const TopicRecord&) = default;
};

/// A new partition.
struct PartitionRecord {
  static constexpr RecordKind kKind{.name = "PartitionRecord", .api_key = 3, .version = 2};

  PartitionId partition_id;
  TopicId topic_id;
  std::vector<BrokerId> replicas;
  std::vector<BrokerId> isr;
  std::vector<BrokerId> removing_replicas;
  std::vector<BrokerId> adding_replicas;
  std::optional<BrokerId> leader;
  std::optional<api::LeaderRecoveryState> leader_recovery_state;  ///< absent: RECOVERED
  LeaderEpoch leader_epoch;
  PartitionEpoch partition_epoch;
  std::optional<std::vector<BrokerId>> eligible_leader_replicas;  ///< since v2 (KIP-966); absent: none
  std::optional<std::vector<BrokerId>> last_known_elr;            ///< likewise

  FIELDS(partition_id, topic_id, replicas, isr, removing_replicas, adding_replicas, leader,
         leader_recovery_state, leader_epoch, partition_epoch, eligible_leader_replicas, last_known_elr)
  friend bool operator==(const PartitionRecord&, const PartitionRecord&) = default;
};

/// A setting of a topic, by its name; of a broker, by its id as text; or of all brokers, by the empty name.
struct ConfigRecord {
  static constexpr RecordKind kKind{.name = "ConfigRecord", .api_key = 4, .version = 0};

  ResourceType resource_type = ResourceType::kTopic;
  std::string resource_name;
  std::string name;
  std::optional<std::string> value;  ///< absent: the property is unset

  FIELDS(resource_type, resource_name, name, value)
  friend bool operator==(const ConfigRecord&, const ConfigRecord&) = default;
};

/// What changed in a partition; an absent member did not. A present `leader`, the same one included, starts a
/// new leader epoch; every change record starts a new partition epoch.
struct PartitionChangeRecord {
  static constexpr RecordKind kKind{.name = "PartitionChangeRecord", .api_key = 5, .version = 2};

  PartitionId partition_id;
  TopicId topic_id;
  std::optional<std::vector<BrokerId>> isr;
  std::optional<std::optional<BrokerId>> leader;  ///< present and empty: the partition has no leader now
  std::optional<std::vector<BrokerId>> replicas;
  std::optional<std::vector<BrokerId>> removing_replicas;
  std::optional<std::vector<BrokerId>> adding_replicas;
  std::optional<api::LeaderRecoveryState> leader_recovery_state;
  std::optional<std::vector<BrokerId>> eligible_leader_replicas;  ///< since v2 (KIP-966)
  std::optional<std::vector<BrokerId>> last_known_elr;            ///< likewise

  FIELDS(partition_id, topic_id, isr, leader, replicas, removing_replicas, adding_replicas,
         leader_recovery_state, eligible_leader_replicas, last_known_elr)
  friend bool operator==(const PartitionChangeRecord&, const PartitionChangeRecord&) = default;
};

/// The topic is gone, with its partitions and settings.
struct RemoveTopicRecord {
  static constexpr RecordKind kKind{.name = "RemoveTopicRecord", .api_key = 9, .version = 0};

  TopicId topic_id;

  FIELDS(topic_id)
  friend bool operator==(const RemoveTopicRecord&, const RemoveTopicRecord&) = default;
};

/// The cluster runs at this level of a feature from now on (KIP-584); 0 is without it.
struct FeatureLevelRecord {
  static constexpr RecordKind kKind{.name = "FeatureLevelRecord", .api_key = 12, .version = 0};

  std::string name;
  std::int16_t feature_level = 0;

  FIELDS(name, feature_level)
  friend bool operator==(const FeatureLevelRecord&, const FeatureLevelRecord&) = default;
};

enum class FencingChange : std::int8_t { kUnfence = -1, kFence = 1 };
enum class ControlledShutdownChange : std::int8_t { kInControlledShutdown = 1 };

struct BrokerRegistrationChangeRecord {
  static constexpr RecordKind kKind{.name = "BrokerRegistrationChangeRecord", .api_key = 17, .version = 2};

  BrokerId broker_id;
  BrokerEpoch broker_epoch;
  std::optional<FencingChange> fenced;
  std::optional<ControlledShutdownChange> in_controlled_shutdown;
  std::optional<std::vector<Uuid>> log_dirs;  ///< since v2 (KIP-858): those that are online now

  FIELDS(broker_id, broker_epoch, fenced, in_controlled_shutdown, log_dirs)
  friend bool operator==(const BrokerRegistrationChangeRecord&,
                         const BrokerRegistrationChangeRecord&) = default;
};

/// Moves the log when nothing happens, so that observers learn the high watermark (KIP-835).
struct NoOpRecord {
  static constexpr RecordKind kKind{.name = "NoOpRecord", .api_key = 20, .version = 0};

  FIELDS()
  friend bool operator==(const NoOpRecord&, const NoOpRecord&) = default;
};

using MetadataRecord = std::variant<RegisterBrokerRecord, UnregisterBrokerRecord, TopicRecord,
                                    PartitionRecord, ConfigRecord, PartitionChangeRecord, RemoveTopicRecord,
                                    FeatureLevelRecord, BrokerRegistrationChangeRecord, NoOpRecord>;

[[nodiscard]] inline const RecordKind& kind_of(const MetadataRecord& record) {
  return std::visit([](const auto& r) -> const RecordKind& { return r.kKind; }, record);
}

/// One batch of the metadata log, which takes effect as a whole or not at all. A control batch has no records
/// here.
struct RecordBatch {
  Offset base;
  Offset end;  ///< the offset after its last record
  LeaderEpoch epoch;
  std::vector<MetadataRecord> records;

  FIELDS(base, end, epoch, records)
  friend bool operator==(const RecordBatch&, const RecordBatch&) = default;
};

}  // namespace odradek::metadata
