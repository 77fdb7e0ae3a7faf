// ReplicaManager: all replicas of one broker, the requests that touch them and those that wait for them.
//
// Start with `apply` (roles come from metadata, apply_metadata.cc), `handle_produce` and `handle_fetch` (what
// clients and followers ask), then fetcher.h (what this broker asks of leaders).
//
// Source: kafka.server.ReplicaManager, DelayedProduce, DelayedFetch.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/log/checkpoint_file.h"
#include "engine/log/durable_file.h"
#include "engine/replica/deleted_logs.h"
#include "engine/replica/fetch_sessions.h"
#include "engine/replica/fetcher.h"
#include "engine/replica/isr_changes.h"
#include "engine/replica/partition.h"
#include "engine/replica/purgatory.h"

namespace odradek::replica {

/// Where the answer to a request goes.
struct ReplyTo {
  ConnectionId connection;
  CorrelationId correlation;

  FIELDS(connection, correlation)
  friend bool operator==(const ReplyTo&, const ReplyTo&) = default;
};

/// One partition of a parked produce: settled, or waiting for the high watermark.
struct PendingAck {
  api::PartitionProduceResponse response;
  std::optional<Offset> required;  ///< the high watermark that acknowledges it; absent: settled

  FIELDS(response, required)
  friend bool operator==(const PendingAck&, const PendingAck&) = default;
};

struct ParkedProduce {
  ConnectionId connection;
  CorrelationId correlation;
  std::map<TopicPartition, PendingAck> partitions;

  FIELDS(connection, correlation, partitions)
  friend bool operator==(const ParkedProduce&, const ParkedProduce&) = default;
};

/// What a fetch says besides the partitions.
struct FetchParams {
  std::int32_t max_wait_ms = 0;
  std::int32_t min_bytes = 0;
  std::int32_t max_bytes = 0;
  bool is_full = false;  ///< every partition is answered for

  FIELDS(max_wait_ms, min_bytes, max_bytes, is_full)
  friend bool operator==(const FetchParams&, const FetchParams&) = default;
};

struct ParkedFetch {
  ConnectionId connection;
  CorrelationId correlation;
  FetchSessions::Number session = 0;
  FetchParams params;

  FIELDS(connection, correlation, session, params)
  friend bool operator==(const ParkedFetch&, const ParkedFetch&) = default;
};

class ReplicaManager {
 public:
  ReplicaManager() = default;
  explicit ReplicaManager(const ReplicaConfig& config);

  /// Opens every log on the disk; roles come later, with metadata.
  void on_boot(const Context& ctx);
  /// Takes up what metadata has changed: first what is deleted, then leaders, followers and their fetchers,
  /// and settings at last. It begins with the first image that knows this incarnation, which is applied as a
  /// whole: older ones may know topics of the past, and what they lack or put elsewhere is no stray.
  void apply(const metadata::ImageDelta& delta, const Context& ctx);
  /// The broker is registered: from now on its requests carry this epoch.
  void set_broker_epoch(std::optional<BrokerEpoch> epoch) { broker_epoch_ = epoch; }
  /// The metadata quorum has another leader, or none that is known.
  void on_controller(std::optional<NodeId> controller, const Context& ctx);

  void handle_produce(const ReplyTo& to, const api::ProduceRequest& request, const Context& ctx);
  void handle_fetch(const ReplyTo& to, const api::FetchRequest& request, const Context& ctx);
  void handle_list_offsets(const ReplyTo& to, const api::ListOffsetsRequest& request, const Context& ctx);
  void handle_offset_for_leader_epoch(const ReplyTo& to, const api::OffsetForLeaderEpochRequest& request,
                                      const Context& ctx);

  void on_timer(const io::Timer& timer, const Context& ctx);
  void on_opened(const io::Link& link, const Context& ctx);
  void on_lost(const io::Link& link, const Context& ctx);
  void on_response(const io::ResponseReceived& received, const Context& ctx);
  void on_peer_gone(ConnectionId connection, const Context& ctx);
  void on_channel_timeout(std::uint64_t channel, const Context& ctx);
  void on_channel_backoff(std::uint64_t channel, const Context& ctx);

  void on_fsync(const io::FsyncFinished& finished, const Context& ctx);

  /// Asks for everything that the logs hold to become durable, and for the high watermarks (they are saved
  /// first).
  [[nodiscard]] std::set<FsyncTicket> flush(const Context& ctx);
  [[nodiscard]] bool has_saved_high_watermarks() const { return high_watermarks_.is_durable(); }

  [[nodiscard]] const Partitions& partitions() const { return partitions_; }
  [[nodiscard]] const Partition* find(const TopicPartition& tp) const;
  /// The leaders that this partition is fetched from: one at most, and none while this broker leads it.
  [[nodiscard]] std::vector<BrokerId> fetched_from(const TopicPartition& tp) const;
  [[nodiscard]] const ReplicaConfig& config() const { return config_; }

  FIELDS(config_, defaults_, broker_epoch_, has_applied_, partitions_, fetchers_, isr_changes_,
         high_watermarks_, deleted_, parked_produces_, parked_fetches_, sessions_)
  friend bool operator==(const ReplicaManager&, const ReplicaManager&) = default;

 private:
  struct FetchAnswer {
    std::vector<std::pair<TopicPartition, api::FetchPartitionData>> partitions;
    std::int64_t bytes = 0;
    bool at_once = false;  ///< an error or a divergence: do not park
  };

