// What a doctor and its two sides tell each other, as values and as texts (JSON, read by this build only).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "sim/trace/recording.h"

namespace odradek::cli {

/// A run that can be asked for: a scenario's whole text, so that it does not depend on where a process
/// stands.
struct Subject {
  std::string name;
  std::string text;
  std::uint64_t seed = 0;

  friend bool operator==(const Subject&, const Subject&) = default;
};

struct Question {
  Subject subject;
  sim::Window window;
  std::optional<std::uint64_t> look;  ///< this step in full, instead of marks
};

struct Told {
  std::vector<sim::Mark> marks;
  std::optional<sim::Look> look;

  friend bool operator==(const Told&, const Told&) = default;
};

[[nodiscard]] std::string question_text(const Question& question);
[[nodiscard]] Result<Question> parse_question(std::string_view text);

[[nodiscard]] std::string told_text(const Result<Told>& told);
/// The error is the other process's own, when it could not do what was asked.
[[nodiscard]] Result<Told> parse_told(std::string_view text);

}  // namespace odradek::cli
