// odradek replay
#include <fmt/format.h>

#include "bindings/cli/arguments.h"
#include "bindings/cli/capsule.h"
#include "bindings/cli/commands.h"
#include "bindings/cli/process.h"
#include "bindings/cli/single_run.h"
#include "bindings/cli/terminal.h"
#include "sim/trace/line.h"

namespace odradek::cli {
namespace {

/// The fingerprint that the run must have, if anybody knows it.
std::optional<std::string> expected_fingerprint(const ReplayCommand& command,
                                                const scenarios::ScenarioFile& file) {
  const bool same_run = !command.seed && command.overrides.empty();
  if (command.expect) return command.expect;
  if (file.repro() && same_run && !file.repro()->fingerprint.empty()) return file.repro()->fingerprint;
  return std::nullopt;
}

std::string describe_mark(const TrailMark& mark) {
  return fmt::format("{:>12}  {}", sim::time_text(mark.at), mark.what);
}

std::string describe_ending(std::string_view whose, const sim::RunResult& result) {
  std::string out =
      fmt::format("  {}  {} after {}", whose, name_of(result.verdict), counted(result.events, "event"));
  if (!result.violations.empty()) {
    const sim::Violation& earliest = result.violations.front();
    out += fmt::format("; event {}, {}: {}: {}", earliest.event, sim::time_text(earliest.at),
                       earliest.invariant, earliest.message);
  }
  return out;
}

/// Where this run leaves the stored one, and what the two have to say there.
std::string describe_parting(const std::optional<TrailParting>& parting, const Capsule& capsule,
                             const sim::RunResult& here) {
  std::string out;
  if (!parting) {
    out = capsule.trail.empty() ? "\n  the stored run has no trail: where they part is not known"
                                : fmt::format("\n  equal in all {}: only what is left at the end differs",
                                              counted(capsule.trail.back().event, "event"));
  } else {
    const TrailMark& stored = parting->stored;
    out = parting->equal
              ? fmt::format("\n  equal up to event {} (t = {}), then different before event {}",
                            parting->equal->event, sim::time_text(parting->equal->at), stored.event + 1)
              : fmt::format("\n  different before event {}", stored.event + 1);
    out += fmt::format("\n  stored  event {}  {}", stored.event, describe_mark(stored));
    out += parting->here
               ? fmt::format("\n  here    event {}  {}", stored.event, describe_mark(*parting->here))
               : std::string("\n  here    over before that");
    if (!parting->lines.empty()) out += "\n  here, up to there";
    for (const std::string& line : parting->lines) out += "\n    " + line;
  }
  return out + "\n" + describe_ending("stored", capsule.outcome.result) + "\n" +
         describe_ending("here  ", here);
}

/// The scenario, and the whole capsule when the argument names one.
struct Source {
  scenarios::ScenarioFile file;
  std::optional<Capsule> capsule;
};

Result<Source> find_source(const ReplayCommand& command) {
  if (!is_capsule(command.scenario)) {
    TRY(file, load_scenario(command.scenario, command.overrides));
    return Source{.file = std::move(file), .capsule = std::nullopt};
  }
  TRY(capsule, load_capsule(command.scenario));
  TRY(file, capsule.file.with(command.overrides));
  return Source{.file = std::move(file), .capsule = std::move(capsule)};
}

/// What to say of a run that is not the expected one.
std::string describe_difference(const Source& source, const Outcome& outcome, const std::string& expected,
                                bool is_stored_run) {
  std::string out = fmt::format("fingerprint {}, expected {}: different build or non-determinism",
                                print_fingerprint(outcome.result.fingerprint), expected);
  if (!source.capsule || !is_stored_run) return out;
  const std::uint64_t seed = outcome.result.seed;
  const auto scenario = source.file.for_seed(seed);
  const auto parting =
      scenario ? leave_trail(source.capsule->trail, *scenario, seed) : std::optional<TrailParting>();
  return out + describe_parting(parting, *source.capsule, outcome.result);
}

}  // namespace

Exit replay(const ReplayCommand& command) {
  const auto source = find_source(command);
  if (!source) {
    complain(source.error().message);
    return Exit::kUsage;
  }
  const auto& repro = source->file.repro();
  if (!command.seed && !repro) {
    complain("replay of a scenario needs its --seed");
    return Exit::kUsage;
  }
  const auto expected = expected_fingerprint(command, source->file);
  if (repro && repro->build != build_id()) {
    complain(fmt::format("warning: this is build {}, the capsule is of build {}", build_id(), repro->build));
  }
  const SingleRunEnd end = carry_out({.scenario = command.scenario,
                                      .file = source->file,
                                      .seed = command.seed ? *command.seed : repro->seed,
                                      .overrides = command.overrides,
                                      .until = command.until,
                                      .trace_file = command.trace_file,
                                      .describe = command.describe,
                                      .verbose = command.verbose,
                                      .format = command.format});
  const bool whole = end.exit == Exit::kHeld || end.exit == Exit::kViolated;
  if (!end.outcome || !expected || command.until || !whole) return end.exit;
  if (print_fingerprint(end.outcome->result.fingerprint).starts_with(*expected)) return end.exit;
  const bool is_stored_run = !command.seed && command.overrides.empty();
  complain(describe_difference(*source, *end.outcome, *expected, is_stored_run));
  return Exit::kInternal;
}

}  // namespace odradek::cli
