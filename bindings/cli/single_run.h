// One run with all that people want around it; `run` and `replay` differ only in where it comes from.
#pragma once

#include <optional>
#include <string>

#include "bindings/cli/commands.h"
#include "bindings/cli/outcome.h"

namespace odradek::cli {

struct SingleRun {
  std::string scenario;  ///< as the user named it, for the repro line
  scenarios::ScenarioFile file;
  std::uint64_t seed = 1;
  scenarios::Overrides overrides;
  std::optional<Duration> until;
  std::optional<std::string> trace_file;
  std::optional<DescribeArgument> describe;
  bool verbose = false;
  Format format = Format::kText;
};

/// What came of it; absent when it could not start, which has been said then.
struct SingleRunEnd {
  Exit exit = Exit::kUsage;
  std::optional<Outcome> outcome;
};
/// What the program ends with after one run.
[[nodiscard]] Exit exit_of(const sim::RunResult& result);
[[nodiscard]] SingleRunEnd carry_out(const SingleRun& run);

}  // namespace odradek::cli
