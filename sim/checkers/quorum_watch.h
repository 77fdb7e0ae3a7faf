// QuorumWatch: the promises of the metadata quorum, looked at after each step of each of its replicas (I50 to
// I60, I65, I66).
//
// It keeps two ledgers: of all batches that were ever written, by offset and epoch, and of those that some
// replica took for committed. Everybody's log and high watermark must agree with both. Two more are of
// what the log adds up to: for controllers by offset, and for snapshots.
//
// Source: RaftEventSimulationTest; the TLA+ specifications of KRaft (KIP-853, KIP-996) by Vanlightly.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "sim/checkers/findings.h"
#include "sim/checkers/quorum_view.h"

namespace odradek::sim {

class QuorumWatch {
 public:
  /// `fetch_timeout_ms`: controller.quorum.fetch.timeout.ms.
  void set_fetch_timeout(std::int64_t fetch_timeout_ms) { fetch_timeout_ms_ = fetch_timeout_ms; }

  void observe(const QuorumReplicaView& view, const QuorumReader& reader, const Sighting& now,
               Findings& findings);
  /// The state that a snapshot stands for, when it is written and each time that it was loaded: always the
  /// same, and what controllers had there (I58).
  void see_snapshot(NodeId node, const OffsetAndEpoch& id, const Digest& state, const Sighting& now,
                    Findings& findings);
  /// What a controller has applied of the log ends elsewhere than when it was seen last.
  [[nodiscard]] bool is_elsewhere(NodeId controller, Offset end) const;
  /// The state of a controller that has applied the log up to `end` (I65). REQUIRES: its replica was
  /// observed.
  void see_metadata(NodeId controller, Offset end, const Digest& state, const Sighting& now,
                    Findings& findings);

  /// How long a leader has led without a majority, by a clock that no jump moves (I66). It stands still where
  /// the wall clock has been set back and has not caught up: Kafka's timers do
  /// (org.apache.kafka.common.utils.Timer).
  struct Patience {
    LeaderEpoch epoch;
    Instant seen;
    Timestamp latest;  ///< of the wall clock
    Duration led;
    std::map<NodeId, Duration> fetched;  ///< by the time that it had led

    FIELDS(epoch, seen, latest, led, fetched)
    friend bool operator==(const Patience&, const Patience&) = default;
  };

  struct Replica {
    QuorumReplicaView view;
    Offset durable_end;                         ///< so far its log survives a power loss
    Offset verified_end;                        ///< so far its log has been compared with the ledgers
    std::optional<LeaderEpoch> verified_epoch;  ///< of the batch before; absent: not known
    std::set<Offset> voter_records;             ///< where its log names voters, as far as verified
    std::optional<Patience> patience;           ///< of a leader that needs other voters
    std::optional<Offset> metadata_end;         ///< so far its controller has applied it, when last seen

    FIELDS(view, durable_end, verified_end, verified_epoch, voter_records, patience, metadata_end)
    friend bool operator==(const Replica&, const Replica&) = default;
  };
  /// As of their last steps.
  [[nodiscard]] const std::map<NodeId, Replica>& replicas() const { return replicas_; }

  /// What a replica has promised durably, for as long as it keeps its directory.
  struct Promise {
    LeaderEpoch epoch;
    std::optional<raft::ReplicaKey> voted;

    FIELDS(epoch, voted)
    friend bool operator==(const Promise&, const Promise&) = default;
  };
  struct Written {
    MetadataBatch batch;
    std::optional<LeaderEpoch> epoch_before;

    FIELDS(batch, epoch_before)
    friend bool operator==(const Written&, const Written&) = default;
  };
  struct Leadership {
    NodeId node;
    std::uint32_t incarnation = 0;

    FIELDS(node, incarnation)
    friend bool operator==(const Leadership&, const Leadership&) = default;
  };

  FIELDS(fetch_timeout_ms_, replicas_, promises_, written_, committed_, leaders_, snapshots_, metadata_)
  friend bool operator==(const QuorumWatch&, const QuorumWatch&) = default;

 private:
  class Look;

  std::int64_t fetch_timeout_ms_ = 2'000;
  std::map<NodeId, Replica> replicas_;
  std::map<raft::ReplicaKey, Promise> promises_;
  std::map<std::pair<Offset, LeaderEpoch>, Written> written_;
  std::map<Offset, MetadataBatch> committed_;  ///< by base offset
  std::map<LeaderEpoch, Leadership> leaders_;
  std::map<OffsetAndEpoch, Digest> snapshots_;
  std::map<Offset, Digest> metadata_;  ///< of controllers, by where what they have applied ends
};

}  // namespace odradek::sim
