// I26 to I30: what must come true once all faults have ended and the cluster had time to settle.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/checkers/checkers.h"

namespace odradek::sim {

/// One reason why a cluster has not settled.
struct Unsettled {
  Invariant invariant{};
  TopicPartition tp;  ///< zero when it is about no partition
  std::string message;
  std::string_view witness;
};

/// Everything against I26, I27, I29 and I30 that can be seen now.
[[nodiscard]] std::vector<Unsettled> find_unsettled(const CheckersState& state, const ClusterView& view);

/// I28: sends that are open for longer than their delivery timeout, though their client lives.
[[nodiscard]] std::vector<Unsettled> find_unresolved_writes(const SettledObservation& settled);
/// I28: sends with acks=all that did not succeed though all faults had ended before.
[[nodiscard]] std::vector<Unsettled> find_refused_writes(const History& history, Instant settled);

}  // namespace odradek::sim
