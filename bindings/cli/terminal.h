// What the program says and to whom: results on standard output, progress and errors on standard error.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/time.h"

namespace odradek::cli {

/// Colours, or none: when the output is no terminal, or NO_COLOR is set, or TERM is dumb. Words say it too.
class Style {
 public:
  explicit Style(bool colour) : colour_(colour) {}
  /// As standard output wants it.
  [[nodiscard]] static Style of_stdout();

  [[nodiscard]] std::string bold(std::string_view text) const { return wrap("1", text); }
  [[nodiscard]] std::string dim(std::string_view text) const { return wrap("2", text); }
  [[nodiscard]] std::string red(std::string_view text) const { return wrap("1;31", text); }
  [[nodiscard]] std::string green(std::string_view text) const { return wrap("1;32", text); }
  [[nodiscard]] std::string yellow(std::string_view text) const { return wrap("1;33", text); }

 private:
  [[nodiscard]] std::string wrap(std::string_view code, std::string_view text) const;
  bool colour_;
};

/// What goes on, on one line of standard error that is written over; without a terminal, on a line of its own
/// now and then.
class ProgressLine {
 public:
  ProgressLine();
  /// Often enough to look alive: whether it is time for another one.
  [[nodiscard]] bool is_due() const;
  void show(std::string_view line);
  /// Wipes it.
  void finish() const;
  [[nodiscard]] Duration spent() const;  ///< of wall time since its construction

 private:
  bool tty_;
  Duration start_;
  Duration last_;
  bool shown_ = false;
};

void say(std::string_view text);       ///< to standard output
void complain(std::string_view text);  ///< to standard error, behind "odradek: "

[[nodiscard]] std::string grouped(std::uint64_t n);    ///< 48112 as "48,112"
[[nodiscard]] std::string print_span(Duration span);   ///< "41.2 s", "3.1 h", "2.4 d"
[[nodiscard]] std::string print_clock(Duration span);  ///< "01:05"
/// "3 elections", "1 election".
[[nodiscard]] std::string counted(std::uint64_t n, std::string_view noun);

}  // namespace odradek::cli
