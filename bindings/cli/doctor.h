// Doctor: proves for given runs that two processes tell them alike, whatever is around these processes, and
// finds where they part if they do not.
//
// Every run is told in marks by both sides (side.h), the one taking the runs in order and the other
// backwards. At the first run whose marks disagree both tell again, step by step from the last mark that
// agreed; and the first step that disagrees they tell in full. What is compared is text, so a leak is named
// by the member that it shows in.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bindings/cli/side.h"

namespace odradek::cli {

/// A run that the two sides told differently.
struct Finding {
  Subject subject;
  std::optional<sim::Mark> mark;              ///< the first that was told differently
  std::optional<sim::Divergence> divergence;  ///< absent: it could not be told in full
  std::string problem;                        ///< why not

  friend bool operator==(const Finding&, const Finding&) = default;
};

struct Examination {
  std::uint64_t runs = 0;    ///< that agreed
  std::uint64_t events = 0;  ///< of these
  std::optional<Finding> finding;
};

class Doctor {
 public:
  /// Both sides are this program, started with `arguments`.
  explicit Doctor(const std::vector<std::string>& arguments);

  /// Ends at the first run that is told differently.
  [[nodiscard]] Examination examine(std::span<const Subject> subjects);

 private:
  using Marks = std::vector<sim::Mark>;

  [[nodiscard]] std::array<Result<Told>, 2> ask_afresh(const Question& question) const;
  [[nodiscard]] Finding locate(const Subject& subject, const Marks& left, const Marks& right) const;

  std::vector<std::string> arguments_;
  std::array<Side, 2> sides_;
};

}  // namespace odradek::cli
