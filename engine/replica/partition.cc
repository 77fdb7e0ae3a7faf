#include "engine/replica/partition.h"

#include <algorithm>
#include <utility>

#include "engine/base/ensure.h"

namespace odradek::replica {

Partition::Partition(TopicPartition tp, std::string topic, log::Log log, Offset checkpointed_high_watermark)
    : tp_(tp),
      topic_(std::move(topic)),
      log_(std::move(log)),
      high_watermark_(
          std::clamp(checkpointed_high_watermark, log_.log_start_offset(), log_.log_end_offset())) {}

std::optional<BrokerId> Partition::followed_leader() const {
  const Follower* follower = std::get_if<Follower>(&role_);
  return follower == nullptr ? std::nullopt : follower->leader;
}

std::int32_t Partition::effective_min_isr() const {
  return std::min(config_.min_insync_replicas, static_cast<std::int32_t>(replicas_.size()));
}

void Partition::set_config(const io::TopicConfig& config) {
  config_ = config;
  log_.set_config(config);
}

bool Partition::adopt_assignment(const metadata::PartitionRegistration& state) {
  if (partition_epoch_ && state.partition_epoch < *partition_epoch_) return false;
  ENSURE(state.leader_epoch >= leader_epoch_, "leader epoch {} after {}", state.leader_epoch.value(),
         leader_epoch_.value());
  partition_epoch_ = state.partition_epoch;
  replicas_ = state.replicas;
  return true;
}

Progress Partition::become_leader(const metadata::PartitionRegistration& state, const ReplicaConfig& self,
                                  const Context& ctx) {
  const bool same_state = partition_epoch_ == state.partition_epoch;
  if (!adopt_assignment(state)) return {};
  const bool new_epoch = leader() == nullptr || state.leader_epoch > leader_epoch_;
  Leader next = leader() == nullptr ? Leader{} : *leader();
  if (!same_state && next.proposal) {
    if (!new_epoch) sometimes(ctx.out, Probe::kAlterPartitionOvertaken);
    next.proposal.reset();
  }
  const std::vector<BrokerId> isr_before = std::exchange(next.isr, state.isr);
  std::ranges::sort(next.isr);  // total order: broker ids are distinct
  leader_epoch_ = state.leader_epoch;
  if (new_epoch) {
    start_leader_epoch(next, self, ctx);
  } else {
    follow_assignment(next, self);
  }
  role_ = std::move(next);
  if (new_epoch) {
    ctx.out.emit(
        io::BecomeLeader{tp_, leader_epoch_, *partition_epoch_, high_watermark_, log_.log_end_offset()});
  } else {
    tell_isr_change(isr_before, ctx);
  }
  return {.high_watermark_advanced = maybe_advance_high_watermark(self, ctx)};
}

void Partition::start_leader_epoch(Leader& leader, const ReplicaConfig& self, const Context& ctx) {
  leader.epoch_start = log_.log_end_offset();
  // The epoch's start is written at once, also when no record follows, so that a follower that asks for the
  // end of an earlier epoch gets this boundary (KIP-101).
  // A disk that fails ends the process after this step.
  (void)log_.assign_epoch(ctx.disk, leader_epoch_, leader.epoch_start);
  // Nobody waits for it: at worst the file lacks an epoch that has no records yet.
  (void)ctx.out.fsync(log_.epoch_checkpoint_path());
  std::map<BrokerId, FollowerState> followers;
  for (const BrokerId broker : replicas_) {
    if (broker == self.broker) continue;
    // What a follower held in an earlier epoch proves nothing: another leader may have made it truncate
    // since, unseen here when metadata skipped that leader's epoch. It counts again from its first fetch in
    // this epoch.
    FollowerState state;
    if (leader.in_isr(broker)) state.last_caught_up = ctx.now.wall;
    followers.emplace(broker, state);
  }
  leader.followers = std::move(followers);
}

/// A reassignment adds and removes replicas within a leader epoch. Source: Partition.updateAssignmentAndIsr.
void Partition::follow_assignment(Leader& leader, const ReplicaConfig& self) const {
  std::erase_if(leader.followers, [this](const auto& entry) {
    return std::ranges::find(replicas_, entry.first) == replicas_.end();
  });
  for (const BrokerId broker : replicas_) {
    if (broker != self.broker) leader.followers.try_emplace(broker);
  }
}

bool Partition::become_follower(const metadata::PartitionRegistration& state, const ReplicaConfig& self,
                                const Context& ctx) {
  const bool first = !partition_epoch_;
  if (!adopt_assignment(state)) return false;
  const bool new_epoch = first || state.leader_epoch > leader_epoch_ || leader() != nullptr;
  leader_epoch_ = state.leader_epoch;
  role_ = Follower{.leader = state.leader};
  if (!new_epoch) return false;
  ctx.out.emit(io::BecomeFollower{tp_, leader_epoch_, state.leader, high_watermark_, log_.log_end_offset()});
  if (self.flaws.truncate_to_high_watermark) {  // R01: the epoch cache is not asked
    (void)truncate_to(high_watermark_, ctx);
  }
  return true;
}

api::ErrorCode Partition::check_leader(std::optional<LeaderEpoch> current_leader_epoch) const {
  if (current_leader_epoch && *current_leader_epoch < leader_epoch_)
    return api::ErrorCode::kFencedLeaderEpoch;
  if (current_leader_epoch && *current_leader_epoch > leader_epoch_)
    return api::ErrorCode::kUnknownLeaderEpoch;
  return leader() == nullptr ? api::ErrorCode::kNotLeaderOrFollower : api::ErrorCode::kNone;
}

std::expected<log::AppendInfo, api::ErrorCode> Partition::append_as_leader(const Bytes& batch,
                                                                           std::int16_t acks,
                                                                           const Context& ctx) {
  const Leader* leader = this->leader();
  if (leader == nullptr || is_cutting()) return std::unexpected(api::ErrorCode::kNotLeaderOrFollower);
  if (acks == -1 && static_cast<std::int32_t>(leader->isr.size()) < effective_min_isr()) {
    sometimes(ctx.out, Probe::kNotEnoughReplicas);
    return std::unexpected(api::ErrorCode::kNotEnoughReplicas);
  }
  const auto appended = log_.append_as_leader(ctx.disk, batch, leader_epoch_, ctx.now.wall);
  if (!appended) return std::unexpected(api::ErrorCode::kKafkaStorageError);
  flush_rolled(*appended, ctx);
  ctx.out.emit(io::AppendLog{tp_, appended->first, appended->next, leader_epoch_, true});
  return *appended;
}

io::DiskResult<void> Partition::append_as_follower(std::span<const Bytes> batches,
                                                   Offset leader_high_watermark, const Context& ctx) {
  ENSURE(leader() == nullptr, "{}-{} appends as follower while it leads", topic_, tp_.partition.value());
  ENSURE(!is_cutting(), "{}-{} appends behind a cut that is not durable", topic_, tp_.partition.value());
  const Offset base = log_.log_end_offset();
  for (const Bytes& batch : batches) {
    const auto appended = log_.append_as_follower(ctx.disk, batch);
    if (!appended) return std::unexpected(appended.error());
    flush_rolled(*appended, ctx);
  }
  if (log_.log_end_offset() > base) {
    ctx.out.emit(io::AppendLog{tp_, base, log_.log_end_offset(), leader_epoch_, false});
  }
  set_high_watermark(std::clamp(leader_high_watermark, log_.log_start_offset(), log_.log_end_offset()), false,
                     ctx);
  return {};
}

// Source: AbstractFetcherThread.getOffsetTruncationState (KIP-279).
io::DiskResult<bool> Partition::truncate_to_divergence(const api::EpochEndOffset& diverging,
                                                       const Context& ctx) {
  const auto own = log_.end_offset_for(diverging.epoch);
  Offset end = std::min(diverging.end_offset, log_.log_end_offset());
  bool complete = true;
  if (own && own->epoch != diverging.epoch) {
    // The leader's epoch is unknown here: cut to the end of the largest smaller one and let the next fetch
    // ask again.
    end = std::min(own->end_offset, log_.log_end_offset());
    complete = false;
  } else if (own) {
    end = std::min({own->end_offset, diverging.end_offset, log_.log_end_offset()});
  }
  sometimes(ctx.out, Probe::kFollowerTruncated);
  const auto truncated = truncate_to(end, ctx);
  if (!truncated) return std::unexpected(truncated.error());
  return complete;
}

io::DiskResult<void> Partition::truncate_to(Offset end, const Context& ctx) {
  const Offset from = log_.log_end_offset();
  const auto truncated = log_.truncate_to(ctx.disk, end);
  if (!truncated) return std::unexpected(truncated.error());
  if (log_.log_end_offset() < from) {
    ctx.out.emit(io::TruncateLog{tp_, from, log_.log_end_offset(), leader_epoch_});
    flush_cut(ctx);
  }
  set_high_watermark(std::min(high_watermark_, log_.log_end_offset()), false, ctx);
  return {};
}

io::DiskResult<void> Partition::restart_at(Offset start, const Context& ctx) {
  const Offset from = log_.log_end_offset();
  const auto restarted = log_.truncate_fully_and_start_at(ctx.disk, start);
  if (!restarted) return std::unexpected(restarted.error());
  ctx.out.emit(io::TruncateLog{tp_, from, start, leader_epoch_});
  set_high_watermark(start, false, ctx);
  return {};
}

void Partition::set_high_watermark(Offset to, bool as_leader, const Context& ctx) {
  ENSURE(to >= log_.log_start_offset() && to <= log_.log_end_offset(), "high watermark {} outside [{}, {}]",
         to.value(), log_.log_start_offset().value(), log_.log_end_offset().value());
  if (to == high_watermark_) return;
  const Offset from = std::exchange(high_watermark_, to);
  ctx.out.emit(io::AdvanceHighWatermark{tp_, from, to, leader_epoch_, as_leader});
}

void Partition::flush_cut(const Context& ctx) { cut_ = ctx.out.fsync(log_.active_path()); }

bool Partition::on_fsync(FsyncTicket ticket) {
  if (cut_ != ticket) return false;
  cut_.reset();
  return true;
}

// Kafka never syncs on append, but flushes a segment once it is complete, and with it the directory that
// names it and its successor (KAFKA-3968); nobody waits for it.
void Partition::flush_rolled(const log::AppendInfo& appended, const Context& ctx) const {
  if (!appended.rolled) return;
  (void)ctx.out.fsync(*appended.rolled);
  (void)ctx.out.fsync(log_.directory());
}

}  // namespace odradek::replica
