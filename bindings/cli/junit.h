// A sweep as JUnit XML: one case for each scenario and invariant, not for each seed, which no report page
// survives.
#pragma once

#include <string>

#include "bindings/cli/json.h"

namespace odradek::cli {

[[nodiscard]] std::string junit_xml(const SweepReport& report);

}  // namespace odradek::cli
