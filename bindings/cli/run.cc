// odradek run
#include "bindings/cli/commands.h"
#include "bindings/cli/single_run.h"
#include "bindings/cli/terminal.h"

namespace odradek::cli {

Exit run(const RunCommand& command) {
  auto file = load_scenario(command.scenario, command.overrides);
  if (!file) {
    complain(file.error().message);
    return Exit::kUsage;
  }
  const std::uint64_t usual_seed = file->repro() ? file->repro()->seed : 1;
  return carry_out({.scenario = command.scenario,
                    .file = *std::move(file),
                    .seed = command.seed.value_or(usual_seed),
                    .overrides = command.overrides,
                    .until = std::nullopt,
                    .trace_file = command.trace_file,
                    .describe = command.describe,
                    .verbose = command.verbose,
                    .format = command.format})
      .exit;
}

}  // namespace odradek::cli
