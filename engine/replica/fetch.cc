// Fetch, ListOffsets and OffsetForLeaderEpoch: what followers and consumers read.
#include <algorithm>
#include <utility>

#include "engine/replica/replica_manager.h"
#include "engine/wire/record_batch.h"

namespace odradek::replica {
namespace {

using enum api::ErrorCode;

/// Where what this fetcher may read ends just now.
Offset end_of_readable(const FetchSession& session, const Partition& partition) {
  return session.replica() ? partition.log().log_end_offset() : partition.high_watermark();
}

}  // namespace

void ReplicaManager::handle_fetch(const ReplyTo& to, const api::FetchRequest& request, const Context& ctx) {
  call_named(request);
  const auto number = sessions_.take_up(request, ctx.now.wall, ctx.out);
  if (!number)
    return ctx.out.respond(to.connection, to.correlation, api::FetchResponse{.error_code = number.error()});
  FetchSession& session = *sessions_.find(*number);
  const FetchParams params{.max_wait_ms = request.max_wait_ms,
                           .min_bytes = request.min_bytes,
                           .max_bytes = request.max_bytes,
                           .is_full = request.session.is_full()};
  FetchAnswer answer = read(session, params, true, ctx);
  const bool waits = !answer.at_once && params.max_wait_ms > 0 && answer.bytes < params.min_bytes &&
                     !session.partitions().empty() && !(answer.bytes > 0 && is_due(session, params, ctx));
  if (!waits) return answer_fetch(to, *number, params, std::move(answer), ctx);
  session.parked = parked_fetches_.park({to.connection, to.correlation, *number, params}, {},
                                        milliseconds(params.max_wait_ms), ctx.out);
}

ReplicaManager::FetchAnswer ReplicaManager::read(const FetchSession& session, const FetchParams& params,
                                                 bool first_read, const Context& ctx) {
  FetchAnswer answer;
  for (const auto& [turn, tp] : session.line())
    answer.partitions.emplace_back(tp, read_partition(session, params, tp, first_read, answer, ctx));
  return answer;
}

/// Source: Partition.fetchRecords; the order of the checks is Kafka's.
api::ErrorCode ReplicaManager::check_fetch(const FetchSession& session, const TopicPartition& tp,
                                           const Context& ctx) {
  const Partition* partition = hosted(tp, ctx);
  if (partition == nullptr) return absence_of(tp, ctx);
  const api::ErrorCode refused = partition->check_leader(session.at(tp).wanted.current_leader_epoch);
  if (refused != kNone) {
    if (refused == kFencedLeaderEpoch || refused == kUnknownLeaderEpoch)
      sometimes(ctx.out, Probe::kFetchFenced);
    return refused;
  }
  if (!session.replica()) return kNone;
  const auto& [replica, epoch] = *session.replica();
  if (!partition->leader()->followers.contains(replica)) return kUnknownLeaderEpoch;  // metadata not here yet
  const metadata::BrokerRegistration* registration = ctx.image.broker(replica);
  if (epoch && registration != nullptr && *epoch < registration->epoch) {
    sometimes(ctx.out, Probe::kFetchStaleBrokerEpoch);
    return kNotLeaderOrFollower;
  }
  return kNone;
}

api::FetchPartitionData ReplicaManager::read_partition(const FetchSession& session, const FetchParams& params,
                                                       const TopicPartition& tp, bool first_read,
                                                       FetchAnswer& answer, const Context& ctx) {
  const api::FetchPartition& wanted = session.at(tp).wanted;
  api::FetchPartitionData data{.partition_index = wanted.partition};
  data.error_code = check_fetch(session, tp, ctx);
  if (data.error_code != kNone) {
    answer.at_once = true;
    return data;
  }
  Partition& partition = *hosted(tp, ctx);
  const log::Log& log = partition.log();
  data.high_watermark =
      partition.high_watermark();  // before the bytes are read, so that it covers no more than them
  data.last_stable_offset = data.high_watermark;
  data.log_start_offset = log.log_start_offset();
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
  if (data.error_code == kNone && session.replica() && first_read && countable) {
    const Progress progress =
        partition.on_follower_fetch({.broker = session.replica()->replica_id,
                                     .broker_epoch = session.replica()->replica_epoch,
                                     .fetch_offset = std::min(wanted.fetch_offset, log.log_end_offset()),
                                     .log_start = wanted.log_start_offset},
                                    config_, ctx);
    on_progress(tp, progress, ctx);
  }
  if (data.error_code != kNone || data.diverging_epoch) {
    if (data.diverging_epoch) {
      sometimes(ctx.out, Probe::kFetchDiverged);
      if (session.replica()) {
        ctx.out.emit(io::AnswerDivergence{tp, session.replica()->replica_id, data.diverging_epoch->epoch,
                                          data.diverging_epoch->end_offset});
      }
    }
    answer.at_once = true;
    return data;
  }
  const Offset upper_bound = end_of_readable(session, partition);
  const auto room = std::clamp<std::int64_t>(params.max_bytes - answer.bytes, 0, wanted.partition_max_bytes);
  if (wanted.fetch_offset < upper_bound && (room > 0 || answer.bytes == 0)) {
    auto batches = log.read(ctx.disk, wanted.fetch_offset, upper_bound, static_cast<std::int32_t>(room),
                            answer.bytes == 0);
    if (!batches) {
      data.error_code = kKafkaStorageError;
      answer.at_once = true;
      return data;
    }
    for (const Bytes& batch : *batches) answer.bytes += batch.size();
    data.records = std::move(*batches);
  }
  return data;
}

/// Whether a parked fetch would find something in this partition now: records, or an error.
bool ReplicaManager::has_news(const FetchSession& session, const TopicPartition& tp, const Context& ctx) {
  return check_fetch(session, tp, ctx) != kNone ||
         session.at(tp).wanted.fetch_offset != end_of_readable(session, *hosted(tp, ctx));
}

/// Whether reading this partition again, as it is, would change nothing and say nothing.
bool ReplicaManager::may_rest(const FetchSession& session, const TopicPartition& tp, const Context& ctx) {
  const SessionPartition& told = session.at(tp);
  const Partition& partition = *hosted(tp, ctx);
  const bool knows_all = told.told_high_watermark == partition.high_watermark() &&
                         told.told_log_start == partition.log().log_start_offset() &&
                         told.wanted.fetch_offset == end_of_readable(session, partition);
  return knows_all && (!session.replica() || partition.is_idle_for(session.replica()->replica_id));
}

/// Whether a fetch that waits for more than one byte has waited enough. What counts is what is there, up to
/// the limit of each partition, not what fits into one answer; and a fetch from a segment that has been
/// completed does not wait. Source: DelayedFetch.tryComplete.
bool ReplicaManager::is_due(const FetchSession& session, const FetchParams& params, const Context& ctx) {
  std::int64_t bytes = 0;
  for (const auto& [turn, tp] : session.line()) {
    const api::FetchPartition& wanted = session.at(tp).wanted;
    if (check_fetch(session, tp, ctx) != kNone) return true;
    const Partition& partition = *hosted(tp, ctx);
    const Offset end = end_of_readable(session, partition);
    if (wanted.fetch_offset > end || wanted.fetch_offset < partition.log().log_start_offset()) return true;
    if (wanted.fetch_offset == end) continue;
    const auto available = partition.log().bytes_between(ctx.disk, wanted.fetch_offset, end);
    if (!available || !*available) return true;
    bytes += std::min<std::int64_t>(**available, wanted.partition_max_bytes);
  }
  return bytes >= params.min_bytes;
}

/// Something happens to the partition: its fetcher looks again. Until now the fetches of an idle follower
/// made no difference; the time of the last one does from now on.
void ReplicaManager::call(FetchSession& session, const TopicPartition& tp) {
  if (!session.call(tp) || !session.replica()) return;
  if (const auto partition = partitions_.find(tp); partition != partitions_.end())
    partition->second.on_idle_fetches(session.replica()->replica_id, session.last_used());
}

void ReplicaManager::call_fetches(const TopicPartition& tp) {
  for (const FetchSessions::Number number : sessions_.watching(tp)) call(*sessions_.find(number), tp);
}

/// What a request names, forgets or closes may have stood idle until the request before.
void ReplicaManager::call_named(const api::FetchRequest& request) {
  FetchSession* session = sessions_.find(request.session.id);
  if (session == nullptr) return;
  const auto call_if_there = [&](const TopicPartition& tp) {
    if (session->partitions().contains(tp)) call(*session, tp);
  };
  if (request.session.is_full()) {
    for (const auto& [tp, partition] : session->partitions()) call(*session, tp);
  }
  for (const api::FetchTopic& topic : request.topics) {
    for (const api::FetchPartition& wanted : topic.partitions)
      call_if_there({.topic_id = topic.topic_id, .partition = wanted.partition});
  }
  for (const api::ForgottenTopic& topic : request.forgotten_topics) {
    for (const PartitionId id : topic.partitions)
      call_if_there({.topic_id = topic.topic_id, .partition = id});
  }
}

/// A broker registered, was fenced or unfenced: which fetches count depends on that (KIP-903).
void ReplicaManager::call_replica_fetches() {
  for (const FetchSessions::Number number : sessions_.of_replicas()) {
    FetchSession& session = *sessions_.find(number);
    for (const auto& [tp, partition] : session.partitions()) call(session, tp);
  }
}

void ReplicaManager::check_fetches(const TopicPartition& tp, const Context& ctx) {
  for (const FetchSessions::Number number : sessions_.watching(tp)) {
    FetchSession* session = sessions_.find(number);
    if (session == nullptr) continue;  // answered by an earlier check of this very step
    call(*session, tp);
    const ParkedFetch* parked = session->parked ? parked_fetches_.find(*session->parked) : nullptr;
    if (parked == nullptr) continue;
    // Nothing else has changed that it waits for: most appends tell a consumer nothing.
    if (!has_news(*session, tp, ctx)) continue;
    if (parked->params.min_bytes > 1 && !is_due(*session, parked->params, ctx)) continue;
    const ParkedFetch done = parked_fetches_.take(*session->parked, ctx.out);
    FetchAnswer answer = read(*session, done.params, false, ctx);
    answer_fetch({done.connection, done.correlation}, number, done.params, std::move(answer), ctx);
  }
}

void ReplicaManager::on_fetch_timeout(std::uint64_t ordinal, const Context& ctx) {
  const ParkedFetch parked = parked_fetches_.take(ordinal, ctx.out);
  const FetchSession* session = sessions_.find(parked.session);
  if (session == nullptr || session->parked != ordinal) {
    // Its session has gone on without it, after a connection was lost.
    const auto error = session == nullptr ? kFetchSessionIdNotFound : kInvalidFetchSessionEpoch;
    return ctx.out.respond(parked.connection, parked.correlation, api::FetchResponse{.error_code = error});
  }
  answer_fetch({parked.connection, parked.correlation}, parked.session, parked.params,
               read(*session, parked.params, false, ctx), ctx);
}

void ReplicaManager::tell(FetchSession& session, const TopicPartition& tp, api::FetchPartitionData data,
                          api::FetchResponse& response, const Context& ctx) {
  if (!data.records.empty() && !session.replica()) {
    const Offset end = wire::read_batch_header(data.records.back().span())->next_offset();
    ctx.out.emit(io::ServeFetch{tp, std::nullopt, session.at(tp).wanted.fetch_offset, end,
                                data.high_watermark, data.high_watermark});
  }
  session.tell(tp, data);
  if (response.responses.empty() || response.responses.back().topic_id != tp.topic_id)
    response.responses.push_back({.topic_id = tp.topic_id, .partitions = {}});
  response.responses.back().partitions.push_back(std::move(data));
}

void ReplicaManager::answer_fetch(const ReplyTo& to, FetchSessions::Number number, const FetchParams& params,
                                  FetchAnswer answer, const Context& ctx) {
  FetchSession& session = *sessions_.find(number);
  session.parked.reset();
  api::FetchResponse response;
  for (auto& [tp, data] : answer.partitions) {
    const bool is_empty = data.error_code == kNone && !data.diverging_epoch && data.records.empty();
    if (params.is_full || session.is_news(tp, data)) tell(session, tp, std::move(data), response, ctx);
    if (is_empty && may_rest(session, tp, ctx)) session.rest(tp);
  }
  response.session_id = sessions_.finish(number);
  ctx.out.respond(to.connection, to.correlation, std::move(response));
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
