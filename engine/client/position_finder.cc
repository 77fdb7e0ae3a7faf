#include "engine/client/position_finder.h"

#include <utility>

namespace odradek::client {
namespace {

void retry_later(const Now& now, PartitionState& partition, const ConsumerEnvironment& env) {
  partition.not_before = now.monotonic + milliseconds(env.config.retry_backoff_ms);
  env.metadata.request_update();
}

}  // namespace

void PositionFinder::run(const Now& now, const ConsumerEnvironment& env) {
  for (auto& [name, partition] : env.subscription.partitions()) {
    if (partition.state == FetchState::kInitializing) initialise(partition, env);
    if (const auto leader = env.metadata.leader(name)) SubscriptionState::follow_leader(partition, *leader);
  }
  send_resets(now, env);
  send_validations(now, env);
}

/// Without a group there is no committed offset: the policy decides. With none the partition waits for a
/// seek.
void PositionFinder::initialise(PartitionState& partition, const ConsumerEnvironment& env) const {
  if (const auto target = reset_target(env.config.auto_offset_reset))
    env.subscription.await_reset(partition, *target);
}

/// Partitions in `state` that may be asked about now, by leader.
PositionFinder::Batch PositionFinder::due(const Now& now, FetchState state,
                                          const ConsumerEnvironment& env) const {
  Batch batch;
  for (auto& [name, partition] : env.subscription.partitions()) {
    if (partition.state != state || !partition.may_ask(now)) continue;
    if (const auto leader = env.metadata.leader(name)) {
      batch[leader->leader].push_back(
          {.partition = name, .version = partition.version, .position = partition.position});
    } else {
      env.metadata.request_update();
    }
  }
  std::erase_if(batch, [&](const auto& entry) { return !env.pool.ready(entry.first, now, env.out); });
  for (const auto& [node, questions] : batch) {
    for (const Asked& asked : questions) env.subscription.find(asked.partition)->asked = true;
  }
  return batch;
}

void PositionFinder::send_resets(const Now& now, const ConsumerEnvironment& env) {
  for (auto& [node, questions] : due(now, FetchState::kAwaitReset, env)) {
    api::ListOffsetsRequest request;
    for (const Asked& asked : questions) {
      add_to(request, asked.partition, env.metadata.leader(asked.partition)->epoch,
             env.subscription.find(asked.partition)->reset_to);
    }
    in_flight_[env.pool.send(now, node, std::move(request), env.out)] = questions;
  }
}

void PositionFinder::send_validations(const Now& now, const ConsumerEnvironment& env) {
  for (auto& [node, questions] : due(now, FetchState::kAwaitValidation, env)) {
    api::OffsetForLeaderEpochRequest request;
    for (const Asked& asked : questions) {
      add_to(request, asked.partition, asked.position.current_leader->epoch, *asked.position.offset_epoch);
    }
    in_flight_[env.pool.send(now, node, std::move(request), env.out)] = questions;
  }
}

void PositionFinder::complete(const Now& now, const Completion& completion, const ConsumerEnvironment& env) {
  const auto found = in_flight_.find(completion.request);
  if (found == in_flight_.end()) return;
  const std::vector<Asked> questions = std::move(found->second);
  in_flight_.erase(found);
  for (const Asked& asked : questions) {
    PartitionState* partition = env.subscription.find(asked.partition);
    if (partition == nullptr || partition->version != asked.version) continue;
    if (partition->state == FetchState::kAwaitReset) {
      partition->asked = false;
      const auto answer = offset_answer(completion, asked.partition);
      on_reset(now, *partition, answer, env);
    } else if (partition->state == FetchState::kAwaitValidation && partition->position == asked.position) {
      partition->asked = false;
      const auto answer = epoch_answer(completion, asked.partition);
      on_validation(now, *partition, answer, env);
    }
    if (partition->state != FetchState::kAwaitReset && partition->seek) {
      env.out.return_call(partition->seek->id, {});
      partition->seek.reset();
    }
    const auto leader = env.metadata.leader(asked.partition);
    if (leader) SubscriptionState::follow_leader(*partition, *leader);
  }
}

void PositionFinder::on_reset(const Now& now, PartitionState& partition,
                              const api::ListOffsetsPartitionResponse& answer,
                              const ConsumerEnvironment& env) {
  if (answer.error_code != api::ErrorCode::kNone) return retry_later(now, partition, env);
  if (answer.offset) {
    env.subscription.set_position(partition, {.offset = *answer.offset, .offset_epoch = answer.leader_epoch});
  } else {
    env.subscription.await_reset(partition,
                                 api::OffsetSpec::kLatest);  // no record is as young as the timestamp
  }
}

void PositionFinder::on_validation(const Now& now, PartitionState& partition,
                                   const api::OffsetForLeaderPartitionResponse& answer,
                                   const ConsumerEnvironment& env) {
  if (answer.error_code != api::ErrorCode::kNone) return retry_later(now, partition, env);
  const bool defined = answer.leader_epoch && answer.end_offset;
  if (!defined || *answer.end_offset < partition.position.offset)
    return on_truncation(now, partition, answer, env);
  partition.state = FetchState::kFetching;
}

/// The log was cut below the position. Without a policy the application must decide: LogTruncationException.
void PositionFinder::on_truncation(const Now& now, PartitionState& partition,
                                   const api::OffsetForLeaderPartitionResponse& answer,
                                   const ConsumerEnvironment& env) {
  sometimes(env.out, Probe::kConsumerTruncated);
  const auto target = reset_target(env.config.auto_offset_reset);
  if (!target) {
    env.error = api::ErrorCode::kOffsetOutOfRange;
    return retry_later(now, partition, env);
  }
  if (!answer.leader_epoch || !answer.end_offset) return env.subscription.await_reset(partition, *target);
  FetchPosition position = partition.position;
  position.offset = *answer.end_offset;
  position.offset_epoch = answer.leader_epoch;
  env.subscription.set_position(partition, position);
  partition.state = FetchState::kFetching;  // this answer has just validated it
}

}  // namespace odradek::client
