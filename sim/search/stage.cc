#include "sim/search/stage.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/base/ensure.h"
#include "sim/search/cluster.h"
#include "sim/search/token.h"
#include "sim/trace/line.h"

namespace odradek::sim {

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
  run_.world_.disturb(
      node, [node](SimDisk& disk) { disk.unhindered([node](SimDisk& blank) { format_disk(blank, node); }); });
  run_.bury(node, /*data=*/true);
}

Result<void> Stage::may_end(const std::vector<NodeId>& nodes, bool loses,
                            const std::set<NodeId>& doomed) const {
  for (const io::NamedPartition& name : run_.topology_.partitions) {
    const auto truth = run_.truth_.partition(name);
    const auto tp = run_.truth_.id_of(name);
    if (!truth || !tp) continue;
    std::set<BrokerId> unclean;
    for (const NodeId node : nodes) {
      if (std::ranges::count(truth->replicas, node) != 0) unclean.insert(node);
    }
    if (unclean.empty()) continue;
    bool lost = loses;
    for (const auto& [broker, entry] : run_.checkers_.losses().unclean(*tp)) {
      unclean.insert(broker);
      lost |= entry.data;
    }
    for (const NodeId other : doomed) {  // they may lose data yet
      if (std::ranges::count(truth->replicas, other) == 0) continue;
      unclean.insert(other);
      lost = true;
    }
    const std::int32_t allowed = truth->effective_min_isr - 1;
    if (!lost || std::ssize(unclean) <= allowed) continue;
    return fail("{} replicas of {}-{} would have ended uncleanly, with a loss of data its budget allows {}",
                unclean.size(), name.topic, name.partition.value(), allowed);
  }
  return {};
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
  const CallId id = run_.next_admin_call_;
  run_.next_admin_call_ = CallId(id.value() + 1);
  call(kAdmin, id, io::Administer{.request = std::move(request)});
  return id;
}

void Stage::say(std::string_view who, std::string_view what) const {
  if (tracer_ != nullptr) tracer_->line(trace_line(now(), who, what));
}

}  // namespace odradek::sim
