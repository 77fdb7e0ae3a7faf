// odradek scenario check|show
#include <fmt/format.h>

#include "bindings/cli/arguments.h"
#include "bindings/cli/commands.h"
#include "bindings/cli/outcome.h"
#include "bindings/cli/terminal.h"

namespace odradek::cli {

Exit check_scenarios(const ScenarioCheckCommand& command) {
  Exit exit = Exit::kHeld;
  for (const std::string& name : command.scenarios) {
    const auto file = load_scenario(name, command.overrides);
    if (file) {
      say(fmt::format("{}: fine, {}\n", name, print_fingerprint(file->hash())));
    } else {
      complain(file.error().message);
      exit = Exit::kUsage;
    }
  }
  return exit;
}

Exit show_scenario(const ScenarioShowCommand& command) {
  const auto file = load_scenario(command.scenario, command.overrides);
  if (!file) {
    complain(file.error().message);
    return Exit::kUsage;
  }
  say(fmt::format("# {}, canonical form, hash {}\n{}", file->name(), print_fingerprint(file->hash()),
                  file->canonical()));
  if (!command.seed) return Exit::kHeld;
  if (const auto scenario = file->for_seed(*command.seed); !scenario) {
    complain(scenario.error().message);
    return Exit::kUsage;
  }
  say(fmt::format("\n# drawn by seed {}\n", *command.seed));
  for (const scenarios::Drawn& drawn : file->drawn(*command.seed)) {
    say(fmt::format("# {} = {}\n", drawn.path, print_inline(drawn.value)));
  }
  return Exit::kHeld;
}

}  // namespace odradek::cli
