#include "engine/raft/leader.h"

#include <algorithm>
#include <utility>

namespace odradek::raft {
namespace {

/// Where the fetcher's log parts from ours, or nothing while it is a prefix
/// (ReplicatedLog.validateOffsetAndEpoch).
std::optional<api::EpochEndOffset> find_divergence(const log::Log& log, const api::FetchPartition& wanted) {
  if (wanted.fetch_offset == Offset(0)) return std::nullopt;
  const LeaderEpoch fetched = wanted.last_fetched_epoch.value_or(LeaderEpoch(0));
  const auto end = log.end_offset_for(fetched);
  if (!end) {
    return api::EpochEndOffset{.epoch = log.latest_epoch().value_or(LeaderEpoch(0)),
                               .end_offset = log.log_end_offset()};
  }
  if (end->epoch == fetched && wanted.fetch_offset <= end->end_offset) return std::nullopt;
  return end;
}

io::Timer parked_timer(std::uint64_t ordinal) {
  return {.kind = io::TimerKind::kMetadataParkedFetch, .entity = ordinal};
}

}  // namespace

api::FetchResponse metadata_fetch_response(api::FetchPartitionData partition) {
  api::FetchResponse response;
  api::FetchableTopicResponse& topic = response.responses.emplace_back();
  topic.topic_id = api::kMetadataTopicId;
  topic.partitions.push_back(std::move(partition));
  return response;
}

void Leader::on_append(const log::AppendInfo& appended, const log::Log& log, io::Effects& out) {
  if (appended.rolled) {
    rolled_.push_back(*appended.rolled);
    new_segment_ = true;
  }
  maybe_flush(log, out);
}

void Leader::maybe_flush(const log::Log& log, io::Effects& out) {
  if (flush_ || high_watermark_ == log.log_end_offset()) return;
  Flush flush{.awaited = {}, .end_offset = log.log_end_offset()};
  for (std::string& path : std::exchange(rolled_, {})) flush.awaited.insert(out.fsync(std::move(path)));
  // A file whose name is not durable is not there after a power loss, whatever was synced of it.
  if (std::exchange(new_segment_, false)) flush.awaited.insert(out.fsync(log.directory()));
  flush.awaited.insert(out.fsync(log.active_path()));
  flush_ = std::move(flush);
}

void Leader::on_fsync(const io::FsyncFinished& finished, const log::Log& log, io::Effects& out) {
  if (!flush_ || flush_->awaited.erase(finished.ticket) == 0 || !flush_->awaited.empty()) return;
  high_watermark_ = flush_->end_offset;
  flush_.reset();
  maybe_flush(log, out);
}

api::FetchPartitionData Leader::read(const api::FetchPartition& wanted, const log::Log& log,
                                     const io::Disk& disk) const {
  api::FetchPartitionData data{.partition_index = wanted.partition};
  data.high_watermark = high_watermark_.value_or(Offset(0));
  data.last_stable_offset = data.high_watermark;
  data.log_start_offset = log.log_start_offset();
  data.current_leader = self_;
  data.diverging_epoch = find_divergence(log, wanted);
  if (data.diverging_epoch) return data;
  // Observers may read what is not committed yet; they apply it when the high watermark covers it.
  auto batches = log.read(disk, wanted.fetch_offset, log.log_end_offset(), wanted.partition_max_bytes, true);
  if (batches) {
    data.records = *std::move(batches);
  } else {
    data.error_code = api::ErrorCode::kKafkaStorageError;
  }
  return data;
}

void Leader::handle_fetch(const Requester& from, const api::FetchRequest& request, const log::Log& log,
                          const io::Disk& disk, io::Effects& out) {
  const api::FetchPartition& wanted = request.topics.front().partitions.front();
  api::FetchPartitionData data = read(wanted, log, disk);
  const bool is_empty =
      data.records.empty() && data.error_code == api::ErrorCode::kNone && !data.diverging_epoch;
  if (!is_empty || request.max_wait_ms <= 0) {
    out.respond(from.connection, from.correlation, metadata_fetch_response(std::move(data)));
    return;
  }
  const std::uint64_t ordinal = next_ordinal_;
  ++next_ordinal_;
  parked_.emplace(ordinal, ParkedFetch{.from = from, .wanted = wanted});
  out.set_timer(parked_timer(ordinal), milliseconds(request.max_wait_ms));
}

void Leader::complete_fetches(const log::Log& log, const io::Disk& disk, io::Effects& out) {
  const Offset flushed = high_watermark_.value_or(Offset(0));
  for (auto entry = parked_.begin(); entry != parked_.end();) {
    const auto& [ordinal, fetch] = *entry;
    if (flushed <= fetch.wanted.fetch_offset) {
      ++entry;
      continue;
    }
    out.cancel_timer(parked_timer(ordinal));
    out.respond(fetch.from.connection, fetch.from.correlation,
                metadata_fetch_response(read(fetch.wanted, log, disk)));
    entry = parked_.erase(entry);
  }
}

void Leader::on_fetch_timeout(std::uint64_t ordinal, const log::Log& log, const io::Disk& disk,
                              io::Effects& out) {
  const auto found = parked_.find(ordinal);
  if (found == parked_.end()) return;
  const ParkedFetch& fetch = found->second;
  out.respond(fetch.from.connection, fetch.from.correlation,
              metadata_fetch_response(read(fetch.wanted, log, disk)));
  parked_.erase(found);
}

void Leader::on_peer_gone(ConnectionId connection, io::Effects& out) {
  std::erase_if(parked_, [&](const auto& entry) {
    if (entry.second.from.connection != connection) return false;
    out.cancel_timer(parked_timer(entry.first));
    return true;
  });
}

}  // namespace odradek::raft
