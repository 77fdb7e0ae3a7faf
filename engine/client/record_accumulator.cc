#include "engine/client/record_accumulator.h"

#include <algorithm>
#include <utility>

#include "engine/base/ensure.h"

namespace odradek::client {
namespace {

/// The first batch of a queue may be taken, as far as its partition is concerned.
bool is_free(const Now& now, const RecordAccumulator::Queue& queue) {
  if (queue.muted || queue.batches.empty()) return false;
  const ProducerBatch& first = queue.batches.front();
  return !first.not_before || *first.not_before <= now.monotonic;
}

/// Nothing is known of its partition that would have to be kept.
bool is_done(const RecordAccumulator::Queue& queue) { return queue.batches.empty() && !queue.muted; }

}  // namespace

std::pair<ProducerBatch, ProducerBatch> split(const ProducerBatch& batch) {
  const auto records = wire::decode_batch(batch.closed);
  ENSURE(records && records->size() > 1 && records->size() == batch.calls->size(),
         "a batch of {} calls cannot be split", batch.calls->size());
  ProducerBatch front{.partition = batch.partition,
                      .memory = batch.memory,
                      .created = batch.created,
                      .attempts = batch.attempts,
                      .in_doubt = batch.in_doubt};
  ProducerBatch back = front;
  back.memory = 0;
  for (std::size_t i = 0; i < records->size(); ++i) {
    const bool is_last = i + 1 == records->size();
    const bool to_front = i == 0 || (!is_last && front.bytes() < batch.bytes() / 2);
    (to_front ? front : back).add((*batch.calls)[i].id, (*records)[i].record);
  }
  front.close();
  back.close();
  return {std::move(front), std::move(back)};
}

bool RecordAccumulator::append(const Now& now, const io::NamedPartition& partition, CallId call,
                               const wire::Record& record) {
  std::deque<ProducerBatch>& batches = queues_[partition].batches;
  if (!batches.empty() && has_room(batches.back(), record)) {
    batches.back().add(call, record);
    return true;
  }
  const std::int64_t record_bytes = wire::kBatchOverhead + wire::record_size_upper_bound(record);
  const std::int64_t memory = std::max<std::int64_t>(config_.batch_size, record_bytes);
  if (memory_used_ + memory > config_.buffer_memory) return false;
  memory_used_ += memory;
  if (!batches.empty()) batches.back().close();
  batches.push_back({.partition = partition, .memory = memory, .created = now.monotonic});
  batches.back().add(call, record);
  return true;
}

std::vector<NodeId> RecordAccumulator::ready_nodes(const Now& now, bool hurry,
                                                   ClientMetadata& metadata) const {
  std::vector<NodeId> nodes;
  for (const auto& [partition, queue] : queues_) {
    if (queue.batches.empty() || queue.muted) continue;
    const auto known = metadata.leader(partition);
    if (!known) metadata.request_update();
    if (known && is_sendable(now, queue, hurry)) nodes.push_back(known->leader);
  }
  std::ranges::sort(nodes);  // total order: equal ids are one node
  const auto repeated = std::ranges::unique(nodes);
  nodes.erase(repeated.begin(), repeated.end());
  return nodes;
}

bool RecordAccumulator::is_sendable(const Now& now, const Queue& queue, bool hurry) const {
  if (!is_free(now, queue)) return false;
  const ProducerBatch& first = queue.batches.front();
  return hurry || first.is_closed() || queue.batches.size() > 1 || first.bytes() >= config_.batch_size ||
         first.created + milliseconds(config_.linger_ms) <= now.monotonic;
}

std::vector<ProducerBatch> RecordAccumulator::drain(const Now& now, const DrainRequest& request,
                                                    const ClientMetadata& metadata) {
  std::vector<decltype(queues_)::iterator> turn;
  bool ready = false;
  for (auto entry = queues_.begin(); entry != queues_.end(); ++entry) {
    if (!is_free(now, entry->second)) continue;
    const auto known = metadata.leader(entry->first);
    if (!known || known->leader != request.node) continue;
    turn.push_back(entry);
    ready |= is_sendable(now, entry->second, request.hurry);
  }
  if (!ready) return {};
  if (const auto last = drained_last_.find(request.node); last != drained_last_.end()) {
    const auto name = [](auto entry) -> const io::NamedPartition& { return entry->first; };
    std::ranges::rotate(turn, std::ranges::upper_bound(turn, last->second, {}, name));
  }
  std::vector<ProducerBatch> drained;
  std::int64_t bytes = 0;
  for (const auto& entry : turn) {
    auto& [partition, queue] = *entry;
    ProducerBatch& first = queue.batches.front();
    if (!drained.empty() && bytes + first.bytes() > config_.max_request_size) break;
    bytes += first.bytes();
    first.close();
    drained.push_back(std::move(first));
    queue.batches.pop_front();
    queue.muted = config_.max_in_flight_requests_per_connection == 1;
    drained_last_[request.node] = partition;
    if (is_done(queue)) queues_.erase(entry);
  }
  return drained;
}

void RecordAccumulator::unmute(const io::NamedPartition& partition) {
  const auto found = queues_.find(partition);
  if (found == queues_.end()) return;
  found->second.muted = false;
  if (is_done(found->second)) queues_.erase(found);
}

void RecordAccumulator::requeue(ProducerBatch batch) {
  std::deque<ProducerBatch>& batches = queues_[batch.partition].batches;
  batches.push_front(std::move(batch));
}

void RecordAccumulator::release(const ProducerBatch& batch) {
  memory_used_ -= batch.memory;
  ENSURE(memory_used_ >= 0, "{} bytes of buffer.memory in use", memory_used_);
}

std::vector<ProducerBatch> RecordAccumulator::take_expired(const Now& now) {
  std::vector<ProducerBatch> expired;
  for (auto& [partition, queue] : queues_) {
    while (!queue.batches.empty() &&
           queue.batches.front().created + milliseconds(config_.delivery_timeout_ms) <= now.monotonic) {
      release(queue.batches.front());
      expired.push_back(std::move(queue.batches.front()));
      queue.batches.pop_front();
    }
  }
  std::erase_if(queues_, [](const auto& entry) { return is_done(entry.second); });
  return expired;
}

void RecordAccumulator::collect_calls(std::vector<CallId>& calls) const {
  for (const auto& [partition, queue] : queues_) {
    for (const ProducerBatch& batch : queue.batches) {
      for (const PendingCall& pending : *batch.calls) calls.push_back(pending.id);
    }
  }
}

void RecordAccumulator::consider_due(Earliest& earliest) const {
  for (const auto& [partition, queue] : queues_) {
    if (queue.batches.empty()) continue;
    const ProducerBatch& first = queue.batches.front();
    earliest.consider(first.created + milliseconds(config_.delivery_timeout_ms));
    if (queue.muted) continue;
    earliest.consider(first.created + milliseconds(config_.linger_ms));
    if (first.not_before) earliest.consider(*first.not_before);
  }
}

}  // namespace odradek::client
