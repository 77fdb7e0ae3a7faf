#include "engine/client/fetcher.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "engine/wire/record_batch.h"

namespace odradek::client {
namespace {

/// Appends the records of one batch at or after the fetch's end, and moves the end past the batch.
Result<void> read_batch(const Bytes& batch, const wire::BatchHeader& header, bool check_crc,
                        Fetcher::CompletedFetch& fetch) {
  if (check_crc) {
    if (auto valid = wire::check_batch_crc(batch.span()); !valid)
      return std::unexpected(std::move(valid).error());
  }
  if (!header.is_control()) {
    TRY(decoded, wire::decode_batch(batch));
    for (wire::DecodedRecord& record : decoded) {
      if (record.offset < fetch.end) continue;  // brokers return whole batches
      fetch.records.push_back({.partition = fetch.partition,
                               .topic_id = fetch.topic_id,
                               .offset = record.offset,
                               .leader_epoch = header.partition_leader_epoch.value_or(LeaderEpoch()),
                               .record = std::move(record.record)});
    }
  }
  fetch.end = std::max(fetch.end, header.next_offset());
  fetch.end_epoch = header.partition_leader_epoch;
  return {};
}

/// Reads all batches in `bytes`; stops at the first that is broken.
Result<void> read_batches(Bytes bytes, bool check_crc, Fetcher::CompletedFetch& fetch) {
  while (!bytes.empty()) {
    TRY(header, wire::read_batch_header(bytes.span()));
    if (header.size() > bytes.size()) return fail("a batch of {} bytes in {}", header.size(), bytes.size());
    auto read = read_batch(bytes.slice(0, header.size()), header, check_crc, fetch);
    if (!read) return read;
    bytes = bytes.slice(header.size(), bytes.size() - header.size());
  }
  return {};
}

/// The question about a partition, if it was asked.
const Fetcher::Asked* find_question(const std::vector<Fetcher::Asked>& questions, const TopicPartition& tp) {
  const auto found = std::ranges::find_if(questions, [&](const Fetcher::Asked& asked) {
    return asked.topic_id == tp.topic_id && asked.partition.partition == tp.partition;
  });
  return found == questions.end() ? nullptr : &*found;
}

}  // namespace

bool Fetcher::is_pending(NodeId node) const {
  const auto at = in_flight_.lower_bound({.peer = node, .correlation = CorrelationId()});
  return at != in_flight_.end() && at->first.peer == node;
}

bool Fetcher::is_buffered(const io::NamedPartition& partition, std::uint64_t version) const {
  return std::ranges::any_of(buffer_, [&](const CompletedFetch& fetch) {
    return fetch.partition == partition && fetch.version == version;
  });
}

std::map<NodeId, std::vector<Fetcher::Asked>> Fetcher::fetchable(const Now& now,
                                                                 const ConsumerEnvironment& env) const {
  std::map<NodeId, std::vector<Asked>> nodes;
  for (const auto& [name, partition] : env.subscription.partitions()) {
    if (partition.state != FetchState::kFetching || !partition.may_ask(now)) continue;
    const std::optional<KnownLeader>& leader = partition.position.current_leader;
    if (!leader) {
      env.metadata.request_update();
    } else if (!is_pending(leader->leader) && !is_buffered(name, partition.version)) {
      nodes[leader->leader].push_back({.partition = name,
                                       .topic_id = leader->topic_id,
                                       .version = partition.version,
                                       .offset = partition.position.offset});
    }
  }
  return nodes;
}

void Fetcher::send_fetches(const Now& now, const ConsumerEnvironment& env) {
  for (auto& [node, asked] : fetchable(now, env)) {
    if (!env.pool.ready(node, now, env.out)) continue;
    if (served_last_) {
      std::ranges::rotate(asked, std::ranges::upper_bound(asked, *served_last_, {}, &Asked::partition));
    }
    api::FetchRequest request = next_request(node, asked, env);
    in_flight_[env.pool.send(now, node, std::move(request), env.out)] = std::move(asked);
  }
}

api::FetchRequest Fetcher::next_request(NodeId node, const std::vector<Asked>& asked,
                                        const ConsumerEnvironment& env) {
  io::FetchSessionHandler& session = sessions_[node];
  api::FetchRequest request{.max_wait_ms = env.config.fetch_max_wait_ms,
                            .min_bytes = env.config.fetch_min_bytes,
                            .max_bytes = env.config.fetch_max_bytes};
  session.begin(request);
  std::set<TopicPartition> wanted;
  for (const Asked& question : asked) {
    const LeaderEpoch epoch = env.subscription.find(question.partition)->position.current_leader->epoch;
    const TopicPartition tp{.topic_id = question.topic_id, .partition = question.partition.partition};
    wanted.insert(tp);
    session.want(tp,
                 {.partition = tp.partition,
                  .current_leader_epoch = epoch,
                  .fetch_offset = question.offset,
                  .last_fetched_epoch = {},
                  .log_start_offset = Offset(-1),
                  .partition_max_bytes = env.config.max_partition_fetch_bytes},
                 request);
  }
  session.forget_all_but(wanted, request);
  return request;
}

void Fetcher::complete(const Now& now, const Completion& completion, const ConsumerEnvironment& env) {
  const auto found = in_flight_.find(completion.request);
  if (found == in_flight_.end()) return;
  const std::vector<Asked> questions = std::move(found->second);
  in_flight_.erase(found);
  io::FetchSessionHandler& session = sessions_[completion.request.peer];
  if (!completion.response) return session.on_lost();
  const auto& response = std::get<api::FetchResponse>(*completion.response);
  if (!session.on_response(response)) {
    const bool is_of_session = response.error_code == api::ErrorCode::kFetchSessionIdNotFound ||
                               response.error_code == api::ErrorCode::kInvalidFetchSessionEpoch;
    if (is_of_session) return;  // the next request begins another
    for (const Asked& asked : questions)
      on_answer(now, asked, {.partition_index = asked.partition.partition, .error_code = response.error_code},
                env);
    return;
  }
  for (const api::FetchableTopicResponse& topic : response.responses) {
    for (const api::FetchPartitionData& data : topic.partitions) {
      const Asked* asked =
          find_question(questions, {.topic_id = topic.topic_id, .partition = data.partition_index});
      if (asked != nullptr) on_answer(now, *asked, data, env);
    }
  }
}

void Fetcher::on_answer(const Now& now, const Asked& asked, const api::FetchPartitionData& data,
                        const ConsumerEnvironment& env) {
  const PartitionState* partition = env.subscription.find(asked.partition);
  if (partition == nullptr || partition->version != asked.version) return;
  if (partition->state != FetchState::kFetching || partition->position.offset != asked.offset) return;
  if (data.error_code != api::ErrorCode::kNone) {
    on_error(now, asked, data.error_code, env);
  } else if (!data.records.empty()) {
    on_data(asked, data, env);
  }
}

void Fetcher::on_data(const Asked& asked, const api::FetchPartitionData& data,
                      const ConsumerEnvironment& env) {
  served_last_ = asked.partition;
  CompletedFetch fetch{.partition = asked.partition,
                       .topic_id = asked.topic_id,
                       .version = asked.version,
                       .start = asked.offset,
                       .end = asked.offset};
  for (const Bytes& bytes : data.records) {
    if (read_batches(bytes, env.config.check_crcs, fetch)) continue;
    fetch.error = api::ErrorCode::kCorruptMessage;
    break;
  }
  buffer_.push_back(std::move(fetch));
}

void Fetcher::on_error(const Now& now, const Asked& asked, api::ErrorCode error,
                       const ConsumerEnvironment& env) {
  PartitionState& partition = *env.subscription.find(asked.partition);
  if (error == api::ErrorCode::kOffsetOutOfRange) {
    if (const auto target = reset_target(env.config.auto_offset_reset)) {
      sometimes(env.out, Probe::kConsumerReset);
      return env.subscription.await_reset(partition, *target);
    }
  }
  if (error == api::ErrorCode::kOffsetOutOfRange || error == api::ErrorCode::kCorruptMessage) {
    const Offset at = asked.offset;  // the poll that comes to it fails, unless the application seeks first
    buffer_.push_back({.partition = asked.partition,
                       .topic_id = asked.topic_id,
                       .version = asked.version,
                       .start = at,
                       .end = at,
                       .error = error});
  }
  partition.not_before = now.monotonic + milliseconds(env.config.retry_backoff_ms);
  env.metadata.request_update();
}

std::vector<io::ConsumerRecord> Fetcher::collect(std::int32_t max_records, const ConsumerEnvironment& env) {
  std::vector<io::ConsumerRecord> collected;
  while (!buffer_.empty() && collected.size() < static_cast<std::size_t>(max_records)) {
    CompletedFetch& fetch = buffer_.front();
    PartitionState* partition = env.subscription.find(fetch.partition);
    const bool current = partition != nullptr && partition->version == fetch.version &&
                         partition->state == FetchState::kFetching &&
                         partition->position.offset == fetch.start;
    if (!current) {
      buffer_.pop_front();
      continue;
    }
    FetchPosition& position = partition->position;
    const auto room = static_cast<std::size_t>(max_records) - collected.size();
    const auto end =
        fetch.records.begin() + static_cast<std::ptrdiff_t>(std::min(room, fetch.records.size()));
    if (end != fetch.records.begin()) {
      position.offset = std::prev(end)->offset + 1;
      position.offset_epoch = std::prev(end)->leader_epoch;
    }
    std::move(fetch.records.begin(), end, std::back_inserter(collected));
    fetch.records.erase(fetch.records.begin(), end);
    fetch.start = position.offset;
    if (!fetch.records.empty()) break;
    if (fetch.error && !collected.empty()) break;  // these first; the next poll reports the error
    if (fetch.end > position.offset) position = {fetch.end, fetch.end_epoch, position.current_leader};
    if (fetch.error) env.error = fetch.error;
    buffer_.pop_front();
    if (env.error) break;
  }
  return collected;
}

}  // namespace odradek::client
