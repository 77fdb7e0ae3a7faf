// Ranges: `{ uniform = ["1ms", "40ms"] }`, `{ one_of = [1, 2, 5] }`, `{ chance = "1/3" }` stand for one value
// per seed.
//
// A range is a number of choices, and a seed picks one of them by a keyed draw on the range's path. So a
// range that is added or removed leaves all the others as they were, and a check can try the first and the
// last choice of each.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "scenarios/value.h"

namespace odradek::scenarios {

/// Which of `choices` the range at `path` takes.
using Pick = std::function<std::uint64_t(const std::string& path, std::uint64_t choices)>;

/// One range and what became of it.
struct Drawn {
  std::string path;  ///< "client.0.interval"
  std::uint64_t choices = 1;
  Value value;
};

struct Resolved {
  Table root;                ///< the tree without ranges
  std::vector<Drawn> drawn;  ///< all well-formed ranges
};
/// Decides every range as `pick` says; ill-formed ones are reported and left out.
[[nodiscard]] Resolved resolve(const Table& root, const Pick& pick, Problems& problems);

/// Picks as the seed has it.
[[nodiscard]] Pick pick_of_seed(std::uint64_t seed);

}  // namespace odradek::scenarios
