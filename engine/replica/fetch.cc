// Fetch, ListOffsets and OffsetForLeaderEpoch: what followers and consumers read.
#include <algorithm>
#include <utility>

#include "engine/replica/replica_manager.h"
#include "engine/wire/record_batch.h"

namespace odradek::replica {
namespace {

using enum api::ErrorCode;

/// Where what this fetch may read ends just now.
Offset end_of_readable(const api::FetchRequest& request, const Partition& partition) {
  return request.replica_state ? partition.log().log_end_offset() : partition.high_watermark();
}

/// What the request wants of a partition. REQUIRES: it wants something of it.
const api::FetchPartition& wanted_of(const api::FetchRequest& request, const TopicPartition& tp) {
  const auto topic = std::ranges::find(request.topics, tp.topic_id, &api::FetchTopic::topic_id);
  return *std::ranges::find(topic->partitions, tp.partition, &api::FetchPartition::partition);
}

}  // namespace

void ReplicaManager::handle_fetch(const ReplyTo& to, const api::FetchRequest& request, const Context& ctx) {
  FetchAnswer answer = read(request, true, ctx);
  if (answer.at_once || request.max_wait_ms <= 0 || answer.bytes >= request.min_bytes ||
      (answer.bytes > 0 && is_due(request, ctx))) {
    return answer_fetch(to, request, std::move(answer), ctx);
  }
  std::vector<TopicPartition> partitions;
  for (const api::FetchTopic& topic : request.topics) {
    for (const api::FetchPartition& p : topic.partitions) partitions.push_back({topic.topic_id, p.partition});
  }
  if (partitions.empty()) return answer_fetch(to, request, std::move(answer), ctx);
  parked_fetches_.park({to.connection, to.correlation, request}, partitions,
                       milliseconds(request.max_wait_ms), ctx.out);
}

ReplicaManager::FetchAnswer ReplicaManager::read(const api::FetchRequest& request, bool first_read,
                                                 const Context& ctx) {
  FetchAnswer answer;
  for (const api::FetchTopic& topic : request.topics) {
    answer.response.responses.push_back({.topic_id = topic.topic_id, .partitions = {}});
    for (const api::FetchPartition& wanted : topic.partitions) {
      const TopicPartition tp{.topic_id = topic.topic_id, .partition = wanted.partition};
      read_partition(request, tp, wanted, first_read, answer, ctx);
    }
  }
  return answer;
}

/// Source: Partition.fetchRecords; the order of the checks is Kafka's.
api::ErrorCode ReplicaManager::check_fetch(const api::FetchRequest& request, const TopicPartition& tp,
                                           const api::FetchPartition& wanted, const Context& ctx) {
  const Partition* partition = hosted(tp, ctx);
  if (partition == nullptr) return absence_of(tp, ctx);
  const api::ErrorCode refused = partition->check_leader(wanted.current_leader_epoch);
  if (refused != kNone) {
    if (refused == kFencedLeaderEpoch || refused == kUnknownLeaderEpoch)
      sometimes(ctx.out, Probe::kFetchFenced);
    return refused;
  }
  if (!request.replica_state) return kNone;
  const auto follower = partition->leader()->followers.find(request.replica_state->replica_id);
  if (follower == partition->leader()->followers.end()) return kUnknownLeaderEpoch;  // metadata not here yet
  const metadata::BrokerRegistration* registration = ctx.image.broker(request.replica_state->replica_id);
  const auto& epoch = request.replica_state->replica_epoch;
  if (epoch && registration != nullptr && *epoch < registration->epoch) {
    sometimes(ctx.out, Probe::kFetchStaleBrokerEpoch);
    return kNotLeaderOrFollower;
  }
  return kNone;
}

void ReplicaManager::read_partition(const api::FetchRequest& request, const TopicPartition& tp,
                                    const api::FetchPartition& wanted, bool first_read, FetchAnswer& answer,
                                    const Context& ctx) {
  api::FetchPartitionData data{.partition_index = wanted.partition,
                               .high_watermark = {},
                               .last_stable_offset = {},
                               .log_start_offset = {},
                               .diverging_epoch = {},
                               .current_leader = {},
                               .records = {}};
  const auto push = [&] { answer.response.responses.back().partitions.push_back(std::move(data)); };
  data.error_code = check_fetch(request, tp, wanted, ctx);
  if (data.error_code != kNone) {
    answer.at_once = true;
    return push();
  }
  Partition& partition = *hosted(tp, ctx);
  const log::Log& log = partition.log();
  data.high_watermark =
      partition.high_watermark();  // before the bytes are read, so that it covers no more than them
  data.last_stable_offset = data.high_watermark;
  data.log_start_offset = log.log_start_offset();
  const bool follower = request.replica_state.has_value();
  if (wanted.last_fetched_epoch) {
    const auto end = log.end_offset_for(*wanted.last_fetched_epoch);
    if (!end) {
      data.error_code = kOffsetOutOfRange;
    } else if (end->epoch < *wanted.last_fetched_epoch || end->end_offset < wanted.fetch_offset) {
      data.diverging_epoch = end;
    }
  }
  if (!data.diverging_epoch &&
      (wanted.fetch_offset < log.log_start_offset() || wanted.fetch_offset > log.log_end_offset())) {
    data.error_code = kOffsetOutOfRange;
  }
  // R11 counts the offset of a follower whose log diverges; the answer then tells it to truncate.
  const bool countable = !data.diverging_epoch || config_.flaws.count_diverging_fetch;
  if (data.error_code == kNone && follower && first_read && countable) {
    const Progress progress =
        partition.on_follower_fetch({.broker = request.replica_state->replica_id,
                                     .broker_epoch = request.replica_state->replica_epoch,
                                     .fetch_offset = std::min(wanted.fetch_offset, log.log_end_offset()),
                                     .log_start = wanted.log_start_offset},
                                    config_, ctx);
    on_progress(tp, progress, ctx);
  }
  if (data.error_code != kNone || data.diverging_epoch) {
    if (data.diverging_epoch) {
      sometimes(ctx.out, Probe::kFetchDiverged);
      if (follower) {
        ctx.out.emit(io::AnswerDivergence{tp, request.replica_state->replica_id, data.diverging_epoch->epoch,
                                          data.diverging_epoch->end_offset});
      }
    }
    answer.at_once = true;
    return push();
  }
  const Offset upper_bound = end_of_readable(request, partition);
  const auto room = std::clamp<std::int64_t>(request.max_bytes - answer.bytes, 0, wanted.partition_max_bytes);
  if (wanted.fetch_offset < upper_bound && (room > 0 || answer.bytes == 0)) {
    auto batches = log.read(ctx.disk, wanted.fetch_offset, upper_bound, static_cast<std::int32_t>(room),
                            answer.bytes == 0);
    if (!batches) {
      data.error_code = kKafkaStorageError;
      answer.at_once = true;
      return push();
    }
    for (const Bytes& batch : *batches) answer.bytes += batch.size();
    data.records = std::move(*batches);
  }
  push();
}

/// Whether a parked fetch would find something in this partition now: records, or an error.
bool ReplicaManager::has_news(const api::FetchRequest& request, const TopicPartition& tp,
                              const Context& ctx) {
  const api::FetchPartition& wanted = wanted_of(request, tp);
  return check_fetch(request, tp, wanted, ctx) != kNone ||
         wanted.fetch_offset != end_of_readable(request, *hosted(tp, ctx));
}

/// Whether a fetch that waits for more than one byte has waited enough. What counts is what is there, up to
/// the limit of each partition, not what fits into one answer; and a fetch from a segment that has been
/// completed does not wait. Source: DelayedFetch.tryComplete.
bool ReplicaManager::is_due(const api::FetchRequest& request, const Context& ctx) {
  std::int64_t bytes = 0;
  for (const api::FetchTopic& topic : request.topics) {
    for (const api::FetchPartition& wanted : topic.partitions) {
      const TopicPartition tp{.topic_id = topic.topic_id, .partition = wanted.partition};
      if (check_fetch(request, tp, wanted, ctx) != kNone) return true;
      const Partition& partition = *hosted(tp, ctx);
      const Offset end = end_of_readable(request, partition);
      if (wanted.fetch_offset > end || wanted.fetch_offset < partition.log().log_start_offset()) return true;
      if (wanted.fetch_offset == end) continue;
      const auto available = partition.log().bytes_between(ctx.disk, wanted.fetch_offset, end);
      if (!available || !*available) return true;
      bytes += std::min<std::int64_t>(**available, wanted.partition_max_bytes);
    }
  }
  return bytes >= request.min_bytes;
}

void ReplicaManager::check_fetches(const TopicPartition& tp, const Context& ctx) {
  for (const std::uint64_t ordinal : parked_fetches_.watching(tp)) {
    const ParkedFetch* parked = parked_fetches_.find(ordinal);
    if (parked == nullptr) continue;  // answered by an earlier check of this very step
    // Nothing else has changed that it waits for: most appends tell a consumer nothing.
    if (!has_news(parked->request, tp, ctx)) continue;
    if (parked->request.min_bytes > 1 && !is_due(parked->request, ctx)) continue;
    FetchAnswer answer = read(parked->request, false, ctx);
    const ParkedFetch done = parked_fetches_.take(ordinal, ctx.out);
    answer_fetch({done.connection, done.correlation}, done.request, std::move(answer), ctx);
  }
}

void ReplicaManager::answer_fetch(const ReplyTo& to, const api::FetchRequest& request, FetchAnswer answer,
                                  const Context& ctx) {
  for (std::size_t t = 0; t < request.topics.size(); ++t) {
    for (std::size_t i = 0; i < request.topics[t].partitions.size(); ++i) {
      const api::FetchPartitionData& data = answer.response.responses[t].partitions[i];
      if (data.records.empty() || request.replica_state) continue;
      const TopicPartition tp{.topic_id = request.topics[t].topic_id, .partition = data.partition_index};
      const Offset end = wire::read_batch_header(data.records.back().span())->next_offset();
      ctx.out.emit(io::ServeFetch{tp, std::nullopt, request.topics[t].partitions[i].fetch_offset, end,
                                  data.high_watermark, data.high_watermark});
    }
  }
  ctx.out.respond(to.connection, to.correlation, std::move(answer.response));
}

void ReplicaManager::handle_list_offsets(const ReplyTo& to, const api::ListOffsetsRequest& request,
                                         const Context& ctx) {
  api::ListOffsetsResponse response;
  for (const api::ListOffsetsTopic& topic : request.topics) {
    api::ListOffsetsTopicResponse& results =
        response.topics.emplace_back(topic.name, std::vector<api::ListOffsetsPartitionResponse>{});
    const metadata::TopicImage* known = ctx.image.topic(topic.name);
    for (const api::ListOffsetsPartition& wanted : topic.partitions) {
      api::ListOffsetsPartitionResponse result{
          .partition_index = wanted.partition_index, .timestamp = {}, .offset = {}, .leader_epoch = {}};
      const Partition* partition =
          known == nullptr ? nullptr : hosted({known->id, wanted.partition_index}, ctx);
      if (partition == nullptr) {
        result.error_code = known == nullptr ? kUnknownTopicOrPartition
                                             : absence_of({known->id, wanted.partition_index}, ctx);
      } else {
        result.error_code = partition->check_leader(wanted.current_leader_epoch);
      }
      if (result.error_code == kNone)
        find_offset(*partition, request.replica_id.has_value(), wanted, result, ctx);
      results.partitions.push_back(result);
    }
  }
  ctx.out.respond(to.connection, to.correlation, std::move(response));
}

// Source: Partition.fetchOffsetForTimestamp (KIP-207: OFFSET_NOT_AVAILABLE).
void ReplicaManager::find_offset(const Partition& partition, bool replica,
                                 const api::ListOffsetsPartition& wanted,
                                 api::ListOffsetsPartitionResponse& result, const Context& ctx) const {
  const log::Log& log = partition.log();
  const Offset upper_bound = replica ? log.log_end_offset() : partition.high_watermark();
  const bool stale = !replica && partition.high_watermark() < partition.leader()->epoch_start;
  const auto* spec = std::get_if<api::OffsetSpec>(&wanted.timestamp);
  if (spec != nullptr && *spec == api::OffsetSpec::kEarliest) {
    result.offset = log.log_start_offset();
    return;
  }
  if (stale) {  // an earlier leader may have shown more than this one can vouch for yet
    sometimes(ctx.out, Probe::kOffsetNotAvailable);
    result.error_code = kOffsetNotAvailable;
    return;
  }
  if (spec != nullptr && *spec == api::OffsetSpec::kLatest) {
    result.offset = upper_bound;
    result.leader_epoch = partition.leader_epoch();
    return;
  }
  const auto found = spec != nullptr ? log.offset_of_max_timestamp(ctx.disk, upper_bound)
                                     : log.offset_for_timestamp(
                                           ctx.disk, std::get<Timestamp>(wanted.timestamp), upper_bound);
  if (!found) {
    result.error_code = kKafkaStorageError;
  } else if (*found) {
    result.offset = (*found)->offset;
    result.timestamp = (*found)->timestamp;
    result.leader_epoch = (*found)->leader_epoch;
  }
}

void ReplicaManager::handle_offset_for_leader_epoch(const ReplyTo& to,
                                                    const api::OffsetForLeaderEpochRequest& request,
                                                    const Context& ctx) {
  api::OffsetForLeaderEpochResponse response;
  for (const api::OffsetForLeaderTopic& topic : request.topics) {
    api::OffsetForLeaderTopicResult& results =
        response.topics.emplace_back(topic.topic, std::vector<api::OffsetForLeaderPartitionResponse>{});
    const metadata::TopicImage* known = ctx.image.topic(topic.topic);
    for (const api::OffsetForLeaderPartition& wanted : topic.partitions) {
      api::OffsetForLeaderPartitionResponse result{
          .partition = wanted.partition, .leader_epoch = {}, .end_offset = {}};
      const Partition* partition = known == nullptr ? nullptr : hosted({known->id, wanted.partition}, ctx);
      if (partition == nullptr) {
        result.error_code =
            known == nullptr ? kUnknownTopicOrPartition : absence_of({known->id, wanted.partition}, ctx);
      } else {
        result.error_code = partition->check_leader(wanted.current_leader_epoch);
      }
      if (result.error_code == kNone) {
        if (const auto end = partition->log().end_offset_for(wanted.leader_epoch)) {
          result.leader_epoch = end->epoch;
          result.end_offset = end->end_offset;
        }
      }
      results.partitions.push_back(result);
    }
  }
  ctx.out.respond(to.connection, to.correlation, std::move(response));
}

}  // namespace odradek::replica
