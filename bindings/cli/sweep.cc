// odradek sweep
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

#include "bindings/cli/arguments.h"
#include "bindings/cli/capsule.h"
#include "bindings/cli/commands.h"
#include "bindings/cli/junit.h"
#include "bindings/cli/process.h"
#include "bindings/cli/report_text.h"
#include "bindings/cli/terminal.h"
#include "bindings/cli/workers.h"
#include "scenarios/units.h"

namespace odradek::cli {
namespace {

/// Time over the wall limit after which a worker that does not look at the clock is killed.
constexpr Duration kGrace = seconds(10);

/// One scenario under one seed. Jobs go through all scenarios before the next seed, so that a sweep that ends
/// early has treated them alike.
struct Job {
  std::size_t scenario = 0;
  std::uint64_t seed = 0;
};

class Progress {
 public:
  explicit Progress(std::optional<std::uint64_t> jobs, std::optional<Duration> time)
      : jobs_(jobs), time_(time) {}

  void show(const Campaign& campaign, std::uint64_t done) {
    if (line_.is_due()) line_.show(text(campaign, done, line_.spent()));
  }

  void finish() const { line_.finish(); }

 private:
  [[nodiscard]] std::string text(const Campaign& campaign, std::uint64_t done, Duration spent) const {
    const double s = std::max(static_cast<double>(spent.ns()) / 1e9, 1e-3);
    const double rate = static_cast<double>(done) / s;
    std::string out = fmt::format("[{}] {}", print_clock(spent), grouped(done));
    if (jobs_) out += "/" + grouped(*jobs_);
    out +=
        fmt::format(" runs  {:.0f}/s  {} failed ({} unique)  simulated {}", rate, grouped(campaign.failed()),
                    campaign.failures().size(), print_span(campaign.simulated));
    std::optional<Duration> left;
    if (time_) left = *time_ - spent;
    if (jobs_ && rate > 0) {
      const auto by_count =
          nanoseconds(static_cast<std::int64_t>(static_cast<double>(*jobs_ - done) / rate * 1e9));
      left = left ? std::min(*left, by_count) : by_count;
    }
    if (left) out += "  to go " + print_clock(std::max(*left, nanoseconds(0)));
    return out;
  }

  std::optional<std::uint64_t> jobs_;
  std::optional<Duration> time_;
  ProgressLine line_;
};

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

class Sweep {
 public:
  Sweep(const SweepCommand& command, const std::vector<scenarios::ScenarioFile>& files,
        std::ofstream* results)
      : command_(command),
        files_(files),
        results_(results),
        seeds_(command.seeds.value_or(SeedRange{.first = 1, .last = 1'000'000'000'000})),
        jobs_(seeds_.count() * files.size()),
        progress_(command.seeds ? std::optional(jobs_) : std::nullopt, command.time) {}

  void run() {
    const Duration start = wall_time();
    WorkerPool pool(command_.workers, Runner(files_, command_.wall_limit), command_.wall_limit + kGrace);
    const auto more = [&] {
      const bool in_time = !command_.time || wall_time() - start < *command_.time;
      return next_ < jobs_ && in_time && !is_enough() && !interrupted();
    };
    while (more() || (pool.has_busy() && !is_enough() && !interrupted())) {
      while (pool.has_idle() && more()) {
        const Job job = job_of(next_);
        pool.submit(next_++, fmt::format("{} {}", job.scenario, job.seed));
      }
      for (Answer& answer : pool.collect(milliseconds(100))) waiting_.emplace(answer.job, std::move(answer));
      settle();
      progress_.show(campaign, settled_);
    }
    progress_.finish();
  }

  Campaign campaign;

 private:
  [[nodiscard]] bool is_enough() const {
    return command_.max_failures && campaign.failed() >= *command_.max_failures;
  }

  [[nodiscard]] Job job_of(std::uint64_t n) const {
    return {.scenario = static_cast<std::size_t>(n % files_.size()),
            .seed = seeds_.first + n / files_.size()};
  }

