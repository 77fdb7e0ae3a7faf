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
constexpr std::size_t kBlock = 20;

Result<std::vector<Subject>> subjects_of(const DoctorCommand& command) {
  std::vector<Subject> subjects;
  for (const std::string& name : command.scenarios) {
    TRY(file, load_scenario(name, command.overrides));
    const std::string text = file.canonical();
    for (std::uint64_t i = 0; i < command.seeds.count(); ++i) {
      const std::uint64_t seed = command.seeds.first + i;
      TRY_DO(file.for_seed(seed));
      subjects.push_back({.name = name, .text = text, .seed = seed});
    }
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

}  // namespace

Exit doctor(const DoctorCommand& command) {
  const auto subjects = subjects_of(command);
  if (!subjects) {
    complain(subjects.error().message);
    return Exit::kUsage;
  }
  catch_interrupts();
  DoctorReport report{.scenarios = command.scenarios, .examination = {}, .repro = "", .interrupted = false};
  Examination& sum = report.examination;
  Doctor doctor({"side"});
  for (std::size_t i = 0; i < subjects->size() && !sum.finding && !interrupted(); i += kBlock) {
    const std::span block = std::span(*subjects).subspan(i);
    Examination part = doctor.examine(block.first(std::min(kBlock, block.size())));
    sum.runs += part.runs;
    sum.events += part.events;
    sum.finding = std::move(part.finding);
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
