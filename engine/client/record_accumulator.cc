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

}  // namespace

std::pair<ProducerBatch, ProducerBatch> split(ProducerBatch batch) {
  ENSURE(batch.records.size() > 1, "a batch of {} records cannot be split", batch.records.size());
  ProducerBatch front = batch;
  ProducerBatch back = batch;
  front.bytes = back.bytes = wire::kBatchOverhead;
  front.closed = back.closed = true;
  front.not_before.reset();
  back.not_before.reset();
  front.records.clear();
  back.records.clear();
  back.memory = 0;
  for (PendingRecord& pending : batch.records) {
    const bool to_front = front.records.empty() || front.bytes < batch.bytes / 2;
    (to_front ? front : back).add(std::move(pending));
  }
  if (back.records.empty()) {  // the last record alone is larger than all before it
    back.add(std::move(front.records.back()));
    front.records.pop_back();
    std::vector<PendingRecord> kept = std::exchange(front.records, {});
    front.bytes = wire::kBatchOverhead;
    for (PendingRecord& pending : kept) front.add(std::move(pending));
  }
  return {std::move(front), std::move(back)};
}

bool RecordAccumulator::append(const Now& now, const io::NamedPartition& partition, PendingRecord pending) {
  std::deque<ProducerBatch>& batches = queues_[partition].batches;
  if (!batches.empty() && !batches.back().closed &&
      batches.back().size_with(pending.record) <= config_.batch_size) {
    batches.back().add(std::move(pending));
    return true;
  }
  const std::int64_t record_bytes = wire::kBatchOverhead + wire::record_size_upper_bound(pending.record);
  const std::int64_t memory = std::max<std::int64_t>(config_.batch_size, record_bytes);
  if (memory_used_ + memory > config_.buffer_memory) return false;
  memory_used_ += memory;
  ProducerBatch batch{.partition = partition, .memory = memory, .created = now.monotonic};
  batch.add(std::move(pending));
  batches.push_back(std::move(batch));
  return true;
}

bool RecordAccumulator::is_ready(const Now& now, bool hurry, ClientMetadata& metadata) const {
  bool ready = false;
  for (const auto& [partition, queue] : queues_) {
    if (queue.batches.empty() || queue.muted) continue;
    if (!metadata.leader(partition)) metadata.request_update();
    ready |= is_sendable(now, queue, hurry);
  }
  return ready;
}

std::map<NodeId, std::vector<io::NamedPartition>> RecordAccumulator::by_leader(
    const ClientMetadata& metadata) const {
  std::map<NodeId, std::vector<io::NamedPartition>> nodes;
  for (const auto& [partition, queue] : queues_) {
    if (queue.batches.empty() || queue.muted) continue;
    if (const auto known = metadata.leader(partition)) nodes[known->leader].push_back(partition);
  }
  return nodes;
}

bool RecordAccumulator::is_sendable(const Now& now, const Queue& queue, bool hurry) const {
  if (!is_free(now, queue)) return false;
  const ProducerBatch& first = queue.batches.front();
  return hurry || first.closed || queue.batches.size() > 1 || first.bytes >= config_.batch_size ||
         first.created + milliseconds(config_.linger_ms) <= now.monotonic;
}

std::vector<ProducerBatch> RecordAccumulator::drain(const Now& now, const DrainRequest& request) {
  const auto sendable = [&](const io::NamedPartition& p) {
    return is_sendable(now, queues_.at(p), request.hurry);
  };
  if (std::ranges::none_of(request.partitions, sendable)) return {};
  std::vector<io::NamedPartition> turn = request.partitions;
  if (const auto last = drained_last_.find(request.node); last != drained_last_.end()) {
    std::ranges::rotate(turn, std::ranges::upper_bound(turn, last->second));
  }
  std::vector<ProducerBatch> drained;
  std::int64_t bytes = 0;
  for (const io::NamedPartition& partition : turn) {
    Queue& queue = queues_.at(partition);
    if (!is_free(now, queue)) continue;
    ProducerBatch& first = queue.batches.front();
    if (!drained.empty() && bytes + first.bytes > config_.max_request_size) break;
    bytes += first.bytes;
    first.closed = true;
    drained.push_back(std::move(first));
    queue.batches.pop_front();
    queue.muted = config_.max_in_flight_requests_per_connection == 1;
    drained_last_[request.node] = partition;
  }
  return drained;
}

void RecordAccumulator::unmute(const io::NamedPartition& partition) { queues_.at(partition).muted = false; }

void RecordAccumulator::requeue(ProducerBatch batch) {
  std::deque<ProducerBatch>& batches = queues_.at(batch.partition).batches;
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
  return expired;
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
