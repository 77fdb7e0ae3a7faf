#include "tests/support/text_test.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace odradek::testing {
namespace {

constexpr std::string_view kDashes = "----";

/// Commands and what they should show, with the lines as they stand in the file.
struct Block {
  std::vector<std::string> lines;  ///< up to the dashes: commands, comments, empty lines
  std::optional<std::string> expected;
  std::size_t first_line = 1;
};

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<Block> blocks_of(const std::vector<std::string>& lines) {
  std::vector<Block> blocks(1);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i] != kDashes) {
      blocks.back().lines.push_back(lines[i]);
      continue;
    }
    std::string expected;
    while (i + 1 < lines.size() && !lines[i + 1].empty()) expected += lines[++i] + "\n";
    blocks.back().expected = expected;
    blocks.push_back({.lines = {}, .expected = std::nullopt, .first_line = i + 2});
  }
  return blocks;
}

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream in(line);
  return {std::istream_iterator<std::string>(in), {}};
}

std::vector<TextCommand> commands_of(const Block& block) {
  std::vector<TextCommand> commands;
  for (const std::string& line : block.lines) {
    if (line.starts_with("  ") && !commands.empty()) {
      commands.back().body.push_back(line.substr(2));
    } else if (std::vector<std::string> words = words_of(line); !words.empty() && words[0][0] != '#') {
      commands.push_back({.words = std::move(words), .body = {}, .text = line});
    }
  }
  return commands;
}

std::string played(const Block& block, const Actor& actor, const std::string& place) {
  std::string shown;
  for (const TextCommand& command : commands_of(block)) {
    try {
      shown += actor(command);
    } catch (const std::exception& problem) {
      ADD_FAILURE() << place << ": " << command.text << ": " << problem.what();
    }
  }
  return shown;
}

void play(const std::filesystem::path& path, const Actor& actor) {
  const bool rewrite = std::getenv("ODRADEK_REWRITE") != nullptr;
  std::string rewritten;
  for (const Block& block : blocks_of(lines_of(path))) {
    const std::string place = fmt::format("{}:{}", path.string(), block.first_line);
    const std::string shown = played(block, actor, place);
    for (const std::string& line : block.lines) rewritten += line + "\n";
    if (!block.expected) continue;
    rewritten += fmt::format("{}\n{}", kDashes, shown);
    if (!rewrite) {
      EXPECT_EQ(*block.expected, shown) << place << ": ODRADEK_REWRITE=1 writes what is seen into the file";
    }
  }
  if (rewrite) std::ofstream(path) << rewritten;
}

}  // namespace

void bad_command(const std::string& why) { throw std::invalid_argument(why); }

const std::string& TextCommand::word(std::size_t n) const {
  if (n >= words.size()) bad_command(fmt::format("word {} is missing", n));
  return words[n];
}

std::int64_t TextCommand::number(std::size_t n) const {
  const std::string& digits = word(n);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size())
    bad_command(fmt::format("{} is no number", digits));
  return number;
}

Duration TextCommand::duration(std::size_t n) const {
  const std::string& digits = word(n);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const std::string_view unit(end, digits.data() + digits.size());
  if (unit == "ns") return nanoseconds(number);
  if (unit == "us") return microseconds(number);
  if (unit == "ms") return milliseconds(number);
  if (unit == "s") return seconds(number);
  bad_command(fmt::format("{} is no duration", digits));
}

bool TextCommand::has(std::string_view word) const {
  return std::ranges::find(words.begin() + 1, words.end(), word) != words.end();
}

void play_texts(const std::string& folder, const std::function<Actor()>& new_actor) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  ASSERT_FALSE(files.empty()) << "no .txt file in " << folder;
  for (const auto& file : files) play(file, new_actor());
}

std::string short_time(Duration time) {
  std::string digits = fmt::format("{}.{:06}", time.ns() / 1'000'000, time.ns() % 1'000'000);
  while (digits.ends_with('0')) digits.pop_back();
  if (digits.ends_with('.')) digits.pop_back();
  return digits + "ms";
}

}  // namespace odradek::testing
