#include "scenarios/shrink/shrink.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <span>
#include <utility>

#include "scenarios/parse.h"
#include "scenarios/shrink/freeze.h"
#include "scenarios/shrink/passes.h"

namespace odradek::scenarios {
namespace {

/// A run may be as long as it likes as long as it is the one to be shrunk.
constexpr std::uint64_t kAnyLength = 50'000'000;

/// It is no part of the failure what its author had expected.
Table as_violation(Table root) {
  root.erase("permits");
  root.set("expect", {.data = std::string(name_of(Expectation::kViolation)), .where = {}});
  return root;
}

/// Again and again, until none of them finds anything. False when time is over first.
bool exhaust(ShrinkSearch& search, std::span<const Pass> passes) {
  for (std::uint64_t before = ~std::uint64_t{0}; search.accepted() != before;) {
    before = search.accepted();
    for (const Pass pass : passes) pass(search);
  }
  return !search.is_over();
}

/// Each round takes something away that no pass ever adds, so there are not many. The last one has found
/// nothing to take away from what is short and round already.
bool carry_out(ShrinkSearch& search) {
  while (true) {
    exhaust(search, kTakeAway);
    exhaust(search, kMakeLess);
    exhaust(search, kMakeRound);
    const std::uint64_t before = search.accepted();
    search.try_other_seeds(kOtherSeeds);
    for (const Pass pass : kUnderOtherSeeds) pass(search);
    search.try_other_seeds(0);
    if (!exhaust(search, kTakeAway)) return false;
    if (search.accepted() == before) return true;
  }
}

}  // namespace

Result<Shrunk> shrink(const ScenarioFile& file, std::uint64_t seed, const ShrinkHooks& hooks) {
  TRY(scenario, file.for_seed(seed));
  sim::RunResult original = hooks.trial(scenario, seed, kAnyLength);
  if (original.violations.empty()) {
    return fail("{} holds under seed {}: nothing to shrink, expected a run that violates an invariant",
                file.name(), seed);
  }
  TRY(frozen, freeze(file, seed));
  const Table root = as_violation(std::move(frozen.root));
  Problems problems;
  const Parsed parsed = parse(root, problems);
  if (!problems.empty()) return std::unexpected(problems.error("the frozen file", {}));
  sim::RunResult first = hooks.trial(parsed.scenario, seed, kAnyLength);
  if (first.violations.empty() || !is_same_failure(first.violations.front(), original.violations.front())) {
    return fail(
        "{} under seed {}: with its {} drawn faults written down it does not fail in the same way; "
        "a file cannot say {}",
        file.name(), seed, elements(root, "at").size(), fmt::join(frozen.left_out, ", "));
  }

  ShrinkSearch search(root, std::move(first), seed, hooks);
  const bool is_minimal = carry_out(search);
  return Shrunk{.root = search.best(),
                .seed = search.seed(),
                .original = std::move(original),
                .result = search.result(),
                .tries = search.tries(),
                .is_minimal = is_minimal};
}

}  // namespace odradek::scenarios
