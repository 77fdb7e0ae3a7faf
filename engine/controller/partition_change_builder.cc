#include "engine/controller/partition_change_builder.h"

#include <algorithm>
#include <utility>

namespace odradek::controller {

bool contains(const std::vector<BrokerId>& brokers, BrokerId broker) {
  return std::ranges::find(brokers, broker) != brokers.end();
}

PartitionChangeBuilder::PartitionChangeBuilder(TopicPartition tp,
                                               const metadata::PartitionRegistration& partition,
                                               LeaderAcceptor acceptor)
    : tp_(tp),
      partition_(partition),
      acceptor_(acceptor),
      target_isr_(partition.isr),
      target_replicas_(partition.replicas),
      target_recovery_state_(partition.leader_recovery_state) {}

PartitionChangeBuilder& PartitionChangeBuilder::set_election(Election election) {
  election_ = election;
  return *this;
}

PartitionChangeBuilder& PartitionChangeBuilder::set_target_isr(std::vector<BrokerId> isr) {
  target_isr_ = std::move(isr);
  return *this;
}

PartitionChangeBuilder& PartitionChangeBuilder::set_target_replicas(std::vector<BrokerId> replicas) {
  target_replicas_ = std::move(replicas);
  return *this;
}

PartitionChangeBuilder& PartitionChangeBuilder::set_target_recovery_state(api::LeaderRecoveryState state) {
  target_recovery_state_ = state;
  return *this;
}

std::optional<metadata::PartitionChangeRecord> PartitionChangeBuilder::build() const {
  const ElectionResult election = elect_leader();
  const auto isr = election.unclean ? std::vector{*election.leader} : target_isr_;
  const auto recovery_state =
      election.unclean ? api::LeaderRecoveryState::kRecovering : target_recovery_state_;

  metadata::PartitionChangeRecord record{.partition_id = tp_.partition, .topic_id = tp_.topic_id};
  const metadata::PartitionChangeRecord no_change = record;
  if (election.leader != partition_.leader) record.leader.emplace(election.leader);
  if (!isr.empty() && isr != partition_.isr) record.isr = isr;
  if (target_replicas_ != partition_.replicas) record.replicas = target_replicas_;
  if (recovery_state != partition_.leader_recovery_state) record.leader_recovery_state = recovery_state;
  if (record == no_change) return std::nullopt;
  return record;
}

PartitionChangeBuilder::ElectionResult PartitionChangeBuilder::elect_leader() const {
  if (election_ == Election::kPreferred && is_valid_leader(target_replicas_.front())) {
    return {.leader = target_replicas_.front()};
  }
  if (partition_.leader && is_valid_leader(*partition_.leader)) return {.leader = partition_.leader};
  for (const BrokerId replica : target_replicas_) {
    if (is_valid_leader(replica)) return {.leader = replica};
  }
  if (election_ != Election::kUnclean) return {};
  for (const BrokerId replica : target_replicas_) {
    if (acceptor_.accepts(replica)) return {.leader = replica, .unclean = true};
  }
  return {};
}

bool PartitionChangeBuilder::is_valid_leader(BrokerId replica) const {
  return contains(target_isr_, replica) && acceptor_.accepts(replica);
}

}  // namespace odradek::controller
