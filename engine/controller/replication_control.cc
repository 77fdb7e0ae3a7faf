#include "engine/controller/replication_control.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace odradek::controller {
namespace {

/// ReplicationControlManager.MAX_ELECTIONS_PER_IMBALANCE: what is left over waits for the next round.
constexpr std::size_t kMaxElectionsPerRound = 1'000;

/// Calls `f(topic, partition id, partition)` for each partition.
template <class F>
void for_each_partition(const metadata::MetadataImage& image, F&& f) {
  for (const auto& [topic_id, topic] : image.topics()) {
    for (const auto& [id, partition] : topic->partitions) {
      f(TopicPartition{.topic_id = topic_id, .partition = id}, partition);
    }
  }
}

void append(Records& records, std::optional<metadata::PartitionChangeRecord> record) {
  if (record) records.emplace_back(*std::move(record));
}

}  // namespace

PartitionChangeBuilder change_of(ClusterView view, TopicPartition tp,
                                 const metadata::PartitionRegistration& partition, LeaderAcceptor acceptor) {
  const io::TopicConfig config = view.image.topic_config(tp.topic_id, view.defaults);
  const auto replicas = static_cast<std::int32_t>(partition.replicas.size());
  PartitionChangeBuilder builder(
      tp, partition, acceptor,
      {.enabled = view.elr_enabled, .min_isr = std::min(config.min_insync_replicas, replicas)});
  builder.set_election(config.unclean_leader_election_enable ? Election::kUnclean : Election::kOnline);
  return builder;
}

void remove_from_partitions(ClusterView view, BrokerId broker, Departure departure, Records& records) {
  const bool is_unclean = view.elr_enabled && departure == Departure::kMayHaveLostItsTail;
  for_each_partition(view.image, [&](TopicPartition tp, const metadata::PartitionRegistration& partition) {
    const bool is_concerned =
        contains(partition.isr, broker) || (is_unclean && contains(partition.elr, broker));
    if (!is_concerned) return;
    std::vector<BrokerId> isr = partition.isr;
    std::erase(isr, broker);
    PartitionChangeBuilder change = change_of(view, tp, partition, {.image = view.image, .removed = broker});
    if (is_unclean) change.set_unclean_shutdown(broker);
    append(records, change.set_target_isr(std::move(isr)).build());
  });
}

void elect_with(ClusterView view, BrokerId broker, Records& records) {
  for_each_partition(view.image, [&](TopicPartition tp, const metadata::PartitionRegistration& partition) {
    if (partition.leader) return;
    append(records, change_of(view, tp, partition, {.image = view.image, .added = broker}).build());
  });
}

bool leads_any_partition(const metadata::MetadataImage& image, BrokerId broker) {
  bool leads = false;
  for_each_partition(image,
                     [&](TopicPartition, const auto& partition) { leads |= partition.leader == broker; });
  return leads;
}

void balance_leaders(ClusterView view, Records& records) {
  for_each_partition(view.image, [&](TopicPartition tp, const metadata::PartitionRegistration& partition) {
    const BrokerId preferred = partition.preferred_replica();
    if (partition.leader == preferred || records.size() >= kMaxElectionsPerRound) return;
    if (!view.image.is_active(preferred) || !contains(partition.isr, preferred)) return;
    append(records,
           change_of(view, tp, partition, {.image = view.image}).set_election(Election::kPreferred).build());
  });
}

void elect_unclean(ClusterView view, Records& records) {
  for_each_partition(view.image, [&](TopicPartition tp, const metadata::PartitionRegistration& partition) {
    if (partition.leader || records.size() >= kMaxElectionsPerRound) return;
    if (!view.image.topic_config(tp.topic_id, view.defaults).unclean_leader_election_enable) return;
    append(records, change_of(view, tp, partition, {.image = view.image}).build());
  });
}

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

namespace {

api::ElectLeadersPartitionResult elect_one(ClusterView view, const api::ElectLeadersTopic& request,
                                           PartitionId id, api::ElectionType type, Records& records) {
  using enum api::ErrorCode;
  const bool preferred = type == api::ElectionType::kPreferred;
  const metadata::TopicImage* topic = view.image.topic(request.topic);
  if (topic == nullptr)
    return {id, kUnknownTopicOrPartition, fmt::format("No such topic as {}", request.topic)};
  const TopicPartition tp{.topic_id = topic->id, .partition = id};
  const metadata::PartitionRegistration* partition = view.image.partition(tp);
  if (partition == nullptr) {
    return {id, kUnknownTopicOrPartition,
            fmt::format("No such partition as {}-{}", request.topic, id.value())};
  }
  const bool is_settled =
      preferred ? partition->leader == partition->preferred_replica() : partition->leader.has_value();
  if (is_settled) return {id, kElectionNotNeeded, "Leader election not needed for topic partition."};
  auto record = change_of(view, tp, *partition, {.image = view.image})
                    .set_election(preferred ? Election::kPreferred : Election::kUnclean)
                    .build();
  if (record) {
    records.emplace_back(*std::move(record));
    return {.partition_id = id};
  }
  if (preferred) return {id, kPreferredLeaderNotAvailable, "The preferred leader was not available."};
  return {id, kEligibleLeadersNotAvailable, "Eligible topic partition leaders are not available."};
}

}  // namespace

Outcome elect_leaders(ClusterView view, const api::ElectLeadersRequest& request) {
  Records records;
  api::ElectLeadersResponse response;
  for (const api::ElectLeadersTopic& topic : request.topic_partitions) {
    api::ElectLeadersTopicResult& answer = response.replica_election_results.emplace_back();
    answer.topic = topic.topic;
    for (const PartitionId id : topic.partitions) {
      answer.partition_result.push_back(elect_one(view, topic, id, request.election_type, records));
    }
  }
  return {.records = std::move(records), .response = std::move(response)};
}

}  // namespace odradek::controller
