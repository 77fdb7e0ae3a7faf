#include "engine/replica/fetch_session.h"

#include <utility>

namespace odradek::replica {

void FetchSession::update(const api::FetchRequest& request, Timestamp now) {
  last_used_ = now;
  for (const api::FetchTopic& topic : request.topics) {
    for (const api::FetchPartition& wanted : topic.partitions) {
      const TopicPartition tp{.topic_id = topic.topic_id, .partition = wanted.partition};
      SessionPartition& partition = partitions_[tp];
      partition.wanted = wanted;
      queue(tp, partition);
    }
  }
  for (const api::ForgottenTopic& topic : request.forgotten_topics) {
    for (const PartitionId id : topic.partitions) {
      auto gone = partitions_.extract({.topic_id = topic.topic_id, .partition = id});
      if (!gone.empty()) leave(gone.mapped());
    }
  }
  if (request.replica_state == replica_) return;
  replica_ = request.replica_state;  // it registered meanwhile, and each of its fetches counts anew (KIP-903)
  for (auto& [tp, partition] : partitions_) queue(tp, partition);
}

bool FetchSession::call(const TopicPartition& tp) {
  SessionPartition& partition = partitions_.at(tp);
  const bool was_idle = !partition.turn;
  queue(tp, partition);
  return was_idle;
}

void FetchSession::rest(const TopicPartition& tp) { leave(partitions_.at(tp)); }

bool FetchSession::is_news(const TopicPartition& tp, const api::FetchPartitionData& data) const {
  const SessionPartition& told = at(tp);
  return data.error_code != api::ErrorCode::kNone || data.diverging_epoch || !data.records.empty() ||
         data.high_watermark != told.told_high_watermark || data.log_start_offset != told.told_log_start;
}

void FetchSession::tell(const TopicPartition& tp, const api::FetchPartitionData& data) {
  SessionPartition& partition = partitions_.at(tp);
  const bool failed = data.error_code != api::ErrorCode::kNone;
  partition.told_high_watermark = failed ? std::nullopt : std::optional(data.high_watermark);
  partition.told_log_start = data.log_start_offset;
  if (data.records.empty()) return;
  leave(partition);
  queue(tp, partition);
}

void FetchSession::queue(const TopicPartition& tp, SessionPartition& partition) {
  if (partition.turn) return;
  partition.turn = next_turn_++;
  line_.emplace_hint(line_.end(), *partition.turn, tp);
}

void FetchSession::leave(SessionPartition& partition) {
  if (const auto turn = std::exchange(partition.turn, std::nullopt)) line_.erase(*turn);
}

}  // namespace odradek::replica
