// Purposes of the simulator as files name them: `[run] calm = ["delivery", "step-cost"]`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/kernel/purpose.h"

namespace odradek::scenarios {

/// All of them at once.
inline constexpr std::string_view kEverything = "everything";

/// A purpose that has a calm value; kStepCost is called "step-cost".
struct CalmName {
  std::string name;
  sim::Purpose purpose{};
};

/// All of them, in the order of sim::kPurposes.
[[nodiscard]] std::vector<CalmName> calm_names();

}  // namespace odradek::scenarios
