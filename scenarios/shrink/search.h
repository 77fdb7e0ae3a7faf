// The search for a smaller scenario: what has been found so far, and the one question that passes ask of it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/result.h"
#include "scenarios/shrink/tree.h"
#include "sim/search/result.h"
#include "sim/search/scenario.h"

namespace odradek::scenarios {

/// Runs a scenario up to its first violation, and not further than so many events.
using Trial = std::function<sim::RunResult(const sim::Scenario& scenario, std::uint64_t seed,
                                           std::uint64_t events_max)>;

/// Two violations of one cause: the same invariant, and the same canonical witness. A witness names kinds of
/// things and no numbers (sim/checkers/violation.h), so it outlives that brokers, offsets and times change;
/// a message would not.
[[nodiscard]] bool is_same_failure(const sim::Violation& a, const sim::Violation& b);

/// What goes on, for people who wait.
struct ShrinkProgress {
  std::uint64_t tries = 0;
  std::size_t entries = 0;   ///< of the plan that are left
  std::uint64_t events = 0;  ///< up to the violation
};

struct ShrinkHooks {
  Trial trial;
  std::function<bool()> is_over;  ///< time is up, or somebody pressed Ctrl-C
  std::function<void(const ShrinkProgress&)> on_try;
};

class ShrinkSearch {
 public:
  /// `result`: of a run of `root`, with the violation that is to stay. `events_max`: of any run.
  ShrinkSearch(Table root, sim::RunResult result, std::uint64_t seed, ShrinkHooks hooks);

  /// Whether the candidate still fails in the same way; it is the best then. False for what was asked
  /// before, for what the strict readers refuse, and for everything once time is over.
  bool accept(const Table& candidate);
  /// The first of these values at this path that is accepted ends it.
  bool accept_any(const TreePath& path, const std::vector<Value>& values);

  /// From now on a candidate that does not fail under the seed of the best is tried under so many others, of
  /// which one may become that of the best. Which broker leads at first, say, is the seed's business, and a
  /// plan that has to arrange it is the longer for it.
  void try_other_seeds(std::uint64_t count) { other_seeds_ = count; }

  [[nodiscard]] const Table& best() const { return best_; }
  /// Of the best, up to its violation.
  [[nodiscard]] const sim::RunResult& result() const { return result_; }
  [[nodiscard]] const sim::Violation& violation() const { return result_.violations.front(); }
  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  [[nodiscard]] std::uint64_t tries() const { return tries_; }
  [[nodiscard]] std::uint64_t accepted() const { return accepted_; }
  [[nodiscard]] bool is_over() const { return hooks_.is_over(); }

 private:
  bool accept_under(std::uint64_t seed, const Table& candidate);
  /// Whether it is asked for the first time.
  [[nodiscard]] bool is_news(const Table& candidate, std::uint64_t seed);
  [[nodiscard]] std::uint64_t events_max() const;

  Table best_;
  sim::RunResult result_;
  std::uint64_t seed_ = 0;
  ShrinkHooks hooks_;
  std::uint64_t first_events_ = 0;  ///< up to the violation, in the beginning
  std::set<std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>> asked_;  ///< digests, with the seed
  std::uint64_t other_seeds_ = 0;
  std::uint64_t tries_ = 0;
  std::uint64_t accepted_ = 0;
};

}  // namespace odradek::scenarios
