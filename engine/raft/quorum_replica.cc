#include "engine/raft/quorum_replica.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "engine/base/ensure.h"
#include "engine/raft/snapshot_content.h"

namespace odradek::raft {
namespace {

enum class Purpose : std::uint16_t { kTimeoutOrPeer = 0x0401 };

constexpr io::Timer kPollTimer{.kind = io::TimerKind::kRaftPoll, .entity = 0};

}  // namespace

void QuorumReplica::on_boot(const Key& key, const Uuid& directory_id, const Context& ctx) {
  *this = QuorumReplica(std::move(config_));
  key_ = key;
  self_ = {.id = config_.id, .directory_id = directory_id};
  file_ = log::DurableFile(fmt::format("{}/quorum-state", kMetadataDirectory));
  peers_ = Peers(config_.id, config_.controllers, config_.quorum);
  advance_clock(ctx);
  last_snapshot_ = time_;

  // controller.quorum.voters; with controller.quorum.bootstrap.servers only the log names voters, and an
  // empty disk makes no voter (kafka-storage format --no-initial-controllers).
  const bool is_static = config_.quorum.kraft_version == 0;
  Result<RaftLog> opened =
      RaftLog::open(ctx.disk, config_.quorum, is_static ? VoterSet::of_ids(config_.controllers) : VoterSet());
  if (!opened) return ctx.out.exit(opened.error().message);
  log_ = *std::move(opened);
  const Result<std::optional<ElectionState>> read = load_election_state(file_, ctx.disk);
  if (!read) return ctx.out.exit(read.error().message);

  election_ = read->value_or(ElectionState{});
  if (election_.epoch < log_.last_epoch()) election_ = {.epoch = log_.last_epoch()};
  const Timestamp deadline = may_stand() ? random_election_deadline() : kNever;
  if (election_.leader_id == self_.id && may_stand()) {
    sometimes(ctx.out, Probe::kControllerReelected);
    if (config_.flaws.resume_leadership) {
      role_ = Leader(self_, log_.end_offset(), voters(), {}, config_.quorum, config_.flaws, time_);
    } else {
      role_ = Resigned{.election_deadline = deadline, .unacknowledged = {}, .preferred_candidates = {}};
      for (const NodeId voter : voters().ids()) {
        if (voter != self_.id) std::get<Resigned>(role_).unacknowledged.insert(voter);
      }
    }
  } else if (election_.voted_key == self_ && may_stand()) {
    role_ = Candidate{.votes = VoteTally(voters(), self_.id), .election_deadline = deadline};
  } else if (election_.leader_id && election_.leader_id != self_.id) {
    role_ = Follower{};
    restart_fetch_timer();
  } else {
    role_ = Unattached{.election_deadline = deadline};
  }
  // Also what was read: it may have been read from what a power loss would still take away.
  save_election(ctx);
  log_.flush(ctx.out);
  if (voters().is_only_voter(self_) && is_voter() && kind_of(role_) != RoleKind::kCandidate &&
      kind_of(role_) != RoleKind::kLeader) {
    become_candidate(ctx);
  }
}

bool QuorumReplica::may_stand() const {
  if (is_voter()) return true;
  const std::optional<Offset> removed = log_.history().voters_offset();
  if (!config_.can_be_voter || !removed || (high_watermark_ && *removed < *high_watermark_)) return false;
  return log_.history().voters_before(*removed).is_voter(self_);
}

void QuorumReplica::advance_clock(const Context& ctx) { time_ = ctx.now.wall; }

Draw QuorumReplica::next_draw() {
  const Subject subject{.entity = 0, .ordinal = draws_};
  ++draws_;
  return draw(key_, Purpose::kTimeoutOrPeer, subject);
}

Timestamp QuorumReplica::random_election_deadline() {
  const std::int64_t timeout = config_.quorum.controller_quorum_election_timeout_ms;
  return time_ + timeout + static_cast<std::int64_t>(next_draw().below(static_cast<std::uint64_t>(timeout)));
}

void QuorumReplica::fail(io::DiskError error, const Context& ctx) const {
  ctx.out.exit(fmt::format("the metadata log failed: {}", name_of(error)));
}

void QuorumReplica::on_fsync(const io::FsyncFinished& finished, const Context& ctx) {
  // A failed fsync drops what it should have written, and the next one succeeds: there is no way on.
  if (!finished.ok) return fail(io::DiskError::kInputOutput, ctx);
  advance_clock(ctx);
  if (file_.awaits(finished.ticket)) {
    if (auto ok = file_.on_fsync(finished, ctx.disk, ctx.out); !ok) return fail(ok.error(), ctx);
  } else if (log_.snapshots().awaits(finished.ticket)) {
    auto completed = log_.snapshots().on_fsync(finished, ctx.disk, ctx.out);
    if (!completed) return fail(completed.error(), ctx);
    if (*completed) on_snapshot_completed((*completed)->fetched, ctx);
  } else {
    log_.on_fsync(finished, ctx.out);
    update_leader(ctx);
  }
  read_inbox(ctx);
}

void QuorumReplica::on_snapshot_completed(bool fetched, const Context& ctx) {
  if (fetched) load_fetched_snapshot(ctx);
  const SnapshotId latest = *log_.snapshots().latest();
  log_.forget_history_before(latest.offset);
  if (const auto cleaned = log_.clean(config_.quorum.metadata_max_retention_bytes, ctx.disk); !cleaned)
    fail(cleaned.error(), ctx);
}

void QuorumReplica::on_request(const Requester& from, api::Request request, const Context& ctx) {
  advance_clock(ctx);
  inbox_.emplace_back(Asked{.from = from, .request = std::move(request)});
  read_inbox(ctx);
}

void QuorumReplica::on_response(const io::ResponseReceived& received, const Context& ctx) {
  advance_clock(ctx);
  if (!peers_.on_response(received, ctx.now, ctx.out)) return;
  inbox_.emplace_back(Answered{.by = received.link.peer, .response = received.response});
  read_inbox(ctx);
}

void QuorumReplica::read_inbox(const Context& ctx) {
  while (!inbox_.empty() && !is_blocked()) {
    const auto message = std::move(inbox_.front());
    inbox_.pop_front();
    std::visit([&](const auto& m) { handle(m, ctx); }, message);
  }
}

bool QuorumReplica::handles(const api::Request& request) {
  if (const auto* fetch = std::get_if<api::FetchRequest>(&request))
    return fetch->topics.size() == 1 && fetch->topics.front().topic_id == api::kMetadataTopicId;
  switch (api::api_key_of(request)) {
    case api::ApiKey::kVote:
    case api::ApiKey::kBeginQuorumEpoch:
    case api::ApiKey::kEndQuorumEpoch:
    case api::ApiKey::kFetchSnapshot:
    case api::ApiKey::kDescribeQuorum:
    case api::ApiKey::kAddRaftVoter:
    case api::ApiKey::kRemoveRaftVoter:
    case api::ApiKey::kUpdateRaftVoter: return true;
    default: return false;
  }
}

void QuorumReplica::handle(const Asked& asked, const Context& ctx) {
  const Requester& from = asked.from;
  if (const auto* r = std::get_if<api::FetchRequest>(&asked.request)) return handle_fetch(from, *r, ctx);
  if (const auto* r = std::get_if<api::VoteRequest>(&asked.request)) return handle_vote(from, *r, ctx);
  if (const auto* r = std::get_if<api::BeginQuorumEpochRequest>(&asked.request))
    return handle_begin_epoch(from, *r, ctx);
  if (const auto* r = std::get_if<api::EndQuorumEpochRequest>(&asked.request))
    return handle_end_epoch(from, *r, ctx);
  if (const auto* r = std::get_if<api::FetchSnapshotRequest>(&asked.request))
    return handle_fetch_snapshot(from, *r, ctx);
  if (const auto* r = std::get_if<api::AddRaftVoterRequest>(&asked.request))
    return handle_add_voter(from, *r);
  if (const auto* r = std::get_if<api::RemoveRaftVoterRequest>(&asked.request))
    return handle_remove_voter(from, *r, ctx);
  if (const auto* r = std::get_if<api::DescribeQuorumRequest>(&asked.request))
    return handle_describe_quorum(from, *r);
  handle_update_voter(from, std::get<api::UpdateRaftVoterRequest>(asked.request), ctx);
}

void QuorumReplica::handle(const Answered& answered, const Context& ctx) {
  const NodeId by = answered.by;
  if (const auto* r = std::get_if<api::FetchResponse>(&answered.response)) return on_fetch(by, *r, ctx);
  if (const auto* r = std::get_if<api::VoteResponse>(&answered.response)) return on_vote(by, *r, ctx);
  if (const auto* r = std::get_if<api::FetchSnapshotResponse>(&answered.response))
    return on_fetch_snapshot(by, *r, ctx);
  if (const auto* r = std::get_if<api::ApiVersionsResponse>(&answered.response))
    return on_api_versions(by, *r, ctx);
  if (const auto* r = std::get_if<api::EndQuorumEpochResponse>(&answered.response)) {
    if (!take_common(by, r->error_code, r->current_leader, ctx)) return;
    if (Resigned* resigned = std::get_if<Resigned>(&role_)) resigned->unacknowledged.erase(by);
    return;
  }
  if (const auto* r = std::get_if<api::BeginQuorumEpochResponse>(&answered.response))
    (void)take_common(by, r->error_code, r->current_leader, ctx);
  if (const auto* r = std::get_if<api::UpdateRaftVoterResponse>(&answered.response)) {
    if (!take_common(by, r->error_code, r->current_leader, ctx)) return;
    if (Follower* follower = std::get_if<Follower>(&role_)) follower->has_told = true;
  }
  // What became of joining shows in the log.
}

void QuorumReplica::reply(const Requester& to, api::Response response) {
  replies_.push_back({.to = to, .response = std::move(response)});
}

void QuorumReplica::send_replies(const Context& ctx) {
  for (Reply& reply : std::exchange(replies_, {}))
    ctx.out.respond(reply.to.connection, reply.to.correlation, std::move(reply.response));
}

void QuorumReplica::on_opened(const io::Link& link, const Context& ctx) {
  peers_.on_opened(link, ctx.now, ctx.out);
}

void QuorumReplica::on_lost(const io::Link& link, const Context& ctx) {
  advance_clock(ctx);
  peers_.on_lost(link, time_, ctx.out);
}

void QuorumReplica::on_peer_gone(ConnectionId connection) {
  std::erase_if(inbox_, [connection](const auto& message) {
    const auto* asked = std::get_if<Asked>(&message);
    return asked != nullptr && asked->from.connection == connection;
  });
  std::erase_if(replies_, [connection](const Reply& reply) { return reply.to.connection == connection; });
  Leader* leader = std::get_if<Leader>(&role_);
  if (leader == nullptr) return;
  std::erase_if(leader->parked,
                [connection](const ParkedFetch& fetch) { return fetch.from.connection == connection; });
  if (leader->change && leader->change->from && leader->change->from->connection == connection)
    leader->change->from.reset();
}

void QuorumReplica::on_timer(const io::Timer& timer, const Context& ctx) {
  advance_clock(ctx);
  if (timer.kind == io::TimerKind::kRaftPoll) {
    poll_at_.reset();
  } else {
    peers_.on_timer(timer, time_, ctx.now, ctx.out);
  }
}

void QuorumReplica::resign() {
  if (Leader* leader = std::get_if<Leader>(&role_)) leader->resign_requested = true;
}

void QuorumReplica::poll(const Context& ctx) {
  advance_clock(ctx);
  while (!is_blocked() && poll_role(ctx)) {
  }
  if (is_blocked()) return;  // the fsync that it waits for brings it back
  complete_fetches(ctx);
  send_replies(ctx);
  schedule(ctx);
}

bool QuorumReplica::poll_role(const Context& ctx) {
  switch (kind_of(role_)) {
    case RoleKind::kUnattached: return poll_unattached(ctx);
    case RoleKind::kResigned: return poll_resigned(ctx);
    case RoleKind::kProspective: return poll_prospective(ctx);
    case RoleKind::kCandidate: return poll_candidate(ctx);
    case RoleKind::kLeader: return poll_leader(ctx);
    case RoleKind::kFollower: return poll_follower(ctx);
  }
  return false;
}

namespace {

/// When the role next does something by itself.
struct NextDeadline {
  Timestamp operator()(const Unattached& role) const { return role.election_deadline; }
  Timestamp operator()(const Resigned& role) const { return role.election_deadline; }
  Timestamp operator()(const Prospective& role) const { return role.election_deadline; }
  Timestamp operator()(const Candidate& role) const { return role.election_deadline; }
  Timestamp operator()(const Follower& role) const {
    return std::min(role.fetch_deadline, role.update_voter_deadline);
  }
  Timestamp operator()(const Leader& role) const {
    Timestamp next = std::min(role.begin_epoch_deadline(), role.check_quorum_deadline().value_or(kNever));
    if (role.change) next = std::min(next, role.change->deadline);
    for (const ParkedFetch& fetch : role.parked) next = std::min(next, fetch.deadline);
    return next;
  }
};

}  // namespace

void QuorumReplica::schedule(const Context& ctx) {
  Timestamp next = std::visit(NextDeadline{}, role_);
  if (const auto backoff = peers_.next_backoff_end(time_)) next = std::min(next, *backoff);
  if (next >= kNever || next <= time_) next = next >= kNever ? kNever : time_ + 1;
  if (poll_at_ == next || next == kNever) return;
  poll_at_ = next;
  ctx.out.set_timer(kPollTimer, milliseconds(next - time_));
}

void QuorumReplica::advance_high_watermark(Offset to, const Context& ctx) {
  const Offset from = high_watermark_.value_or(Offset(0));
  if (high_watermark_ && to <= from) return;
  high_watermark_ = std::max(from, to);
  if (const Leader* leader = std::get_if<Leader>(&role_); leader != nullptr && to > from)
    ctx.out.emit(io::CommitMetadata{.from = from, .to = to, .epoch = election_.epoch});
}

api::LeaderIdAndEpoch QuorumReplica::current_leader() const {
  return {.leader_id = election_.leader_id, .leader_epoch = election_.epoch};
}

std::optional<LoadedSnapshot> QuorumReplica::take_snapshot(Listener& listener, const Context& ctx) const {
  const std::optional<SnapshotId> latest = log_.snapshots().latest();
  if (!high_watermark_ || !latest || *latest == kBootstrapSnapshot) return std::nullopt;
  const bool needs_it = listener.next == Offset(0) || listener.next < log_.start_offset();
  if (!needs_it) return std::nullopt;
  const auto bytes = log_.snapshots().read(ctx.disk, *latest, 0, ~std::uint64_t{0});
  if (!bytes) {
    fail(bytes.error(), ctx);
    return std::nullopt;
  }
  Result<SnapshotContent> content = decode_snapshot(*bytes);
  if (!content) {
    ctx.out.exit(content.error().message);
    return std::nullopt;
  }
  listener = {.next = latest->offset};
  ctx.out.emit(io::LoadSnapshot{.end_offset = latest->offset, .epoch = latest->epoch});
  return LoadedSnapshot{.id = *latest, .records = std::move(content->records)};
}

std::vector<metadata::RecordBatch> QuorumReplica::take_committed(Listener& listener,
                                                                 const Context& ctx) const {
  if (is_drained(listener)) return {};
  Result<DecodedBatches> read = read_batches(log_.log(), ctx.disk, listener.next, *high_watermark_);
  if (!read) {
    ctx.out.exit(read.error().message);
    return {};
  }
  if (!read->batches.empty()) listener.next = read->batches.back().end;
  listener.bytes_since_snapshot += read->bytes;
  return std::move(read->batches);
}

bool QuorumReplica::is_snapshot_due(const Listener& listener) const {
  if (log_.snapshots().is_writing() || listener.bytes_since_snapshot == 0) return false;
  return listener.bytes_since_snapshot >= config_.quorum.metadata_log_max_record_bytes_between_snapshots ||
         time_ - last_snapshot_ >= config_.quorum.metadata_log_max_snapshot_interval_ms;
}

void QuorumReplica::write_snapshot(Listener& listener, std::vector<metadata::MetadataRecord> records,
                                   const Context& ctx) {
  const Offset last = listener.next - 1;
  LeaderEpoch epoch;
  for (const log::EpochEntry& entry : log_.log().epochs().entries()) {
    if (entry.start_offset <= last) epoch = entry.epoch;
  }
  const SnapshotId id{.offset = listener.next, .epoch = epoch};
  const SnapshotContent content{.kraft_version = log_.history().kraft_version_at(last),
                                .voters = log_.history().voters_at(last),
                                .records = std::move(records)};
  const auto written =
      log_.snapshots().write(id, encode_snapshot(id, content, ctx.now.wall), ctx.disk, ctx.out);
  if (!written) return fail(written.error(), ctx);
  listener.bytes_since_snapshot = 0;
  last_snapshot_ = time_;
  ctx.out.emit(io::WriteSnapshot{.end_offset = id.offset, .epoch = id.epoch});
}

}  // namespace odradek::raft
