#include "sim/search/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "engine/base/ensure.h"
#include "sim/search/simulation.h"

namespace odradek::sim {
namespace {

/// A run of a minute has a few hundred thousand events; one with more than this goes round in circles.
constexpr std::uint64_t kMaxEvents = 50'000'000;
constexpr std::uint64_t kStepsPerLook = 256;

class FunctionTracer final : public Tracer {
 public:
  explicit FunctionTracer(const RunOptions& options) : options_(options) {}
  void line(std::string_view text) override { options_.trace(text); }

 private:
  const RunOptions& options_;
};

/// The one look that the options ask for.
class ReadoutAt {
 public:
  explicit ReadoutAt(const RunOptions& options) : options_(options), taken_(!options.look) {}

  /// When it is to be taken, as far as that is known; never, once it has been.
  [[nodiscard]] Instant due(const Simulation& simulation) const {
    const bool known = !taken_ && options_.look_at && simulation.ready();
    return known ? *simulation.ready() + *options_.look_at : Instant::never();
  }
  void maybe_take(const Simulation& simulation) {
    if (!taken_) options_.look(simulation);
    taken_ = true;
  }

 private:
  const RunOptions& options_;
  bool taken_;
};

/// Steps until the run is over or something in the options ends it.
void drive(Simulation& simulation, const RunOptions& options, ReadoutAt& look) {
  FunctionTracer tracer(options);
  Tracer* const follower = options.trace ? &tracer : options.tracer;
  const Instant limit = options.until ? Instant() + *options.until : Instant::never();
  const std::uint64_t max_events = options.max_events.value_or(kMaxEvents);
  for (std::uint64_t steps = 1; !simulation.is_over(); ++steps) {
    const Instant due = look.due(simulation);
    if (!simulation.step(std::min(limit, due), follower)) {
      if (limit < due || due == Instant::never()) return;
      look.maybe_take(simulation);
      continue;
    }
    if (options.until_violation && simulation.has_violated()) return;
    if (steps % kStepsPerLook == 0 && options.interrupted && options.interrupted()) return;
    if (simulation.events() > max_events && !simulation.is_over()) {
      simulation.give_up("H-budget", fmt::format("the run is not over after {} events", max_events));
    }
  }
}

RunResult stillborn(const Scenario& scenario, std::uint64_t seed, std::string invariant, std::string message,
                    std::string witness) {
  RunResult result{.scenario = scenario.name, .seed = seed, .verdict = Verdict::kViolation};
  result.violations.push_back(
      {.invariant = std::move(invariant), .message = std::move(message), .witness = std::move(witness)});
  return result;
}

}  // namespace

RunResult run(const Scenario& scenario, std::uint64_t seed, const RunOptions& options) {
  std::optional<Simulation> simulation;
  ReadoutAt look(options);
  std::string invariant;
  std::string message;
  std::string witness;
  // A failed ENSURE inside a step of the world is handled there; here arrive those of the harness around it.
  try {
    simulation.emplace(scenario, seed);
    drive(*simulation, options, look);
    look.maybe_take(*simulation);
    return simulation->result();
  } catch (const EnsureFailure& failed) {
    invariant = "ENSURE";
    message = fmt::format("{}:{}: {}: {}", failed.file, failed.line, failed.condition, failed.message);
    witness = failed.file + ": " + failed.condition;
  } catch (const std::exception& failed) {
    invariant = "H-exception";
    message = failed.what();
    witness = invariant;
  }
  if (!simulation)
    return stillborn(scenario, seed, std::move(invariant), std::move(message), std::move(witness));
  simulation->give_up(std::move(invariant), std::move(message), std::move(witness));
  look.maybe_take(*simulation);
  return simulation->result();
}

}  // namespace odradek::sim
