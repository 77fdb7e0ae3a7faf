// odradek diff
#include <fmt/format.h>

#include "bindings/cli/arguments.h"
#include "bindings/cli/commands.h"
#include "bindings/cli/divergence_report.h"
#include "bindings/cli/outcome.h"
#include "bindings/cli/process.h"
#include "bindings/cli/terminal.h"
#include "sim/search/simulation_run.h"

namespace odradek::cli {
namespace {

Result<sim::Scenario> scenario_of(const RunArgument& run) {
  TRY(file, load_scenario(run.scenario, run.overrides));
  return file.for_seed(run.seed);
}

struct Parting {
  std::uint64_t events = 0;           ///< in common
  std::optional<std::uint64_t> step;  ///< absent: there is none
};

/// The first step after which not the same has happened in both, or that only one of them has.
Parting find_parting(sim::Recordable& left, sim::Recordable& right) {
  Parting parting;
  for (std::uint64_t step = 1; !interrupted(); ++step) {
    const bool left_goes_on = left.step(nullptr);
    const bool right_goes_on = right.step(nullptr);
    if (!left_goes_on && !right_goes_on) return parting;
    if (left_goes_on != right_goes_on || left.happened() != right.happened()) {
      parting.step = step;
      return parting;
    }
    parting.events = left.event();
  }
  return parting;
}

/// Both run again up to there, and are looked at.
std::optional<sim::Divergence> look_at(const std::array<sim::Scenario, 2>& scenarios,
                                       const DiffCommand& command, std::uint64_t step) {
  sim::SimulationRun left(scenarios[0], command.left.seed);
  sim::SimulationRun right(scenarios[1], command.right.seed);
  auto one = look(left, step);
  auto other = look(right, step);
  if (!one && !other) return std::nullopt;
  return divergence(std::move(one).value_or(sim::Look{}), std::move(other).value_or(sim::Look{}));
}

std::string print_run(const RunArgument& run) {
  std::string out = fmt::format("{}@{}", run.scenario, run.seed);
  for (const std::string& override : run.overrides) out += "," + override;
  return out;
}

}  // namespace

Exit diff(const DiffCommand& command) {
  auto left = scenario_of(command.left);
  auto right = scenario_of(command.right);
  for (const auto& scenario : {left, right}) {
    if (scenario) continue;
    complain(scenario.error().message);
    return Exit::kUsage;
  }
  catch_interrupts();
  const std::array scenarios = {*std::move(left), *std::move(right)};
  sim::SimulationRun one(scenarios[0], command.left.seed);
  sim::SimulationRun other(scenarios[1], command.right.seed);
  const Parting parting = find_parting(one, other);
  if (interrupted()) return Exit::kInterrupted;
  DiffReport report{.runs = {.left = print_run(command.left), .right = print_run(command.right)},
                    .events = parting.events,
                    .divergence = std::nullopt};
  if (parting.step) report.divergence = look_at(scenarios, command, *parting.step);
  say(command.format == Format::kJson ? diff_json(report) : describe_diff(report, Style::of_stdout()));
  return report.divergence ? Exit::kViolated : Exit::kHeld;
}

}  // namespace odradek::cli
