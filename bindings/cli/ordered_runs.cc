#include "bindings/cli/ordered_runs.h"

#include <fmt/format.h>

#include "bindings/cli/json.h"
#include "bindings/cli/process.h"
#include "scenarios/units.h"

namespace odradek::cli {
namespace {

/// Time over the wall limit after which a worker that does not look at the clock is killed.
constexpr Duration kGrace = seconds(10);
/// Answers that wait for an earlier one; with a few kilobytes each they take little memory.
constexpr std::size_t kWaitingMax = 4096;

/// What a worker does: "scenario seed" in, one outcome out.
class Runner {
 public:
  Runner(const std::vector<scenarios::ScenarioFile>& files, Duration wall_limit)
      : files_(files), wall_limit_(wall_limit) {}

  std::string operator()(const std::string& job) const {
    const auto space = job.find(' ');
    const auto& file = files_[static_cast<std::size_t>(*scenarios::parse_seed(job.substr(0, space)))];
    const std::uint64_t seed = *scenarios::parse_seed(job.substr(space + 1));
    const auto scenario = file.for_seed(seed);
    if (!scenario) {
      Outcome refused{
          .result = {.scenario = file.name(), .seed = seed, .verdict = sim::Verdict::kInconclusive},
          .cpu = {}};
      refused.result.pending.push_back(scenario.error().message);
      return outcome_line(refused);
    }
    const Duration deadline = wall_time() + wall_limit_;
    return outcome_line(
        measure(*scenario, seed, {.interrupted = [deadline] { return wall_time() > deadline; }}));
  }

 private:
  const std::vector<scenarios::ScenarioFile>& files_;
  Duration wall_limit_;
};

/// A worker that died found something, unless it was merely slow.
Outcome outcome_of(const Answer& answer, const std::string& scenario, std::uint64_t seed) {
  if (!answer.death) {
    if (auto outcome = parse_outcome(answer.text)) return *std::move(outcome);
  }
  const std::string death = answer.death.value_or("an answer that cannot be read");
  Outcome outcome{.result = {.scenario = scenario, .seed = seed}, .cpu = {}};
  if (death.starts_with("no answer")) {
    outcome.result.verdict = sim::Verdict::kInconclusive;
    outcome.result.pending.push_back(death);
  } else {
    outcome.result.verdict = sim::Verdict::kViolation;
    outcome.result.violations.push_back({.invariant = "H-crash",
                                         .at = {},
                                         .event = 0,
                                         .message = "the process that ran it died: " + death,
                                         .witness = death});
  }
  return outcome;
}

}  // namespace

OrderedRuns::OrderedRuns(const std::vector<scenarios::ScenarioFile>& files, const RunLimits& limits)
    : files_(files), pool_(limits.workers, Runner(files, limits.wall), limits.wall + kGrace) {}

bool OrderedRuns::has_room() const { return answers_.size() < kWaitingMax && pool_.has_room(); }

void OrderedRuns::start(const Job& job) {
  jobs_.emplace(started_, job);
  pool_.submit(started_++, fmt::format("{} {}", job.scenario, job.seed));
}

std::vector<FinishedRun> OrderedRuns::collect(Duration at_most) {
  for (Answer& answer : pool_.collect(at_most)) answers_.emplace(answer.job, std::move(answer));
  std::vector<FinishedRun> finished;
  for (auto at = answers_.find(next_); at != answers_.end(); at = answers_.find(next_)) {
    const Job job = jobs_.at(next_);
    finished.push_back(
        {.job = job, .outcome = outcome_of(at->second, files_[job.scenario].name(), job.seed)});
    answers_.erase(at);
    jobs_.erase(next_++);
  }
  return finished;
}

std::vector<Job> OrderedRuns::running() const {
  std::vector<Job> jobs;
  for (const auto& [number, job] : jobs_) {
    if (!answers_.contains(number)) jobs.push_back(job);
  }
  return jobs;
}

}  // namespace odradek::cli
