#include "engine/client/sender.h"

#include <algorithm>
#include <utility>

namespace odradek::client {
namespace {

/// What the response says of a partition. A lost request, and an answer that leaves the partition out, count
/// as NETWORK_EXCEPTION.
api::PartitionProduceResponse answer_for(const Completion& completion, const Sender::InFlightBatch& sent) {
  const PartitionId index = sent.batch.partition.partition;
  const auto* response =
      completion.response ? std::get_if<api::ProduceResponse>(&*completion.response) : nullptr;
  if (response != nullptr) {
    for (const api::TopicProduceResponse& topic : response->responses) {
      if (topic.topic_id != sent.topic_id) continue;
      for (const api::PartitionProduceResponse& partition : topic.partition_responses) {
        if (partition.index == index) return partition;
      }
    }
  }
  return {.index = index, .error_code = api::ErrorCode::kNetworkException};
}

void add_to(api::ProduceRequest& request, TopicId topic_id, ProducerBatch& batch) {
  auto topic = std::ranges::find(request.topic_data, topic_id, &api::TopicProduceData::topic_id);
  if (topic == request.topic_data.end()) {
    topic = request.topic_data.insert(topic, {.topic_id = topic_id, .partition_data = {}});
  }
  topic->partition_data.push_back({.index = batch.partition.partition, .records = batch.close()});
}

}  // namespace

void Sender::complete(const Now& now, const Completion& completion, const Environment& env) {
  const auto found = in_flight_.find(completion.request);
  if (found == in_flight_.end()) return;
  std::vector<InFlightBatch> request = std::move(found->second);
  in_flight_.erase(found);
  for (InFlightBatch& sent : request) {
    env.accumulator.unmute(sent.batch.partition);
    if (sent.expired) {
      env.accumulator.release(sent.batch);
      continue;
    }
    const api::PartitionProduceResponse answer = answer_for(completion, sent);
    end_attempt(now, std::move(sent), answer, env);
  }
}

void Sender::end_attempt(const Now& now, InFlightBatch sent, const api::PartitionProduceResponse& answer,
                         const Environment& env) {
  ProducerBatch& batch = sent.batch;
  const api::ErrorInfo& error = api::info_of(answer.error_code);
  if (error.code == api::ErrorCode::kNone) {
    env.accumulator.release(batch);
    env.done.push_back({.batch = std::move(batch),
                        .topic_id = sent.topic_id,
                        .base_offset = answer.base_offset,
                        .log_append_time = answer.log_append_time});
    return;
  }
  if (error.code == api::ErrorCode::kMessageTooLarge && batch.calls->size() > 1) {
    auto [front, back] = split(batch);
    env.accumulator.requeue(std::move(back));
    env.accumulator.requeue(std::move(front));
    return;
  }
  batch.in_doubt |= !error.definite;
  if (error.refresh) env.metadata.request_update();
  const bool in_time = batch.created + milliseconds(config_.delivery_timeout_ms) > now.monotonic;
  if (error.retriable && in_time && batch.attempts < config_.retries) {
    ++batch.attempts;
    batch.not_before = now.monotonic + milliseconds(config_.retry_backoff_ms);
    env.accumulator.requeue(std::move(batch));
    return;
  }
  env.accumulator.release(batch);
  env.done.push_back(failed(std::move(batch), error.code));
}

void Sender::run(const Now& now, bool hurry, const Environment& env) {
  expire(now, env);
  for (const NodeId node : env.accumulator.ready_nodes(now, hurry, env.metadata)) {
    while (env.pool.ready(node, now, env.out)) {
      std::vector<ProducerBatch> batches =
          env.accumulator.drain(now, {.node = node, .hurry = hurry}, env.metadata);
      if (batches.empty()) break;
      send(now, node, std::move(batches), env);
    }
  }
}

void Sender::send(const Now& now, NodeId node, std::vector<ProducerBatch> batches, const Environment& env) {
  api::ProduceRequest request{.acks = config_.acks,
                              .timeout_ms = static_cast<std::int32_t>(config_.request_timeout_ms)};
  std::vector<InFlightBatch> sent;
  for (ProducerBatch& batch : batches) {
    if (batch.attempts > 0) sometimes(env.out, Probe::kProducerRetried);
    const TopicId topic_id = env.metadata.topic(batch.partition.topic)->id;
    add_to(request, topic_id, batch);
    sent.push_back({.topic_id = topic_id, .batch = std::move(batch)});
  }
  if (config_.acks != 0) {
    in_flight_[env.pool.send(now, node, std::move(request), env.out)] = std::move(sent);
    return;
  }
  env.pool.send_without_response(node, std::move(request), env.out);
  for (InFlightBatch& batch : sent) {
    env.accumulator.unmute(batch.batch.partition);
    end_attempt(now, std::move(batch), {}, env);
  }
}

void Sender::expire(const Now& now, const Environment& env) {
  const auto give_up = [&env](ProducerBatch batch) {
    sometimes(env.out, Probe::kProducerExpired);
    env.done.push_back(failed(std::move(batch), api::ErrorCode::kRequestTimedOut));
  };
  for (auto& [key, request] : in_flight_) {
    for (InFlightBatch& sent : request) {
      if (sent.expired || sent.batch.created + milliseconds(config_.delivery_timeout_ms) > now.monotonic)
        continue;
      sent.expired = true;
      sent.batch.in_doubt = true;
      give_up(sent.batch);
      sent.batch.calls = {};
    }
  }
  for (ProducerBatch& batch : env.accumulator.take_expired(now)) give_up(std::move(batch));
}

void Sender::collect_calls(std::vector<CallId>& calls) const {
  for (const auto& [key, request] : in_flight_) {
    for (const InFlightBatch& sent : request) {
      for (const PendingCall& pending : *sent.batch.calls) calls.push_back(pending.id);
    }
  }
}

void Sender::consider_due(Earliest& earliest) const {
  for (const auto& [key, request] : in_flight_) {
    for (const InFlightBatch& sent : request) {
      if (!sent.expired) earliest.consider(sent.batch.created + milliseconds(config_.delivery_timeout_ms));
    }
  }
}

}  // namespace odradek::client
