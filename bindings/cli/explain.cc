// odradek explain
#include <fmt/format.h>

#include "bindings/cli/arguments.h"
#include "bindings/cli/capsule.h"
#include "bindings/cli/commands.h"
#include "bindings/cli/explanation.h"
#include "bindings/cli/files.h"
#include "bindings/cli/process.h"
#include "bindings/cli/single_run.h"
#include "bindings/cli/story_text.h"
#include "bindings/cli/terminal.h"

namespace odradek::cli {
namespace {

std::string lay_out(const sim::Story& story, const std::vector<std::string>& commands,
                    const ExplainCommand& command) {
  switch (command.format) {
    case StoryFormat::kText:
      return story_text(story, commands, command.out_file ? Style(false) : Style::of_stdout());
    case StoryFormat::kMarkdown: return story_markdown(story, commands);
    case StoryFormat::kMermaid: return story_mermaid(story);
    case StoryFormat::kJson: return story_json(story, commands);
  }
  return "";
}

/// The words that make the run again: as the user named it.
std::string replay_words(const ExplainCommand& command) {
  std::string words = shell_quote(command.scenario);
  if (command.seed) words += fmt::format(" --seed {}", *command.seed);
  for (const std::string& override : command.overrides) words += " -p " + shell_quote(override);
  return words;
}

Exit refuse(const std::string& problem, Exit exit = Exit::kUsage) {
  complain(problem);
  return exit;
}

}  // namespace

Exit explain(const ExplainCommand& command) {
  const auto file = load_scenario(capsule_file(command.scenario), command.overrides);
  if (!file) return refuse(file.error().message);
  const auto& repro = file->repro();
  if (!command.seed && !repro) return refuse("explain of a scenario needs its --seed");
  const auto scenario = file->for_seed(command.seed ? *command.seed : repro->seed);
  if (!scenario) return refuse(scenario.error().message);
  if (command.out_file) {
    if (const auto ready = check_writable(*command.out_file); !ready)
      return refuse("-o " + ready.error().message, ready.error().exit());
  }
  catch_interrupts();
  const Explanation explained =
      explain_run(*scenario, command.seed ? *command.seed : repro->seed, interrupted);
  const std::string text =
      lay_out(explained.story, commands_after(explained.story, replay_words(command)), command);
  if (command.out_file) {
    if (const auto written = write_whole(*command.out_file, text); !written)
      return refuse("-o " + written.error().message, written.error().exit());
  } else {
    say(text);
  }
  const std::string found = print_fingerprint(explained.result.fingerprint);
  const bool same_run = repro && !command.seed && command.overrides.empty();
  if (same_run && !found.starts_with(repro->fingerprint)) {
    complain(fmt::format("fingerprint {}, the capsule has {}: this build makes another run of it", found,
                         repro->fingerprint));
    return Exit::kInternal;
  }
  return exit_of(explained.result);
}

}  // namespace odradek::cli
