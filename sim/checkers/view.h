// ClusterView: what the harness lets the checkers see of a cluster, without a node's help.
//
// The simulator implements it over its world; tests build small clusters by hand. A view looks at one moment,
// the end of a step. Nothing here is a message between nodes: no engine code can depend on it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/ids.h"
#include "sim/workload/history.h"

namespace odradek::sim {

/// One replica as its broker sees it.
struct ReplicaView {
  Offset log_start;
  Offset log_end;
  Offset high_watermark;
  bool is_leader = false;
  LeaderEpoch leader_epoch;
  Offset leader_epoch_start;          ///< log end when its leadership began; meaningful while it leads
  std::vector<BrokerId> isr;          ///< committed, as far as this leader knows; empty on a follower
  std::vector<BrokerId> maximal_isr;  ///< what it counts for its high watermark (KIP-497)
  std::optional<std::vector<BrokerId>> proposal;  ///< the ISR that it has asked for and not heard of
  std::int32_t effective_min_isr = 1;             ///< by the settings that have reached this broker

  FIELDS(log_start, log_end, high_watermark, is_leader, leader_epoch, leader_epoch_start, isr, maximal_isr,
         proposal, effective_min_isr)
  friend bool operator==(const ReplicaView&, const ReplicaView&) = default;
};

/// A record as it lies in a log.
struct LogRecord {
  Offset offset;
  LeaderEpoch epoch;  ///< of the leader that wrote it
  Digest content;     ///< `content_of` its key, value and headers

  FIELDS(offset, epoch, content)
  friend bool operator==(const LogRecord&, const LogRecord&) = default;
};

/// A log on the disk of a broker that is down.
struct BuriedLog {
  Offset log_start;
  Offset log_end;
  std::vector<LogRecord> records;

  FIELDS(log_start, log_end, records)
  friend bool operator==(const BuriedLog&, const BuriedLog&) = default;
};

/// A partition as the metadata log has committed it, with the settings that matter to promises.
struct PartitionTruth {
  std::string topic;
  std::vector<BrokerId> replicas;
  std::vector<BrokerId> isr;
  std::vector<BrokerId> elr;
  std::vector<BrokerId> last_known_elr;
  std::vector<BrokerId> adding_replicas;  ///< by a reassignment that has not ended
  std::vector<BrokerId> removing_replicas;
  std::optional<BrokerId> leader;
  bool recovering = false;  ///< its leader was elected uncleanly and has not said yet that it has recovered
  LeaderEpoch leader_epoch;
  PartitionEpoch partition_epoch;
  std::int32_t effective_min_isr = 1;  ///< the smaller of min.insync.replicas and the number of replicas
  std::int32_t least_min_isr =
      1;  ///< the smallest that this ever was: what is old may be on no more replicas
  bool unclean_leader_election_enable = false;
  bool eligible_leader_replicas = true;  ///< KIP-966, eligible.leader.replicas.version

  FIELDS(topic, replicas, isr, elr, last_known_elr, adding_replicas, removing_replicas, leader, recovering,
         leader_epoch, partition_epoch, effective_min_isr, least_min_isr, unclean_leader_election_enable,
         eligible_leader_replicas)
  friend bool operator==(const PartitionTruth&, const PartitionTruth&) = default;
};

class ClusterView {
 public:
  virtual ~ClusterView() = default;

  /// All brokers of the scenario, up or down, ascending.
  [[nodiscard]] virtual std::vector<BrokerId> brokers() const = 0;
  /// Likewise the controllers.
  [[nodiscard]] virtual std::vector<NodeId> controllers() const = 0;
  [[nodiscard]] virtual bool is_up(NodeId node) const = 0;
  /// It is up and not cut off for good: one that has to converge with the others.
  [[nodiscard]] virtual bool takes_part(NodeId node) const { return is_up(node); }
  /// How often the process of a node (broker or client) has been started.
  [[nodiscard]] virtual std::uint32_t incarnation(NodeId node) const = 0;

  /// Absent when the broker is down or has no such log.
  [[nodiscard]] virtual std::optional<ReplicaView> replica(BrokerId broker,
                                                           const TopicPartition& tp) const = 0;
  /// The records in [from, to), decoded from the log's bytes, in the order in which they lie there. REQUIRES:
  /// up.
  [[nodiscard]] virtual std::vector<LogRecord> read_log(BrokerId broker, const TopicPartition& tp,
                                                        Offset from, Offset to) const = 0;
  /// Which record stands at an offset, for people; absent when it cannot be told. REQUIRES: up.
  [[nodiscard]] virtual std::optional<RecordId> record_id(BrokerId broker, const TopicPartition& tp,
                                                          Offset offset) const = 0;
  /// What a broker that is down would find of a log if it were started now; absent: nothing. REQUIRES: down.
  [[nodiscard]] virtual std::optional<BuriedLog> buried_log(BrokerId broker,
                                                            const TopicPartition& tp) const = 0;
  /// Each epoch with the offset where it starts, in the order of the leader-epoch-checkpoint. REQUIRES: up.
  [[nodiscard]] virtual std::vector<OffsetAndEpoch> epoch_cache(BrokerId broker,
                                                                const TopicPartition& tp) const = 0;

  /// The leaders that a broker fetches this partition from. REQUIRES: up.
  [[nodiscard]] virtual std::vector<BrokerId> fetched_from(BrokerId broker,
                                                           const TopicPartition& tp) const = 0;

  /// Committed by the controller; absent when unknown, or while there is no controller to ask.
  [[nodiscard]] virtual std::optional<PartitionTruth> truth(const TopicPartition& tp) const = 0;
  /// A controller died in the step in which it told of what it had committed, and no other has got there yet.
  [[nodiscard]] virtual bool is_truth_behind() const { return false; }
  /// Committed by the controller: registered and not fenced.
  [[nodiscard]] virtual bool is_unfenced(BrokerId broker) const = 0;
  /// The same, and it does not shut down: it may lead and be in an ISR.
  [[nodiscard]] virtual bool is_active(BrokerId broker) const = 0;
  /// Whose metadata ends where this broker's does and says something else: "broker 2", or "the controller".
  /// REQUIRES: up.
  [[nodiscard]] virtual std::optional<std::string> contradicts_metadata(BrokerId broker) const = 0;
  /// The same of what a controller has taken of the committed log: "controller 102", or "broker 2".
  [[nodiscard]] virtual std::optional<std::string> contradicts_controller(NodeId controller) const = 0;
  /// The broker's metadata says what the controller has committed, and its partitions have taken their roles
  /// by it. REQUIRES: up.
  [[nodiscard]] virtual bool is_metadata_current(BrokerId broker) const = 0;

 protected:
  ClusterView() = default;
  ClusterView(const ClusterView&) = default;
  ClusterView& operator=(const ClusterView&) = default;
};

}  // namespace odradek::sim
