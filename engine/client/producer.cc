#include "engine/client/producer.h"

#include <algorithm>
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

/// The application's record; without a timestamp it bears the client's time.
wire::Record record_of(const io::SendRecord& send, const Now& now) {
  return {.key = send.key,
          .value = send.value,
          .headers = send.headers,
          .timestamp = send.timestamp.value_or(now.wall)};
}

}  // namespace

Producer::Producer(ProducerSetup setup, Key key)
    : setup_(std::move(setup)),
      pool_({.purpose = io::Purpose::kClientData,
             .max_in_flight = setup_.config.max_in_flight_requests_per_connection,
             .request_timeout = milliseconds(setup_.config.request_timeout_ms),
             .connect_timeout = milliseconds(setup_.config.socket_connection_setup_timeout_ms),
             .connect_timeout_max = milliseconds(setup_.config.socket_connection_setup_timeout_max_ms)}),
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
  } else if (std::holds_alternative<io::Flush>(call.call)) {
    flush(call.id, out);
  } else {
    out.return_call(call.id, failure(api::ErrorCode::kInvalidRequest));
  }
}

void Producer::send(const Now& now, CallId id, const io::SendRecord& call, io::Effects& out) {
  wire::Record record = record_of(call, now);
  const std::int64_t bytes = wire::kBatchOverhead + wire::record_size_upper_bound(record);
  if (bytes > setup_.config.max_request_size || bytes > setup_.config.buffer_memory) {
    out.return_call(id, failure(api::ErrorCode::kMessageTooLarge));
    return;
  }
  if (call.partition && *call.partition < PartitionId(0)) {
    out.return_call(id, failure(api::ErrorCode::kInvalidRequest));
    return;
  }
  metadata_.want(call.topic);
  parked_.push_back({.id = id,
                     .topic = call.topic,
                     .partition = call.partition,
                     .record = std::move(record),
                     .deadline = now.monotonic + milliseconds(setup_.config.max_block_ms)});
}

void Producer::flush(CallId id, io::Effects& out) {
  std::vector<CallId> sends;  // that have not returned
  for (const ParkedSend& parked : parked_) sends.push_back(parked.id);
  accumulator_.collect_calls(sends);
  sender_.collect_calls(sends);
  if (sends.empty()) return out.return_call(id, {});
  std::ranges::sort(sends);  // total order: a call is in one place
  flushes_.push_back({.id = id, .waits_for = std::move(sends)});
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
  const TopicInfo& topic = *metadata_.topic(parked.topic);
  if (topic.error == api::ErrorCode::kInvalidTopicException) {
    return_send(parked.id, failure(topic.error), out);
    return Admission::kDone;
  }
  const std::optional<PartitionId> partition = partition_for(parked, topic);
  if (!partition) {
    metadata_.request_update();
    return Admission::kWaitsForMetadata;
  }
  const io::NamedPartition name{.topic = parked.topic, .partition = *partition};
  if (!accumulator_.append(now, name, parked.id, parked.record)) return Admission::kWaitsForMemory;
  if (!parked.partition) {
    const auto bytes = static_cast<std::int32_t>(wire::record_size_upper_bound(parked.record));
    partitioner_.on_appended(parked.topic, parked.record.key, *partition, bytes);
  }
  return Admission::kDone;
}

/// Absent while the topic, or the partition that was asked for, is not in the metadata.
std::optional<PartitionId> Producer::partition_for(const ParkedSend& send, const TopicInfo& topic) const {
  if (!topic.exists() || topic.partitions.empty()) return std::nullopt;
  if (!send.partition) return partitioner_.choose(send.topic, send.record.key, partitions_of(topic));
  if (static_cast<std::size_t>(send.partition->value()) >= topic.partitions.size()) return std::nullopt;
  return send.partition;
}

void Producer::settle(const std::vector<BatchOutcome>& done, io::Effects& out) {
  for (const BatchOutcome& outcome : done) {
    std::int64_t place = 0;
    for (const PendingCall& pending : *outcome.batch.calls) {
      io::CallResult result{.status = outcome.status, .error = outcome.error, .value = {}};
      if (outcome.status == io::CallStatus::kOk) {
        std::optional<Offset> offset;
        if (outcome.base_offset) offset = *outcome.base_offset + place;
        result.value = io::Sent{.partition = outcome.batch.partition,
                                .topic_id = outcome.topic_id,
                                .offset = offset,
                                .timestamp = outcome.log_append_time.value_or(pending.timestamp)};
      }
      return_send(pending.id, std::move(result), out);
      ++place;
    }
  }
}

void Producer::return_send(CallId id, io::CallResult result, io::Effects& out) {
  out.return_call(id, std::move(result));
  for (ParkedFlush& flush : flushes_) std::erase(flush.waits_for, id);
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
