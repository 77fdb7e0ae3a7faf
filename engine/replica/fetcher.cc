#include "engine/replica/fetcher.h"

#include <algorithm>
#include <utility>

#include "engine/base/ensure.h"
#include "engine/wire/record_batch.h"

namespace odradek::replica {
namespace {

io::ChannelConfig channel_config(const ReplicaConfig& self) {
  return {.purpose = io::Purpose::kFollowerFetch,
          .request_timeout = milliseconds(self.broker_config.replica_socket_timeout_ms)};
}

}  // namespace

Fetcher::Fetcher(BrokerId leader, const ReplicaConfig& self)
    : leader_(leader), channel_(static_cast<std::uint64_t>(leader.value()), leader, channel_config(self)) {}

void Fetcher::add(const Partition& partition) {
  const auto known = states_.find(partition.tp());
  if (known != states_.end() && known->second.current_leader_epoch == partition.leader_epoch()) return;
  PartitionFetchState state{.fetch_offset = partition.high_watermark(),
                            .current_leader_epoch = partition.leader_epoch()};
  // Without any epoch the end of the log proves nothing: start where every replica agrees.
  if (partition.log().latest_epoch()) resume_at_log_end(state, partition);
  states_[partition.tp()] = state;
  moved_.insert(partition.tp());
}

void Fetcher::remove(const TopicPartition& tp) {
  if (states_.erase(tp) > 0) moved_.insert(tp);
}

void Fetcher::resume_at_log_end(PartitionFetchState& state, const Partition& partition) {
  state.fetch_offset = partition.log().log_end_offset();
  state.last_fetched_epoch = partition.log().latest_epoch();
}

bool Fetcher::is_ready(const PartitionFetchState& state, const Partition& partition, MonotonicTime now) {
  const bool is_delayed = state.delayed_until && *state.delayed_until > now;
  return !is_delayed && !partition.is_cutting();
}

void Fetcher::maybe_send(const Partitions& partitions, std::optional<BrokerEpoch> broker_epoch,
                         const ReplicaConfig& self, const Context& ctx) {
  if (states_.empty() || !channel_.is_idle()) return;
  if (!channel_.can_send()) return channel_.connect(ctx.now, ctx.out);
  if (ask_for_log_ends(partitions, self, ctx)) return;
  api::FetchRequest request{
      .replica_state = api::ReplicaState{.replica_id = self.broker, .replica_epoch = broker_epoch},
      .max_wait_ms = self.broker_config.replica_fetch_wait_max_ms,
      .min_bytes = self.broker_config.replica_fetch_min_bytes,
      .max_bytes = self.broker_config.replica_fetch_response_max_bytes};
  if (session_.names_all()) {
    for (const auto& [tp, state] : states_) moved_.insert(tp);
  }
  session_.begin(request);
  std::erase_if(moved_, [&](const TopicPartition& tp) {
    const auto state = states_.find(tp);
    if (state == states_.end()) {
      session_.forget(tp, request);
      return true;
    }
    const Partition& partition = partitions.at(tp);
    if (!is_ready(state->second, partition, ctx.now.monotonic)) {
      session_.forget(tp, request);
      return false;
    }
    session_.want(tp,
                  {.partition = tp.partition,
                   .current_leader_epoch = state->second.current_leader_epoch,
                   .fetch_offset = state->second.fetch_offset,
                   .last_fetched_epoch = state->second.last_fetched_epoch,
                   .log_start_offset = partition.log().log_start_offset(),
                   .partition_max_bytes = self.broker_config.replica_fetch_max_bytes},
                  request);
    return true;
  });
  if (!session_.wanted().empty() || !request.forgotten_topics.empty())
    channel_.send(ctx.now, std::move(request), ctx.out);
}

bool Fetcher::ask_for_log_ends(const Partitions& partitions, const ReplicaConfig& self, const Context& ctx) {
  api::ListOffsetsRequest request{.replica_id = self.broker, .isolation_level = {}, .topics = {}};
  asked_ends_.clear();
  for (const TopicPartition& tp : moved_) {
    const auto found = states_.find(tp);
    if (found == states_.end() || !found->second.out_of_range) continue;
    const Partition& partition = partitions.at(tp);
    const PartitionFetchState& state = found->second;
    if (!is_ready(state, partition, ctx.now.monotonic)) continue;
    api::ListOffsetsTopic topic{.name = partition.topic(), .partitions = {}};
    for (const api::OffsetSpec end : {api::OffsetSpec::kLatest, api::OffsetSpec::kEarliest}) {
      topic.partitions.push_back({.partition_index = tp.partition,
                                  .current_leader_epoch = state.current_leader_epoch,
                                  .timestamp = end});
    }
    request.topics.push_back(std::move(topic));
    asked_ends_.emplace(tp, state);
  }
  if (asked_ends_.empty()) return false;
  channel_.send(ctx.now, std::move(request), ctx.out);
  return true;
}

/// What was in flight was either a question for log ends or a fetch, of which the session is in doubt.
void Fetcher::on_request_lost() {
  if (asked_ends_.empty()) session_.on_lost();
  asked_ends_.clear();
}

void Fetcher::on_lost(const io::Link& link, const Context& ctx) {
  if (!channel_.on_lost(link, ctx.out).empty()) on_request_lost();
}

void Fetcher::on_channel_timeout(const Context& ctx) {
  if (!channel_.on_timeout(ctx.now, ctx.out).empty()) on_request_lost();
}

void Fetcher::on_response(const io::ResponseReceived& received, Partitions& partitions,
                          const ReplicaConfig& self, const Context& ctx, std::set<TopicPartition>& changed) {
  if (!channel_.on_response(received.link, received.correlation, ctx.now, ctx.out)) return;
  if (const auto* ends = std::get_if<api::ListOffsetsResponse>(&received.response)) {
    apply_log_ends(*ends, partitions, self, ctx, changed);
  } else {
    const auto& fetched = std::get<api::FetchResponse>(received.response);
    if (!session_.on_response(fetched)) return;
    for (const api::FetchableTopicResponse& topic : fetched.responses) {
      for (const api::FetchPartitionData& data : topic.partitions) {
        const TopicPartition tp{.topic_id = topic.topic_id, .partition = data.partition_index};
        if (const auto partition = partitions.find(tp); partition != partitions.end()) {
          apply(tp, data, partition->second, self, ctx, changed);
        }
      }
    }
  }
}

/// Whether the answer is about the place where the partition stands. Otherwise it was removed, added again or
/// truncated while the request was under way: the answer is about another place, or of another epoch. An
/// answer from before this broker led in between would put an old epoch's records behind its own epoch.
bool Fetcher::stands_as_asked(const TopicPartition& tp, const PartitionFetchState& state) const {
  const api::FetchPartition* asked = session_.wanted(tp);
  return asked != nullptr && asked->fetch_offset == state.fetch_offset &&
         asked->current_leader_epoch == state.current_leader_epoch;
}

void Fetcher::apply(const TopicPartition& tp, const api::FetchPartitionData& data, Partition& partition,
                    const ReplicaConfig& self, const Context& ctx, std::set<TopicPartition>& changed) {
  const auto found = states_.find(tp);
  if (found == states_.end()) return;
  PartitionFetchState& state = found->second;
  if (!stands_as_asked(tp, state) || !is_ready(state, partition, ctx.now.monotonic)) return;
  moved_.insert(tp);
  using enum api::ErrorCode;
  switch (data.error_code) {
    case kNone: break;
    case kOffsetOutOfRange:
      sometimes(ctx.out, Probe::kFetchOutOfRange);
      state.out_of_range = true;
      return;
    case kFencedLeaderEpoch:
      sometimes(ctx.out, Probe::kFetchFenced);
      states_.erase(
          found);  // the leader knows a newer epoch: nothing to fetch until metadata tells of it here too
      return;
    default: return delay(state, self, ctx);
  }
  if (data.diverging_epoch) {
    if (!partition.truncate_to_divergence(*data.diverging_epoch, ctx)) return delay(state, self, ctx);
    resume_at_log_end(state, partition);
  } else {
    apply_records(state, data, partition, self, ctx);
  }
  changed.insert(tp);
}

void Fetcher::apply_records(PartitionFetchState& state, const api::FetchPartitionData& data,
                            Partition& partition, const ReplicaConfig& self, const Context& ctx) {
  if (state.fetch_offset != partition.log().log_end_offset()) {
    // No epoch was known, so fetching starts at the high watermark: what lies beyond is not proven to be
    // common. Once it is cut off the same is fetched again.
    if (!partition.truncate_to(state.fetch_offset, ctx)) delay(state, self, ctx);
    return;
  }
  std::vector<Bytes> batches;
  Offset next = partition.log().log_end_offset();
  for (const Bytes& batch : data.records) {
    // The leader has looked at the records; checksum and offsets are what a follower looks at. The checksum
    // does not cover the base offset (UnifiedLog.analyzeAndValidateRecords, OffsetsOutOfOrderException).
    const auto header = wire::check_batch_crc(batch.span());
    if (!header || header->base_offset != next) return delay(state, self, ctx);
    next = header->next_offset();
    // A slow answer may carry bytes that were appended under a later epoch than the one asked for
    // (KAFKA-18723).
    if (header->partition_leader_epoch > state.current_leader_epoch) break;
    batches.push_back(batch);
  }
  if (!partition.append_as_follower(batches, data.high_watermark, ctx)) return delay(state, self, ctx);
  resume_at_log_end(state, partition);
}

void Fetcher::apply_log_ends(const api::ListOffsetsResponse& response, Partitions& partitions,
                             const ReplicaConfig& self, const Context& ctx,
                             std::set<TopicPartition>& changed) {
  for (const auto& [tp, asked] : std::exchange(asked_ends_, {})) {
    const auto found = states_.find(tp);
    if (found == states_.end() || found->second != asked) continue;
    Partition& partition = partitions.at(tp);
    std::vector<Offset> ends;  // latest, then earliest, as asked
    for (const api::ListOffsetsTopicResponse& topic : response.topics) {
      if (topic.name != partition.topic()) continue;
      for (const api::ListOffsetsPartitionResponse& p : topic.partitions) {
        if (p.partition_index == tp.partition && p.error_code == api::ErrorCode::kNone && p.offset)
          ends.push_back(*p.offset);
      }
    }
    if (ends.size() != 2) {
      delay(found->second, self, ctx);
      continue;
    }
    const Offset latest = ends[0];
    const Offset earliest = ends[1];
    const Offset own_end = partition.log().log_end_offset();
    const bool moved = latest < own_end     ? partition.truncate_to(latest, ctx).has_value()
                       : earliest > own_end ? partition.restart_at(earliest, ctx).has_value()
                                            : true;
    if (!moved) {
      delay(found->second, self, ctx);
      continue;
    }
    found->second.out_of_range = false;
    resume_at_log_end(found->second, partition);
    changed.insert(tp);
  }
}

void Fetcher::delay(PartitionFetchState& state, const ReplicaConfig& self, const Context& ctx) {
  const Duration backoff = milliseconds(self.broker_config.replica_fetch_backoff_ms);
  state.delayed_until = ctx.now.monotonic + backoff;
  ctx.out.set_timer({.kind = io::TimerKind::kFetcherBackoff, .entity = channel_.id()}, backoff);
}

}  // namespace odradek::replica
