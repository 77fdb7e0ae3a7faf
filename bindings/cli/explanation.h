// A run made again so that it can be explained; what `explain` prints and capsules hold.
#pragma once

#include <string>
#include <vector>

#include "bindings/cli/outcome.h"
#include "sim/explain/story.h"

namespace odradek::cli {

struct Explanation {
  sim::RunResult result;
  sim::Story story;
};
/// A failed or permitted run becomes a story; of one that held, the story says so. `interrupted` as in
/// RunOptions.
[[nodiscard]] Explanation explain_run(const sim::Scenario& scenario, std::uint64_t seed,
                                      bool (*interrupted)() = nullptr);

/// The lines to paste after a story: `replay` are the words that make the run again, without "odradek
/// replay".
[[nodiscard]] std::vector<std::string> commands_after(const sim::Story& story, const std::string& replay);

/// The explanation of a run that has failed, for its capsule. What brought down the process that ran it is
/// not run again here.
[[nodiscard]] std::string capsule_explanation(const scenarios::ScenarioFile& file,
                                              const sim::RunResult& result, const std::string& folder);

}  // namespace odradek::cli