  /// Takes what has come in the order of the jobs: a sum that does not depend on the workers, also when it
  /// ends early.
  void settle() {
    for (auto at = waiting_.find(settled_); at != waiting_.end() && !is_enough();
         at = waiting_.find(settled_)) {
      const Job job = job_of(settled_++);
      const Outcome outcome = outcome_of(at->second, files_[job.scenario].name(), job.seed);
      waiting_.erase(at);
      campaign.add(command_.scenarios[job.scenario], outcome);
      if (results_ != nullptr) *results_ << outcome_line(outcome) << '\n';
    }
  }

  const SweepCommand& command_;
  const std::vector<scenarios::ScenarioFile>& files_;
  std::ofstream* results_;
  SeedRange seeds_;
  std::uint64_t jobs_;
  std::uint64_t next_ = 0;
  std::uint64_t settled_ = 0;
  std::map<std::uint64_t, Answer> waiting_;
  Progress progress_;
};

Result<std::vector<scenarios::ScenarioFile>> load_all(const SweepCommand& command) {
  std::vector<scenarios::ScenarioFile> files;
  for (const std::string& name : command.scenarios) {
    TRY(file, load_scenario(name, command.overrides));
    files.push_back(std::move(file));
  }
  return files;
}

/// An empty folder to write to.
Result<void> prepare_folder(const std::string& folder) {
  std::error_code error;
  if (std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error)) {
    return fail("--out {}: not empty, expected a new folder", folder);
  }
  std::filesystem::create_directories(folder, error);
  if (error) return fail("--out {}: {}", folder, error.message());
  return {};
}

Result<void> write_findings(const SweepCommand& command, const std::vector<scenarios::ScenarioFile>& files,
                            const SweepReport& report) {
  for (const FailureGroup& group : report.campaign.failures()) {
    if (!command.out_folder) break;
    const auto index = std::ranges::find(command.scenarios, group.scenario) - command.scenarios.begin();
    const auto& file = files[static_cast<std::size_t>(index)];
    std::string name = file.name() + "-" + group.signature;
    std::ranges::replace(name, '/', '-');
    TRY_DO(write_capsule((std::filesystem::path(*command.out_folder) / name).string(), file, group.shortest));
  }
  if (!command.junit_file) return {};
  std::ofstream junit(*command.junit_file);
  junit << junit_xml(report);
  if (!junit.flush()) return fail("--junit {}: cannot be written", *command.junit_file);
  return {};
}

Exit exit_of(const Campaign& campaign) {
  if (interrupted()) return Exit::kInterrupted;
  if (campaign.failed() > 0) return Exit::kViolated;
  if (campaign.seeds_run == 0) return Exit::kNothingRan;
  return campaign.inconclusive > 0 ? Exit::kInconclusive : Exit::kHeld;
}

Exit refuse(const Error& error) {
  complain(error.message);
  return Exit::kUsage;
}

}  // namespace

Exit sweep(const SweepCommand& command) {
  const auto files = load_all(command);
  if (!files) return refuse(files.error());
  std::ofstream results;
  if (command.out_folder) {
    if (const auto ready = prepare_folder(*command.out_folder); !ready) return refuse(ready.error());
    results.open(std::filesystem::path(*command.out_folder) / "results.jsonl");
  }
  catch_interrupts();
  Sweep sweep(command, *files, command.out_folder ? &results : nullptr);
  sweep.run();
  results.flush();

  const SweepReport report{.scenarios = command.scenarios,
                           .campaign = sweep.campaign,
                           .overrides = command.overrides,
                           .interrupted = interrupted()};
  const auto written = write_findings(command, *files, report);
  say(command.format == Format::kJson ? sweep_json(report) : describe_sweep(report, Style::of_stdout()));
  if (!written) complain(written.error().message);
  return written ? exit_of(sweep.campaign) : Exit::kInternal;
}

}  // namespace odradek::cli
