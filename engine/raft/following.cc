// Following: how a replica gets the log of its leader: records, where to truncate, snapshots.
#include <fmt/core.h>

#include <algorithm>

#include "engine/raft/quorum_replica.h"

namespace odradek::raft {
namespace {

/// KafkaRaftClient.MAX_FETCH_WAIT_MS
constexpr std::int32_t kFetchWaitMs = 500;

}  // namespace

void QuorumReplica::restart_fetch_timer() {
  std::get<Follower>(role_).fetch_deadline = time_ + config_.quorum.controller_quorum_fetch_timeout_ms;
}

bool QuorumReplica::poll_follower(const Context& ctx) {
  const Follower& follower = std::get<Follower>(role_);
  const bool is_late = time_ >= follower.fetch_deadline;
  if (may_stand() && is_late) {
    voters().is_only_voter(self_) ? become_candidate(ctx) : become_prospective(ctx);
    return true;
  }
  if (maybe_ask_for_membership(ctx)) return false;
  const NodeId leader = *election_.leader_id;
  // A voter stays with its leader until its time is up. An observer asks around.
  if (!is_voter() && (is_late || peers_.is_backing_off(leader, time_))) {
    maybe_fetch_from_anybody(ctx);
  } else {
    maybe_fetch_from_leader(ctx);
  }
  return false;
}

/// A fetch from an offset says that what lies before it is durable: a controller flushes first, whether it is
/// a voter yet or not, for it counts as soon as the leader makes it one
/// (KafkaRaftClient.followersAlwaysFlush).
bool QuorumReplica::may_fetch(const Context& ctx) {
  if (!config_.can_be_voter || held_end() == log_.end_offset()) return true;
  log_.flush(ctx.out);
  return false;
}

void QuorumReplica::maybe_fetch_from_leader(const Context& ctx) {
  const NodeId leader = *election_.leader_id;
  if (const auto snapshot = log_.snapshots().fetching()) {
    peers_.maybe_send(leader, time_, ctx.now, ctx.out, [&] {
      return api::FetchSnapshotRequest{
          .cluster_id = config_.cluster_id,
          .replica = self_,
          .current_leader_epoch = election_.epoch,
          .snapshot_id = *snapshot,
          .position = static_cast<std::int64_t>(log_.snapshots().fetched_bytes(ctx.disk)),
          .max_bytes = config_.quorum.controller_quorum_fetch_snapshot_max_bytes};
    });
    return;
  }
  if (may_fetch(ctx)) peers_.maybe_send(leader, time_, ctx.now, ctx.out, [this] { return next_fetch(); });
}

void QuorumReplica::maybe_fetch_from_anybody(const Context& ctx) {
  if (peers_.any_in_flight() || !may_fetch(ctx)) return;
  const std::optional<NodeId> node = peers_.choose_bootstrap(time_, next_draw());
  if (node) peers_.maybe_send(*node, time_, ctx.now, ctx.out, [this] { return next_fetch(); });
}

api::FetchRequest QuorumReplica::next_fetch() const {
  api::FetchRequest request{.replica_state = api::ReplicaState{.replica_id = self_.id, .replica_epoch = {}},
                            .max_wait_ms = kFetchWaitMs,
                            .min_bytes = 0,
                            .max_bytes = config_.quorum.controller_quorum_fetch_max_bytes};
  request.cluster_id = config_.cluster_id;
  api::FetchTopic& topic = request.topics.emplace_back();
  topic.topic_id = api::kMetadataTopicId;
  topic.partitions.push_back({.partition = PartitionId(0),
                              .current_leader_epoch = election_.epoch,
                              .fetch_offset = log_.end_offset(),
                              .last_fetched_epoch = log_.last_epoch(),
                              .log_start_offset = log_.start_offset(),
                              .partition_max_bytes = config_.quorum.controller_quorum_fetch_max_bytes,
                              .replica_directory_id = self_.directory_id,
                              .high_watermark = high_watermark_});
  return request;
}

void QuorumReplica::on_fetch(NodeId from, const api::FetchResponse& response, const Context& ctx) {
  const bool has_partition = response.error_code == api::ErrorCode::kNone && response.responses.size() == 1 &&
                             response.responses.front().partitions.size() == 1;
  if (!has_partition) return peers_.back_off(from, time_);
  const api::FetchPartitionData& data = response.responses.front().partitions.front();
  if (!take_common(from, data.error_code, data.current_leader, ctx)) return;
  Follower* follower = std::get_if<Follower>(&role_);
  if (follower == nullptr) return;
  follower->has_fetched = true;
  restart_fetch_timer();
  take_fetched(data, ctx);
}

void QuorumReplica::take_fetched(const api::FetchPartitionData& data, const Context& ctx) {
  if (data.diverging_epoch) return truncate(*data.diverging_epoch, ctx);
  if (data.snapshot_id) {
    if (log_.snapshots().ids().contains(*data.snapshot_id)) return;
    if (auto begun = log_.snapshots().begin_fetch(*data.snapshot_id, ctx.disk); !begun)
      fail(begun.error(), ctx);
    return;
  }
  if (!append_fetched(data.records, ctx)) return;
  advance_high_watermark(std::min(data.high_watermark, log_.end_offset()), ctx);
}

void QuorumReplica::truncate(const api::EpochEndOffset& divergence, const Context& ctx) {
  const Offset end = log_.end_of_common_part(divergence);
  if (end < high_watermark_.value_or(Offset(0))) {
    return ctx.out.exit(fmt::format(
        "the leader of epoch {} wants the metadata log to be truncated to {}, below the high watermark {}",
        election_.epoch.value(), end.value(), high_watermark_->value()));
  }
  const Offset from = log_.end_offset();
  if (auto truncated = log_.truncate_to(end, ctx.disk, ctx.out); !truncated)
    return fail(truncated.error(), ctx);
  sometimes(ctx.out, Probe::kMetadataTruncated);
  ctx.out.emit(io::TruncateMetadata{.from = from, .end = log_.end_offset(), .epoch = election_.epoch});
}

bool QuorumReplica::append_fetched(const std::vector<Bytes>& batches, const Context& ctx) {
  for (const Bytes& batch : batches) {
    const Result<wire::BatchHeader> header = wire::check_batch_crc(batch.span());
    if (!header || header->base_offset != log_.end_offset()) return false;
    if (auto appended = log_.append_as_follower(batch, ctx.disk); !appended) {
      fail(appended.error(), ctx);
      return false;
    }
  }
  return true;
}

void QuorumReplica::on_fetch_snapshot(NodeId from, const api::FetchSnapshotResponse& response,
                                      const Context& ctx) {
  // The leader has a newer one: fetch, and hear which.
  if (response.error_code == api::ErrorCode::kSnapshotNotFound ||
      response.error_code == api::ErrorCode::kPositionOutOfRange) {
    if (auto gone = log_.snapshots().abandon_fetch(ctx.disk); !gone) fail(gone.error(), ctx);
  }
  if (!take_common(from, response.error_code, response.current_leader, ctx)) return;
  if (!std::holds_alternative<Follower>(role_)) return;
  SnapshotStore& snapshots = log_.snapshots();
  const bool fits = snapshots.fetching() == response.snapshot_id &&
                    snapshots.fetched_bytes(ctx.disk) == static_cast<std::uint64_t>(response.position);
  if (!fits) return;
  restart_fetch_timer();
  std::get<Follower>(role_).has_fetched = true;
  if (auto added = snapshots.add_fetched(response.unaligned_records, ctx.disk); !added)
    return fail(added.error(), ctx);
  if (snapshots.fetched_bytes(ctx.disk) == static_cast<std::uint64_t>(response.size))
    snapshots.seal_fetched(ctx.out);
}

void QuorumReplica::load_fetched_snapshot(const Context& ctx) {
  const Result<bool> truncated = log_.truncate_to_latest_snapshot(ctx.disk, ctx.out);
  if (!truncated) return ctx.out.exit(truncated.error().message);
  if (*truncated) {
    sometimes(ctx.out, Probe::kSnapshotFetched);
    advance_high_watermark(log_.start_offset(), ctx);
  }
}

}  // namespace odradek::raft
