#include "bindings/cli/museum.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>

#include "bindings/cli/arguments.h"
#include "bindings/cli/ordered_runs.h"
#include "bindings/cli/process.h"
#include "scenarios/catalog.h"

namespace odradek::cli {
namespace {

using Files = std::vector<scenarios::ScenarioFile>;
constexpr std::string_view kArea = "museum";
constexpr std::uint64_t kScriptSeed = 1;

/// What a run came to, in a few words.
std::string describe(const sim::RunResult& result) {
  std::string out = fmt::format("{} seed {}: {}", result.scenario, result.seed, name_of(result.verdict));
  if (!result.violations.empty())
    out += fmt::format(" of {}: {}", result.violations.front().invariant, result.violations.front().message);
  if (!result.pending.empty()) out += ", " + result.pending.front();
  return out;
}

bool permits_any(const sim::Scenario& exhibit, const sim::RunResult& result) {
  return std::ranges::any_of(result.permitted, [&](const sim::Permission& permission) {
    return std::ranges::find(exhibit.expect_permitted, permission.setting) != exhibit.expect_permitted.end();
  });
}

std::string what_broke(const sim::Scenario& exhibit, const sim::RunResult& result) {
  if (exhibit.expect_violation) return result.violations.front().invariant;
  return fmt::format("{}", fmt::join(exhibit.expect_permitted, ", "));
}

/// All runs of these jobs, in their order.
std::vector<Outcome> run_all(const Files& files, const std::vector<Job>& jobs, int workers) {
  std::vector<Outcome> outcomes;
  OrderedRuns runs(files, {.workers = workers});
  for (std::size_t next = 0; (next < jobs.size() || runs.has_running()) && !interrupted();) {
    for (; next < jobs.size() && runs.has_room(); ++next) runs.start(jobs[next]);
    for (FinishedRun& run : runs.collect(milliseconds(100))) outcomes.push_back(std::move(run.outcome));
  }
  return outcomes;
}

class Curator {
 public:
  Curator(const std::string& name, scenarios::ScenarioFile script, sim::Scenario scenario,
          const MuseumOptions& options)
      : script_(std::move(script)), scenario_(std::move(scenario)), options_(options) {
    shown_.exhibit = name;
  }

  Result<Exhibition> show() {
    TRY_DO(run_script());
    TRY_DO(search());
    if (shown_.found) TRY_DO(run_without_flaw());
    return shown_;
  }

 private:
  Result<void> run_script() {
    TRY(without, script_.with(script_.removal()));
    const Job with_flaw{.scenario = 0, .seed = kScriptSeed};
    const Job without_flaw{.scenario = 1, .seed = kScriptSeed};
    const std::vector<Outcome> ends =
        run_all({script_, without}, {with_flaw, without_flaw}, options_.workers);
    if (ends.size() < 2) return {};
    shown_.directed = ends_as_expected(scenario_, ends[0].result);
    if (!shown_.directed)
      shown_.problems.push_back(
          fmt::format("its script does not end in what it says: {}", describe(ends[0].result)));
    shown_.clean_with_flaw_off =
        ends[1].result.verdict == sim::Verdict::kPass && !permits_any(scenario_, ends[1].result);
    if (!shown_.clean_with_flaw_off)
      shown_.problems.push_back("its script does not hold without the flaw: " + describe(ends[1].result));
    return {};
  }

  Result<void> search() {
    Files files;
    const bool is_of_quorum = scenario_.cluster.controllers > 1;
    for (const std::string_view chaos : is_of_quorum ? std::span<const std::string_view>(kQuorumChaos)
                                                     : std::span<const std::string_view>(kGenericChaos)) {
      TRY(file, load_scenario(std::string(chaos), script_.plant()));
      files.push_back(std::move(file));
    }
    OrderedRuns runs(files, {.workers = options_.workers});
    std::uint64_t next = 0;
    const auto goes_on = [&] { return !shown_.found && shown_.cpu < options_.budget && !interrupted(); };
    while (goes_on()) {
      for (; runs.has_room(); ++next)
        runs.start({.scenario = static_cast<std::size_t>(next % files.size()),
                    .seed = options_.first_seed + next / files.size()});
      for (const FinishedRun& run : runs.collect(milliseconds(100))) {
        if (goes_on()) consider(run.outcome);
      }
    }
    return {};
  }

  void consider(const Outcome& outcome) {
    const sim::RunResult& result = outcome.result;
    ++shown_.seeds_tried;
    shown_.cpu = shown_.cpu + outcome.cpu;
    if (!scenario_.expect_violation && result.verdict == sim::Verdict::kViolation)
      shown_.problems.push_back("a setting that only permits broke a promise: " + describe(result));
    if (!ends_as_expected(scenario_, result)) return;
    shown_.found = true;
    shown_.invariant = what_broke(scenario_, result);
    shown_.seed = result.seed;
    shown_.scenario = result.scenario;
    shown_.repro = replay_line(result.scenario, result.seed, result.fingerprint, script_.plant());
  }

  Result<void> run_without_flaw() {
    TRY(file, load_scenario(shown_.scenario, {}));
    const std::vector<Outcome> ends = run_all({file}, {{.scenario = 0, .seed = *shown_.seed}}, 1);
    if (ends.empty() || ends.front().result.verdict == sim::Verdict::kPass) return {};
    shown_.clean_with_flaw_off = false;
    shown_.problems.push_back("what was found does not hold without the flaw: " +
                              describe(ends.front().result));
    return {};
  }

  scenarios::ScenarioFile script_;
  sim::Scenario scenario_;
  MuseumOptions options_;
  Exhibition shown_;
};

}  // namespace

bool ends_as_expected(const sim::Scenario& exhibit, const sim::RunResult& result) {
  if (exhibit.expect_violation) return result.verdict == sim::Verdict::kViolation;
  return result.verdict == sim::Verdict::kPass &&
         std::ranges::all_of(exhibit.expect_permitted, [&](const std::string& setting) {
           return std::ranges::find(result.permitted, setting, &sim::Permission::setting) !=
                  result.permitted.end();
         });
}

std::vector<std::string> exhibit_names() {
  std::vector<std::string> names;
  for (const scenarios::CatalogEntry& entry : scenarios::catalog()) {
    if (entry.area == kArea) names.push_back(entry.name.substr(kArea.size() + 1));
  }
  return names;
}

Result<Exhibition> exhibit(const std::string& name, const MuseumOptions& options) {
  TRY(script, load_scenario(fmt::format("{}/{}", kArea, name), {}));
  TRY(scenario, script.for_seed(kScriptSeed));
  return Curator(name, script, scenario, options).show();
}

}  // namespace odradek::cli
