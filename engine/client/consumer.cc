#include "engine/client/consumer.h"

#include <algorithm>
#include <utility>

namespace odradek::client {
namespace {

/// ConsumerUtils.CONSUMER_MAX_INFLIGHT_REQUESTS_PER_CONNECTION
constexpr std::int32_t kMaxInFlight = 100;

io::CallResult failure(api::ErrorCode error) {
  return {.status = io::CallStatus::kFailed, .error = error, .value = {}};
}

}  // namespace

Consumer::Consumer(ConsumerSetup setup, Key key)
    : setup_(std::move(setup)),
      pool_({.purpose = io::Purpose::kClientData,
             .max_in_flight = kMaxInFlight,
             .request_timeout = milliseconds(setup_.config.request_timeout_ms),
             .connect_timeout = milliseconds(setup_.config.socket_connection_setup_timeout_ms),
             .connect_timeout_max = milliseconds(setup_.config.socket_connection_setup_timeout_max_ms)}),
      metadata_({.bootstrap = setup_.bootstrap,
                 .backoff = milliseconds(setup_.config.retry_backoff_ms),
                 .max_age = milliseconds(setup_.config.metadata_max_age_ms),
                 .key = key}) {}

void Consumer::step(const Now& now, const io::Input& input, io::Effects& out) {
  if (const auto* booted = std::get_if<io::Booted>(&input)) {
    *this = Consumer(std::move(setup_), booted->key);
    return;
  }
  if (const auto* call = std::get_if<io::ClientCall>(&input)) on_call(now, *call, out);
  metadata_.on(input);
  static_cast<void>(wake_.on(input));
  static_cast<void>(poll_timeout_.on(input));
  const Arrivals arrivals = pool_.step(now, input, out);
  if (arrivals.disconnected) metadata_.request_update();
  const ConsumerEnvironment env = environment(out);
  for (const Completion& completion : arrivals.completions) {
    if (metadata_.take(now, completion)) continue;
    positions_.complete(now, completion, env);
    end_offsets_.complete(now, completion, env);
    fetcher_.complete(now, completion, env);
  }
  run(now, out);
}

void Consumer::on_call(const Now& now, const io::ClientCall& call, io::Effects& out) {
  if (const auto* assigned = std::get_if<io::Assign>(&call.call)) {
    assign(call.id, *assigned, out);
  } else if (const auto* sought = std::get_if<io::Seek>(&call.call)) {
    seek(now, call.id, *sought, out);
  } else if (const auto* polled = std::get_if<io::Poll>(&call.call)) {
    poll(now, call.id, *polled, out);
  } else if (const auto* ends = std::get_if<io::EndOffsets>(&call.call)) {
    end_offsets_.begin(now, call.id, *ends, environment(out));
  } else {
    out.return_call(call.id, failure(api::ErrorCode::kInvalidRequest));
  }
}

void Consumer::assign(CallId id, const io::Assign& call, io::Effects& out) {
  for (const io::NamedPartition& partition : call.partitions) metadata_.want(partition.topic);
  for (const CallId seek : subscription_.assign(call.partitions)) {
    out.return_call(seek, failure(api::ErrorCode::kOperationNotAttempted));
  }
  out.return_call(id, {});
}

void Consumer::seek(const Now& now, CallId id, const io::Seek& call, io::Effects& out) {
  PartitionState* partition = subscription_.find(call.partition);
  if (partition == nullptr) return out.return_call(id, failure(api::ErrorCode::kInvalidRequest));
  if (partition->seek) out.return_call(partition->seek->id, {});  // overtaken by this one
  partition->seek.reset();
  if (const auto* offset = std::get_if<Offset>(&call.target.to)) {
    subscription_.set_position(*partition, {.offset = *offset, .offset_epoch = {}, .current_leader = {}});
    return out.return_call(id, {});
  }
  if (const auto* end = std::get_if<api::OffsetSpec>(&call.target.to)) {
    subscription_.await_reset(*partition, *end);
  } else {
    subscription_.await_reset(*partition, std::get<Timestamp>(call.target.to));
  }
  partition->seek = {.id = id,
                     .deadline = now.monotonic + milliseconds(setup_.config.default_api_timeout_ms)};
}

void Consumer::poll(const Now& now, CallId id, const io::Poll& call, io::Effects& out) {
  if (poll_ || subscription_.partitions().empty() || call.max_records < 1) {
    return out.return_call(id, failure(api::ErrorCode::kInvalidRequest));
  }
  poll_ = {
      .id = id, .max_records = call.max_records, .deadline = now.monotonic + milliseconds(call.timeout_ms)};
}

void Consumer::run(const Now& now, io::Effects& out) {
  const ConsumerEnvironment env = environment(out);
  const bool polling = poll_.has_value();
  expire_seeks(now, out);
  if (polling || has_seek()) positions_.run(now, env);
  if (polling) {
    try_return_poll(now, env);
    fetcher_.send_fetches(now, env);  // also when the poll returned: the next one finds records waiting
  }
  end_offsets_.run(now, env);
  announce_positions(out);
  metadata_.maybe_update(now, pool_, out);
  set_alarms(now, out);
}

void Consumer::try_return_poll(const Now& now, const ConsumerEnvironment& env) {
  const auto is_lost = [](const auto& entry) { return entry.second.state == FetchState::kInitializing; };
  if (std::ranges::any_of(subscription_.partitions(), is_lost)) {
    error_ = api::ErrorCode::kOffsetOutOfRange;  // NoOffsetForPartitionException
  }
  std::vector<io::ConsumerRecord> records;
  if (!error_) records = fetcher_.collect(poll_->max_records, env);
  if (!records.empty()) {
    env.out.return_call(poll_->id, {.value = io::Polled{.records = std::move(records)}});
  } else if (error_) {
    env.out.return_call(poll_->id, failure(*std::exchange(error_, std::nullopt)));
  } else if (poll_->deadline <= now.monotonic) {
    env.out.return_call(poll_->id, {.value = io::Polled{}});
  } else {
    return;
  }
  poll_.reset();
}

/// The lookup goes on, so that the position may still move: nobody can tell the caller that it did not.
void Consumer::expire_seeks(const Now& now, io::Effects& out) {
  for (auto& [name, partition] : subscription_.partitions()) {
    if (!partition.seek || partition.seek->deadline > now.monotonic) continue;
    out.return_call(
        partition.seek->id,
        {.status = io::CallStatus::kUnknown, .error = api::ErrorCode::kRequestTimedOut, .value = {}});
    partition.seek.reset();
  }
}

/// A seek may come before the topic's id is known.
void Consumer::announce_positions(io::Effects& out) {
  for (auto& [name, partition] : subscription_.partitions()) {
    if (partition.announced) continue;
    const TopicInfo* topic = metadata_.topic(name.topic);
    if (topic == nullptr || !topic->exists()) continue;
    out.emit(io::ResetPosition{.tp = {.topic_id = topic->id, .partition = name.partition},
                               .offset = partition.position.offset});
    partition.announced = true;
  }
}

bool Consumer::has_seek() const {
  return std::ranges::any_of(subscription_.partitions(),
                             [](const auto& entry) { return entry.second.seek.has_value(); });
}

void Consumer::set_alarms(const Now& now, io::Effects& out) {
  Earliest earliest(now);
  for (const auto& [name, partition] : subscription_.partitions()) {
    if (partition.seek) earliest.consider(partition.seek->deadline);
    if (partition.not_before && (poll_ || partition.seek)) earliest.consider(*partition.not_before);
  }
  end_offsets_.consider_due(earliest);
  wake_.set(now, earliest.time(), out);
  poll_timeout_.set(now, poll_ ? std::optional(poll_->deadline) : std::nullopt, out);
}

}  // namespace odradek::client
