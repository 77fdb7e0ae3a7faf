// Expansion: random faults become entries of the plan before the first event.
//
// What a seed will try is therefore known at its start, can be printed, and can be cut down entry by entry.
// Faults of one kind come at exponential gaps. One in three does not strike at its time but shortly after an
// event that opens a window for races: an election, an ISR change, a high watermark that moved, a truncation.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/random.h"
#include "sim/faults/plan.h"
#include "sim/faults/topology.h"

namespace odradek::sim {

/// A kind made of two entries: a new preferred leader, and a moment later its election.
inline constexpr std::string_view kLeaderMove = "leader-move";

/// True for kFaultNames and kLeaderMove.
[[nodiscard]] bool is_random_fault(std::string_view kind);

/// Entries in the order of `faults`, by time within each. REQUIRES: every kind is_random_fault.
[[nodiscard]] std::vector<PlanEntry> expand(std::span<const RandomFault> faults, const FaultBudget& budget,
                                            const Key& key, const Topology& topology, Duration until);

}  // namespace odradek::sim
