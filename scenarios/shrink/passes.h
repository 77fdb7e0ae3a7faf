// The ways in which a scenario becomes smaller. Each tries what it can on the best found so far; together
// they are repeated until none finds anything.
#pragma once

#include <array>

#include "scenarios/shrink/search.h"

namespace odradek::scenarios {

// plan_passes.cc: the timeline.
void drop_entries(ShrinkSearch& search);           ///< those that did not strike, then by delta debugging
void drop_pairs_of_entries(ShrinkSearch& search);  ///< where one alone cannot go
void name_roles(ShrinkSearch& search);             ///< brokers for leaders and followers
void script_sends(ShrinkSearch& search);           ///< one record where it matters for all that are sent
void let_producers_send(ShrinkSearch& search);     ///< on their own account, not when the plan says so
void simplify_entries(ShrinkSearch& search);       ///< times for events, nodes for draws, no needless keys
void move_earlier(ShrinkSearch& search);           ///< all of them, and the gaps between them
/// The time of each entry, and of all later ones by as much, so that the gaps behind it stay.
void round_with_the_rest(ShrinkSearch& search);

// size_passes.cc: everything else.
void calm_draws(ShrinkSearch& search);
void drop_clients(ShrinkSearch& search);
void quieten_clients(ShrinkSearch& search);  ///< fewer records, longer intervals
void shrink_cluster(ShrinkSearch& search);   ///< brokers, replication, topics, partitions
void drop_settings(ShrinkSearch& search);    ///< lines that could as well not be there
void lower_numbers(ShrinkSearch& search);
void shorten(ShrinkSearch& search);  ///< faults, and the run
void round_times(ShrinkSearch& search);

using Pass = void (*)(ShrinkSearch&);

/// What takes things away; that which takes most away first.
inline constexpr std::array<Pass, 7> kTakeAway = {
    drop_entries, calm_draws, drop_clients, shrink_cluster, simplify_entries, quieten_clients, drop_settings};
/// What leaves less of things. A shorter time may be one of more digits.
inline constexpr std::array<Pass, 3> kMakeLess = {lower_numbers, move_earlier, shorten};
/// What makes times that are short enough round; a rounder one may be longer.
inline constexpr std::array<Pass, 1> kMakeRound = {round_times};
/// What other seeds may allow, when all else is done: what happens to hold under one seed need not.
inline constexpr std::array<Pass, 7> kUnderOtherSeeds = {
    drop_entries,    drop_pairs_of_entries, drop_clients,      shrink_cluster,
    quieten_clients, script_sends,          let_producers_send};
inline constexpr std::uint64_t kOtherSeeds = 16;

}  // namespace odradek::scenarios
