#include "engine/log/checkpoint_text.h"

#include <charconv>

namespace odradek::log {
namespace {

constexpr std::string_view kVersion = "0";

Result<std::vector<CheckpointLine>> split_lines(std::string_view text) {
  std::vector<CheckpointLine> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto number = static_cast<std::int32_t>(lines.size()) + 1;
    if (end == std::string_view::npos)
      return fail("line {}: expected the end of the line, got the end", number);
    lines.push_back({.number = number, .text = text.substr(0, end)});
    text.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace

std::string checkpoint_text(std::span<const std::string> lines) {
  std::string text = fmt::format("{}\n{}\n", kVersion, lines.size());
  for (const std::string& line : lines) {
    text += line;
    text += '\n';
  }
  return text;
}

Result<std::vector<CheckpointLine>> parse_checkpoint(std::string_view text) {
  TRY(lines, split_lines(text));
  if (lines.size() < 2) return fail("line {}: expected version and count, got the end", lines.size() + 1);
  if (lines[0].text != kVersion)
    return fail("line 1: expected version {}, got \"{}\"", kVersion, lines[0].text);
  TRY(count, parse_number(lines[1], lines[1].text, INT32_MAX));
  if (static_cast<std::uint64_t>(count) != lines.size() - 2) {
    return fail("line 2: expected a count of {}, got {}", lines.size() - 2, count);
  }
  lines.erase(lines.begin(), lines.begin() + 2);
  return std::move(lines);
}

Result<std::vector<std::string_view>> split_words(const CheckpointLine& line, std::uint32_t count) {
  std::vector<std::string_view> words;
  for (std::string_view rest = line.text;;) {
    const auto space = rest.find(' ');
    words.push_back(rest.substr(0, space));
    if (space == std::string_view::npos) break;
    rest.remove_prefix(space + 1);
  }
  if (words.size() != count) {
    return fail("line {}: expected {} words, got \"{}\"", line.number, count, line.text);
  }
  return words;
}

Result<std::int64_t> parse_number(const CheckpointLine& line, std::string_view word, std::int64_t max) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  const bool canonical = error == std::errc() && fmt::format("{}", value) == word;
  if (!canonical || value < 0 || value > max) {
    return fail("line {}: expected a number from 0 to {}, got \"{}\"", line.number, max, word);
  }
  return value;
}

io::DiskResult<void> replace_file(io::Disk& disk, const std::string& path, std::string_view text) {
  const std::string fresh = path + ".tmp";
  if (disk.size(fresh)) TRY_DO(disk.remove(fresh));  // a crash left it there
  TRY_DO(disk.append(fresh, Bytes(text)));
  return disk.rename(fresh, path);
}

io::DiskResult<Bytes> read_file(const io::Disk& disk, std::string_view path) {
  TRY(size, disk.size(path));
  return disk.read(path, 0, static_cast<std::uint32_t>(size));
}

}  // namespace odradek::log
