// One finished run, as the commands hand it around.
#pragma once

#include <optional>
#include <string>

#include "engine/base/time.h"
#include "scenarios/scenario_file.h"
#include "sim/search/result.h"
#include "sim/search/run.h"

namespace odradek::cli {

struct Outcome {
  sim::RunResult result;
  Duration cpu;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Failures of one cause have one signature: the earliest invariant and its canonical witness, as
/// "I10-9c41d2". Empty when nothing was violated.
[[nodiscard]] std::string signature(const sim::RunResult& result);

/// "I10 leader-completeness"; what the registry does not know, such as "ENSURE", as it is.
[[nodiscard]] std::string invariant_name(const std::string& id);

/// Runs and measures.
[[nodiscard]] Outcome measure(const sim::Scenario& scenario, std::uint64_t seed,
                              const sim::RunOptions& options);

/// A SCENARIO argument with its overrides.
[[nodiscard]] Result<scenarios::ScenarioFile> load_scenario(const std::string& name_or_path,
                                                            const scenarios::Overrides& overrides);

}  // namespace odradek::cli
