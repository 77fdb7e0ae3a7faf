// Membership: who is in the quorum, one change at a time (KIP-853).
//
// A set of voters counts from the moment its record is appended. Therefore nothing is changed before a record
// of the leader's own epoch is committed, nor while a change is not: two sets that are one change apart have
// majorities that overlap, two that are two changes apart need not.
//
// Source: org.apache.kafka.raft.internals.AddVoterHandler, RemoveVoterHandler, UpdateVoterHandler.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/uuid_text.h"
#include "engine/raft/quorum_replica.h"

namespace odradek::raft {
namespace {

using metadata::kKRaftVersionFeature;

std::string describe(const ReplicaKey& key) {
  return fmt::format("ReplicaKey(id={}, directoryId={})", key.id.value(),
                     key.directory_id ? to_text(*key.directory_id) : "<undefined>");
}

std::string describe(const VoterSet& voters) {
  std::vector<std::string> keys;
  for (const ReplicaKey& key : voters.keys()) keys.push_back(describe(key));
  return fmt::format("[{}]", fmt::join(keys, ", "));
}

}  // namespace

/// What is wrong with a request of an administrator, with Kafka's words for adding and removing.
std::optional<QuorumReplica::ChangeRefused> QuorumReplica::refuse_request(const Uuid& cluster_id,
                                                                          const ReplicaKey& voter,
                                                                          std::string_view what) const {
  using enum api::ErrorCode;
  if (is_foreign(cluster_id)) {
    return ChangeRefused{kInconsistentClusterId,
                         fmt::format("The given id \"{}\" doesn't match the cluster id \"{}\"",
                                     to_text(cluster_id), to_text(config_.cluster_id))};
  }
  if (const auto error = check_leader(election_.epoch); error != kNone) return ChangeRefused{error, ""};
  if (!voter.directory_id)
    return ChangeRefused{kInvalidRequest, fmt::format("{} voter request didn't include a valid voter", what)};
  return std::nullopt;
}

/// What stands in the way of any change of what is known of the voters, with Kafka's words.
std::optional<QuorumReplica::ChangeRefused> QuorumReplica::refuse_while_busy() const {
  using enum api::ErrorCode;
  const Leader& leader = std::get<Leader>(role_);
  if (leader.change) {
    return ChangeRefused{kRequestTimedOut,
                         "Request timed out waiting for leader to handle previous voter change request"};
  }
  const bool is_established = leader.high_watermark().has_value() || config_.flaws.change_voters_early;
  if (!is_established) {
    return ChangeRefused{
        kRequestTimedOut,
        "Request timed out waiting for leader to establish HWM and fence previous voter changes"};
  }
  return std::nullopt;
}

/// What stands in the way of another set of voters in the log, with Kafka's words for adding and removing.
std::optional<QuorumReplica::ChangeRefused> QuorumReplica::refuse_change(std::string_view doing) const {
  using enum api::ErrorCode;
  if (auto refused = refuse_while_busy()) return refused;
  if (kraft_version() < 1) {
    return ChangeRefused{kUnsupportedVersion,
                         fmt::format("Cluster doesn't support {} voter because the {} feature is {}", doing,
                                     kKRaftVersionFeature, kraft_version())};
  }
  const Offset high_watermark = std::get<Leader>(role_).high_watermark().value_or(Offset(0));
  const auto offset = log_.history().voters_offset();
  if (!config_.flaws.change_voters_early && (!offset || *offset >= high_watermark)) {
    return ChangeRefused{
        kRequestTimedOut,
        fmt::format(
            "Request timed out waiting for voters to commit the latest voter change at {} with HWM {}",
            offset ? offset->value() : -1, high_watermark.value())};
  }
  return std::nullopt;
}

void QuorumReplica::handle_add_voter(const Requester& from, const api::AddRaftVoterRequest& request) {
  using enum api::ErrorCode;
  const auto refuse = [&](api::ErrorCode error, std::string message) {
    reply(from, api::AddRaftVoterResponse{.error_code = error, .error_message = std::move(message)});
  };
  if (auto refused = refuse_request(request.cluster_id, request.voter, "Add"))
    return refuse(refused->error, std::move(refused->message));
  if (auto refused = refuse_change("adding")) return refuse(refused->error, std::move(refused->message));
  if (voters().contains(request.voter.id)) {
    return refuse(kDuplicateVoter, fmt::format("The voter id for {} is already part of the set of voters {}.",
                                               describe(request.voter), describe(voters())));
  }
  // What the new voter supports is asked first (`poll_voter_change`).
  std::get<Leader>(role_).change =
      VoterChange{.kind = VoterChangeKind::kAdd,
                  .from = from,
                  .voter = request.voter,
                  .offset = {},
                  .deadline = time_ + config_.quorum.controller_quorum_request_timeout_ms};
}

void QuorumReplica::poll_voter_change(const Context& ctx) {
  Leader& leader = std::get<Leader>(role_);
  if (!leader.change) return;
  if (time_ >= leader.change->deadline) return finish_voter_change(api::ErrorCode::kRequestTimedOut, "");
  if (leader.change->kind != VoterChangeKind::kAdd || leader.change->offset) return;
  peers_.maybe_send(leader.change->voter.id, time_, ctx.now, ctx.out,
                    [] { return api::ApiVersionsRequest{}; });
}

void QuorumReplica::on_api_versions(NodeId from, const api::ApiVersionsResponse& response,
                                    const Context& ctx) {
  using enum api::ErrorCode;
  Leader* leader = std::get_if<Leader>(&role_);
  const bool is_awaited = leader != nullptr && leader->change && !leader->change->offset &&
                          leader->change->kind == VoterChangeKind::kAdd && leader->change->voter.id == from;
  if (!is_awaited) return;
  const ReplicaKey voter = leader->change->voter;
  if (response.error_code != kNone) {
    return finish_voter_change(
        kRequestTimedOut,
        fmt::format("Aborted add voter operation for since API_VERSIONS returned an error {}",
                    name_of(response.error_code)));
  }
  const auto feature =
      std::ranges::find(response.supported_features, kKRaftVersionFeature, &api::SupportedFeature::name);
  const std::int16_t level = kraft_version();
  if (feature == response.supported_features.end() || level < feature->min_version ||
      level > feature->max_version) {
    return finish_voter_change(
        kInvalidRequest,
        fmt::format("Aborted add voter operation for {} since the {} range doesn't support the finalized "
                    "version {}",
                    describe(voter), kKRaftVersionFeature, level));
  }
  // A voter that lags behind would delay every commit.
  if (!leader->is_caught_up(voter, time_)) {
    return finish_voter_change(
        kRequestTimedOut,
        fmt::format("Aborted add voter operation for {} since it is lagging behind", describe(voter)));
  }
  leader->change->offset = log_.end_offset();
  append_voters(*voters().with(voter, {.min = feature->min_version, .max = feature->max_version}), ctx);
}

void QuorumReplica::append_voters(const VoterSet& voters, const Context& ctx) {
  sometimes(ctx.out, Probe::kVotersChanged);
  (void)append_control({voters.to_record()}, ctx);
}

void QuorumReplica::handle_remove_voter(const Requester& from, const api::RemoveRaftVoterRequest& request,
                                        const Context& ctx) {
  using enum api::ErrorCode;
  const auto refuse = [&](api::ErrorCode error, std::string message) {
    reply(from, api::RemoveRaftVoterResponse{.error_code = error, .error_message = std::move(message)});
  };
  if (auto refused = refuse_request(request.cluster_id, request.voter, "Remove"))
    return refuse(refused->error, std::move(refused->message));
  if (auto refused = refuse_change("removing")) return refuse(refused->error, std::move(refused->message));
  const std::optional<VoterSet> rest = voters().without(request.voter);
  if (!rest || rest->size() == 0) {
    return refuse(kVoterNotFound, fmt::format("Cannot remove voter {} from the set of voters {}",
                                              describe(request.voter), describe(voters())));
  }
  std::get<Leader>(role_).change =
      VoterChange{.kind = VoterChangeKind::kRemove,
                  .from = from,
                  .voter = request.voter,
                  .offset = log_.end_offset(),
                  .deadline = time_ + config_.quorum.controller_quorum_request_timeout_ms};
  append_voters(*rest, ctx);
}

void QuorumReplica::handle_update_voter(const Requester& from, const api::UpdateRaftVoterRequest& request,
                                        const Context& ctx) {
  using enum api::ErrorCode;
  const auto answer = [&](api::ErrorCode error) {
    reply(from, api::UpdateRaftVoterResponse{.error_code = error, .current_leader = current_leader()});
  };
  if (is_foreign(request.cluster_id)) return answer(kInconsistentClusterId);
  if (const auto error = check_leader(request.current_leader_epoch); error != kNone) return answer(error);
  const api::KRaftVersionRange& range = request.kraft_version_feature;
  if (!request.voter.directory_id || range.min < 0 || range.max < range.min) return answer(kInvalidRequest);
  const bool is_fixed = kraft_version() == 0;
  if (const auto refused = is_fixed ? refuse_while_busy() : refuse_change("updating"))
    return answer(refused->error);
  if (kraft_version() < range.min || kraft_version() > range.max) return answer(kInvalidRequest);
  Leader& leader = std::get<Leader>(role_);
  if (is_fixed && !leader.volatile_voters) return answer(kRequestTimedOut);  // its epoch has not begun
  const std::optional<VoterSet> updated = is_fixed
                                              ? leader.volatile_voters->updated_by_id(request.voter, range)
                                              : voters().updated(request.voter, range);
  if (!updated) return answer(kVoterNotFound);
  if (is_fixed) {
    leader.volatile_voters = *updated;
  } else {
    append_voters(*updated, ctx);
  }
  // At once: the voter fetches only then, and may be needed to commit the change.
  answer(kNone);
}

/// Whoever waits for the change hears what became of it. A record that was appended stays in the log.
void QuorumReplica::finish_voter_change(api::ErrorCode error, std::string message) {
  const std::optional<VoterChange> change = std::exchange(std::get<Leader>(role_).change, std::nullopt);
  if (!change || !change->from) return;
  switch (change->kind) {
    case VoterChangeKind::kAdd:
      return reply(*change->from,
                   api::AddRaftVoterResponse{.error_code = error, .error_message = std::move(message)});
    case VoterChangeKind::kRemove:
      return reply(*change->from,
                   api::RemoveRaftVoterResponse{.error_code = error, .error_message = std::move(message)});
  }
}

/// What a follower has to say of its own membership, once per fetch timeout: that the leader knows it
/// wrongly, or, as a controller that joins by itself, that it is no voter. True when it said so instead of
/// fetching. At kraft.version 0 nobody writes down what a voter is, so that each leader has to be told
/// (KafkaRaftClient.shouldSendUpdateVoteRequest).
bool QuorumReplica::maybe_ask_for_membership(const Context& ctx) {
  Follower& follower = std::get<Follower>(role_);
  if (time_ < follower.update_voter_deadline) return false;
  const bool may_ask = config_.can_be_voter && follower.has_fetched && !log_.snapshots().fetching();
  const auto ask = [&](auto&& request) {
    const bool sent = peers_.maybe_send(*election_.leader_id, time_, ctx.now, ctx.out, request);
    if (sent) follower.update_voter_deadline = time_ + config_.quorum.controller_quorum_fetch_timeout_ms;
    return sent;
  };
  const auto member = voters().nodes().find(self_.id);
  const bool is_fixed = kraft_version() == 0;
  const auto is_known = [&] {
    return is_fixed ? follower.has_told : member->second.supported == kSupportedKRaftVersions;
  };
  if (may_ask && is_voter() && !is_known()) {
    return ask([&] {
      return api::UpdateRaftVoterRequest{.cluster_id = config_.cluster_id,
                                         .current_leader_epoch = election_.epoch,
                                         .voter = self_,
                                         .kraft_version_feature = kSupportedKRaftVersions};
    });
  }
  if (may_ask && !is_fixed && !is_voter() && config_.quorum.controller_quorum_auto_join_enable) {
    // Under its id there may still be the replica whose disk is gone.
    if (member != voters().nodes().end()) {
      const ReplicaKey gone{.id = self_.id, .directory_id = member->second.directory_id};
      return ask(
          [&] { return api::RemoveRaftVoterRequest{.cluster_id = config_.cluster_id, .voter = gone}; });
    }
    return ask([&] { return api::AddRaftVoterRequest{.cluster_id = config_.cluster_id, .voter = self_}; });
  }
  follower.update_voter_deadline = time_ + config_.quorum.controller_quorum_fetch_timeout_ms;
  return false;
}

}  // namespace odradek::raft
