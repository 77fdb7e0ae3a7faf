#include "bindings/cli/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "bindings/cli/process.h"

namespace odradek::cli {

Style Style::of_stdout() {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool refused =
      (no_color != nullptr && *no_color != '\0') || term == nullptr || std::string_view(term) == "dumb";
  return Style(!refused && isatty(STDOUT_FILENO) != 0);
}

std::string Style::wrap(std::string_view code, std::string_view text) const {
  return colour_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

ProgressLine::ProgressLine() : tty_(isatty(STDERR_FILENO) != 0), start_(wall_time()), last_(start_) {}

bool ProgressLine::is_due() const { return wall_time() - last_ >= (tty_ ? milliseconds(200) : seconds(2)); }

void ProgressLine::show(std::string_view line) {
  last_ = wall_time();
  fmt::print(stderr, "{}{}{}", tty_ ? "\r" : "", line, tty_ ? "\x1b[K" : "\n");
  std::fflush(stderr);
  shown_ = true;
}

void ProgressLine::finish() const {
  if (tty_ && shown_) fmt::print(stderr, "\r\x1b[K");
}

Duration ProgressLine::spent() const { return wall_time() - start_; }

void say(std::string_view text) {
  fmt::print(stdout, "{}", text);
  std::fflush(stdout);
}

void complain(std::string_view text) { fmt::print(stderr, "odradek: {}\n", text); }

std::string grouped(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (auto i = static_cast<std::int64_t>(digits.size()) - 3; i > 0; i -= 3) {
    digits.insert(static_cast<std::size_t>(i), ",");
  }
  return digits;
}

std::string print_span(Duration span) {
  const double s = static_cast<double>(span.ns()) / 1e9;
  if (s < 0.1) return fmt::format("{:.1f} ms", s * 1e3);
  if (s < 300) return fmt::format("{:.1f} s", s);
  if (s < 3 * 3600) return fmt::format("{:.1f} min", s / 60);
  if (s < 3 * 86400) return fmt::format("{:.1f} h", s / 3600);
  return fmt::format("{:.1f} d", s / 86400);
}

std::string print_clock(Duration span) {
  return fmt::format("{:02}:{:02}", span.ns() / seconds(60).ns(), span.ns() / seconds(1).ns() % 60);
}

std::string counted(std::uint64_t n, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(n), noun, n == 1 ? "" : "s");
}

}  // namespace odradek::cli
