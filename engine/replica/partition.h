// Partition: one replica of a partition on one broker. Start here to read how Kafka replicates.
//
// The role is a type: a Leader holds what only a leader knows, a Follower whom it follows. Roles change only
// by metadata (`become_leader`, `become_follower`), never by what a peer says.
//
// 1. log_start <= high_watermark <= log_end.
// 2. On a leader the high watermark only grows within a leader epoch.
// 3. The high watermark of a leader is at most the log end of every member of the maximal ISR.
// 4. Records below the high watermark are never truncated by a leader; a follower truncates only to where its
//    leader's answer says that the logs diverge.
//
// Source: kafka.cluster.Partition, KIP-101, KIP-279, KIP-497, KIP-595, KIP-903.
#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "engine/api/alter_partition.h"
#include "engine/api/error_code.h"
#include "engine/api/fetch.h"
#include "engine/log/log.h"
#include "engine/replica/context.h"
#include "engine/replica/leader.h"

namespace odradek::replica {

/// What does not change while the process runs.
struct ReplicaConfig {
  BrokerId broker;
  Uuid incarnation;
  io::BrokerConfig broker_config;
  io::TopicConfig topic_defaults;
  io::Flaws flaws;

  FIELDS(broker, incarnation, broker_config, topic_defaults, flaws)
  friend bool operator==(const ReplicaConfig&, const ReplicaConfig&) = default;
};

/// What changed, so that the replica manager can wake whoever waits for it.
struct Progress {
  bool high_watermark_advanced = false;
  bool proposed_isr = false;
};

/// A follower's fetch, as far as the leader's bookkeeping is concerned.
struct FollowerFetch {
  BrokerId broker;
  std::optional<BrokerEpoch> broker_epoch;
  Offset fetch_offset;
  Offset log_start;
};

class Partition {
 public:
  Partition() = default;
  Partition(TopicPartition tp, std::string topic, log::Log log, Offset checkpointed_high_watermark);

  [[nodiscard]] const TopicPartition& tp() const { return tp_; }
  [[nodiscard]] const std::string& topic() const { return topic_; }
  [[nodiscard]] const log::Log& log() const { return log_; }
  [[nodiscard]] Offset high_watermark() const { return high_watermark_; }
  [[nodiscard]] LeaderEpoch leader_epoch() const { return leader_epoch_; }
  /// Absent until the first metadata about this partition.
  [[nodiscard]] std::optional<PartitionEpoch> partition_epoch() const { return partition_epoch_; }
  [[nodiscard]] const std::vector<BrokerId>& replicas() const { return replicas_; }
  [[nodiscard]] const io::TopicConfig& config() const { return config_; }
  [[nodiscard]] const Leader* leader() const { return std::get_if<Leader>(&role_); }
  /// Whom this replica follows; absent for a leader and for a leaderless partition.
  [[nodiscard]] std::optional<BrokerId> followed_leader() const;
  /// The smaller of min.insync.replicas and the number of replicas.
  [[nodiscard]] std::int32_t effective_min_isr() const;

  /// Takes the leader's role for `state`. Drops what is older than what is known.
  Progress become_leader(const metadata::PartitionRegistration& state, const ReplicaConfig& self,
                         const Context& ctx);
  /// Takes the follower's role. True when the fetcher must start anew: the leader epoch moved.
  bool become_follower(const metadata::PartitionRegistration& state, const ReplicaConfig& self,
                       const Context& ctx);
  /// The topic's settings, from now on.
  void set_config(const io::TopicConfig& config);

  /// NONE, or why a request with this idea of the leader epoch cannot be served (KIP-320).
  [[nodiscard]] api::ErrorCode check_leader(std::optional<LeaderEpoch> current_leader_epoch) const;

