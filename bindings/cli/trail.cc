#include "bindings/cli/trail.h"

#include <algorithm>
#include <exception>

#include "bindings/cli/capsule_json.h"
#include "bindings/cli/process.h"
#include "bindings/cli/workers.h"
#include "sim/search/simulation_run.h"

namespace odradek::cli {
namespace {

/// A failing run has ended before, within its wall limit; with a sanitizer it takes its time.
constexpr Duration kPatience = seconds(600);
constexpr std::size_t kLinesShown = 12;

/// Steps to just before or beyond `event`; false when the run is over before.
bool go_on_to(sim::Recordable& run, std::uint64_t event) {
  while (run.event() < event) {
    if (!run.step(nullptr)) return false;
  }
  return true;
}

/// The run at these events, as far as it gets.
Trail marks_at(sim::Recordable& run, std::span<const std::uint64_t> events) {
  Trail trail;
  try {
    for (const std::uint64_t event : events) {
      if (!go_on_to(run, event - 1)) return trail;
      sim::Sight sight;
      while (run.event() < event) {  // moments of the harness may come first
        sight = {};
        if (!run.step(&sight)) return trail;
      }
      trail.push_back(
          {.event = event, .at = run.now(), .happened = run.happened(), .what = std::move(sight.title)});
    }
  } catch (const std::exception&) {  // such a run is a finding (sim/search/run.cc), and ends there
  }
  return trail;
}

std::vector<std::uint64_t> events_of(const Trail& trail) {
  std::vector<std::uint64_t> events;
  for (const TrailMark& mark : trail) events.push_back(mark.event);
  return events;
}

std::vector<std::string> lines_between(const sim::Scenario& scenario, std::uint64_t seed, std::uint64_t from,
                                       std::uint64_t to) {
  std::vector<std::string> lines;
  try {
    sim::SimulationRun run(scenario, seed);
    if (!go_on_to(run, from)) return lines;
    for (sim::Sight sight; run.event() < to && run.step(&sight); sight = {}) {
      lines.insert(lines.end(), sight.lines.begin(), sight.lines.end());
      if (lines.size() > kLinesShown)
        lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(kLinesShown));
    }
  } catch (const std::exception&) {  // as above
  }
  return lines;
}

}  // namespace

Trail record_trail(const sim::Scenario& scenario, std::uint64_t seed, std::uint64_t events) {
  const std::uint64_t stride = std::max<std::uint64_t>((events + kTrailMarks - 1) / kTrailMarks, 1);
  std::vector<std::uint64_t> marked;
  for (std::uint64_t event = stride; event < events; event += stride) marked.push_back(event);
  if (events > 0) marked.push_back(events);
  sim::SimulationRun run(scenario, seed);
  return marks_at(run, marked);
}

std::vector<Trail> record_trails(const std::vector<TrailedRun>& runs, int workers) {
  const auto work = [&runs](const std::string& job) -> std::string {
    const TrailedRun& run = runs[std::stoul(job)];
    const sim::RunResult& result = run.outcome->result;
    const auto scenario = run.file->for_seed(result.seed);
    return trail_json(scenario ? record_trail(*scenario, result.seed, result.events) : Trail());
  };
  std::vector<Trail> trails(runs.size());
  if (runs.empty()) return trails;
  WorkerPool pool(std::min(workers, static_cast<int>(runs.size())), work, kPatience);
  for (std::size_t next = 0; (next < runs.size() || pool.has_busy()) && !interrupted();) {
    for (; next < runs.size() && pool.has_room(); ++next) pool.submit(next, std::to_string(next));
    for (const Answer& answer : pool.collect(milliseconds(100))) {
      if (auto trail = parse_trail(answer.text)) trails[answer.job] = *std::move(trail);
    }
  }
  return trails;
}

std::optional<TrailParting> leave_trail(const Trail& trail, const sim::Scenario& scenario,
                                        std::uint64_t seed) {
  sim::SimulationRun run(scenario, seed);
  const Trail here = marks_at(run, events_of(trail));
  const auto [stored, own] = std::ranges::mismatch(trail, here);
  if (stored == trail.end()) return std::nullopt;
  TrailParting parting{.equal = std::nullopt, .stored = *stored, .here = std::nullopt, .lines = {}};
  if (stored != trail.begin()) parting.equal = *(stored - 1);
  if (own != here.end()) parting.here = *own;
  parting.lines =
      lines_between(scenario, seed, parting.equal ? parting.equal->event : 0, parting.stored.event);
  return parting;
}

}  // namespace odradek::cli
