#include "sim/search/stage.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/base/ensure.h"
#include "sim/search/cluster.h"
#include "sim/search/token.h"
#include "sim/trace/line.h"

namespace odradek::sim {

std::optional<NodeId> Stage::active_controller() const {
  std::optional<std::pair<LeaderEpoch, NodeId>> active;
  for (const NodeId node : run_.topology_.controllers) {
    if (state(node) == NodeState::kDown) continue;
    const node::ControllerNode* controller = run_.world_.process(node).controller();
    if (controller == nullptr || !controller->is_active()) continue;
    const std::pair found(controller->controller_epoch(), node);
    if (!active || *active < found) active = found;
  }
  return active ? std::optional(active->second) : std::nullopt;
}

std::optional<PartitionTruth> Stage::partition(const io::NamedPartition& name) const {
  return run_.truth_.partition(name);
}

std::optional<std::string> Stage::topic_name(TopicId id) const {
  const auto found = run_.truth_.topic_names().find(id);
  if (found == run_.truth_.topic_names().end()) return std::nullopt;
  return found->second;
}

void Stage::crash(NodeId node) {
  run_.world_.crash(node);
  run_.checkers_.on_unclean_end(node, /*data=*/false);
  run_.workload_.on_crash(node);
}

void Stage::boot(NodeId node) {
  if (state(node) != NodeState::kDown) return;
  run_.world_.boot(node);
  run_.workload_.on_boot(node, *this);
}

void Stage::lose_power(NodeId node, Survival survival) {
  run_.world_.lose_power(node, survival);
  run_.bury(node, /*data=*/true);
  run_.workload_.on_crash(node);
}

std::optional<DecayedPlace> Stage::decay_disk(NodeId node, Decay kind, const std::string& path) {
  const auto place = WorldSite::decay_disk(node, kind, path);
  if (!place) return place;
  say(node_name(node), fmt::format("{} at byte {} of {}", name_of(kind), place->position, place->path));
  run_.checkers_.on_decay(node, kind);
  return place;
}

DiskRuleId Stage::misplace_write(NodeId node, Decay kind, WhichWrite which) {
  run_.checkers_.on_decay(node, kind);
  return WorldSite::misplace_write(node, kind, std::move(which));
}

void Stage::drop_cache(NodeId node) {
  WorldSite::drop_cache(node);
  run_.bury(node, /*data=*/true);
}

void Stage::empty_disk(NodeId node) {
  WorldSite::empty_disk(node);
  const Format format{
      .directory_id = directory_id_of(run_.world_.seed(), node, run_.world_.incarnation(node)), .voters = {}};
  run_.world_.disturb(node, [&](SimDisk& disk) {
    disk.unhindered([&](SimDisk& blank) { format_disk(blank, node, format); });
  });
  run_.bury(node, /*data=*/true);
}

Result<void> Stage::may_end(const std::vector<NodeId>& nodes, bool loses,
                            const std::set<NodeId>& doomed) const {
  for (const auto& [name, topic] : run_.truth_.partitions()) {
    const TopicPartition tp{.topic_id = topic, .partition = name.partition};
    const auto truth = run_.truth_.partition(tp);
    std::set<BrokerId> unclean;
    for (const NodeId node : nodes) {
      if (std::ranges::count(truth->replicas, node) != 0) unclean.insert(node);
    }
    if (unclean.empty()) continue;
    bool lost = loses;
    for (const auto& [broker, entry] : run_.checkers_.losses().unclean(tp)) {
      unclean.insert(broker);
      lost |= entry.data;
    }
    for (const NodeId other : doomed) {  // they may lose data yet
      if (std::ranges::count(truth->replicas, other) == 0) continue;
      unclean.insert(other);
      lost = true;
    }
    const std::int32_t allowed = truth->least_min_isr - 1;
    if (!lost || std::ssize(unclean) <= allowed) continue;
    return fail("{} replicas of {}-{} would have ended uncleanly, with a loss of data its budget allows {}",
                unclean.size(), name.topic, name.partition.value(), allowed);
  }
  return {};
}

raft::VoterSet Stage::latest_voters() const {
  const raft::QuorumReplica* furthest = nullptr;
  for (const NodeId node : run_.topology_.controllers) {
    if (state(node) == NodeState::kDown) continue;
    const raft::QuorumReplica& raft = run_.world_.process(node).server()->raft();
    if (!raft.is_open()) continue;  // its start was cut short
    if (furthest == nullptr || furthest->log().end() < raft.log().end()) furthest = &raft;
  }
  return furthest == nullptr ? raft::VoterSet() : furthest->voters();
}

/// The member still has the directory that it is a member with.
bool Stage::holds(const raft::ReplicaKey& voter) const {
  return !voter.directory_id || directory_on(run_.world_.disk(voter.id), voter.id) == voter.directory_id;
}

Result<void> Stage::may_forget(NodeId controller) const {
  if (run_.scenario_->cluster.quorum.kraft_version == 0)
    return fail("{} would forget its vote, and kraft.version is 0", node_name(controller));
  return can_spare(controller);
}

std::vector<raft::VoterSet> Stage::possible_voters() const {
  std::vector<raft::VoterSet> sets;
  for (const auto& [node, replica] : run_.checkers_.quorum().replicas()) {
    const QuorumReplicaView& view = replica.view;
    if (!view.can_be_voter || directory_on(run_.world_.disk(node), node) != view.directory_id) continue;
    if (view.voters.size() > 0) sets.push_back(view.voters);
  }
  return sets;
}

/// A majority of the voters must be there without it, and have what they had. Nor may an administrator have
/// asked for other voters. One that is no voter may have asked for itself, and become one when it is gone.
Result<void> Stage::can_spare(NodeId controller) const {
  if (!run_.membership_calls_.empty()) return fail("the voters are about to change");
  for (const raft::VoterSet& voters : possible_voters()) {
    const auto keep = std::ranges::count_if(
        voters.keys(), [&](const raft::ReplicaKey& voter) { return voter.id != controller && holds(voter); });
    const bool may_join =
        run_.scenario_->cluster.quorum.controller_quorum_auto_join_enable && !voters.contains(controller);
    const std::uint32_t members = voters.size() + (may_join ? 1 : 0);
    if (std::cmp_less(keep, members / 2 + 1))
      return fail("only {} of {} voters would still have the metadata log", keep, members);
  }
  return {};
}

Result<api::RemoveRaftVoterRequest> Stage::removal_of(NodeId controller) const {
  const raft::VoterSet voters = latest_voters();
  const auto voter = voters.nodes().find(controller);
  if (voter == voters.nodes().end()) return fail("{} is no voter", node_name(controller));
  TRY_DO(can_remove(controller, voters));
  for (const raft::VoterSet& possible : possible_voters()) {
    if (possible.contains(controller)) TRY_DO(can_remove(controller, possible));
  }
  return api::RemoveRaftVoterRequest{
      .cluster_id = run_.world_.process(controller).server()->spec().cluster_id,
      .voter = {.id = controller, .directory_id = voter->second.directory_id}};
}

/// A majority of those that are left must have what they had. Other removals may have been asked for and be
/// carried out first.
Result<void> Stage::can_remove(NodeId controller, const raft::VoterSet& voters) const {
  if (voters.size() < 2) return fail("{} is the last voter", node_name(controller));
  std::set<NodeId> removed{controller};
  for (const auto& [call, node] : run_.membership_calls_) {
    if (node && voters.contains(*node)) removed.insert(*node);
  }
  std::set<NodeId> lost;
  for (const raft::ReplicaKey& key : voters.keys()) {
    if (!holds(key)) lost.insert(key.id);
  }
  for (const NodeId node : lost) removed.erase(node);
  const auto rest = static_cast<std::int64_t>(voters.size() - removed.size());
  if (rest - std::ssize(lost) < rest / 2 + 1)
    return fail("without {} no majority of the voters would have the metadata log", node_name(controller));
  return {};
}

std::optional<api::Request> Stage::next_membership() const {
  if (run_.scenario_->cluster.quorum.kraft_version == 0) return std::nullopt;
  const raft::VoterSet voters = latest_voters();
  if (voters.size() == 0) return std::nullopt;
  for (const NodeId node : run_.topology_.controllers) {
    if (state(node) != NodeState::kUp || run_.faults_.keeps_unseated(node) || node == run_.left_behind_)
      continue;
    const node::Server& server = *run_.world_.process(node).server();
    if (!server.raft().is_open()) continue;  // it does not know its directory yet
    const raft::ReplicaKey& self = server.raft().self();
    const auto voter = voters.nodes().find(node);
    if (voter == voters.nodes().end())
      return api::AddRaftVoterRequest{.cluster_id = server.spec().cluster_id, .voter = self};
    if (voter->second.directory_id != self.directory_id)
      return api::RemoveRaftVoterRequest{.cluster_id = server.spec().cluster_id,
                                         .voter = {.id = node, .directory_id = voter->second.directory_id}};
  }
  return std::nullopt;
}

bool Stage::send_records(const io::NamedPartition& to, std::int32_t records) {
  return run_.workload_.send_records(to, records, *this);
}

void Stage::strike_at(Instant at, std::uint32_t entry) {
  run_.world_.schedule(at, token_for(Wakeup::kStrike, entry));
}

void Stage::end_at(Instant at, std::uint32_t entry) {
  run_.world_.schedule(at, token_for(Wakeup::kEnd, entry));
}

void Stage::call(NodeId client, CallId id, io::Call call) {
  const bool taken = run_.world_.call(client, id, std::move(call));
  ENSURE(taken, "{} is down and was called", node_name(client));
}

void Stage::wake_at(Instant at, NodeId client) {
  run_.world_.schedule(at, token_for(Wakeup::kDriver, static_cast<std::uint32_t>(client.value())));
}

CallId Stage::call_admin(api::Request request) {
  ++run_.admin_calls_;
  const CallId id = run_.next_admin_call_;
  run_.next_admin_call_ = CallId(id.value() + 1);
  if (const auto* removal = std::get_if<api::RemoveRaftVoterRequest>(&request)) {
    run_.membership_calls_.emplace(id, removal->voter.id);
  } else if (std::holds_alternative<api::AddRaftVoterRequest>(request)) {
    run_.membership_calls_.emplace(id, std::nullopt);
  }
  if (const auto* farewell = std::get_if<api::UnregisterBrokerRequest>(&request))
    run_.checkers_.on_unclean_end(farewell->broker_id, /*data=*/false);
  if (const auto* election = std::get_if<api::ElectLeadersRequest>(&request);
      election != nullptr && election->election_type == api::ElectionType::kUnclean) {
    for (const api::ElectLeadersTopic& topic : election->topic_partitions) {
      for (const PartitionId partition : topic.partitions)
        run_.checkers_.on_unclean_request({.topic = topic.topic, .partition = partition});
    }
  }
  call(kAdmin, id, io::Administer{.request = std::move(request)});
  return id;
}

void Stage::say(std::string_view who, std::string_view what) const {
  if (tracer_ != nullptr) tracer_->line(trace_line(now(), who, what));
}

}  // namespace odradek::sim
