// odradek sweep
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "bindings/cli/capsule.h"
#include "bindings/cli/commands.h"
#include "bindings/cli/junit.h"
#include "bindings/cli/ordered_runs.h"
#include "bindings/cli/process.h"
#include "bindings/cli/progress.h"
#include "bindings/cli/report_text.h"
#include "bindings/cli/sweep_folder.h"
#include "bindings/cli/terminal.h"
#include "bindings/cli/trail.h"

namespace odradek::cli {
namespace {

using Files = std::vector<scenarios::ScenarioFile>;

class Sweep {
 public:
  Sweep(const SweepCommand& command, const Files& files, std::optional<SweepFolder>& folder)
      : command_(command),
        files_(files),
        folder_(folder),
        seeds_(command.seeds.value_or(SeedRange{.first = 1, .last = 1'000'000'000'000})),
        jobs_(seeds_.count() * files.size()) {}

  /// Takes what an earlier process stored. REQUIRES: before run().
  Stored take_stored() {
    return folder_->read([this](const Outcome& outcome) -> Result<void> {
      const Job job = job_of(next_);
      const std::string& name = files_[job.scenario].name();
      if (next_ == jobs_ || outcome.result.scenario != name || outcome.result.seed != job.seed) {
        return fail("{} seed {}, expected {} seed {}", outcome.result.scenario, outcome.result.seed, name,
                    job.seed);
      }
      ++next_;
      campaign.add(command_.scenarios[job.scenario], outcome);
      return {};
    });
  }

  void run() {
    const Duration start = wall_time();
    Progress progress({.runs = command_.seeds ? std::optional(jobs_) : std::nullopt, .time = command_.time},
                      campaign.seeds_run);
    OrderedRuns runs(files_, {.workers = command_.workers, .wall = command_.wall_limit});
    const auto more = [&] {
      const bool in_time = !command_.time || wall_time() - start < *command_.time;
      return next_ < jobs_ && in_time && !is_over();
    };
    while (more() || (runs.has_running() && !is_over())) {
      while (runs.has_room() && more()) start_next(runs);
      for (const FinishedRun& run : runs.collect(milliseconds(100))) {
        if (!is_enough()) take(run);
      }
      progress.show(campaign);
    }
    progress.finish();
    if (folder_ && !problem) store(folder_->note_running({}));
  }

  Campaign campaign;
  std::optional<FileError> problem;  ///< it could not go on

 private:
  [[nodiscard]] bool is_enough() const {
    return command_.max_failures && campaign.failed() >= *command_.max_failures;
  }
  [[nodiscard]] bool is_over() const { return is_enough() || interrupted() || problem; }

  /// Jobs go through all scenarios before the next seed, so that a sweep that ends early has treated them
  /// alike.
  [[nodiscard]] Job job_of(std::uint64_t n) const {
    return {.scenario = static_cast<std::size_t>(n % files_.size()),
            .seed = seeds_.first + n / files_.size()};
  }

  /// Notes it before, so that a run that takes the machine down with it leaves its name.
  void start_next(OrderedRuns& runs) {
    const Job job = job_of(next_++);
    if (folder_) {
      std::vector<Job> jobs = runs.running();
      jobs.push_back(job);
      std::vector<std::string> names;
      for (const Job& j : jobs) names.push_back(fmt::format("{} seed {}", files_[j.scenario].name(), j.seed));
      store(folder_->note_running(names));
    }
    runs.start(job);
  }

  void take(const FinishedRun& run) {
    campaign.add(command_.scenarios[run.job.scenario], run.outcome);
    if (folder_) store(folder_->add(run.outcome));
  }

  void store(Stored stored) {
    if (!stored && !problem) problem = std::move(stored).error();
  }

  const SweepCommand& command_;
  const Files& files_;
  std::optional<SweepFolder>& folder_;
  SeedRange seeds_;
  std::uint64_t jobs_;
  std::uint64_t next_ = 0;  ///< to be started
};

Result<Files> load_all(const SweepCommand& command) {
  Files files;
  for (const std::string& name : command.scenarios) {
    TRY(file, load_scenario(name, command.overrides));
    files.push_back(std::move(file));
  }
  return files;
}

Stored write_capsules(const SweepCommand& command, const Files& files, const Campaign& campaign) {
  std::vector<TrailedRun> runs;
  for (const FailureGroup& group : campaign.failures()) {
    const auto index = std::ranges::find(command.scenarios, group.scenario) - command.scenarios.begin();
    runs.push_back({.file = &files[static_cast<std::size_t>(index)], .outcome = &group.shortest});
  }
  const std::vector<Trail> trails = record_trails(runs, command.workers);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    std::string name = runs[i].file->name() + "-" + campaign.failures()[i].signature;
    std::ranges::replace(name, '/', '-');
    const std::string folder = (std::filesystem::path(*command.out_folder) / name).string();
    TRY_DO(write_capsule(folder, *runs[i].file, *runs[i].outcome, trails[i]));
  }
  return {};
}

Stored write_findings(const SweepCommand& command, const Files& files, const SweepReport& report) {
  if (command.out_folder) TRY_DO(write_capsules(command, files, report.campaign));
  if (command.junit_file) TRY_DO(write_whole(*command.junit_file, junit_xml(report)));
  return {};
}

Exit exit_of(const Campaign& campaign) {
  if (interrupted()) return Exit::kInterrupted;
  if (campaign.failed() > 0) return Exit::kViolated;
  if (campaign.seeds_run == 0) return Exit::kNothingRan;
  return campaign.inconclusive > 0 ? Exit::kInconclusive : Exit::kHeld;
}

Exit refuse(const std::string& message, Exit exit = Exit::kUsage) {
  complain(message);
  return exit;
}

void tell_of_resumption(const SweepFolder& folder, const Campaign& campaign) {
  std::string text = fmt::format("goes on after {}", counted(campaign.seeds_run, "run"));
  if (!folder.was_running().empty()) text += "; when it stopped, these ran: " + folder.was_running();
  complain(text);
}

}  // namespace

Exit sweep(const SweepCommand& command) {
  const auto files = load_all(command);
  if (!files) return refuse(files.error().message);
  if (command.junit_file) {
    if (const auto ready = check_writable(*command.junit_file); !ready)
      return refuse("--junit " + ready.error().message, ready.error().exit());
  }
  std::optional<SweepFolder> folder;
  if (command.out_folder) {
    auto opened = SweepFolder::open(*command.out_folder, sweep_manifest(command, *files), command.resume);
    if (!opened) return refuse(opened.error().message, opened.error().exit());
    folder.emplace(*std::move(opened));
  }
  Sweep sweep(command, *files, folder);
  if (command.resume) {
    if (const auto taken = sweep.take_stored(); !taken)
      return refuse(taken.error().message, taken.error().exit());
    tell_of_resumption(*folder, sweep.campaign);
  }
  catch_interrupts();
  sweep.run();

  const SweepReport report{.scenarios = command.scenarios,
                           .campaign = sweep.campaign,
                           .overrides = command.overrides,
                           .interrupted = interrupted() || sweep.problem};
  Stored written;
  if (sweep.problem) {
    written = std::unexpected(*sweep.problem);
  } else {
    written = write_findings(command, *files, report);
  }
  say(command.format == Format::kJson ? sweep_json(report) : describe_sweep(report, Style::of_stdout()));
  if (written) return exit_of(sweep.campaign);
  const std::string_view hint =
      command.out_folder ? "; what was stored is whole: make room and go on with --resume" : "";
  return refuse(written.error().message + std::string(hint), Exit::kInternal);
}

}  // namespace odradek::cli
