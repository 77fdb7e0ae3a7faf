#include "bindings/cli/explanation.h"

#include <fmt/format.h>

#include "bindings/cli/arguments.h"
#include "bindings/cli/story_text.h"
#include "sim/explain/chronicler.h"

namespace odradek::cli {

Explanation explain_run(const sim::Scenario& scenario, std::uint64_t seed, bool (*interrupted)()) {
  sim::Chronicler chronicler;
  sim::RunOptions options{.tracer = &chronicler};
  if (interrupted != nullptr) options.interrupted = interrupted;
  sim::RunResult result = sim::run(scenario, seed, options);
  const auto subject = sim::subject_of(result);
  sim::Story story = subject ? sim::tell(std::move(chronicler).chronicle(), *subject, scenario, result)
                             : sim::tell_held(scenario, result);
  return {.result = std::move(result), .story = std::move(story)};
}

std::vector<std::string> commands_after(const sim::Story& story, const std::string& replay) {
  if (story.steps.empty()) return {};
  std::vector<std::string> commands = {fmt::format("odradek replay {} --trace run.txt", replay)};
  if (story.look_at) {
    const std::int64_t until_us = story.look_at->ns() / 1'000 + 1;
    commands.push_back(fmt::format("odradek replay {} --until {}us", replay, until_us));
  }
  return commands;
}

std::string capsule_explanation(const scenarios::ScenarioFile& file, const sim::RunResult& result,
                                const std::string& folder) {
  const std::string capsule = shell_quote(folder);
  const bool died = !result.violations.empty() && result.violations.front().invariant == "H-crash";
  const auto scenario = file.for_seed(result.seed);
  if (died || !scenario) {
    const std::string reason = died ? result.violations.front().message : scenario.error().message;
    return fmt::format("# {}, seed {}\n\nNot explained: {}. `odradek explain {}` tries it.\n",
                       result.scenario, result.seed, reason, capsule);
  }
  const sim::Story story = explain_run(*scenario, result.seed).story;
  return story_markdown(story, commands_after(story, capsule));
}

}  // namespace odradek::cli
