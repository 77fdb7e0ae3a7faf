#include "engine/client/subscription_state.h"

#include <utility>

namespace odradek::client {

std::vector<CallId> SubscriptionState::assign(const std::vector<io::NamedPartition>& partitions) {
  Partitions before = std::exchange(partitions_, {});
  for (const io::NamedPartition& partition : partitions) {
    if (auto kept = before.extract(partition)) {
      partitions_.insert(std::move(kept));
    } else if (const auto [added, is_new] = partitions_.try_emplace(partition); is_new) {
      renew(added->second);
    }
  }
  std::vector<CallId> abandoned;
  for (const auto& [partition, state] : before) {
    if (state.seek) abandoned.push_back(state.seek->id);
  }
  return abandoned;
}

PartitionState* SubscriptionState::find(const io::NamedPartition& partition) {
  const auto found = partitions_.find(partition);
  return found == partitions_.end() ? nullptr : &found->second;
}

void SubscriptionState::await_reset(PartitionState& partition, OffsetTarget target) {
  renew(partition);
  partition.state = FetchState::kAwaitReset;
  partition.reset_to = target;
}

void SubscriptionState::set_position(PartitionState& partition, FetchPosition position) {
  renew(partition);
  const bool validate = position.offset_epoch && position.current_leader;
  partition.position = position;
  partition.state = validate ? FetchState::kAwaitValidation : FetchState::kFetching;
  partition.announced = false;
}

void SubscriptionState::follow_leader(PartitionState& partition, const KnownLeader& leader) {
  const bool has_position =
      partition.state == FetchState::kFetching || partition.state == FetchState::kAwaitValidation;
  if (!has_position || partition.position.current_leader == leader) return;
  const auto before = std::exchange(partition.position.current_leader, leader);
  partition.asked = false;
  partition.not_before.reset();
  // A topic that was created anew may have the leader and the epoch of the old one: nobody notices then
  // (Metadata.LeaderAndEpoch knows no topic ids).
  if (before && before->leader == leader.leader && before->epoch == leader.epoch) return;
  partition.state = partition.position.offset_epoch ? FetchState::kAwaitValidation : FetchState::kFetching;
}

void SubscriptionState::renew(PartitionState& partition) {
  partition.version = next_version_;
  ++next_version_;
  partition.asked = false;
  partition.not_before.reset();
}

std::optional<OffsetTarget> reset_target(io::OffsetReset policy) {
  switch (policy) {
    case io::OffsetReset::kEarliest: return api::OffsetSpec::kEarliest;
    case io::OffsetReset::kLatest: return api::OffsetSpec::kLatest;
    case io::OffsetReset::kNone: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace odradek::client
