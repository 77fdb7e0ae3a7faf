// The leader's role: what it knows of its followers, and the in-sync replicas with at most one change in
// flight.
//
// 1. All decisions of safety use the maximal ISR: the committed one together with a member that is being
// added.
//    The controller may commit the proposal before the leader hears of it (KIP-497).
// 2. While a change is in flight no other is proposed.
// 3. `last_caught_up` never goes back.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "engine/api/alter_partition.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

namespace odradek::replica {

/// What a leader knows of one follower. Source: kafka.cluster.Replica.
struct FollowerState {
  std::optional<Offset> log_end;  ///< its last fetch offset; absent until it fetched from this leader
  Offset log_start;
  Timestamp last_fetch;
  Offset leader_log_end_at_last_fetch;
  Timestamp last_caught_up;
  std::optional<BrokerEpoch> broker_epoch;  ///< of the incarnation that fetched

  FIELDS(log_end, log_start, last_fetch, leader_log_end_at_last_fetch, last_caught_up, broker_epoch)
  friend bool operator==(const FollowerState&, const FollowerState&) = default;

  /// Takes note of a fetch at `fetch_offset`.
  void on_fetch(Offset fetch_offset, Offset follower_log_start, Offset leader_log_end, Timestamp now,
                std::optional<BrokerEpoch> epoch);
  /// It fetched from the leader's log end, last at `time`, without being asked to be noted each time.
  void on_idle_fetches(Timestamp time);
  [[nodiscard]] bool is_caught_up(Offset leader_log_end, Timestamp now, std::int64_t lag_max_ms) const;
};

/// A change of the ISR that the controller has been asked for, or is about to be.
struct IsrProposal {
  LeaderEpoch leader_epoch;
  PartitionEpoch partition_epoch;  ///< the state that it is based on
  std::vector<api::IsrMember> members;
  bool expands = false;

  FIELDS(leader_epoch, partition_epoch, members, expands)
  friend bool operator==(const IsrProposal&, const IsrProposal&) = default;

  [[nodiscard]] std::vector<BrokerId> brokers() const;
};

struct Leader {
  Offset epoch_start;                           ///< log end when this leader epoch began
  std::map<BrokerId, FollowerState> followers;  ///< every other replica of the assignment
  std::vector<BrokerId> isr;                    ///< committed by the controller, as far as known here; sorted
  std::optional<IsrProposal> proposal;

  FIELDS(epoch_start, followers, isr, proposal)
  friend bool operator==(const Leader&, const Leader&) = default;

  /// The committed ISR and whoever a proposal adds.
  [[nodiscard]] std::vector<BrokerId> maximal_isr() const;
  [[nodiscard]] bool in_isr(BrokerId broker) const;
  [[nodiscard]] bool in_maximal_isr(BrokerId broker) const;
};

struct Follower {
  std::optional<BrokerId> leader;  ///< absent: the partition has none, or this replica has no role yet

  FIELDS(leader)
  friend bool operator==(const Follower&, const Follower&) = default;
};

}  // namespace odradek::replica
