// How the ledger grows, and how it forks at an unclean election so that checking goes on with the new
// history.
#pragma once

#include "sim/checkers/checks.h"

namespace odradek::sim {

/// A claim of a leader in some epoch.
struct Claim {
  BrokerId leader;
  LeaderEpoch epoch;
};

/// Enters what `claim` makes visible below `to`, if it is legitimate. A leader that a fork has left behind
/// is, as far as its records have survived the fork.
void extend_ledger(const Scope& scope, const TopicPartition& tp, PartitionState& state, const Claim& claim,
                   Offset to);

/// From the leader epoch of `state.truth` on `survivor` is all that is in sync, and it may lack what was
/// visible. That is taken for lost, as the setting permits.
void begin_fork(const Scope& scope, const TopicPartition& tp, PartitionState& state, BrokerId survivor,
                std::string_view setting);

/// A leader takes up the epoch of a pending fork, or a later one. Only now its log is what the new history
/// begins with, and what that lacks is lost and reported. The broker that was elected may have died before it
/// led anybody: then who leads instead may have everything, and there is no fork. Or it takes up its epoch
/// late, after the next election, and still makes those follow it who have not heard of that.
void settle_forks(const Scope& scope, const TopicPartition& tp, PartitionState& state, const Claim& claim,
                  Offset high_watermark);

/// The run ends before anybody has taken up these forks: what the elected brokers lack counts as lost.
void report_pending_forks(const Scope& scope, const TopicPartition& tp, const PartitionState& state);

/// A leader of `epoch` goes on over [begin, end). If a settled fork has left it behind, that is lost:
/// permitted, and reported.
void report_abandoned(const Scope& scope, const TopicPartition& tp, const PartitionState& state,
                      LeaderEpoch epoch, Offset begin, Offset end);

}  // namespace odradek::sim
