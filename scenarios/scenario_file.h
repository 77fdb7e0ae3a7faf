// A scenario as written: with ranges, and what each seed makes of them.
//
//   TRY(file, ScenarioFile::load("my.toml"));
//   TRY(scenario, file.for_seed(42));          // every range drawn; ready for sim::run
//
// A ScenarioFile is always valid: loading, and every override, checks both ends and all choices of every
// range, and the errors name file, line and column. Combinations of ranges are sampled, so `for_seed` may
// still refuse a rare one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/result.h"
#include "scenarios/draw.h"
#include "scenarios/parse.h"
#include "scenarios/value.h"
#include "sim/search/scenario.h"

namespace odradek::scenarios {

/// "cluster.brokers=5", "flaws=R01", "client.0.config.acks=1": one value of the file, by its path.
using Overrides = std::vector<std::string>;

/// The `[repro]` table of a stored failure: how it came about. It is no part of the scenario.
struct Repro {
  std::uint64_t seed = 0;
  std::string fingerprint;
  std::string build;

  friend bool operator==(const Repro&, const Repro&) = default;
};

class ScenarioFile {
 public:
  /// `shown_as` stands in messages.
  [[nodiscard]] static Result<ScenarioFile> parse(std::string_view text, std::string name,
                                                  std::string shown_as);
  [[nodiscard]] static Result<ScenarioFile> load(const std::string& path);

  /// The same scenario with these values changed; the first error of each override is reported.
  [[nodiscard]] Result<ScenarioFile> with(const Overrides& overrides) const;

  [[nodiscard]] Result<sim::Scenario> for_seed(std::uint64_t seed, const Overrides& overrides = {}) const;
  /// What the seed decided.
  [[nodiscard]] std::vector<Drawn> drawn(std::uint64_t seed) const;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& title() const { return title_; }
  [[nodiscard]] const std::string& description() const { return description_; }
  [[nodiscard]] Expectation expect() const { return expect_; }
  /// Overrides that plant what this file exhibits into any scenario, and that take it out of this one.
  [[nodiscard]] const Overrides& plant() const { return plant_; }
  [[nodiscard]] const Overrides& removal() const { return removal_; }
  [[nodiscard]] const std::optional<Repro>& repro() const { return repro_; }

  /// The tree, ranges and all, with its overrides.
  [[nodiscard]] const Table& root() const { return root_; }
  /// The file with its overrides, without comments and layout: equal for equal scenarios.
  [[nodiscard]] std::string canonical() const { return print_file(root_); }
  /// Of the canonical form without title and description, which change nothing.
  [[nodiscard]] Digest hash() const;

 private:
  [[nodiscard]] Result<void> check();

  std::string name_;
  std::string shown_as_;
  std::string title_;
  std::string description_;
  Expectation expect_ = Expectation::kPass;
  Overrides plant_;
  Overrides removal_;
  Table root_;
  std::vector<std::string> overrides_;  ///< as given, for messages
  std::optional<Repro> repro_;
};

}  // namespace odradek::scenarios
