#include "engine/replica/replica_manager.h"

#include <algorithm>
#include <utility>

#include "engine/base/ensure.h"
#include "engine/replica/partition_metadata_file.h"

namespace odradek::replica {

ReplicaManager::ReplicaManager(const ReplicaConfig& config)
    : config_(config),
      defaults_(config.topic_defaults),
      isr_changes_(config_),
      deleted_(config.incarnation),
      sessions_(config.incarnation, config.broker_config.max_incremental_fetch_session_cache_slots) {}

void ReplicaManager::on_controller(std::optional<NodeId> controller, const Context& ctx) {
  isr_changes_.on_controller(controller, ctx);
  send_all(ctx);
}

void ReplicaManager::on_boot(const Context& ctx) {
  const auto checkpoint = log::load_checkpoint(ctx.disk, high_watermarks_.path());
  const auto directories = find_partition_directories(ctx.disk);
  if (!directories) return;  // the process ends after this step
  for (const FoundDirectory& found : *directories) {
    if (!found.tp) {
      sometimes(ctx.out, Probe::kOwnerlessDirectory);
      deleted_.take_over(found.path, delete_delay(), ctx);
      continue;
    }
    const auto known = checkpoint.offsets.find({.topic = found.topic, .partition = found.tp->partition});
    open_partition(*found.tp, found.topic, known == checkpoint.offsets.end() ? Offset(0) : known->second,
                   ctx);
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
  auto log = log::Log::open(ctx.disk, directory, ctx.image.topic_config(tp.topic_id, defaults_));
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
    case io::TimerKind::kParkedFetch: return on_fetch_timeout(timer.entity, ctx);
    case io::TimerKind::kIsrShrink: shrink_isrs(ctx); break;
    case io::TimerKind::kHighWatermarkCheckpoint: checkpoint_high_watermarks(ctx); break;
    case io::TimerKind::kLogDeletion: return deleted_.on_timer(ctx);
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

void ReplicaManager::write_high_watermarks(const Context& ctx) {
  std::map<io::NamedPartition, Offset> offsets;
  for (const auto& [tp, partition] : partitions_) {
    offsets.emplace(io::NamedPartition{.topic = partition.topic(), .partition = tp.partition},
                    partition.high_watermark());
  }
  (void)high_watermarks_.save(log::to_text(offsets), ctx.disk, ctx.out);
}

void ReplicaManager::checkpoint_high_watermarks(const Context& ctx) {
  // A disk so slow that the last text is still being written gets no other.
  if (!high_watermarks_.is_writing()) write_high_watermarks(ctx);
  ctx.out.set_timer({.kind = io::TimerKind::kHighWatermarkCheckpoint, .entity = 0},
                    milliseconds(config_.broker_config.replica_high_watermark_checkpoint_interval_ms));
}

void ReplicaManager::on_fsync(const io::FsyncFinished& finished, const Context& ctx) {
  (void)high_watermarks_.on_fsync(finished, ctx.disk, ctx.out);
  const auto goes_on = [&finished](auto& entry) { return entry.second.on_fsync(finished.ticket); };
  if (std::ranges::any_of(partitions_, goes_on)) send_all(ctx);
}

std::set<FsyncTicket> ReplicaManager::flush(const Context& ctx) {
  write_high_watermarks(ctx);
  std::set<FsyncTicket> awaited;
  for (const auto& [tp, partition] : partitions_) {
    const std::string& directory = partition.log().directory();
    for (const auto& segment : partition.log().segments()) awaited.insert(ctx.out.fsync(segment->path()));
    awaited.insert(ctx.out.fsync(partition_metadata_path(directory)));
    awaited.insert(ctx.out.fsync(directory));
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
      const auto found = partitions_.find(answer.tp);
      if (found == partitions_.end()) continue;  // deleted meanwhile
      Progress progress;
      call_fetches(answer.tp);
      if (found->second.on_isr_answer(answer.proposal, answer.response, config_, ctx, progress)) {
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
  for (const ParkedFetch& gone : parked_fetches_.forget(connection, ctx.out)) {
    if (!FetchSessions::outlives_its_request(gone.session)) sessions_.finish(gone.session);
  }
  (void)parked_produces_.forget(connection, ctx.out);
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

std::vector<BrokerId> ReplicaManager::fetched_from(const TopicPartition& tp) const {
  std::vector<BrokerId> leaders;
  for (const auto& [leader, fetcher] : fetchers_) {
    if (fetcher.has(tp)) leaders.push_back(leader);
  }
  return leaders;
}

Partition* ReplicaManager::hosted(const TopicPartition& tp, const Context& ctx) {
  const auto found = partitions_.find(tp);
  return found == partitions_.end() || ctx.image.topic(tp.topic_id) == nullptr ? nullptr : &found->second;
}

/// Source: KafkaApis.handleFetchRequest, ReplicaManager.getPartitionOrError.
api::ErrorCode ReplicaManager::absence_of(const TopicPartition& tp, const Context& ctx) const {
  const metadata::TopicImage* topic = ctx.image.topic(tp.topic_id);
  if (topic == nullptr) return api::ErrorCode::kUnknownTopicId;
  if (!topic->partitions.contains(tp.partition)) return api::ErrorCode::kUnknownTopicOrPartition;
  const bool has_older = std::ranges::any_of(partitions_, [&](const auto& entry) {
    return entry.first.partition == tp.partition && entry.second.topic() == topic->name;
  });
  if (!has_older) return api::ErrorCode::kNotLeaderOrFollower;
  sometimes(ctx.out, Probe::kInconsistentTopicId);
  return api::ErrorCode::kInconsistentTopicId;
}

}  // namespace odradek::replica
