// Shrinking: a run that fails becomes the smallest ordinary scenario that still fails in the same way. Start
// here.
//
//   freeze   what the seed has drawn stands in the file (freeze.h); what did not strike goes
//   passes   whatever can go or be smaller is tried, in order of how much it takes away (passes.h), again and
//            again until nothing more is found
//
// 1. Every candidate that is kept violates the same invariant with the same witness as the run one began
// with.
// 2. The result can be written down at any moment: Ctrl-C and a time limit cost only what was not tried yet.
// 3. When `is_minimal`, no pass found anything: in particular, without any one entry of the plan the failure
//    is gone.
#pragma once

#include "scenarios/scenario_file.h"
#include "scenarios/shrink/search.h"

namespace odradek::scenarios {

struct Shrunk {
  Table root;
  std::uint64_t seed = 0;   ///< of `root`
  sim::RunResult original;  ///< up to its violation
  sim::RunResult result;    ///< of `root`, likewise
  std::uint64_t tries = 0;
  bool is_minimal = false;  ///< false: time was over before
};

/// An error when the run does not fail, or when the file cannot be made to say what has happened in it.
[[nodiscard]] Result<Shrunk> shrink(const ScenarioFile& file, std::uint64_t seed, const ShrinkHooks& hooks);

}  // namespace odradek::scenarios