  /// What metadata has in store for this broker's replicas (org.apache.kafka.image.LocalReplicaChanges).
  struct LocalChanges {
    std::vector<TopicPartition> deletes;
    std::vector<TopicPartition> leaders;
    std::vector<TopicPartition> followers;
  };

  // apply_metadata.cc
  [[nodiscard]] LocalChanges local_changes(const metadata::ImageDelta& delta, const Context& ctx) const;
  [[nodiscard]] LocalChanges first_changes(const Context& ctx) const;
  void sort_in(const TopicPartition& tp, LocalChanges& changes, const Context& ctx) const;
  void stop_replicas(const std::vector<TopicPartition>& deletes, const Context& ctx);
  void become_leader(const TopicPartition& tp, const Context& ctx);
  void become_follower(const TopicPartition& tp, const Context& ctx);
  [[nodiscard]] Partition* find_or_create(const TopicPartition& tp, const Context& ctx);
  void stop_idle_fetchers(const Context& ctx);
  [[nodiscard]] bool adopt_defaults(const Context& ctx);
  void reconfigure(const TopicPartition& tp, Partition& partition, const Context& ctx);
  [[nodiscard]] bool is_registered(const Context& ctx) const;
  void stop_fetching(const TopicPartition& tp, BrokerId leader);

  // replica_manager.cc: logs, timers, connections
  void open_partition(const TopicPartition& tp, const std::string& topic, Offset high_watermark,
                      const Context& ctx);
  [[nodiscard]] Duration delete_delay() const { return milliseconds(defaults_.file_delete_delay_ms); }
  void send_all(const Context& ctx);
  void checkpoint_high_watermarks(const Context& ctx);
  void write_high_watermarks(const Context& ctx);
  void shrink_isrs(const Context& ctx);
  void on_progress(const TopicPartition& tp, const Progress& progress, const Context& ctx);
  /// Null when there is none, or metadata knows the topic no longer and only has not been applied yet.
  [[nodiscard]] Partition* hosted(const TopicPartition& tp, const Context& ctx);
  [[nodiscard]] api::ErrorCode absence_of(const TopicPartition& tp, const Context& ctx) const;

  // produce.cc
  [[nodiscard]] PendingAck append(const TopicPartition& tp, const api::PartitionProduceData& data,
                                  std::int16_t acks, const Context& ctx);
  void check_produces(const TopicPartition& tp, const Context& ctx);
  void settle(const TopicPartition& tp, PendingAck& ack, const Context& ctx) const;
  [[nodiscard]] static api::ErrorCode loss_of(const TopicPartition& tp, const Context& ctx);
  void answer_produce(const ParkedProduce& parked, const Context& ctx);
  void on_produce_timeout(std::uint64_t ordinal, const Context& ctx);

  // fetch.cc
  [[nodiscard]] FetchAnswer read(const FetchSession& session, const FetchParams& params, bool first_read,
                                 const Context& ctx);
  [[nodiscard]] api::FetchPartitionData read_partition(const FetchSession& session, const FetchParams& params,
                                                       const TopicPartition& tp, bool first_read,
                                                       FetchAnswer& answer, const Context& ctx);
  [[nodiscard]] api::ErrorCode check_fetch(const FetchSession& session, const TopicPartition& tp,
                                           const Context& ctx);
  [[nodiscard]] bool is_due(const FetchSession& session, const FetchParams& params, const Context& ctx);
  [[nodiscard]] bool has_news(const FetchSession& session, const TopicPartition& tp, const Context& ctx);
  [[nodiscard]] bool may_rest(const FetchSession& session, const TopicPartition& tp, const Context& ctx);
  static void tell(FetchSession& session, const TopicPartition& tp, api::FetchPartitionData data,
                   api::FetchResponse& response, const Context& ctx);
  void call(FetchSession& session, const TopicPartition& tp);
  void call_fetches(const TopicPartition& tp);
  void call_named(const api::FetchRequest& request);
  void call_replica_fetches();
  void check_fetches(const TopicPartition& tp, const Context& ctx);
  void answer_fetch(const ReplyTo& to, FetchSessions::Number number, const FetchParams& params,
                    FetchAnswer answer, const Context& ctx);
  void on_fetch_timeout(std::uint64_t ordinal, const Context& ctx);
  void find_offset(const Partition& partition, bool replica, const api::ListOffsetsPartition& wanted,
                   api::ListOffsetsPartitionResponse& result, const Context& ctx) const;

  ReplicaConfig config_;
  io::TopicConfig defaults_;  ///< of topics: the broker's own, under its dynamic configuration
  std::optional<BrokerEpoch> broker_epoch_;
  bool has_applied_ = false;  ///< an image that knows this incarnation
  Partitions partitions_;
  std::map<BrokerId, Fetcher> fetchers_;
  IsrChanges isr_changes_;
  log::DurableFile high_watermarks_{std::string(log::kHighWatermarkCheckpoint)};
  DeletedLogs deleted_;
  Purgatory<ParkedProduce> parked_produces_{io::TimerKind::kParkedProduce};
  Purgatory<ParkedFetch> parked_fetches_{io::TimerKind::kParkedFetch};
  FetchSessions sessions_;
};

}  // namespace odradek::replica
