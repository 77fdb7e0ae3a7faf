#include <algorithm>
#include <utility>

#include "engine/controller/replication_control.h"

namespace odradek::controller {
namespace {

struct AlterPartitionCheck {
  const metadata::MetadataImage& image;
  const metadata::PartitionRegistration* partition;
  BrokerId sender;
};

bool is_eligible(const metadata::MetadataImage& image, const api::IsrMember& member) {
  const metadata::BrokerRegistration* registration = image.broker(member.broker_id);
  if (registration == nullptr || !registration->is_active()) return false;
  // A broker that has rebooted since it fetched may have lost what it had (KIP-903).
  return !member.broker_epoch || *member.broker_epoch == registration->epoch;
}

/// The proposed ISR names replicas of the partition, each once, the leader among them (Replicas.validateIsr).
bool is_valid_isr(const std::vector<api::IsrMember>& isr, const metadata::PartitionRegistration& partition) {
  bool has_leader = false;
  for (auto member = isr.begin(); member != isr.end(); ++member) {
    const auto same = [&](const api::IsrMember& other) { return other.broker_id == member->broker_id; };
    if (!contains(partition.replicas, member->broker_id) || std::any_of(isr.begin(), member, same))
      return false;
    has_leader |= partition.leader == member->broker_id;
  }
  return has_leader;
}

/// The order of the checks is Kafka's, validateAlterPartitionData: a client that is ahead of us comes first.
api::ErrorCode validate(const AlterPartitionCheck& check, const api::AlterPartitionData& wanted) {
  using enum api::ErrorCode;
  using enum api::LeaderRecoveryState;
  if (check.partition == nullptr) return kUnknownTopicOrPartition;
  const metadata::PartitionRegistration& now = *check.partition;
  if (wanted.leader_epoch > now.leader_epoch || wanted.partition_epoch > now.partition_epoch)
    return kNotController;
  if (wanted.leader_epoch < now.leader_epoch) return kFencedLeaderEpoch;
  if (now.leader != check.sender) return kInvalidRequest;
  if (wanted.partition_epoch < now.partition_epoch) return kInvalidUpdateVersion;
  if (!is_valid_isr(wanted.new_isr_with_epochs, now)) return kInvalidRequest;
  if (wanted.leader_recovery_state == kRecovering) {
    if (wanted.new_isr_with_epochs.size() > 1) return kInvalidRequest;
    if (now.leader_recovery_state == kRecovered) return kInvalidRequest;
  }
  for (const api::IsrMember& member : wanted.new_isr_with_epochs) {
    if (!is_eligible(check.image, member)) return kIneligibleReplica;
  }
  return kNone;
}

std::vector<BrokerId> ids_of(const std::vector<api::IsrMember>& isr) {
  std::vector<BrokerId> ids;
  for (const api::IsrMember& member : isr) ids.push_back(member.broker_id);
  return ids;
}

api::AlterPartitionDataResponse alter_one(ClusterView view, BrokerId sender, TopicPartition tp,
                                          const api::AlterPartitionData& wanted, Records& records) {
  const metadata::PartitionRegistration* found = view.image.partition(tp);
  const AlterPartitionCheck check{.image = view.image, .partition = found, .sender = sender};
  if (const api::ErrorCode error = validate(check, wanted); error != api::ErrorCode::kNone) {
    return {.partition_index = tp.partition, .error_code = error};
  }
  const auto record = change_of(view, tp, *found, {.image = view.image})
                          .set_target_isr(ids_of(wanted.new_isr_with_epochs))
                          .set_target_recovery_state(wanted.leader_recovery_state)
                          .build();
  metadata::PartitionRegistration result = *found;
  if (record) {
    records.emplace_back(*record);
    result = merge(result, *record);
    // An error beside a record, which is unusual: the change stands, but the sender leads no more.
    if (result.leader != sender) {
      return {.partition_index = tp.partition, .error_code = api::ErrorCode::kNewLeaderElected};
    }
  }
  return {.partition_index = tp.partition,
          .error_code = api::ErrorCode::kNone,
          .leader_id = result.leader,
          .leader_epoch = result.leader_epoch,
          .isr = result.isr,
          .leader_recovery_state = result.leader_recovery_state,
          .partition_epoch = result.partition_epoch};
}

}  // namespace

Outcome alter_partition(ClusterView view, const api::AlterPartitionRequest& request) {
  Records records;
  api::AlterPartitionResponse response;
  const metadata::BrokerRegistration* sender = view.image.broker(request.broker_id);
  if (sender == nullptr || sender->epoch != request.broker_epoch) {
    response.error_code = api::ErrorCode::kStaleBrokerEpoch;
    return {.records = {}, .response = std::move(response)};
  }
  for (const api::AlterPartitionTopic& topic : request.topics) {
    api::AlterPartitionTopicResponse& answer = response.topics.emplace_back();
    answer.topic_id = topic.topic_id;
    const bool known = view.image.topic(topic.topic_id) != nullptr;
    for (const api::AlterPartitionData& wanted : topic.partitions) {
      const TopicPartition tp{.topic_id = topic.topic_id, .partition = wanted.partition_index};
      answer.partitions.push_back(
          known ? alter_one(view, request.broker_id, tp, wanted, records)
                : api::AlterPartitionDataResponse{.partition_index = tp.partition,
                                                  .error_code = api::ErrorCode::kUnknownTopicId});
    }
  }
  return {.records = std::move(records), .response = std::move(response)};
}

}  // namespace odradek::controller
