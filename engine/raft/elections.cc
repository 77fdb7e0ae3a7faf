// Elections: who becomes what, whom a replica votes for, and what it says of leaders.
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "engine/base/ensure.h"
#include "engine/raft/quorum_replica.h"

namespace odradek::raft {
namespace {

/// KafkaRaftClient.RETRY_BACKOFF_BASE_MS
constexpr std::int64_t kBackoffBaseMs = 100;

/// The time that an election may still take; absent for roles that wait for none.
std::optional<Timestamp> election_deadline_of(const Role& role) {
  if (const auto* unattached = std::get_if<Unattached>(&role)) return unattached->election_deadline;
  if (const auto* prospective = std::get_if<Prospective>(&role)) return prospective->election_deadline;
  if (const auto* candidate = std::get_if<Candidate>(&role)) return candidate->election_deadline;
  return std::nullopt;
}

}  // namespace

void QuorumReplica::become(Role role, const Context& ctx) {
  const RoleKind from = kind_of(role_);
  const RoleKind to = kind_of(role);
  ENSURE(is_allowed(from, to), "role {} does not follow role {}", name_of(to), name_of(from));
  if (Leader* leader = std::get_if<Leader>(&role_)) dismiss_waiting(*leader);
  if (from == RoleKind::kFollower) {
    if (auto gone = log_.snapshots().abandon_fetch(ctx.disk); !gone) fail(gone.error(), ctx);
  }
  role_ = std::move(role);
  peers_.forget_requests();
  ctx.out.emit(io::ChangeRaftRole{
      .role = std::string(name_of(to)), .epoch = election_.epoch, .leader = election_.leader_id});
}

void QuorumReplica::save_election(const Context& ctx) {
  if (saved_ == election_) return;
  saved_ = election_;
  const io::DiskResult<void> saved = file_.save(format_election_state(election_), ctx.disk, ctx.out);
  if (!saved) fail(saved.error(), ctx);
}

void QuorumReplica::become_unattached(LeaderEpoch epoch, const Context& ctx) {
  ENSURE(epoch >= election_.epoch, "epoch {} after epoch {}", epoch.value(), election_.epoch.value());
  // Whoever waits for an election goes on waiting: a higher epoch is no reason to let it start later.
  const std::optional<Timestamp> running = election_deadline_of(role_);
  const Timestamp deadline = !may_stand()                    ? kNever
                             : running && *running != kNever ? *running
                                                             : random_election_deadline();
  if (epoch > election_.epoch) election_ = {.epoch = epoch};
  become(Unattached{.election_deadline = deadline}, ctx);
  save_election(ctx);
}

void QuorumReplica::become_prospective(const Context& ctx) {
  const Timestamp deadline = random_election_deadline();
  become(Prospective{.votes = VoteTally(voters(), self_.id), .election_deadline = deadline}, ctx);
}

void QuorumReplica::become_candidate(const Context& ctx) {
  ENSURE(may_stand(), "node {} may not stand for election and does", self_.id.value());
  election_ = {.epoch = election_.epoch + 1, .leader_id = {}, .voted_key = self_};
  const Timestamp deadline = random_election_deadline();
  become(Candidate{.votes = VoteTally(voters(), self_.id), .election_deadline = deadline}, ctx);
  save_election(ctx);
}

void QuorumReplica::become_leader(const Context& ctx) {
  std::vector<NodeId> granting = std::get<Candidate>(role_).votes.granting();
  election_ = {.epoch = election_.epoch, .leader_id = self_.id, .voted_key = {}};
  become(
      Leader(self_, log_.end_offset(), voters(), std::move(granting), config_.quorum, config_.flaws, time_),
      ctx);
  save_election(ctx);
}

void QuorumReplica::become_follower(LeaderEpoch epoch, NodeId leader, const Context& ctx) {
  ENSURE(leader != self_.id, "node {} follows itself", leader.value());
  // A vote in the same epoch stands, for whoever asks again.
  const auto voted = epoch == election_.epoch ? election_.voted_key : std::nullopt;
  election_ = {.epoch = epoch, .leader_id = leader, .voted_key = voted};
  become(Follower{}, ctx);
  restart_fetch_timer();
  std::get<Follower>(role_).update_voter_deadline = time_ + config_.quorum.controller_quorum_fetch_timeout_ms;
  save_election(ctx);
}

void QuorumReplica::become_resigned(const Context& ctx) {
  const Leader& leader = std::get<Leader>(role_);
  Resigned resigned{.election_deadline = random_election_deadline(),
                    .unacknowledged = {},
                    .preferred_candidates = leader.successors()};
  for (const ReplicaKey& key : resigned.preferred_candidates) resigned.unacknowledged.insert(key.id);
  sometimes(ctx.out, Probe::kLeaderResigned);
  become(std::move(resigned), ctx);
}

bool QuorumReplica::maybe_transition(const api::LeaderIdAndEpoch& seen, const Context& ctx) {
  if (seen.leader_epoch < election_.epoch) return true;
  if (seen.leader_epoch > election_.epoch) {
    // It led that epoch before its disk was replaced.
    const bool is_follower = seen.leader_id && seen.leader_id != self_.id;
    is_follower ? become_follower(seen.leader_epoch, *seen.leader_id, ctx)
                : become_unattached(seen.leader_epoch, ctx);
    return true;
  }
  if (!seen.leader_id) return true;
  if (election_.leader_id && election_.leader_id != seen.leader_id) {
    ctx.out.exit(fmt::format("nodes {} and {} are both said to lead epoch {}", election_.leader_id->value(),
                             seen.leader_id->value(), seen.leader_epoch.value()));
    return false;
  }
  if (!election_.leader_id && seen.leader_id != self_.id)
    become_follower(seen.leader_epoch, *seen.leader_id, ctx);
  return true;
}

/// KafkaRaftClient.maybeHandleCommonResponse.
bool QuorumReplica::take_common(NodeId from, api::ErrorCode error,
                                const std::optional<api::LeaderIdAndEpoch>& seen, const Context& ctx) {
  using enum api::ErrorCode;
  if (!seen) {
    peers_.back_off(from, time_);
    return false;
  }
  if (seen->leader_epoch < election_.epoch || error == kUnknownLeaderEpoch) {
    peers_.back_off(from, time_);  // Kafka asks again at once, until it hears from this epoch
    return false;
  }
  if (seen->leader_epoch > election_.epoch || error == kFencedLeaderEpoch || error == kNotLeaderOrFollower) {
    const LeaderEpoch before = election_.epoch;
    if (!maybe_transition(*seen, ctx)) return false;
    // Nothing was learnt: ask again later.
    if (before == election_.epoch) peers_.back_off(from, time_);
    return false;
  }
  if (seen->leader_id && !election_.leader_id && !maybe_transition(*seen, ctx)) return false;
  if (error == kInvalidVoterKey) return false;
  if (error != kNone) {
    peers_.back_off(from, time_);
    return false;
  }
  return true;
}

bool QuorumReplica::is_meant(const ReplicaKey& voter) const {
  return voter.id == self_.id && (!voter.directory_id || voter.directory_id == self_.directory_id);
}

/// An observer stays Follower of a leader that is gone, and may be a voter that does not know it yet.
bool QuorumReplica::hears_of_leader(const Follower& follower) const {
  return follower.has_fetched && time_ < follower.fetch_deadline;
}

/// EpochState.canGrantVote, role by role.
bool QuorumReplica::can_grant(const api::VoteRequest& request) const {
  const auto rank = [](const OffsetAndEpoch& end) { return std::pair(end.epoch, end.offset); };
  const bool is_up_to_date = rank(request.last_offset) >= rank(log_.end());
  switch (kind_of(role_)) {
    case RoleKind::kLeader: return false;
    case RoleKind::kResigned:
    case RoleKind::kCandidate: return request.pre_vote && is_up_to_date;
    case RoleKind::kFollower:
      if (request.pre_vote) return is_up_to_date && !hears_of_leader(std::get<Follower>(role_));
      return election_.voted_key == request.replica;
    case RoleKind::kUnattached:
    case RoleKind::kProspective:
      if (request.pre_vote) return is_up_to_date;
      // Asked twice, it says the same.
      if (election_.voted_key) return *election_.voted_key == request.replica;
      return !election_.leader_id && is_up_to_date;
  }
  return false;
}

void QuorumReplica::handle_vote(const Requester& from, const api::VoteRequest& request, const Context& ctx) {
  using enum api::ErrorCode;
  if (is_foreign(request.cluster_id))
    return reply(from, api::VoteResponse{.error_code = kInconsistentClusterId});
  const auto answer = [&](api::ErrorCode error, bool granted) {
    return api::VoteResponse{
        .error_code = error, .current_leader = current_leader(), .vote_granted = granted};
  };
  // A vote is asked for in an epoch of which there are no records yet.
  const bool is_possible = request.last_offset.offset >= Offset(0) &&
                           (request.pre_vote ? request.last_offset.epoch <= request.replica_epoch
                                             : request.last_offset.epoch < request.replica_epoch);
  if (!is_possible) return reply(from, answer(kInvalidRequest, false));
  if (request.replica_epoch < election_.epoch) return reply(from, answer(kFencedLeaderEpoch, false));
  if (request.replica_epoch > election_.epoch) become_unattached(request.replica_epoch, ctx);
  if (!is_meant(request.voter)) return reply(from, answer(kInvalidVoterKey, false));

  const bool granted = can_grant(request);
  if (granted && !request.pre_vote && election_.voted_key != request.replica) {
    election_.voted_key = request.replica;
    if (Unattached* unattached = std::get_if<Unattached>(&role_); unattached != nullptr && may_stand())
      unattached->election_deadline = random_election_deadline();
    save_election(ctx);
  }
  if (granted) {
    ctx.out.emit(io::GrantVote{
        .candidate = request.replica.id, .epoch = request.replica_epoch, .pre_vote = request.pre_vote});
    if (request.pre_vote) sometimes(ctx.out, Probe::kPreVoteGranted);
  }
  if (config_.flaws.reveal_vote_before_durable)
    return ctx.out.respond(from.connection, from.correlation, answer(kNone, granted));
  reply(from, answer(kNone, granted));
}

void QuorumReplica::on_vote(NodeId from, const api::VoteResponse& response, const Context& ctx) {
  if (!take_common(from, response.error_code, response.current_leader, ctx)) return;
  if (Prospective* prospective = std::get_if<Prospective>(&role_)) {
    prospective->votes.record(from, response.vote_granted);
  } else if (Candidate* candidate = std::get_if<Candidate>(&role_)) {
    candidate->votes.record(from, response.vote_granted);
  }
}

void QuorumReplica::handle_begin_epoch(const Requester& from, const api::BeginQuorumEpochRequest& request,
                                       const Context& ctx) {
  using enum api::ErrorCode;
  if (is_foreign(request.cluster_id))
    return reply(from, api::BeginQuorumEpochResponse{.error_code = kInconsistentClusterId});
  api::ErrorCode error = kNone;
  if (request.leader_epoch < election_.epoch) {
    error = kFencedLeaderEpoch;
  } else {
    // Kafka's fails in the middle of it: nobody is answered by a process that ends.
    if (!maybe_transition({.leader_id = request.leader_id, .leader_epoch = request.leader_epoch}, ctx))
      return;
    if (!is_meant(request.voter)) error = kInvalidVoterKey;
  }
  reply(from, api::BeginQuorumEpochResponse{.error_code = error, .current_leader = current_leader()});
}

void QuorumReplica::handle_end_epoch(const Requester& from, const api::EndQuorumEpochRequest& request,
                                     const Context& ctx) {
  using enum api::ErrorCode;
  if (is_foreign(request.cluster_id))
    return reply(from, api::EndQuorumEpochResponse{.error_code = kInconsistentClusterId});
  api::ErrorCode error = kNone;
  if (request.leader_epoch < election_.epoch) {
    error = kFencedLeaderEpoch;
  } else {
    if (!maybe_transition({.leader_id = request.leader_id, .leader_epoch = request.leader_epoch}, ctx))
      return;
    Follower* follower = std::get_if<Follower>(&role_);
    if (follower != nullptr && election_.leader_id == request.leader_id) {
      // Whoever has most of the log stands first; the others give it time.
      const auto& candidates = request.preferred_candidates;
      const auto own =
          std::ranges::find_if(candidates, [this](const ReplicaKey& key) { return is_meant(key); });
      const std::int64_t place = own - candidates.begin();
      const std::int64_t backoff = place == 0
                                       ? 0
                                       : std::min(kBackoffBaseMs << std::min<std::int64_t>(place - 1, 16),
                                                  config_.quorum.controller_quorum_election_backoff_max_ms);
      follower->fetch_deadline = time_ + backoff;
    }
  }
  reply(from, api::EndQuorumEpochResponse{.error_code = error, .current_leader = current_leader()});
}

void QuorumReplica::ask_for_votes(const VoteTally& votes, bool pre_vote, const Context& ctx) {
  for (const ReplicaKey& voter : votes.unrecorded()) {
    peers_.maybe_send(voter.id, time_, ctx.now, ctx.out, [&] {
      return api::VoteRequest{.cluster_id = config_.cluster_id,
                              .voter = voter,
                              .replica_epoch = election_.epoch,
                              .replica = self_,
                              .last_offset = log_.end(),
                              .pre_vote = pre_vote};
    });
  }
}

bool QuorumReplica::poll_unattached(const Context& ctx) {
  if (may_stand() && time_ >= std::get<Unattached>(role_).election_deadline) {
    voters().is_only_voter(self_) ? become_candidate(ctx) : become_prospective(ctx);
    return true;
  }
  maybe_fetch_from_anybody(ctx);
  return false;
}

bool QuorumReplica::poll_prospective(const Context& ctx) {
  const Prospective& prospective = std::get<Prospective>(role_);
  if (prospective.votes.is_granted() && may_stand()) {
    become_candidate(ctx);
    return true;
  }
  if (prospective.votes.is_rejected() || time_ >= prospective.election_deadline || !may_stand()) {
    sometimes(ctx.out, Probe::kPreVoteLost);
    // Most would rather keep the leader: so does this one, if it knows one.
    if (election_.leader_id && election_.leader_id != self_.id) {
      become_follower(election_.epoch, *election_.leader_id, ctx);
    } else {
      become_unattached(election_.epoch, ctx);
    }
    return true;
  }
  ask_for_votes(prospective.votes, true, ctx);
  return false;
}

bool QuorumReplica::poll_candidate(const Context& ctx) {
  const Candidate& candidate = std::get<Candidate>(role_);
  if (!may_stand()) {
    become_unattached(election_.epoch, ctx);
    return true;
  }
  if (candidate.votes.is_granted()) {
    become_leader(ctx);
    return true;
  }
  if (time_ >= candidate.election_deadline) {
    become_prospective(ctx);
    return true;
  }
  if (!candidate.votes.is_rejected()) ask_for_votes(candidate.votes, false, ctx);
  return false;
}

bool QuorumReplica::poll_resigned(const Context& ctx) {
  const Resigned& resigned = std::get<Resigned>(role_);
  if (time_ >= resigned.election_deadline) {
    may_stand() ? become_candidate(ctx) : become_unattached(election_.epoch + 1, ctx);
    return true;
  }
  for (const NodeId voter : resigned.unacknowledged) {
    peers_.maybe_send(voter, time_, ctx.now, ctx.out, [&] {
      return api::EndQuorumEpochRequest{.cluster_id = config_.cluster_id,
                                        .leader_id = self_.id,
                                        .leader_epoch = election_.epoch,
                                        .preferred_candidates = resigned.preferred_candidates};
    });
  }
  return false;
}

}  // namespace odradek::raft
