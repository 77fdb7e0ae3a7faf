// Text tests: files of commands and of what they show, made to be read like a lesson.
//
//   # A connection takes one round trip.
//   1 connect 2
//   run 3ms
//   ----
//   2ms  1 hears: opened 2
//
// Commands stand above four dashes, what they show below, up to the next empty line. A line that begins with
// two spaces belongs to the command above it; one that begins with # is for people. With
// ODRADEK_REWRITE=1 in the environment a test writes into its file what it saw: the diff is the review.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/time.h"

namespace odradek::testing {

struct TextCommand {
  std::vector<std::string> words;  ///< at least one; the first says what to do
  std::vector<std::string> body;   ///< the lines that belong to it, without their two spaces
  std::string text;                ///< its line, as it stands

  [[nodiscard]] const std::string& verb() const { return words.front(); }
  /// The nth word after the verb, from 1; a failure of the test if there is none.
  [[nodiscard]] const std::string& word(std::size_t n) const;
  [[nodiscard]] std::int64_t number(std::size_t n) const;
  /// "250ms": a whole number of ns, us, ms or s.
  [[nodiscard]] Duration duration(std::size_t n) const;
  [[nodiscard]] bool has(std::string_view word) const;
};

/// Does one command and returns what it shows: whole lines. Unknown commands throw `bad_command`.
using Actor = std::function<std::string(const TextCommand&)>;

/// Ends the test with the place of the command and `why`.
[[noreturn]] void bad_command(const std::string& why);

/// Plays every .txt file of `folder` (ODRADEK_SOURCE_DIR "/tests/…"), each before a fresh actor. There must
/// be one.
void play_texts(const std::string& folder, const std::function<Actor()>& new_actor);

/// "1.25ms" since the beginning of time: times in text tests.
[[nodiscard]] std::string short_time(Duration time);

}  // namespace odradek::testing
