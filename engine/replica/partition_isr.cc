// The leader's half of Partition that concerns the in-sync replicas and the high watermark.
#include <algorithm>
#include <utility>

#include "engine/base/ensure.h"
#include "engine/replica/partition.h"

namespace odradek::replica {

bool Partition::is_eligible(BrokerId broker, const FollowerState& follower, const Context& ctx) const {
  const metadata::BrokerRegistration* registration = ctx.image.broker(broker);
  if (registration == nullptr || registration->fenced || registration->in_controlled_shutdown) return false;
  // A fetch of an earlier incarnation says nothing about what the present one holds (KIP-903).
  return !follower.broker_epoch || *follower.broker_epoch == registration->epoch;
}

Progress Partition::on_follower_fetch(const FollowerFetch& fetch, const ReplicaConfig& self,
                                      const Context& ctx) {
  Leader& leader = std::get<Leader>(role_);
  FollowerState& follower = leader.followers.at(fetch.broker);
  const auto before = follower.log_end;
  follower.on_fetch(fetch.fetch_offset, fetch.log_start, log_.log_end_offset(), ctx.now.wall,
                    fetch.broker_epoch);
  Progress progress;
  progress.proposed_isr = maybe_expand_isr(fetch.broker, self, ctx);
  if (before != follower.log_end) progress.high_watermark_advanced = maybe_advance_high_watermark(self, ctx);
  return progress;
}

bool Partition::is_idle_for(BrokerId follower) const {
  const Leader* leader = this->leader();
  if (leader == nullptr || !leader->in_isr(follower)) return false;
  const auto state = leader->followers.find(follower);
  return state != leader->followers.end() && state->second.log_end == log_.log_end_offset();
}

void Partition::on_idle_fetches(BrokerId follower, Timestamp time) {
  Leader* leader = std::get_if<Leader>(&role_);
  if (leader == nullptr) return;
  if (const auto state = leader->followers.find(follower); state != leader->followers.end())
    state->second.on_idle_fetches(time);
}

bool Partition::may_join_isr(BrokerId broker, const FollowerState& follower, const ReplicaConfig& self,
                             const Context& ctx) const {
  const Leader& leader = std::get<Leader>(role_);
  if (leader.proposal || leader.in_isr(broker) || !follower.log_end) return false;
  if (*follower.log_end < high_watermark_) return false;
  // A new leader's high watermark is stale until its own epoch advances it: reaching the epoch's start proves
  // that the follower has all that earlier leaders acknowledged (KAFKA-7128).
  const bool reached_epoch_start =
      self.flaws.expand_isr_at_high_watermark || *follower.log_end >= leader.epoch_start;
  return reached_epoch_start && is_eligible(broker, follower, ctx);
}

bool Partition::maybe_expand_isr(BrokerId broker, const ReplicaConfig& self, const Context& ctx) {
  const Leader& leader = std::get<Leader>(role_);
  if (!may_join_isr(broker, leader.followers.at(broker), self, ctx)) return false;
  std::vector<BrokerId> brokers = leader.isr;
  brokers.push_back(broker);
  sometimes(ctx.out, Probe::kIsrExpandProposed);
  propose(std::move(brokers), true, self, ctx);
  return true;
}

Progress Partition::maybe_shrink_isr(const ReplicaConfig& self, const Context& ctx) {
  const Leader* leader = this->leader();
  if (leader == nullptr || leader->proposal) return {};
  const std::int64_t lag_max_ms = self.broker_config.replica_lag_time_max_ms;
  std::vector<BrokerId> kept;
  for (const BrokerId broker : leader->isr) {
    const auto follower = leader->followers.find(broker);
    const bool lags = follower != leader->followers.end() &&
                      !follower->second.is_caught_up(log_.log_end_offset(), ctx.now.wall, lag_max_ms);
    if (!lags) kept.push_back(broker);
  }
  if (kept.size() == leader->isr.size()) return {};
  sometimes(ctx.out, Probe::kIsrShrinkProposed);
  propose(std::move(kept), false, self, ctx);
  return {.proposed_isr = true};
}

void Partition::propose(std::vector<BrokerId> brokers, bool expands, const ReplicaConfig& self,
                        const Context& ctx) {
  Leader& leader = std::get<Leader>(role_);
  std::ranges::sort(brokers);  // total order: broker ids are distinct
  IsrProposal proposal{
      .leader_epoch = leader_epoch_, .partition_epoch = *partition_epoch_, .members = {}, .expands = expands};
  for (const BrokerId broker : brokers) {
    std::optional<BrokerEpoch> epoch;
    if (broker == self.broker) {
      if (const auto* registration = ctx.image.broker(broker)) epoch = registration->epoch;
    } else if (const auto follower = leader.followers.find(broker); follower != leader.followers.end()) {
      epoch = follower->second.broker_epoch;
    }
    proposal.members.push_back({.broker_id = broker, .broker_epoch = epoch});
  }
  ctx.out.emit(io::ProposeIsr{tp_, leader_epoch_, *partition_epoch_, std::move(brokers)});
  leader.proposal = std::move(proposal);
}

// Source: Partition.maybeIncrementLeaderHW (KIP-497; the minimum of in-sync replicas: KAFKA-15583).
bool Partition::maybe_advance_high_watermark(const ReplicaConfig& self, const Context& ctx) {
  const Leader& leader = std::get<Leader>(role_);
  const bool too_few = static_cast<std::int32_t>(leader.isr.size()) < effective_min_isr();
  if (too_few && !self.flaws.show_below_min_isr) return false;
  Offset candidate = log_.log_end_offset();
  for (const auto& [broker, follower] : leader.followers) {
    if (follower.log_end && *follower.log_end >= candidate) continue;
    // A follower that is caught up but not yet in the ISR holds the high watermark back too: otherwise it
    // could not catch up with a busy leader, and never join.
    const std::int64_t lag_max_ms = self.broker_config.replica_lag_time_max_ms;
    const bool counts = leader.in_maximal_isr(broker) ||
                        (follower.is_caught_up(log_.log_end_offset(), ctx.now.wall, lag_max_ms) &&
                         is_eligible(broker, follower, ctx));
    if (!counts) continue;
    if (!follower.log_end) return false;
    candidate = *follower.log_end;
  }
  if (candidate <= high_watermark_) return false;
  set_high_watermark(candidate, true, ctx);
  return true;
}

void Partition::adopt_isr(std::vector<BrokerId> isr, PartitionEpoch partition_epoch, const Context& ctx) {
  Leader& leader = std::get<Leader>(role_);
  std::ranges::sort(isr);  // total order: broker ids are distinct
  const auto before = std::exchange(leader.isr, std::move(isr));
  partition_epoch_ = partition_epoch;
  leader.proposal.reset();
  tell_isr_change(before, ctx);
}

void Partition::tell_isr_change(const std::vector<BrokerId>& before, const Context& ctx) const {
  const std::vector<BrokerId>& isr = leader()->isr;
  if (isr.size() < before.size()) ctx.out.emit(io::ShrinkIsr{tp_, *partition_epoch_, isr});
  if (isr.size() > before.size()) ctx.out.emit(io::ExpandIsr{tp_, *partition_epoch_, isr});
}

// Source: Partition.handleAlterPartitionError and handleAlterPartitionUpdate.
bool Partition::on_isr_answer(const IsrProposal& proposal, const api::AlterPartitionDataResponse& answer,
                              const ReplicaConfig& self, const Context& ctx, Progress& progress) {
  Leader* leader = std::get_if<Leader>(&role_);
  if (leader == nullptr || leader->proposal != proposal) return false;
  using enum api::ErrorCode;
  if (answer.error_code != kNone) sometimes(ctx.out, Probe::kAlterPartitionRejected);
  switch (answer.error_code) {
    case kNone: break;
    case kIneligibleReplica: sometimes(ctx.out, Probe::kIneligibleReplica); [[fallthrough]];
    case kOperationNotAttempted: leader->proposal.reset(); return false;  // certainly not applied
    case kUnknownTopicOrPartition:
    case kUnknownTopicId:
    case kFencedLeaderEpoch:
    case kInvalidUpdateVersion:
    case kInvalidRequest:
    case kNewLeaderElected: return false;  // keep the cautious maximal ISR until metadata arrives
    default: return true;
  }
  if (answer.leader_epoch != leader_epoch_ || answer.partition_epoch < *partition_epoch_) return false;
  adopt_isr(answer.isr, answer.partition_epoch, ctx);
  progress.high_watermark_advanced |= maybe_advance_high_watermark(self, ctx);
  return false;
}

}  // namespace odradek::replica
