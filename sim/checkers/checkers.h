// Checkers: all invariants over one run, as a value that forks with its world. Start here.
//
// `observe` is called after every step that emitted events. It brings the shadows of the touched logs up to
// date by reading only what is new, then runs the checks that these events can have affected. Every 1,024th
// event, once settled and at the end, a scan compares the shadows and the committed partitions with the
// cluster and runs all checks on the state; there a disagreement is a violation of H-shadow, a bug of the
// harness. Scans within a run take some partitions in turn and read a window of one log after another, so
// that their cost grows neither with the partitions nor with the logs. The last one reads every record of
// every log again.
//
// What a run was permitted to lose stands in permissions.h; the list of invariants in registry.h.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/base/cow.h"
#include "engine/io/event.h"
#include "sim/checkers/findings.h"
#include "sim/checkers/loss_ledger.h"
#include "sim/checkers/partition_state.h"
#include "sim/checkers/permissions.h"
#include "sim/checkers/quorum_watch.h"
#include "sim/checkers/view.h"
#include "sim/disk/decay.h"
#include "sim/workload/history.h"

namespace odradek::sim {

/// One step of one node, seen at its end.
struct StepObservation {
  Instant at;
  std::uint64_t event = 0;
  NodeId node;
  std::span<const io::Event> events;
  const ClusterView& view;
};

/// The cluster when the time to settle after the last fault is over.
struct SettledObservation {
  Instant at;
  std::uint64_t event = 0;
  const ClusterView& view;
  const History& history;
  Duration send_timeout;                 ///< the longest that a send of any producer may take
  std::span<const std::string> pending;  ///< what has not finished, with its reason: goes into messages
};

/// What became of all requests and responses that were sent.
struct MessageBalance {
  std::uint64_t sent = 0;
  std::uint64_t arrived = 0;
  std::uint64_t dropped = 0;  ///< on connections that were over
  std::uint64_t under_way = 0;
};

/// The end of a run: no call is open that is still going to return.
struct EndObservation {
  Instant at;
  std::uint64_t event = 0;
  const ClusterView& view;
  const History& history;          ///< every send and poll of every client, the harness's own included
  std::optional<Instant> settled;  ///< sends with acks=all that were invoked later must have succeeded
  /// Partitions that some reader has read from the first offset to the end by the final polls (for J11).
  std::set<io::NamedPartition> fully_read;
  std::set<NodeId> ordered_producers;  ///< with max.in.flight.requests.per.connection=1 (for J10)
  bool idempotence = false;            ///< all producers have enable.idempotence=true (for J2)
  MessageBalance messages = {};        ///< for H7
};

/// What is known of one broker besides its logs.
struct BrokerState {
  std::uint32_t incarnation = 0;
  std::optional<Offset> image_offset;         ///< published by this incarnation
  std::map<BrokerEpoch, Uuid> registrations;  ///< committed: the incarnation behind each broker epoch
  bool unfenced = false;                      ///< committed

  FIELDS(incarnation, image_offset, registrations, unfenced)
  friend bool operator==(const BrokerState&, const BrokerState&) = default;
};

struct CheckersState {
  std::map<TopicPartition, Cow<PartitionState>> partitions;
  std::map<BrokerId, BrokerState> brokers;
  std::map<BrokerId, std::string>
      decayed;  ///< whose disks have lost something behind their backs: the first cause
  std::set<io::NamedPartition> unclean_by_request;  ///< an administrator has asked for an unclean election
  std::map<NodeId, LeaderEpoch> controller_epochs;  ///< in which each was active last
  LossLedger losses;
  Findings findings;
  Permissions permissions;
  QuorumWatch quorum;
  std::uint64_t next_scan = 1'024;
  std::uint64_t scans = 0;
  std::optional<TopicPartition> scanned_last;

  /// What happens to a partition of which this broker holds a replica is permitted, if its disk has decayed.
  void permit_if_decayed(BrokerId broker, const TopicPartition& tp) {
    const auto cause = decayed.find(broker);
    if (cause != decayed.end()) findings.permit(tp, cause->second);
  }

