// Leading: how a leader begins its epoch, appends, commits, and answers those who fetch.
#include <algorithm>
#include <utility>

#include "engine/base/ensure.h"
#include "engine/metadata/record_codec.h"
#include "engine/raft/quorum_replica.h"

namespace odradek::raft {
namespace {

api::FetchResponse fetch_response(api::FetchPartitionData partition) {
  api::FetchResponse response;
  api::FetchableTopicResponse& topic = response.responses.emplace_back();
  topic.topic_id = api::kMetadataTopicId;
  topic.partitions.push_back(std::move(partition));
  return response;
}

}  // namespace

bool QuorumReplica::is_active() const {
  const Leader* leader = std::get_if<Leader>(&role_);
  // Then it has applied all that was committed before it. Without the flaw K01 any high watermark says so.
  return leader != nullptr && leader->high_watermark() > leader->epoch_start_offset() &&
         !leader->resign_requested && !is_blocked();
}

bool QuorumReplica::poll_leader(const Context& ctx) {
  Leader& leader = std::get<Leader>(role_);
  const auto check_quorum = leader.check_quorum_deadline();
  if (leader.resign_requested || (check_quorum && time_ >= *check_quorum)) {
    become_resigned(ctx);
    return true;
  }
  if (!leader.has_begun) begin_epoch(ctx);
  poll_voter_change(ctx);
  if (time_ >= leader.begin_epoch_deadline()) {
    for (const ReplicaKey& voter : leader.successors()) {
      peers_.maybe_send(voter.id, time_, ctx.now, ctx.out, [&] {
        return api::BeginQuorumEpochRequest{.cluster_id = config_.cluster_id,
                                            .voter = voter,
                                            .leader_id = self_.id,
                                            .leader_epoch = election_.epoch};
      });
    }
    leader.restart_begin_epoch_timer(time_);
  }
  return false;
}

/// The epoch's first record tells who leads. A set of voters that only a format has named, or that knows this
/// node otherwise than it is, is written down behind it (KIP-853).
void QuorumReplica::begin_epoch(const Context& ctx) {
  Leader& leader = std::get<Leader>(role_);
  leader.has_begun = true;
  if (auto assigned = log_.assign_epoch(election_.epoch, ctx.disk); !assigned)
    return fail(assigned.error(), ctx);
  std::vector<wire::ControlRecord> records{wire::LeaderChange{
      .leader_id = self_.id, .voters = voters().ids(), .granting_voters = leader.granting_voters()}};
  const std::int16_t level = kraft_version();
  if (level == 0) leader.volatile_voters = voters().updated_by_id(self_, kSupportedKRaftVersions);
  if (level > 0 && log_.history().voters_offset() < Offset(0)) {
    records.emplace_back(wire::KRaftVersion{level});
    records.emplace_back(voters().updated(self_, kSupportedKRaftVersions).value_or(voters()).to_record());
  }
  (void)append_control(records, ctx);
}

bool QuorumReplica::append_control(const std::vector<wire::ControlRecord>& records, const Context& ctx) {
  const Bytes batch = wire::encode_control_batch({}, records, ctx.now.wall);
  const VoterSet before = voters();
  const auto base = log_.append_as_leader(batch, election_.epoch, ctx.now.wall, ctx.disk);
  if (!base) {
    fail(base.error(), ctx);
    return false;
  }
  if (voters() != before || log_.history().voters_offset() >= *base)
    ctx.out.emit(io::ChangeVoters{.offset = *base, .voters = voters().ids()});
  log_.flush(ctx.out);
  update_leader(ctx);
  return true;
}

std::optional<metadata::RecordBatch> QuorumReplica::append(std::vector<metadata::MetadataRecord> records,
                                                           const Context& ctx) {
  ENSURE(is_active(), "records for a log that is led by somebody else, or by nobody");
  const Bytes batch = metadata::encode_batch(records, ctx.now.wall);
  const auto base = log_.append_as_leader(batch, election_.epoch, ctx.now.wall, ctx.disk);
  if (!base) {
    fail(base.error(), ctx);
    return std::nullopt;
  }
  log_.flush(ctx.out);
  update_leader(ctx);
  return metadata::RecordBatch{
      .base = *base, .end = log_.end_offset(), .epoch = election_.epoch, .records = std::move(records)};
}

/// The own log, its durable part or the voters have changed.
void QuorumReplica::update_leader(const Context& ctx) {
  Leader* leader = std::get_if<Leader>(&role_);
  if (leader == nullptr || !leader->has_begun) return;
  const Offset held = config_.flaws.count_before_flush ? log_.end_offset() : log_.durable_end();
  if (leader->update_local(held, voters(), time_)) on_leader_high_watermark(ctx);
}

void QuorumReplica::on_leader_high_watermark(const Context& ctx) {
  Leader& leader = std::get<Leader>(role_);
  advance_high_watermark(*leader.high_watermark(), ctx);
  const auto is_committed = [&](std::optional<Offset> at) { return at && *at < *leader.high_watermark(); };
  // Whoever asked for its removal may have given up by now. Kafka resigns only while it waits for the answer,
  // and without that leads on as no voter.
  if (!is_voter() && is_committed(log_.history().voters_offset())) leader.resign_requested = true;
  if (leader.change && is_committed(leader.change->offset)) finish_voter_change(api::ErrorCode::kNone, "");
}

api::ErrorCode QuorumReplica::check_leader(LeaderEpoch believed) const {
  if (believed < election_.epoch) return api::ErrorCode::kFencedLeaderEpoch;
  if (believed > election_.epoch) return api::ErrorCode::kUnknownLeaderEpoch;
  const bool leads = std::holds_alternative<Leader>(role_);
  return leads ? api::ErrorCode::kNone : api::ErrorCode::kNotLeaderOrFollower;
}

void QuorumReplica::handle_fetch(const Requester& from, const api::FetchRequest& request,
                                 const Context& ctx) {
  using enum api::ErrorCode;
  const auto refuse = [&](api::ErrorCode error) { reply(from, api::FetchResponse{.error_code = error}); };
  if (request.cluster_id && is_foreign(*request.cluster_id)) return refuse(kInconsistentClusterId);
  if (request.topics.front().partitions.size() != 1 || !request.replica_state) return refuse(kInvalidRequest);
  const api::FetchPartition& wanted = request.topics.front().partitions.front();
  const LeaderEpoch believed = wanted.current_leader_epoch.value_or(election_.epoch);
  const bool is_valid = wanted.partition == PartitionId(0) && request.max_wait_ms >= 0 &&
                        wanted.fetch_offset >= Offset(0) && wanted.last_fetched_epoch &&
                        *wanted.last_fetched_epoch >= LeaderEpoch(0) &&
                        *wanted.last_fetched_epoch <= believed;
  if (!is_valid) return refuse(kInvalidRequest);

  const api::ErrorCode error = check_leader(believed);
  if (error != kNone) {
    api::FetchPartitionData data{.partition_index = PartitionId(0), .error_code = error};
    data.current_leader = current_leader();
    return reply(from, fetch_response(std::move(data)));
  }
  Leader& leader = std::get<Leader>(role_);
  const ReplicaKey replica{.id = request.replica_state->replica_id,
                           .directory_id = wanted.replica_directory_id};
  const Comparison comparison = log_.compare(wanted.fetch_offset, *wanted.last_fetched_epoch);
  if (std::holds_alternative<IsPrefix>(comparison) &&
      leader.on_fetch(replica, wanted.fetch_offset, log_.end_offset(), time_))
    on_leader_high_watermark(ctx);
  // `complete_fetches` answers at once what need not wait, after the owner has taken what is committed:
  // nobody hears of a commit before this node has acted on it.
  leader.parked.push_back(
      {.from = from, .replica = replica, .wanted = wanted, .deadline = time_ + request.max_wait_ms});
}

void QuorumReplica::complete_fetches(const Context& ctx) {
  Leader* leader = std::get_if<Leader>(&role_);
  if (leader == nullptr) return;
  std::erase_if(leader->parked, [&](const ParkedFetch& fetch) {
    const Offset known = fetch.wanted.high_watermark.value_or(Offset(0));
    const bool is_due = time_ >= fetch.deadline || fetch.wanted.fetch_offset < log_.end_offset() ||
                        leader->high_watermark().value_or(Offset(0)) > known ||
                        !std::holds_alternative<IsPrefix>(
                            log_.compare(fetch.wanted.fetch_offset, *fetch.wanted.last_fetched_epoch));
    if (is_due) reply(fetch.from, fetch_response(read(fetch.wanted, ctx)));
    return is_due;
  });
}

api::FetchPartitionData QuorumReplica::read(const api::FetchPartition& wanted, const Context& ctx) const {
  api::FetchPartitionData data{.partition_index = wanted.partition};
  data.high_watermark = std::get<Leader>(role_).high_watermark().value_or(Offset(0));
  data.last_stable_offset = data.high_watermark;
  data.log_start_offset = log_.start_offset();
  data.current_leader = current_leader();
  const Comparison comparison = log_.compare(wanted.fetch_offset, *wanted.last_fetched_epoch);
  if (const auto* diverges = std::get_if<Diverges>(&comparison)) {
    data.diverging_epoch = diverges->at;
  } else if (const auto* snapshot = std::get_if<NeedsSnapshot>(&comparison)) {
    data.snapshot_id = snapshot->id;
  } else if (auto batches = log_.read(ctx.disk, wanted.fetch_offset, wanted.partition_max_bytes)) {
    // Voters and observers may read what is not committed yet; they apply it once it is.
    data.records = *std::move(batches);
  } else {
    data.error_code = api::ErrorCode::kKafkaStorageError;
  }
  return data;
}

void QuorumReplica::handle_fetch_snapshot(const Requester& from, const api::FetchSnapshotRequest& request,
                                          const Context& ctx) {
  using enum api::ErrorCode;
  if (is_foreign(request.cluster_id))
    return reply(from, api::FetchSnapshotResponse{.error_code = kInconsistentClusterId});
  api::FetchSnapshotResponse response{.error_code = check_leader(request.current_leader_epoch),
                                      .current_leader = current_leader(),
                                      .snapshot_id = request.snapshot_id,
                                      .position = request.position};
  const SnapshotStore& snapshots = log_.snapshots();
  const bool exists =
      request.snapshot_id != kBootstrapSnapshot && snapshots.ids().contains(request.snapshot_id);
  if (response.error_code == kNone && !exists) response.error_code = kSnapshotNotFound;
  if (response.error_code != kNone) return reply(from, std::move(response));
  const auto size = snapshots.size(ctx.disk, request.snapshot_id);
  if (!size) {
    response.error_code = kKafkaStorageError;
  } else if (request.position < 0 || static_cast<std::uint64_t>(request.position) >= *size) {
    response.error_code = kPositionOutOfRange;
  } else {
    std::get<Leader>(role_).on_fetch_snapshot(request.replica, time_);
    response.size = static_cast<std::int64_t>(*size);
    auto piece = snapshots.read(ctx.disk, request.snapshot_id, static_cast<std::uint64_t>(request.position),
                                static_cast<std::uint64_t>(std::max(request.max_bytes, 1)));
    if (piece) {
      response.unaligned_records = *std::move(piece);
    } else {
      response.error_code = kKafkaStorageError;
    }
  }
  reply(from, std::move(response));
}

/// Whoever waited for a leader must ask another one.
void QuorumReplica::dismiss_waiting(Leader& leader) {
  for (const ParkedFetch& fetch : std::exchange(leader.parked, {})) {
    api::FetchPartitionData data{.partition_index = PartitionId(0),
                                 .error_code = api::ErrorCode::kNotLeaderOrFollower};
    data.current_leader = current_leader();
    reply(fetch.from, fetch_response(std::move(data)));
  }
  finish_voter_change(api::ErrorCode::kNotLeaderOrFollower, "");
}

}  // namespace odradek::raft
