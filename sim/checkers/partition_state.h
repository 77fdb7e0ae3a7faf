// PartitionState: the harness's own knowledge of one partition, from which all replication invariants are
// O(1) compares.
//
// - `replicas`: a shadow of each replica's log. It survives the broker's crash, as the page cache does.
// - `ledger`: the first record made visible at each offset, that is, the record that stood there when a
// legitimate
//   leader's high watermark passed it. A leader is legitimate when the controller granted it its epoch, for
//   as much as has survived the unclean elections since. A deposed leader that still reaches its whole ISR is
//   legitimate: whoever was elected instead is a member of that ISR and holds what it makes visible.
// - `lineages`: what the leader of each epoch wrote, with the hash of the log in front of it.
// - `truth`: the partition as the controller has committed it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/ids.h"
#include "sim/checkers/record_log.h"
#include "sim/checkers/view.h"

namespace odradek::sim {

struct ReplicaShadow {
  RecordLog log;
  ReplicaView seen;  ///< after the last step that touched it
  std::uint32_t incarnation = 0;
  std::optional<LeaderEpoch> led;  ///< the epoch to which `led_high_watermark` belongs
  Offset led_high_watermark;
  bool retreated = false;  ///< it has cut its log below its high watermark, whose checkpoint may be older

  FIELDS(log, seen, incarnation, led, led_high_watermark, retreated)
  friend bool operator==(const ReplicaShadow&, const ReplicaShadow&) = default;

  /// The first offset of [log start, to) that this replica lacks or holds otherwise than `expected`.
  [[nodiscard]] std::optional<Offset> lacks(const RecordLog& expected, Offset to) const {
    return first_mismatch(log, expected, seen.log_start, to);
  }
};

struct Lineage {
  BrokerId writer;
  RecordLog records;
  bool cut_off = false;  ///< its writer died in the middle of a step: it may have written more

  FIELDS(writer, records, cut_off)
  friend bool operator==(const Lineage&, const Lineage&) = default;
};

struct PartitionState {
  std::optional<PartitionTruth> truth;
  bool deleted =
      false;  ///< committed: its topic is gone. What clients saw before is still held to the ledger
  /// In which leader epoch a reassignment took a replica away. Leaders of older ones may count it as in sync.
  std::map<BrokerId, LeaderEpoch> taken_away;
  std::map<LeaderEpoch, BrokerId> granted;   ///< by the controller
  std::map<LeaderEpoch, BrokerId> believed;  ///< who said that it leads
  std::map<LeaderEpoch, Lineage> lineages;
  std::map<BrokerId, ReplicaShadow> replicas;
  RecordLog ledger;
  LeaderEpoch ledger_epoch{-1};                  ///< of the leader that last moved the ledger's end
  std::vector<std::pair<Offset, Offset>> alone;  ///< [begin, end) acknowledged with acks=all by an ISR of one
  /// While nobody has taken up the epoch of the last fork: the ledger as it is if no pending fork comes true.
  /// `ledger` is as it is if all do.
  std::optional<RecordLog> unforked;

  FIELDS(truth, deleted, taken_away, granted, believed, lineages, replicas, ledger, ledger_epoch, alone,
         unforked)
  friend bool operator==(const PartitionState&, const PartitionState&) = default;

  /// "orders-0", for people.
  [[nodiscard]] std::string name(const TopicPartition& tp) const;
  [[nodiscard]] bool is_granted(LeaderEpoch epoch, BrokerId broker) const;
  [[nodiscard]] const ReplicaShadow* replica(BrokerId broker) const;
  /// The shadow of the committed leader, while it knows that it leads this epoch.
  [[nodiscard]] const ReplicaShadow* current_leader() const;
  /// Takes what a replica holds of an epoch whose writer was cut off for what that writer wrote.
  void learn_from(const ReplicaShadow& replica);
  /// The record of this content that some leader wrote at this offset.
  [[nodiscard]] std::optional<LoggedRecord> written(Offset offset, std::uint64_t content) const;
  /// Leaders of several epochs wrote it there.
  [[nodiscard]] bool written_again(Offset offset, std::uint64_t content) const;
};

}  // namespace odradek::sim
