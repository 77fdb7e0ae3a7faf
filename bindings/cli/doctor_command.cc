// odradek doctor, and the process that it asks
#include <fmt/format.h>

#include <algorithm>

#include "bindings/cli/arguments.h"
#include "bindings/cli/commands.h"
#include "bindings/cli/divergence_report.h"
#include "bindings/cli/doctor.h"
#include "bindings/cli/outcome.h"
#include "bindings/cli/process.h"
#include "bindings/cli/terminal.h"
#include "sim/search/simulation_run.h"

namespace odradek::cli {
namespace {

/// So many runs are compared at a time: both sides wait for each other, and Ctrl-C waits for them.
constexpr std::uint64_t kBlock = 20;

/// The runs of one scenario from this seed on, at most a block of them.
Result<std::vector<Subject>> block_of(const std::string& name, const scenarios::ScenarioFile& file,
                                      SeedRange seeds) {
  std::vector<Subject> subjects;
  for (std::uint64_t i = 0; i < std::min(kBlock, seeds.count()); ++i) {
    TRY_DO(file.for_seed(seeds.first + i));
    subjects.push_back({.name = name, .text = file.canonical(), .seed = seeds.first + i});
  }
  return subjects;
}

std::string repro_line(const Subject& subject, const scenarios::Overrides& overrides) {
  std::string line =
      fmt::format("odradek doctor {} --seeds {}..{}", shell_quote(subject.name), subject.seed, subject.seed);
  for (const std::string& override : overrides) line += " -p " + shell_quote(override);
  return line;
}

Exit exit_of(const DoctorReport& report) {
  if (report.examination.finding) return Exit::kInternal;
  return report.interrupted ? Exit::kInterrupted : Exit::kHeld;
}

Result<std::unique_ptr<sim::Recordable>> make_run(const Subject& subject) {
  TRY(file, scenarios::ScenarioFile::parse(subject.text, subject.name, subject.name));
  TRY(scenario, file.for_seed(subject.seed));
  return std::make_unique<sim::SimulationRun>(scenario, subject.seed);
}

/// Adds to `sum` what comes of all seeds of one scenario; an error when one of them has no scenario.
Result<void> examine_all(Doctor& doctor, const std::string& name, const DoctorCommand& command,
                         Examination& sum) {
  TRY(file, load_scenario(name, command.overrides));
  for (std::uint64_t i = 0; i < command.seeds.count() && !sum.finding && !interrupted(); i += kBlock) {
    TRY(block, block_of(name, file, {.first = command.seeds.first + i, .last = command.seeds.last}));
    Examination part = doctor.examine(block);
    sum.runs += part.runs;
    sum.events += part.events;
    sum.finding = std::move(part.finding);
  }
  return {};
}

Result<void> check_all(const DoctorCommand& command) {
  for (const std::string& name : command.scenarios) TRY_DO(load_scenario(name, command.overrides));
  return {};
}

}  // namespace

Exit doctor(const DoctorCommand& command) {
  catch_interrupts();
  auto done = check_all(command);
  DoctorReport report{.scenarios = command.scenarios, .examination = {}, .repro = "", .interrupted = false};
  Examination& sum = report.examination;
  if (done) {
    Doctor doctor({"side"});
    for (const std::string& name : command.scenarios) {
      if (done && !sum.finding) done = examine_all(doctor, name, command, sum);
    }
  }
  if (!done) {
    complain(done.error().message);
    return Exit::kUsage;
  }
  report.interrupted = interrupted();
  if (sum.finding) report.repro = repro_line(sum.finding->subject, command.overrides);
  say(command.format == Format::kJson ? doctor_json(report) : describe_doctor(report, Style::of_stdout()));
  return exit_of(report);
}

Exit side(const SideCommand&) {
  if (serve_side(make_run)) return Exit::kHeld;
  complain("odradek doctor starts this by itself");
  return Exit::kUsage;
}

}  // namespace odradek::cli
