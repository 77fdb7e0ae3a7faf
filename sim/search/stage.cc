#include "sim/search/stage.h"

#include <utility>

#include "engine/base/ensure.h"
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
  run_.workload_.on_crash(node);
}

void Stage::boot(NodeId node) {
  if (state(node) != NodeState::kDown) return;
  run_.world_.boot(node);
  run_.workload_.on_boot(node, *this);
}

void Stage::resume(NodeId node) {
  if (state(node) == NodeState::kPaused) run_.world_.resume(node);
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
