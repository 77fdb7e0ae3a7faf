#include "engine/client/producer.h"

#include <utility>

namespace odradek::client {
namespace {

io::CallResult failure(api::ErrorCode error) {
  return {.status = io::CallStatus::kFailed, .error = error, .value = {}};
}

assign::TopicPartitions partitions_of(const TopicInfo& topic) {
  assign::TopicPartitions partitions{.count = static_cast<std::int32_t>(topic.partitions.size()),
                                     .available = {}};
  for (std::int32_t i = 0; i < partitions.count; ++i) {
    if (topic.partitions[static_cast<std::size_t>(i)].leader) partitions.available.push_back(PartitionId(i));
  }
  return partitions;
}

wire::Record record_of(const io::SendRecord& send) {
  return {.key = send.key, .value = send.value, .headers = send.headers, .timestamp = *send.timestamp};
}

}  // namespace

Producer::Producer(ProducerSetup setup, Key key)
    : setup_(std::move(setup)),
      pool_({.purpose = io::Purpose::kClientData,
             .max_in_flight = setup_.config.max_in_flight_requests_per_connection,
             .request_timeout = milliseconds(setup_.config.request_timeout_ms)}),
      metadata_({.bootstrap = setup_.bootstrap,
                 .backoff = milliseconds(setup_.config.retry_backoff_ms),
                 .max_age = milliseconds(setup_.config.metadata_max_age_ms),
                 .key = key}),
      partitioner_(
          {.kind = setup_.config.partitioner_class, .sticky_bytes = setup_.config.batch_size, .key = key}),
      accumulator_(setup_.config),
      sender_(setup_.config) {}

void Producer::step(const Now& now, const io::Input& input, io::Effects& out) {
  if (const auto* booted = std::get_if<io::Booted>(&input)) {
    *this = Producer(std::move(setup_), booted->key);
    return;
  }
  if (const auto* call = std::get_if<io::ClientCall>(&input)) on_call(now, *call, out);
  metadata_.on(input);
  static_cast<void>(alarm_.on(input));
  const Arrivals arrivals = pool_.step(now, input, out);
  if (arrivals.disconnected) metadata_.request_update();
  std::vector<BatchOutcome> done;
  for (const Completion& completion : arrivals.completions) {
    if (!metadata_.take(now, completion)) sender_.complete(now, completion, environment(done, out));
  }
  run(now, std::move(done), out);
}

void Producer::on_call(const Now& now, const io::ClientCall& call, io::Effects& out) {
  if (const auto* record = std::get_if<io::SendRecord>(&call.call)) {
    send(now, call.id, *record, out);
  } else if (!std::holds_alternative<io::Flush>(call.call)) {
    out.return_call(call.id, failure(api::ErrorCode::kInvalidRequest));
  } else if (outstanding_.empty()) {
    out.return_call(call.id, {});
  } else {
    flushes_.push_back({.id = call.id, .waits_for = outstanding_});
  }
}

void Producer::send(const Now& now, CallId id, io::SendRecord record, io::Effects& out) {
  if (!record.timestamp) record.timestamp = now.wall;
  const std::int64_t bytes = wire::kBatchOverhead + wire::record_size_upper_bound(record_of(record));
  if (bytes > setup_.config.max_request_size || bytes > setup_.config.buffer_memory) {
    out.return_call(id, failure(api::ErrorCode::kMessageTooLarge));
    return;
  }
  if (record.partition && *record.partition < PartitionId(0)) {
    out.return_call(id, failure(api::ErrorCode::kInvalidRequest));
    return;
  }
  metadata_.want(record.topic);
  outstanding_.insert(id);
  parked_.push_back({.id = id,
                     .send = std::move(record),
                     .deadline = now.monotonic + milliseconds(setup_.config.max_block_ms)});
}

void Producer::run(const Now& now, std::vector<BatchOutcome> done, io::Effects& out) {
  do {  // a batch that ended frees memory for a send that waits
    settle(done, out);
    done.clear();
    const bool exhausted = admit_parked(now, out);
    sender_.run(now, exhausted || !flushes_.empty(), environment(done, out));
  } while (!done.empty());
  metadata_.maybe_update(now, pool_, out);
  set_alarm(now, out);
}

/// Returns true when some send lacks memory. Sends behind it wait too, or they would overtake it.
bool Producer::admit_parked(const Now& now, io::Effects& out) {
  bool exhausted = false;
  std::vector<ParkedSend> waiting = std::exchange(parked_, {});
  for (ParkedSend& parked : waiting) {
    if (parked.deadline <= now.monotonic) {
      return_send(parked.id, failure(api::ErrorCode::kRequestTimedOut), out);
      continue;
    }
    const Admission admission = exhausted ? Admission::kWaitsForMemory : admit(now, parked, out);
    if (admission == Admission::kDone) continue;
    if (admission == Admission::kWaitsForMemory) {
      if (!parked.lacks_memory) sometimes(out, Probe::kProducerBufferFull);
      parked.lacks_memory = true;
      exhausted = true;
    }
    parked_.push_back(std::move(parked));
  }
  return exhausted;
}

Producer::Admission Producer::admit(const Now& now, ParkedSend& parked, io::Effects& out) {
  const io::SendRecord& send = parked.send;
  const TopicInfo& topic = *metadata_.topic(send.topic);
  if (topic.error == api::ErrorCode::kInvalidTopicException) {
    return_send(parked.id, failure(topic.error), out);
    return Admission::kDone;
  }
  const std::optional<PartitionId> partition = partition_for(send, topic);
  if (!partition) {
    metadata_.request_update();
    return Admission::kWaitsForMetadata;
  }
  PendingRecord pending{.call = parked.id, .record = record_of(send)};
  const auto bytes = static_cast<std::int32_t>(wire::record_size_upper_bound(pending.record));
  if (!accumulator_.append(now, {.topic = send.topic, .partition = *partition}, std::move(pending))) {
    return Admission::kWaitsForMemory;
  }
  if (!send.partition) partitioner_.on_appended(send.topic, send.key, *partition, bytes);
  return Admission::kDone;
}

/// Absent while the topic, or the partition that was asked for, is not in the metadata.
std::optional<PartitionId> Producer::partition_for(const io::SendRecord& record,
                                                   const TopicInfo& topic) const {
  if (!topic.exists() || topic.partitions.empty()) return std::nullopt;
  if (!record.partition) return partitioner_.choose(record.topic, record.key, partitions_of(topic));
  if (static_cast<std::size_t>(record.partition->value()) >= topic.partitions.size()) return std::nullopt;
  return record.partition;
}

void Producer::settle(const std::vector<BatchOutcome>& done, io::Effects& out) {
  for (const BatchOutcome& outcome : done) {
    std::int64_t place = 0;
    for (const PendingRecord& pending : outcome.batch.records) {
      io::CallResult result{.status = outcome.status, .error = outcome.error, .value = {}};
      if (outcome.status == io::CallStatus::kOk) {
        std::optional<Offset> offset;
        if (outcome.base_offset) offset = *outcome.base_offset + place;
        result.value = io::Sent{.partition = outcome.batch.partition,
                                .offset = offset,
                                .timestamp = outcome.log_append_time.value_or(pending.record.timestamp)};
      }
      return_send(pending.call, std::move(result), out);
      ++place;
    }
  }
}

void Producer::return_send(CallId id, io::CallResult result, io::Effects& out) {
  out.return_call(id, std::move(result));
  outstanding_.erase(id);
  for (ParkedFlush& flush : flushes_) flush.waits_for.erase(id);
  std::erase_if(flushes_, [&out](const ParkedFlush& flush) {
    if (flush.waits_for.empty()) out.return_call(flush.id, {});
    return flush.waits_for.empty();
  });
}

void Producer::set_alarm(const Now& now, io::Effects& out) {
  Earliest earliest(now);
  for (const ParkedSend& parked : parked_) earliest.consider(parked.deadline);
  accumulator_.consider_due(earliest);
  sender_.consider_due(earliest);
  alarm_.set(now, earliest.time(), out);
}

}  // namespace odradek::client
