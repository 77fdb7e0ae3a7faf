// One run of one scenario under one seed: boot, workload under faults, settle, liveness, verdict.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "sim/search/result.h"
#include "sim/search/scenario.h"
#include "sim/search/tracer.h"

namespace odradek::sim {

struct RunOptions {
  std::optional<std::uint64_t> max_events;  ///< over it: the run is a finding ("H event budget")
  std::optional<Duration> until;            ///< stop at this simulated time (replay --until)
  bool until_violation = false;  ///< stop at the first violation: a run's earliest one is known then
  /// Called with one line of text per protocol event (trace); empty: nothing is recorded.
  std::function<void(std::string_view)> trace;  // purity: an option of a call, no state
  /// Follows the run if there is no `trace`; may be null. Being followed changes nothing in it.
  Tracer* tracer = nullptr;
  /// Shown the run once: `look_at` after the cluster was ready, when all has happened up to then, or else at
  /// the run's end. Being looked at changes nothing in it.
  std::function<void(const Simulation&)> look;
  std::optional<Duration> look_at;
  /// Polled now and then; true stops the run as inconclusive (wall limit, Ctrl-C).
  std::function<bool()> interrupted;  // purity: an option of a call, no state
};

/// A pure function of its arguments, apart from `interrupted`.
[[nodiscard]] RunResult run(const Scenario& scenario, std::uint64_t seed, const RunOptions& options = {});

}  // namespace odradek::sim
