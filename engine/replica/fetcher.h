// Fetcher: what one broker copies from one leader, over one connection, one request at a time.
//
// A partition is fetched from its log's end with the epoch of the last record there; the leader either serves
// what follows or tells where the logs diverge, and the follower truncates (KIP-595). There is no separate
// truncation phase, except for a log without any leader epoch, which starts at its high watermark.
//
// In a session (KIP-227) a request names only the partitions that stand elsewhere than the leader knows,
// `moved_`, so that idle ones cost nothing.
//
// 1. A partition is in at most one fetcher of a broker, and in none while the broker leads it.
// 2. An answer is applied only if the partition still stands where it stood when the request left.
// 3. A partition that is not in `moved_` stands as the session says.
//
// Source: kafka.server.AbstractFetcherThread.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "engine/api/messages.h"
#include "engine/io/channel.h"
#include "engine/io/fetch_session_handler.h"
#include "engine/replica/partition.h"

namespace odradek::replica {

struct PartitionFetchState {
  Offset fetch_offset;
  LeaderEpoch current_leader_epoch;
  std::optional<LeaderEpoch> last_fetched_epoch;
  std::optional<MonotonicTime> delayed_until;
  bool out_of_range = false;  ///< the leader refused the offset: its ends must be asked for first

  FIELDS(fetch_offset, current_leader_epoch, last_fetched_epoch, delayed_until, out_of_range)
  friend bool operator==(const PartitionFetchState&, const PartitionFetchState&) = default;
};

/// The replica manager's partitions by id, as the fetcher sees them.
using Partitions = std::map<TopicPartition, Partition>;

class Fetcher {
 public:
  Fetcher() = default;
  Fetcher(BrokerId leader, const ReplicaConfig& self);

  /// Starts or restarts fetching; an entry of the same leader epoch is kept as it is.
  void add(const Partition& partition);
  void remove(const TopicPartition& tp);
  [[nodiscard]] bool is_idle() const { return states_.empty(); }
  [[nodiscard]] bool has(const TopicPartition& tp) const { return states_.contains(tp); }

  /// Sends the next request if nothing is in flight and something is to be fetched.
  void maybe_send(const Partitions& partitions, std::optional<BrokerEpoch> broker_epoch,
                  const ReplicaConfig& self, const Context& ctx);

  void on_opened(const io::Link& link, const Context& ctx) { channel_.on_opened(link, ctx.now, ctx.out); }
  void on_lost(const io::Link& link, const Context& ctx);
  void on_channel_timeout(const Context& ctx);
  void on_channel_backoff() { channel_.on_backoff_over(); }
  /// Applies an answer; adds to `changed` the partitions whose log or high watermark moved.
  void on_response(const io::ResponseReceived& received, Partitions& partitions, const ReplicaConfig& self,
                   const Context& ctx, std::set<TopicPartition>& changed);
  /// Closes the connection; nothing is fetched from this leader any more.
  void stop(const Context& ctx) { channel_.close(ctx.out); }

  FIELDS(leader_, channel_, session_, states_, moved_, asked_ends_)
  friend bool operator==(const Fetcher&, const Fetcher&) = default;

 private:
  [[nodiscard]] static bool is_ready(const PartitionFetchState& state, const Partition& partition,
                                     MonotonicTime now);
  [[nodiscard]] bool stands_as_asked(const TopicPartition& tp, const PartitionFetchState& state) const;
  void on_request_lost();
  [[nodiscard]] bool ask_for_log_ends(const Partitions& partitions, const ReplicaConfig& self,
                                      const Context& ctx);
  void apply(const TopicPartition& tp, const api::FetchPartitionData& data, Partition& partition,
             const ReplicaConfig& self, const Context& ctx, std::set<TopicPartition>& changed);
  void apply_records(PartitionFetchState& state, const api::FetchPartitionData& data, Partition& partition,
                     const ReplicaConfig& self, const Context& ctx);
  void apply_log_ends(const api::ListOffsetsResponse& response, Partitions& partitions,
                      const ReplicaConfig& self, const Context& ctx, std::set<TopicPartition>& changed);
  void delay(PartitionFetchState& state, const ReplicaConfig& self, const Context& ctx);
  static void resume_at_log_end(PartitionFetchState& state, const Partition& partition);

  BrokerId leader_;
  io::Channel channel_;
  io::FetchSessionHandler session_;
  std::map<TopicPartition, PartitionFetchState> states_;
  std::set<TopicPartition> moved_;  ///< to be named, or forgotten, by the next request
  std::map<TopicPartition, PartitionFetchState> asked_ends_;  ///< as they were when their ends were asked for
};

}  // namespace odradek::replica
