// FetchSession: what one fetcher wants of this broker's partitions, and what it was told (KIP-227).
//
// An idle partition costs nothing: only those that may have news stand in line and are looked at. A partition
// takes its turn when its fetcher names it or something happens to it, and leaves the line once its fetcher
// has been told all there is. Kafka looks at every partition of the session for each request.
//
// 1. A partition that is not in line would read nothing, no error, and what its fetcher was told already.
// 2. Whose records were served goes to the end of the line, so that no busy partition starves the others.
//
// Source: kafka.server.FetchSession, CachedPartition, IncrementalFetchContext.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "engine/api/fetch.h"
#include "engine/base/time.h"

namespace odradek::replica {

/// One partition of a session.
struct SessionPartition {
  api::FetchPartition wanted;
  std::optional<Offset> told_high_watermark;  ///< absent: it is told whatever it is, after an error, too
  std::optional<Offset> told_log_start;
  std::optional<std::uint64_t> turn;  ///< its place in line

  FIELDS(wanted, told_high_watermark, told_log_start, turn)
  friend bool operator==(const SessionPartition&, const SessionPartition&) = default;
};

class FetchSession {
 public:
  FetchSession() = default;
  FetchSession(std::optional<api::ReplicaState> replica, Timestamp now)
      : replica_(replica), created_(now), last_used_(now) {}

  /// Takes note of a request: what it names stands in line, what it forgets is gone.
  void update(const api::FetchRequest& request, Timestamp now);

  /// Something happened to the partition. True when it stood idle until now.
  bool call(const TopicPartition& tp);
  /// The fetcher has been told all there is.
  void rest(const TopicPartition& tp);
  /// Whether the fetcher learns something from this.
  [[nodiscard]] bool is_news(const TopicPartition& tp, const api::FetchPartitionData& data) const;
  /// The fetcher is told this; whose records it got goes to the end of the line.
  void tell(const TopicPartition& tp, const api::FetchPartitionData& data);

  /// Those that may have news, in order.
  [[nodiscard]] const std::map<std::uint64_t, TopicPartition>& line() const { return line_; }
  [[nodiscard]] const std::map<TopicPartition, SessionPartition>& partitions() const { return partitions_; }
  /// REQUIRES: the session has the partition.
  [[nodiscard]] const SessionPartition& at(const TopicPartition& tp) const { return partitions_.at(tp); }

  [[nodiscard]] const std::optional<api::ReplicaState>& replica() const { return replica_; }
  [[nodiscard]] Timestamp created() const { return created_; }
  [[nodiscard]] Timestamp last_used() const { return last_used_; }

  std::int32_t epoch = 1;               ///< of the next request
  std::optional<std::uint64_t> parked;  ///< the request that waits, by its ordinal; it may be gone by now

  FIELDS(replica_, created_, last_used_, partitions_, line_, next_turn_, epoch, parked)
  friend bool operator==(const FetchSession&, const FetchSession&) = default;

 private:
  void queue(const TopicPartition& tp, SessionPartition& partition);
  void leave(SessionPartition& partition);

  std::optional<api::ReplicaState> replica_;  ///< absent: a consumer
  Timestamp created_;
  Timestamp last_used_;
  std::map<TopicPartition, SessionPartition> partitions_;
  std::map<std::uint64_t, TopicPartition> line_;
  std::uint64_t next_turn_ = 0;
};

}  // namespace odradek::replica
