#include "bindings/cli/story_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/explain/words.h"

namespace odradek::cli {
namespace {

constexpr std::size_t kWidth = 100;

/// Lines of words, each behind the indent; the first behind `head`, which is as wide.
std::string wrapped(const std::string& head, std::size_t indent, std::string_view text) {
  std::string out = head;
  std::size_t column = indent;
  bool first = true;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (!first && column + 1 + word.size() > kWidth) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
      first = true;
    }
    if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    first = false;
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return out + "\n";
}

std::string numbers(const std::vector<std::uint32_t>& steps) {
  std::vector<std::string> words;
  for (const std::uint32_t step : steps) words.push_back(std::to_string(step));
  return sim::and_list(words);
}

/// " (From 3.)": the steps that this one goes back to, unless that is the one before it.
std::string where_from(const sim::StoryStep& step, std::size_t number) {
  const bool obvious =
      step.follows.empty() || step.follows == std::vector{static_cast<std::uint32_t>(number - 1)};
  return obvious ? "" : fmt::format(" (From {}.)", numbers(step.follows));
}

bool is_bad(const sim::StoryStep& step) { return step.kind == sim::BeatKind::kFound; }

std::string source_of(const sim::Story& story) {
  return story.source.empty() ? "" : " Source: " + story.source + ".";
}

/// What the promise of a story is: kept, broken, or none.
std::string_view promise_name(const sim::Story& story) {
  if (story.steps.empty() && story.broke.empty()) return "Verdict";
  return story.look_at ? "What should have held" : "What the settings say";
}

std::string_view broke_name(const sim::Story& story) {
  return story.look_at ? "Where it broke" : "What was lost";
}

/// A heading and what stands below it; nothing when that is nothing.
std::string section(const std::string& heading, const std::string& body) {
  return body.empty() ? "" : "\n" + heading + "\n" + body;
}

std::string step_text(const sim::StoryStep& step, std::size_t number, const Style& style) {
  const std::string plain = fmt::format("{:>4}. {:>9}  ", number, sim::moment_text(step.at));
  const std::string head = is_bad(step)                         ? style.red(plain)
                           : step.kind == sim::BeatKind::kFault ? style.yellow(plain)
                                                                : plain;
  std::string out = wrapped(head, plain.size(), step.text + where_from(step, number));
  for (const std::string& log : step.logs)
    out += style.dim(std::string(plain.size(), ' ') + "| " + log) + "\n";
  return out;
}

std::string step_markdown(const sim::StoryStep& step, std::size_t number) {
  const std::string text = is_bad(step) ? "**" + step.text + "**" : step.text;
  std::string out =
      fmt::format("{}. *{}* {}{}\n", number, sim::moment_text(step.at), text, where_from(step, number));
  for (const std::string& log : step.logs) out += "   - " + log + "\n";
  return out;
}

}  // namespace

std::string story_text(const sim::Story& story, const std::vector<std::string>& commands,
                       const Style& style) {
  const auto heading = [&style](std::string_view name) { return style.bold(name); };
  std::string cast;
  for (const sim::Character& character : story.cast)
    cast += wrapped("  ", 4, character.name + ": " + character.text);
  std::string steps;
  for (std::size_t i = 0; i < story.steps.size(); ++i) steps += step_text(story.steps[i], i + 1, style);
  std::string broke;
  for (const std::string& line : story.broke) broke += wrapped("  ", 2, sim::capital(line) + ".");
  std::string next;
  for (const std::string& line : story.next) next += wrapped("  - ", 4, sim::capital(line));
  for (const std::string& command : commands) next += "  $ " + command + "\n";
  return heading(story.title) + "\n" + section(heading("Who is who"), cast) +
         section(heading("What happened"), steps) +
         section(heading(promise_name(story)), wrapped("  ", 2, story.promise + source_of(story))) +
         section(heading(broke_name(story)), broke) + section(heading("What to look at next"), next);
}

std::string story_markdown(const sim::Story& story, const std::vector<std::string>& commands) {
  const auto heading = [](std::string_view name) { return fmt::format("## {}\n", name); };
  std::string cast;
  for (const sim::Character& character : story.cast)
    cast += fmt::format("- **{}**: {}\n", character.name, character.text);
  std::string steps;
  for (std::size_t i = 0; i < story.steps.size(); ++i) steps += step_markdown(story.steps[i], i + 1);
  if (!steps.empty()) steps += "\n```mermaid\n" + story_mermaid(story) + "```\n";
  std::string broke;
  for (const std::string& line : story.broke) broke += "- " + sim::capital(line) + ".\n";
  std::string next;
  for (const std::string& line : story.next) next += "- " + sim::capital(line) + "\n";
  if (!commands.empty()) next += fmt::format("\n```\n{}\n```\n", fmt::join(commands, "\n"));
  return "# " + story.title + "\n" + section(heading("Who is who"), cast) +
         section(heading("What happened"), steps) +
         section(heading(promise_name(story)), story.promise + source_of(story) + "\n") +
         section(heading(broke_name(story)), broke) + section(heading("What to look at next"), next);
}

}  // namespace odradek::cli
