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

/// Enters what `claim` makes visible below `to`, if it is legitimate.
void extend_ledger(const Scope& scope, const TopicPartition& tp, PartitionState& state, const Claim& claim,
                   Offset to);

/// The controller has elected a leader (in `state.truth`) that may lack what was visible: that is lost, as
/// the setting permits, and leaves the ledger.
void begin_fork(const Scope& scope, const TopicPartition& tp, PartitionState& state,
                std::string_view setting);

/// The broker that was elected uncleanly takes up its epoch. Only now its log is what the new history begins
/// with.
void settle_fork(const Scope& scope, const TopicPartition& tp, PartitionState& state, const Claim& claim);

/// A leader that an unclean election has left behind went on over [begin, end): permitted, and reported.
void report_abandoned(const Scope& scope, const TopicPartition& tp, const PartitionState& state, Offset begin,
                      Offset end);

}  // namespace odradek::sim
