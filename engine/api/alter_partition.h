// AlterPartition (key 56): a leader asks the controller to change its ISR (KIP-497; broker epochs: KIP-903).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/api/error_code.h"
#include "engine/base/ids.h"

namespace odradek::api {

enum class LeaderRecoveryState : std::int8_t { kRecovered = 0, kRecovering = 1 };

struct IsrMember {
  BrokerId broker_id;
  std::optional<BrokerEpoch> broker_epoch;  ///< absent: unknown to the leader (-1 on the wire)

  FIELDS(broker_id, broker_epoch)
  friend bool operator==(const IsrMember&, const IsrMember&) = default;
};

struct AlterPartitionData {
  PartitionId partition_index;
  LeaderEpoch leader_epoch;
  std::vector<IsrMember> new_isr_with_epochs;
  LeaderRecoveryState leader_recovery_state = LeaderRecoveryState::kRecovered;
  PartitionEpoch partition_epoch;  ///< the state that the change is based on

  FIELDS(partition_index, leader_epoch, new_isr_with_epochs, leader_recovery_state, partition_epoch)
  friend bool operator==(const AlterPartitionData&, const AlterPartitionData&) = default;
};

struct AlterPartitionTopic {
  TopicId topic_id;
  std::vector<AlterPartitionData> partitions;

  FIELDS(topic_id, partitions)
  friend bool operator==(const AlterPartitionTopic&, const AlterPartitionTopic&) = default;
};

struct AlterPartitionRequest {
  static constexpr ApiKey kApiKey = ApiKey::kAlterPartition;

  BrokerId broker_id;
  BrokerEpoch broker_epoch;
  std::vector<AlterPartitionTopic> topics;

  FIELDS(broker_id, broker_epoch, topics)
  friend bool operator==(const AlterPartitionRequest&, const AlterPartitionRequest&) = default;
};

struct AlterPartitionDataResponse {
  PartitionId partition_index;
  ErrorCode error_code = ErrorCode::kNone;
  std::optional<BrokerId> leader_id;
  LeaderEpoch leader_epoch;
  std::vector<BrokerId> isr;
  LeaderRecoveryState leader_recovery_state = LeaderRecoveryState::kRecovered;
  PartitionEpoch partition_epoch;

  FIELDS(partition_index, error_code, leader_id, leader_epoch, isr, leader_recovery_state, partition_epoch)
  friend bool operator==(const AlterPartitionDataResponse&, const AlterPartitionDataResponse&) = default;
};

struct AlterPartitionTopicResponse {
  TopicId topic_id;
  std::vector<AlterPartitionDataResponse> partitions;

  FIELDS(topic_id, partitions)
  friend bool operator==(const AlterPartitionTopicResponse&, const AlterPartitionTopicResponse&) = default;
};

struct AlterPartitionResponse {
  static constexpr ApiKey kApiKey = ApiKey::kAlterPartition;

  ErrorCode error_code = ErrorCode::kNone;
  std::vector<AlterPartitionTopicResponse> topics;

  FIELDS(error_code, topics)
  friend bool operator==(const AlterPartitionResponse&, const AlterPartitionResponse&) = default;
};

}  // namespace odradek::api