  /// Appends a client's batch. Errors mean that nothing was appended, but KAFKA_STORAGE_ERROR.
  [[nodiscard]] std::expected<log::AppendInfo, api::ErrorCode> append_as_leader(const Bytes& batch,
                                                                                std::int16_t acks,
                                                                                const Context& ctx);
  /// Counts a follower's fetch: its log end, its place in the ISR, the high watermark.
  Progress on_follower_fetch(const FollowerFetch& fetch, const ReplicaConfig& self, const Context& ctx);
  /// Whether it makes no difference that this follower fetches from the log end again: it is in sync, and no
  /// change of that waits for it.
  [[nodiscard]] bool is_idle_for(BrokerId follower) const;
  /// The fetches that made no difference, the last of them at `time`.
  void on_idle_fetches(BrokerId follower, Timestamp time);
  /// Proposes to drop members that lag. The leader itself is never dropped.
  Progress maybe_shrink_isr(const ReplicaConfig& self, const Context& ctx);
  /// Moves the high watermark to the smallest log end that matters.
  bool maybe_advance_high_watermark(const ReplicaConfig& self, const Context& ctx);

  /// The controller answered a proposal. True when the proposal is to be sent again.
  bool on_isr_answer(const IsrProposal& proposal, const api::AlterPartitionDataResponse& answer,
                     const ReplicaConfig& self, const Context& ctx, Progress& progress);

  /// Appends what the leader served and follows its high watermark. REQUIRES: a follower, and no cut is open.
  [[nodiscard]] io::DiskResult<void> append_as_follower(std::span<const Bytes> batches,
                                                        Offset leader_high_watermark, const Context& ctx);
  /// Truncates to where the leader's log diverges from this one. True when one round sufficed.
  [[nodiscard]] io::DiskResult<bool> truncate_to_divergence(const api::EpochEndOffset& diverging,
                                                            const Context& ctx);
  [[nodiscard]] io::DiskResult<void> truncate_to(Offset end, const Context& ctx);
  [[nodiscard]] io::DiskResult<void> restart_at(Offset start, const Context& ctx);

  /// The last cut of the log is not durable yet, and until it is nothing is appended. Otherwise a power loss
  /// may keep the page that the cut went through as it was before and the pages behind it as they are now: a
  /// record of an old epoch then stands in front of newer ones, where no leader epoch tells that the logs
  /// diverge. Kafka does not wait.
  [[nodiscard]] bool is_cutting() const { return cut_.has_value(); }
  /// The log was cut just now.
  void flush_cut(const Context& ctx);
  /// True when the cut that was waited for is durable.
  bool on_fsync(FsyncTicket ticket);

  FIELDS(tp_, topic_, log_, high_watermark_, leader_epoch_, partition_epoch_, replicas_, config_, role_, cut_)
  friend bool operator==(const Partition&, const Partition&) = default;

 private:
  [[nodiscard]] bool is_eligible(BrokerId broker, const FollowerState& follower, const Context& ctx) const;
  [[nodiscard]] bool may_join_isr(BrokerId broker, const FollowerState& follower, const ReplicaConfig& self,
                                  const Context& ctx) const;
  bool maybe_expand_isr(BrokerId broker, const ReplicaConfig& self, const Context& ctx);
  void propose(std::vector<BrokerId> brokers, bool expands, const ReplicaConfig& self, const Context& ctx);
  void start_leader_epoch(Leader& leader, const ReplicaConfig& self, const Context& ctx);
  void adopt_isr(std::vector<BrokerId> isr, PartitionEpoch partition_epoch, const Context& ctx);
  void tell_isr_change(const std::vector<BrokerId>& before, const Context& ctx) const;
  void flush_rolled(const log::AppendInfo& appended, const Context& ctx) const;
  void set_high_watermark(Offset to, bool as_leader, const Context& ctx);
  [[nodiscard]] bool adopt_assignment(const metadata::PartitionRegistration& state);
  void follow_assignment(Leader& leader, const ReplicaConfig& self) const;

  TopicPartition tp_;
  std::string topic_;
  log::Log log_;
  Offset high_watermark_;
  LeaderEpoch leader_epoch_{-1};
  std::optional<PartitionEpoch> partition_epoch_;
  std::vector<BrokerId> replicas_;
  io::TopicConfig config_;
  std::variant<Follower, Leader> role_;
  std::optional<FsyncTicket> cut_;
};

}  // namespace odradek::replica
