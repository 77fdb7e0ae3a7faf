// explanations/*.txt: `explain SCENARIO SEED text|mermaid` shows what the program prints, without empty
// lines.
#include <gtest/gtest.h>

#include <regex>
#include <sstream>

#include "bindings/cli/explanation.h"
#include "bindings/cli/story_text.h"
#include "tests/support/text_test.h"

namespace odradek::cli {
namespace {

sim::Story story_of(const std::string& scenario, std::uint64_t seed) {
  const auto file = load_scenario(scenario, {});
  return explain_run(file.value().for_seed(seed).value(), seed).story;
}

std::string without_empty_lines(const std::string& text) {
  std::istringstream in(text);
  std::string out;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) out += line + "\n";
  }
  return out;
}

TEST(Explanations, ReadLikeTheirTexts) {
  testing::play_texts(ODRADEK_SOURCE_DIR "/tests/bindings/explanations", [] {
    return [](const testing::TextCommand& command) -> std::string {
      if (command.verb() != "explain") testing::bad_command("expected explain SCENARIO SEED text|mermaid");
      const sim::Story story = story_of(command.word(1), static_cast<std::uint64_t>(command.number(2)));
      if (command.word(3) == "mermaid") return story_mermaid(story);
      return without_empty_lines(story_text(story, {}, Style(false)));
    };
  });
}

/// Every line is a participant, a message between participants, or a note over participants.
void expect_valid_diagram(const std::string& diagram) {
  static const std::regex kParticipant(R"(  participant (\w+) as [\w ']+)");
  static const std::regex kMessage(R"(  (\w+)(->>|-x)(\w+): [^;:#\n]+)");
  static const std::regex kNote(R"(  Note over (\w+)(?:,(\w+))?: [^;:#\n]+)");
  std::istringstream in(diagram);
  std::string line;
  std::getline(in, line);
  EXPECT_EQ(line, "sequenceDiagram");
  std::set<std::string> declared;
  std::size_t steps = 0;
  while (std::getline(in, line)) {
    std::smatch match;
    if (std::regex_match(line, match, kParticipant)) {
      EXPECT_EQ(steps, 0U) << "participants come first";
      EXPECT_TRUE(declared.insert(match[1]).second) << line;
      continue;
    }
    ++steps;
    const bool message = std::regex_match(line, match, kMessage);
    ASSERT_TRUE(message || std::regex_match(line, match, kNote)) << line;
    EXPECT_TRUE(declared.contains(match[1])) << line;
    const std::string other = match[message ? 3 : 2];
    EXPECT_TRUE(other.empty() || declared.contains(other)) << line;
    EXPECT_NE(match[1], other) << line;
  }
  EXPECT_GT(steps, 3U);
}

TEST(Explanations, HaveValidDiagramsOfEveryExhibit) {
  for (const char* exhibit :
       {"R01", "R06", "R11", "R18", "R19", "R22", "R23", "R24", "K01", "K02", "K03", "K05", "K07", "K14"}) {
    SCOPED_TRACE(exhibit);
    const sim::Story story = story_of(std::string("museum/") + exhibit, 1);
    expect_valid_diagram(story_mermaid(story));
    EXPECT_LE(story.steps.size(), 30U);
    EXPECT_NE(story_markdown(story, {}).find("```mermaid\nsequenceDiagram\n"), std::string::npos);
  }
}

TEST(Explanations, KeepCharactersOutOfDiagramsThatWouldBreakThem) {
  sim::Story story;
  story.steps.push_back({.who = {NodeId(1), NodeId(900)}, .label = "a; b: #c {1}\nd"});
  story.steps.push_back(
      {.label = "x", .arrow = sim::Arrow{.from = NodeId(901), .to = NodeId(1), .arrives = false}});
  story.steps.push_back({.label = "y", .arrow = sim::Arrow{.from = NodeId(1), .to = NodeId(902)}});
  story.steps.push_back({.label = "z"});
  expect_valid_diagram(story_mermaid(story));
}

}  // namespace
}  // namespace odradek::cli
