#include "scenarios/shrink/search.h"

#include <algorithm>
#include <utility>

#include "scenarios/parse.h"

namespace odradek::scenarios {
namespace {

/// What a small scenario may take more than the one before it, so that a short one can try things at all.
constexpr std::uint64_t kEventsSpare = 3'000;

}  // namespace

bool is_same_failure(const sim::Violation& a, const sim::Violation& b) {
  return a.invariant == b.invariant && a.witness == b.witness;
}

ShrinkSearch::ShrinkSearch(Table root, sim::RunResult result, std::uint64_t seed, ShrinkHooks hooks)
    : best_(std::move(root)),
      result_(std::move(result)),
      seed_(seed),
      hooks_(std::move(hooks)),
      first_events_(violation().event) {
  (void)is_news(best_, seed_);
}

bool ShrinkSearch::is_news(const Table& candidate, std::uint64_t seed) {
  const Digest digest = digest_of(print_file(candidate));
  return asked_.insert({digest.high, digest.low, seed}).second;
}

/// One that fails has failed by then as a rule; most candidates do not fail, and end here.
std::uint64_t ShrinkSearch::events_max() const {
  return std::min(2 * first_events_, 3 * violation().event) + kEventsSpare;
}

bool ShrinkSearch::accept(const Table& candidate) {
  if (accept_under(seed_, candidate)) return true;
  for (std::uint64_t seed = 1; seed <= other_seeds_; ++seed) {
    if (accept_under(seed, candidate)) return true;
  }
  return false;
}

bool ShrinkSearch::accept_under(std::uint64_t seed, const Table& candidate) {
  if (is_over()) return false;
  if (!is_news(candidate, seed)) return false;
  Problems problems;
  const Parsed parsed = parse(candidate, problems);
  if (!problems.empty()) return false;
  ++tries_;
  sim::RunResult tried = hooks_.trial(parsed.scenario, seed, events_max());
  const bool same = !tried.violations.empty() && is_same_failure(tried.violations.front(), violation());
  if (same) {
    ++accepted_;
    best_ = candidate;
    seed_ = seed;
    result_ = std::move(tried);
  }
  hooks_.on_try({.tries = tries_, .entries = elements(best_, "at").size(), .events = violation().event});
  return same;
}

bool ShrinkSearch::accept_any(const TreePath& path, const std::vector<Value>& values) {
  return std::ranges::any_of(values, [&](const Value& value) { return accept(with(best_, path, value)); });
}

}  // namespace odradek::scenarios
