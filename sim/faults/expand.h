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

/// A random kind that is made of several entries.
struct CompositeFault {
  std::string_view name;
  std::uint16_t place = 0;  ///< names it in draws: fixed
  bool lasts = false;
  std::string_view doc;
};

inline constexpr std::array kCompositeFaults = {
    CompositeFault{"leader-move", 10, false, "random only: reorder, and a moment later elect-preferred"},
    CompositeFault{"crash-loop", 200, false,
                   "random only: one broker dies again and again, soon after each start"},
    CompositeFault{"swizzle", 201, true,
                   "random only: one node after another is cut off, and they come back in another order"},
};

/// True for the names of kFaults and kCompositeFaults.
[[nodiscard]] bool is_random_fault(std::string_view kind);

/// Entries in the order of `faults`, by time within each. REQUIRES: every kind is_random_fault.
[[nodiscard]] std::vector<PlanEntry> expand(std::span<const RandomFault> faults, const FaultBudget& budget,
                                            const Key& key, const Topology& topology, Duration until);

}  // namespace odradek::sim
