// odradek explain
#include <fmt/format.h>

#include <filesystem>

#include "bindings/cli/arguments.h"
#include "bindings/cli/capsule.h"
#include "bindings/cli/commands.h"
#include "bindings/cli/explanation.h"
#include "bindings/cli/process.h"
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

Exit exit_of(const sim::RunResult& result) {
  switch (result.verdict) {
    case sim::Verdict::kPass: return Exit::kHeld;
    case sim::Verdict::kViolation: return Exit::kViolated;
    case sim::Verdict::kInconclusive: return interrupted() ? Exit::kInterrupted : Exit::kInconclusive;
  }
  return Exit::kInternal;
}

/// That a file can come into being there: said before the run, which takes its time.
Result<void> check_place(const std::filesystem::path& file) {
  std::error_code error;
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  if (!std::filesystem::is_directory(folder, error))
    return fail("-o {}: cannot be written, {} is no folder", file.string(), folder.string());
  if (std::filesystem::is_directory(file, error))
    return fail("-o {}: cannot be written, it is a folder", file.string());
  return {};
}

Exit refuse(const std::string& problem) {
  complain(problem);
  return Exit::kUsage;
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
    if (const auto fits = check_place(*command.out_file); !fits) return refuse(fits.error().message);
  }
  catch_interrupts();
  const Explanation explained =
      explain_run(*scenario, command.seed ? *command.seed : repro->seed, interrupted);
  const std::string text =
      lay_out(explained.story, commands_after(explained.story, replay_words(command)), command);
  if (command.out_file) {
    if (const auto written = write_file(*command.out_file, text); !written)
      return refuse(written.error().message);
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
