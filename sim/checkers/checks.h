// The invariants that hold always: one function each, in the file named behind it.
//
// Each looks at the present state or at one event, counts the case and reports what is wrong; none keeps
// state of its own. When which function is called stands in checkers.cc. Each is O(1) in the length of logs,
// but for reading new records once and for finding the offset that a message names.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/io/event.h"
#include "sim/checkers/findings.h"
#include "sim/checkers/loss_ledger.h"
#include "sim/checkers/partition_state.h"
#include "sim/checkers/permissions.h"
#include "sim/checkers/view.h"

namespace odradek::sim {

/// What a check works with during one step.
struct Scope {
  Sighting now;
  const ClusterView& view;
  const LossLedger& losses;
  Findings& findings;
  Permissions& permissions;

  /// True when the wrong record that a replica holds at this offset is one whose loss is permitted.
  [[nodiscard]] bool is_excused(const TopicPartition& tp, const ReplicaShadow& replica, Offset offset) const {
    return replica.log.holds(offset) && permissions.covers(tp, offset, replica.log.at(offset));
  }
};

/// The partition a check is about.
struct Target {
  TopicPartition tp;
  const PartitionState& state;

  [[nodiscard]] std::string name() const { return state.name(tp); }
  /// It is one of the replicas that the controller has committed.
  [[nodiscard]] bool is_assigned(BrokerId broker) const {
    return !state.truth || std::ranges::find(state.truth->replicas, broker) != state.truth->replicas.end();
  }
  /// A leader of this epoch may count on the replica: it has not been taken away since, be it that it was
  /// made a replica once more.
  [[nodiscard]] bool counts_for(BrokerId broker, LeaderEpoch epoch) const {
    const auto gone = state.taken_away.find(broker);
    return is_assigned(broker) && (gone == state.taken_away.end() || gone->second <= epoch);
  }
};

/// " (record 1001/42)", or nothing when it cannot be read now.
[[nodiscard]] std::string record_name(const Scope& scope, BrokerId broker, const TopicPartition& tp,
                                      Offset offset);

// One replica.
void check_offset_order(const Scope&, const Target&, BrokerId);  // I1, offset_order.cc
/// Returns the part of `records` that is dense from `from`.
std::span<const LogRecord> check_log_shape(const Scope&, const Target&, BrokerId,
                                           std::span<const LogRecord> records, Offset from,
                                           Offset to);              // I2, log_shape.cc
void check_epoch_order(const Scope&, const Target&, BrokerId);      // I3, epoch_monotone.cc
void check_epoch_cache(const Scope&, const Target&, BrokerId);      // I3, epoch_monotone.cc
void check_log_matching(const Scope&, const Target&, BrokerId);     // I5, log_matching.cc
void check_prefix_by_epoch(const Scope&, const Target&, BrokerId);  // I5', log_matching.cc

void check_fetchers(const Scope&, const Target&, BrokerId);  // I21, fetchers.cc
/// Every record in `records` that the replica holds was written by a leader of this very topic.
void check_topic_identity(const Scope&, const Target&, BrokerId,
                          OffsetRange records);  // I25, topic_identity.cc

// What leaders do.
void check_one_leader(const Scope&, const Target&, BrokerId, LeaderEpoch);              // I20, one_leader.cc
void check_leader_append(const Scope&, const Target&, BrokerId, const io::AppendLog&);  // I4, one_leader.cc
void check_high_watermark_monotone(const Scope&, const Target&, BrokerId, Offset high_watermark,
                                   LeaderEpoch);                         // I14, high_watermark.cc
void check_valid_high_watermark(const Scope&, const Target&, BrokerId);  // I8, high_watermark.cc
void check_strong_isr(const Scope&, const Target&);                      // I6, in_sync.cc
void check_weak_isr(const Scope&, const Target&, BrokerId leader);       // I6w, in_sync.cc

// What the controller commits.
void check_leader_in_isr(const Scope&, const Target&, const io::ChangePartition&);  // I7, leader_in_isr.cc
/// `min_isr`: the larger of what it was and what it is, since the change may be older than the setting.
void check_isr_and_elr(const Scope&, const Target&, const io::ChangePartition&,
                       std::int32_t min_isr);  // I18, isr_and_elr.cc
/// The partition as the metadata log has committed it by the end of the step.
void check_fenced_not_in_isr(const Scope&, const Target&,
                             const PartitionTruth&);                        // I17, fenced_not_in_isr.cc
void check_recovering(const Scope&, const Target&, const PartitionTruth&);  // I18, isr_and_elr.cc
/// What stands for an election besides the partition itself.
struct Candidacy {
  bool is_unfenced = false;        ///< the one elected, just then
  std::vector<BrokerId> replaced;  ///< brokers that register anew in the same batch
};
/// REQUIRES: the target is the partition before the change.
/// `is_allowed`: by a setting, or because an administrator asked for it.
void check_no_unclean_election(const Scope&, const Target&, const io::ChangePartition&, const Candidacy&,
                               bool is_allowed);       // I22, unclean_election.cc
void check_metadata(const Scope&, BrokerId);           // I30, metadata_images.cc
void check_controller_metadata(const Scope&, NodeId);  // I65, metadata_images.cc
void check_elected(const Scope&, const Target&);       // I10, completeness.cc
void check_candidates(const Scope&, const Target&);    // I11, completeness.cc
void check_partition_epochs(const Scope&, const Target&, const io::ChangePartition&);  // I19, epochs_grow.cc
void check_reassignment(const Scope&, const Target&, const io::ChangePartition&);      // I24, reassignment.cc
/// A number of one node that never goes back.
struct Growth {
  std::string_view what;  ///< "leader epoch"
  NodeId node;
  std::int64_t before = 0;
  std::int64_t after = 0;
  bool strictly = false;  ///< it may not stay either
};
void check_grows(const Scope&, const TopicPartition&, const Growth&);  // I19, epochs_grow.cc

// What clients get.
void check_served(const Scope&, const Target&, BrokerId, const io::ServeFetch&);  // I15, I16, served.cc
void check_acked(const Scope&, const Target&, BrokerId, const io::AckProduce&);   // I23, I103, acked.cc

}  // namespace odradek::sim
