// A trail: what a run had come to at a few of its events, evenly spread. It is stored with a failure, so that
// another build which runs differently can say up to where it did not.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bindings/cli/outcome.h"

namespace odradek::cli {

struct TrailMark {
  std::uint64_t event = 0;
  sim::Instant at;
  Digest happened;   ///< of every input, effect and operation so far
  std::string what;  ///< the event itself: "b2 fetcher ResponseReceived Fetch"

  friend bool operator==(const TrailMark&, const TrailMark&) = default;
};
using Trail = std::vector<TrailMark>;

/// At most so many marks, and one at the last event.
inline constexpr std::uint64_t kTrailMarks = 256;

/// Of a run that has so many events.
[[nodiscard]] Trail record_trail(const sim::Scenario& scenario, std::uint64_t seed, std::uint64_t events);

struct TrailedRun {
  const scenarios::ScenarioFile* file = nullptr;
  const Outcome* outcome = nullptr;
};
/// In worker processes, since what failed may fail again. A run that kills its process has no trail.
[[nodiscard]] std::vector<Trail> record_trails(const std::vector<TrailedRun>& runs, int workers);

/// Where a run leaves a trail.
struct TrailParting {
  std::optional<TrailMark> equal;  ///< the last mark that both have; absent: not even the first
  TrailMark stored;                ///< the first that differs
  std::optional<TrailMark> here;   ///< at the same event; absent: the run was over before
  std::vector<std::string> lines;  ///< the last of what this run's trace says between the two
};
/// Absent when the run has all marks of the trail.
[[nodiscard]] std::optional<TrailParting> leave_trail(const Trail& trail, const sim::Scenario& scenario,
                                                      std::uint64_t seed);

}  // namespace odradek::cli
