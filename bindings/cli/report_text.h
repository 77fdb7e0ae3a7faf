// Results as people read them. What counts most stands last: the verdict, and the line to paste.
#pragma once

#include <string>

#include "bindings/cli/campaign.h"
#include "bindings/cli/json.h"
#include "bindings/cli/outcome.h"
#include "bindings/cli/terminal.h"

namespace odradek::cli {

/// Which run it was, in two lines.
[[nodiscard]] std::string describe_title(const scenarios::ScenarioFile& file, const Outcome& outcome,
                                         const Style& style);

/// What ran and what it exercised; without the verdict.
[[nodiscard]] std::string describe_run(const scenarios::ScenarioFile& file, const sim::Scenario& scenario,
                                       const Outcome& outcome, const Style& style);

/// The PASS, FAIL or INCONCLUSIVE block of one run.
[[nodiscard]] std::string describe_verdict(const scenarios::ScenarioFile& file, const Outcome& outcome,
                                           const std::string& repro, const Style& style);

/// A whole sweep, failures last.
[[nodiscard]] std::string describe_sweep(const SweepReport& report, const Style& style);

}  // namespace odradek::cli
