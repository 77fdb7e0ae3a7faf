// odradek replay
#include <fmt/format.h>

#include "bindings/cli/arguments.h"
#include "bindings/cli/capsule.h"
#include "bindings/cli/commands.h"
#include "bindings/cli/process.h"
#include "bindings/cli/single_run.h"
#include "bindings/cli/terminal.h"

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

}  // namespace

Exit replay(const ReplayCommand& command) {
  auto file = load_scenario(capsule_file(command.scenario), command.overrides);
  if (!file) {
    complain(file.error().message);
    return Exit::kUsage;
  }
  const auto& repro = file->repro();
  if (!command.seed && !repro) {
    complain("replay of a scenario needs its --seed");
    return Exit::kUsage;
  }
  const auto expected = expected_fingerprint(command, *file);
  if (repro && repro->build != build_id()) {
    complain(fmt::format("warning: this is build {}, the capsule is of build {}", build_id(), repro->build));
  }
  const SingleRunEnd end = carry_out({.scenario = command.scenario,
                                      .file = *file,
                                      .seed = command.seed ? *command.seed : repro->seed,
                                      .overrides = command.overrides,
                                      .until = command.until,
                                      .trace_file = command.trace_file,
                                      .verbose = command.verbose,
                                      .format = command.format});
  const bool whole = end.exit == Exit::kHeld || end.exit == Exit::kViolated;
  if (!end.outcome || !expected || command.until || !whole) return end.exit;
  const std::string found = print_fingerprint(end.outcome->result.fingerprint);
  if (found.starts_with(*expected)) return end.exit;
  complain(fmt::format("fingerprint {}, expected {}: different build or non-determinism", found, *expected));
  return Exit::kInternal;
}

}  // namespace odradek::cli
