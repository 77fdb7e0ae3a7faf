// Freezing: a scenario with its ranges and random faults, under one seed, as a file that leaves nothing to
// draw but what the run itself draws.
#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario_file.h"

namespace odradek::scenarios {

struct Frozen {
  /// Without ranges, without `[faults]`; the whole plan is one `[[at]]` after the other, in its order.
  Table root;
  /// Entries that no file may say and that are left out, for people. They can do no harm: they would come
  /// after the faults end, or hit what their victim has not got. But a run counts and notes them, so that
  /// without them it is the same run with another fingerprint.
  std::vector<std::string> left_out;
};

/// An error when the seed draws what the file's own rules refuse.
[[nodiscard]] Result<Frozen> freeze(const ScenarioFile& file, std::uint64_t seed);

}  // namespace odradek::scenarios
