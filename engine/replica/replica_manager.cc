#include "engine/replica/replica_manager.h"

#include <algorithm>
#include <utility>

#include "engine/base/ensure.h"
#include "engine/replica/partition_metadata_file.h"

namespace odradek::replica {

ReplicaManager::ReplicaManager(const ReplicaConfig& config, NodeId controller)
    : config_(config), isr_changes_(controller, config_) {}

void ReplicaManager::on_boot(const Context& ctx) {
  const auto checkpoint = log::load_checkpoint(ctx.disk, high_watermarks_.path());
  for (const auto& [tp, topic] : find_partition_directories(ctx.disk)) {
    const io::NamedPartition name{.topic = topic, .partition = tp.partition};
    const auto known = checkpoint.offsets.find(name);
    open_partition(tp, topic, known == checkpoint.offsets.end() ? Offset(0) : known->second, ctx);
  }
  const auto& broker = config_.broker_config;
  ctx.out.set_timer({.kind = io::TimerKind::kIsrShrink, .entity = 0},
                    milliseconds(broker.replica_lag_time_max_ms) / 2);
  ctx.out.set_timer({.kind = io::TimerKind::kHighWatermarkCheckpoint, .entity = 0},
                    milliseconds(broker.replica_high_watermark_checkpoint_interval_ms));
}

void ReplicaManager::open_partition(const TopicPartition& tp, const std::string& topic, Offset high_watermark,
                                    const Context& ctx) {
  const std::string directory = partition_directory(topic, tp.partition);
  auto log = log::Log::open(ctx.disk, directory, ctx.image.topic_config(tp.topic_id, config_.topic_defaults));
  if (!log) return ctx.out.exit(log.error().message);  // its only log directory has failed (KIP-112)
  const bool cut = log->recovered_truncation();
  ctx.out.emit(io::OpenLog{tp, log->log_start_offset(), log->log_end_offset()});
  Partition partition(tp, topic, std::move(*log), high_watermark);
  if (cut) {
    sometimes(ctx.out, Probe::kLogRecoveryTruncated);
    partition.flush_cut(ctx);
  }
  partitions_.insert_or_assign(tp, std::move(partition));
}

void ReplicaManager::apply(const std::set<TopicPartition>& changed, const Context& ctx) {
  for (const TopicPartition& tp : changed) apply_one(tp, ctx);
  for (auto fetcher = fetchers_.begin(); fetcher != fetchers_.end();) {
    if (fetcher->second.is_idle()) {
      fetcher->second.stop(ctx);
      fetcher = fetchers_.erase(fetcher);
    } else {
      ++fetcher;
    }
  }
  send_all(ctx);
}

void ReplicaManager::apply_one(const TopicPartition& tp, const Context& ctx) {
  const metadata::PartitionRegistration* state = ctx.image.partition(tp);
  if (state == nullptr || std::ranges::find(state->replicas, config_.broker) == state->replicas.end()) return;
  if (state->leader == config_.broker && !is_registered(ctx)) return;
  if (!partitions_.contains(tp)) {
    const std::string& topic = ctx.image.topic(tp.topic_id)->name;
    (void)write_partition_metadata(topic, tp, ctx.disk, ctx.out);
    open_partition(tp, topic, Offset(0), ctx);
    if (!partitions_.contains(tp)) return;
  }
  Partition& partition = partitions_.at(tp);
  const io::TopicConfig config = ctx.image.topic_config(tp.topic_id, config_.topic_defaults);
  const std::optional<BrokerId> previous_leader = partition.followed_leader();
  if (state->leader == config_.broker) {
    if (previous_leader) stop_fetching(tp, *previous_leader);
    on_progress(tp, partition.become_leader(*state, config, config_, ctx), ctx);
  } else {
    const bool was_leader = partition.leader() != nullptr;
    const bool restart = partition.become_follower(*state, config, config_, ctx);
    const std::optional<BrokerId> leader = partition.followed_leader();
    if (previous_leader && previous_leader != leader) stop_fetching(tp, *previous_leader);
    if (leader && (restart || previous_leader != leader)) {
      fetchers_.try_emplace(*leader, *leader, config_).first->second.add(partition);
    }
    if (was_leader) {
      check_produces(tp, ctx);
      check_fetches(tp, ctx);
    }
  }
}

/// Whether the metadata knows this incarnation. A leadership that was granted to the one before is not taken
/// up: a log that lost its tail in a power loss must not bear that epoch again, or its first fetch as a
/// follower would claim all that the epoch holds. Kafka's broker takes it up, though it serves nobody until
/// it is unfenced.
bool ReplicaManager::is_registered(const Context& ctx) const {
  const metadata::BrokerRegistration* self = ctx.image.broker(config_.broker);
  return self != nullptr && self->incarnation_id == config_.incarnation;
}

void ReplicaManager::stop_fetching(const TopicPartition& tp, BrokerId leader) {
  if (const auto fetcher = fetchers_.find(leader); fetcher != fetchers_.end()) fetcher->second.remove(tp);
}

void ReplicaManager::send_all(const Context& ctx) {
  for (auto& [leader, fetcher] : fetchers_) fetcher.maybe_send(partitions_, broker_epoch_, config_, ctx);
  isr_changes_.maybe_send(partitions_, broker_epoch_, config_, ctx);
}

void ReplicaManager::on_progress(const TopicPartition& tp, const Progress& progress, const Context& ctx) {
  if (progress.proposed_isr) isr_changes_.enqueue(tp);
  if (progress.high_watermark_advanced) {
    check_produces(tp, ctx);
    check_fetches(tp, ctx);
  }
}

void ReplicaManager::on_timer(const io::Timer& timer, const Context& ctx) {
  switch (timer.kind) {
    case io::TimerKind::kParkedProduce: return on_produce_timeout(timer.entity, ctx);
    case io::TimerKind::kParkedFetch: {
      const ParkedFetch parked = parked_fetches_.take(timer.entity, ctx.out);
      auto answer = read(parked.request, false, ctx);
      return answer_fetch({parked.connection, parked.correlation}, parked.request, std::move(answer), ctx);
    }
    case io::TimerKind::kIsrShrink: shrink_isrs(ctx); break;
    case io::TimerKind::kHighWatermarkCheckpoint: checkpoint_high_watermarks(ctx); break;
    case io::TimerKind::kAlterPartitionRetry: isr_changes_.on_retry_timer(); break;
    default: break;  // kFetcherBackoff: a delayed partition may be fetched again
  }
  send_all(ctx);
}

void ReplicaManager::shrink_isrs(const Context& ctx) {
  for (auto& [tp, partition] : partitions_) on_progress(tp, partition.maybe_shrink_isr(config_, ctx), ctx);
  ctx.out.set_timer({.kind = io::TimerKind::kIsrShrink, .entity = 0},
                    milliseconds(config_.broker_config.replica_lag_time_max_ms) / 2);
}

void ReplicaManager::checkpoint_high_watermarks(const Context& ctx) {
  std::map<io::NamedPartition, Offset> offsets;
  for (const auto& [tp, partition] : partitions_) {
    offsets.emplace(io::NamedPartition{.topic = partition.topic(), .partition = tp.partition},
                    partition.high_watermark());
  }
  // A disk so slow that the last text is still being written gets no other.
  if (!high_watermarks_.is_writing()) (void)high_watermarks_.save(log::to_text(offsets), ctx.disk, ctx.out);
  ctx.out.set_timer({.kind = io::TimerKind::kHighWatermarkCheckpoint, .entity = 0},
                    milliseconds(config_.broker_config.replica_high_watermark_checkpoint_interval_ms));
}

void ReplicaManager::on_fsync(const io::FsyncFinished& finished, const Context& ctx) {
  (void)high_watermarks_.on_fsync(finished, ctx.disk, ctx.out);
  const auto goes_on = [&finished](auto& entry) { return entry.second.on_fsync(finished.ticket); };
  if (std::ranges::any_of(partitions_, goes_on)) send_all(ctx);
}

std::set<FsyncTicket> ReplicaManager::flush(const Context& ctx) {
  std::set<FsyncTicket> awaited;
  for (const auto& [tp, partition] : partitions_) {
    for (const auto& segment : partition.log().segments()) awaited.insert(ctx.out.fsync(segment->path()));
    awaited.insert(ctx.out.fsync(partition.log().directory()));
  }
  return awaited;
}

void ReplicaManager::on_opened(const io::Link& link, const Context& ctx) {
  if (link.purpose == io::Purpose::kAlterPartition) {
    isr_changes_.on_opened(link, ctx);
  } else if (const auto fetcher = fetchers_.find(link.peer); fetcher != fetchers_.end()) {
    fetcher->second.on_opened(link, ctx);
  }
  send_all(ctx);
}

void ReplicaManager::on_lost(const io::Link& link, const Context& ctx) {
  if (link.purpose == io::Purpose::kAlterPartition) {
    isr_changes_.on_lost(link, ctx);
  } else if (const auto fetcher = fetchers_.find(link.peer); fetcher != fetchers_.end()) {
    fetcher->second.on_lost(link, ctx);
  }
  send_all(ctx);
}

void ReplicaManager::on_response(const io::ResponseReceived& received, const Context& ctx) {
  if (received.link.purpose == io::Purpose::kAlterPartition) {
    for (const IsrChanges::Answer& answer : isr_changes_.on_response(received, ctx)) {
      Progress progress;
      Partition& partition = partitions_.at(answer.tp);
      if (partition.on_isr_answer(answer.proposal, answer.response, config_, ctx, progress)) {
        isr_changes_.retry_later(answer.tp, ctx);
      }
      on_progress(answer.tp, progress, ctx);
    }
  } else if (const auto fetcher = fetchers_.find(received.link.peer); fetcher != fetchers_.end()) {
    std::set<TopicPartition> changed;
    fetcher->second.on_response(received, partitions_, config_, ctx, changed);
  }
  send_all(ctx);
}

void ReplicaManager::on_peer_gone(ConnectionId connection, const Context& ctx) {
  parked_fetches_.forget(connection, ctx.out);
  parked_produces_.forget(connection, ctx.out);
}

void ReplicaManager::on_channel_timeout(std::uint64_t channel, const Context& ctx) {
  if (channel == IsrChanges::kChannelId) {
    isr_changes_.on_channel_timeout(ctx);
  } else if (const auto fetcher = fetchers_.find(BrokerId(static_cast<std::int32_t>(channel)));
             fetcher != fetchers_.end()) {
    fetcher->second.on_channel_timeout(ctx);
  }
  send_all(ctx);
}

void ReplicaManager::on_channel_backoff(std::uint64_t channel, const Context& ctx) {
  if (channel == IsrChanges::kChannelId) {
    isr_changes_.on_channel_backoff();
  } else if (const auto fetcher = fetchers_.find(BrokerId(static_cast<std::int32_t>(channel)));
             fetcher != fetchers_.end()) {
    fetcher->second.on_channel_backoff();
  }
  send_all(ctx);
}

const Partition* ReplicaManager::find(const TopicPartition& tp) const {
  const auto found = partitions_.find(tp);
  return found == partitions_.end() ? nullptr : &found->second;
}

Partition* ReplicaManager::hosted(const TopicPartition& tp) {
  const auto found = partitions_.find(tp);
  return found == partitions_.end() ? nullptr : &found->second;
}

api::ErrorCode ReplicaManager::absence_of(const TopicPartition& tp, const Context& ctx) const {
  if (ctx.image.topic(tp.topic_id) == nullptr) return api::ErrorCode::kUnknownTopicId;
  if (ctx.image.partition(tp) == nullptr) return api::ErrorCode::kUnknownTopicOrPartition;
  return api::ErrorCode::kNotLeaderOrFollower;
}

}  // namespace odradek::replica