  FIELDS(partitions, brokers, decayed, unclean_by_request, controller_epochs, losses, findings, permissions,
         quorum, next_scan, scans, scanned_last)
  friend bool operator==(const CheckersState&, const CheckersState&) = default;
};

/// How much of its leader's log the replicas of a partition hold.
struct Replicated {
  LeaderEpoch epoch;
  std::uint64_t incarnations = 0;  ///< of all replicas' brokers, summed: a restart may lose what they had
  std::int64_t records = 0;        ///< of all replicas, summed

  FIELDS(epoch, incarnations, records)
  friend bool operator==(const Replicated&, const Replicated&) = default;
};

class Checkers {
 public:
  Checkers() = default;
  /// `fetch_timeout_ms`: controller.quorum.fetch.timeout.ms.
  explicit Checkers(std::int64_t fetch_timeout_ms) { state_.quorum.set_fetch_timeout(fetch_timeout_ms); }

  void observe(const StepObservation& step);
  /// The replica of the metadata log of the node that stepped.
  void observe_quorum(const QuorumReplicaView& view, const QuorumReader& reader, const Sighting& now) {
    state_.quorum.observe(view, reader, now, state_.findings);
  }
  /// The metadata that a snapshot stands for, as the node has it that wrote or loaded it.
  void see_snapshot(NodeId node, const OffsetAndEpoch& id, const Digest& metadata, const Sighting& now) {
    state_.quorum.see_snapshot(node, id, metadata, now, state_.findings);
  }
  /// The metadata of a controller that has applied the log up to `end`.
  void see_metadata(NodeId controller, Offset end, const Digest& metadata, const Sighting& now) {
    state_.quorum.see_metadata(controller, end, metadata, now, state_.findings);
  }
  [[nodiscard]] const QuorumWatch& quorum() const { return state_.quorum; }
  /// A broker's process ended without a clean shutdown; `data`: what it had not flushed may be gone.
  void on_unclean_end(BrokerId broker, bool data);
  /// What lies on the disk of a broker that is down is not what its events told: it died in a step, or its
  /// disk lost something.
  void on_burial(BrokerId broker, const ClusterView& view);
  /// An administrator asks for a leader, even one that lags behind.
  void on_unclean_request(io::NamedPartition partition) {
    state_.unclean_by_request.insert(std::move(partition));
  }
  /// The disk of a broker has lost something behind its back, or will.
  void on_decay(BrokerId broker, Decay kind);
  /// Liveness (I26 to I30).
  void at_settled(const SettledObservation& settled);
  /// The history (I13, I15, I28, I31, I103, J…), after a full scan of every record.
  void at_end(const EndObservation& end);

  /// Liveness is promised by nobody in this run, for these reasons.
  void excuse_liveness(std::vector<Permission> causes) { state_.findings.excuse_liveness(std::move(causes)); }
  [[nodiscard]] bool is_liveness_excused() const { return state_.findings.is_liveness_excused(); }

  /// What the run itself has seen not come about in its time, of the cluster as a whole.
  void miss(Invariant invariant, const Sighting& now, std::string message);

  [[nodiscard]] const LossLedger& losses() const { return state_.losses; }
  /// What keeps I26, I27, I29 or I30 from holding now, one sentence each; empty once the cluster has settled.
  [[nodiscard]] std::vector<std::string> unsettled(const ClusterView& view) const;

  /// Of the partitions whose leader knows that it leads.
  [[nodiscard]] std::map<TopicPartition, Replicated> replicated() const;

  [[nodiscard]] const std::vector<Violation>& violations() const { return state_.findings.violations(); }
  [[nodiscard]] std::vector<Permission> permissions() const;
  [[nodiscard]] std::map<std::string, std::uint64_t> exercised() const { return state_.findings.exercised(); }

  FIELDS(state_)
  friend bool operator==(const Checkers&, const Checkers&) = default;

 private:
  CheckersState state_;
};

}  // namespace odradek::sim
