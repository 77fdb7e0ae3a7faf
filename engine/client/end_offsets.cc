#include "engine/client/end_offsets.h"

#include <utility>

namespace odradek::client {
namespace {

io::CallResult result_of(const EndOffsetsFinder::ParkedCall& call) {
  io::FoundOffsets offsets;
  for (const io::NamedPartition& partition : call.partitions) {
    offsets.offsets.emplace_back(partition, call.found.at(partition));
  }
  return {.value = std::move(offsets)};
}

bool is_complete(const EndOffsetsFinder::ParkedCall& call) {
  for (const io::NamedPartition& partition : call.partitions) {
    if (!call.found.contains(partition)) return false;
  }
  return true;
}

}  // namespace

void EndOffsetsFinder::begin(const Now& now, CallId id, const io::EndOffsets& call,
                             const ConsumerEnvironment& env) {
  for (const io::NamedPartition& partition : call.partitions) env.metadata.want(partition.topic);
  calls_[id] = {.partitions = call.partitions,
                .deadline = now.monotonic + milliseconds(env.config.default_api_timeout_ms)};
}

void EndOffsetsFinder::run(const Now& now, const ConsumerEnvironment& env) {
  std::erase_if(calls_, [&](const auto& entry) {
    const auto& [id, call] = entry;
    if (is_complete(call)) {
      env.out.return_call(id, result_of(call));
      return true;
    }
    if (call.deadline > now.monotonic) return false;
    env.out.return_call(
        id, {.status = io::CallStatus::kFailed, .error = api::ErrorCode::kRequestTimedOut, .value = {}});
    return true;
  });
  for (auto& [id, call] : calls_) {
    if (!call.not_before || *call.not_before <= now.monotonic) ask(now, id, call, env);
  }
}

void EndOffsetsFinder::ask(const Now& now, CallId id, ParkedCall& call, const ConsumerEnvironment& env) {
  const std::set<io::NamedPartition> wanted(call.partitions.begin(), call.partitions.end());
  std::map<NodeId, Asked> by_leader;
  for (const io::NamedPartition& partition : wanted) {
    if (call.found.contains(partition) || call.asked.contains(partition)) continue;
    if (const auto leader = env.metadata.leader(partition)) {
      by_leader.try_emplace(leader->leader, Asked{.call = id, .partitions = {}})
          .first->second.partitions.push_back(partition);
    } else {
      env.metadata.request_update();
    }
  }
  for (const auto& [node, asked] : by_leader) {
    if (!env.pool.ready(node, now, env.out)) continue;
    api::ListOffsetsRequest request;
    for (const io::NamedPartition& partition : asked.partitions) {
      add_to(request, partition, env.metadata.leader(partition)->epoch, api::OffsetSpec::kLatest);
      call.asked.insert(partition);
    }
    in_flight_[env.pool.send(now, node, std::move(request), env.out)] = asked;
  }
}

void EndOffsetsFinder::complete(const Now& now, const Completion& completion,
                                const ConsumerEnvironment& env) {
  const auto found = in_flight_.find(completion.request);
  if (found == in_flight_.end()) return;
  const Asked asked = std::move(found->second);
  in_flight_.erase(found);
  const auto parked = calls_.find(asked.call);
  if (parked == calls_.end()) return;
  ParkedCall& call = parked->second;
  for (const io::NamedPartition& partition : asked.partitions) {
    call.asked.erase(partition);
    const api::ListOffsetsPartitionResponse answer = offset_answer(completion, partition);
    if (answer.error_code == api::ErrorCode::kNone && answer.offset) {
      call.found[partition] = *answer.offset;
    } else {
      call.not_before = now.monotonic + milliseconds(env.config.retry_backoff_ms);
      env.metadata.request_update();
    }
  }
}

void EndOffsetsFinder::consider_due(Earliest& earliest) const {
  for (const auto& [id, call] : calls_) {
    earliest.consider(call.deadline);
    if (call.not_before) earliest.consider(*call.not_before);
  }
}

}  // namespace odradek::client
