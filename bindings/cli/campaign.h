// What a sweep found, summed up. Outcomes are added in the order of their jobs, so the sum does not depend on
// who ran them, nor on when they came back.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bindings/cli/outcome.h"

namespace odradek::cli {

/// Of what a sweep keeps of failures, so that its memory does not grow with its seeds.
inline constexpr std::size_t kSeedsKept = 1000;
inline constexpr std::size_t kGroupsKept = 256;

/// All failures of one scenario that have one signature.
struct FailureGroup {
  std::string scenario;  ///< as the user named it
  std::string signature;
  std::string invariant;
  std::uint64_t count = 0;
  std::vector<std::uint64_t> seeds;  ///< the first kSeedsKept of them
  Outcome shortest;                  ///< fewest events; the one to look at
};

class Campaign {
 public:
  void add(const std::string& scenario, const Outcome& outcome);

  [[nodiscard]] std::uint64_t failed() const { return seeds_run - passed - inconclusive; }
  /// In the order in which they were first met.
  [[nodiscard]] const std::vector<FailureGroup>& failures() const { return failures_; }

  std::uint64_t seeds_run = 0;
  std::uint64_t passed = 0;
  std::uint64_t inconclusive = 0;
  std::uint64_t ungrouped = 0;  ///< failed with a signature beyond the first kGroupsKept
  std::uint64_t events = 0;
  Duration simulated;
  Duration cpu;
  Digest fingerprint;  ///< sum of all, to compare two sweeps
  std::map<std::string, std::uint64_t> exercised;
  std::map<std::string, std::uint64_t> sometimes;
  std::map<std::string, std::uint64_t> permitted;  ///< runs in which a setting permitted a loss

 private:
  std::vector<FailureGroup> failures_;
};

}  // namespace odradek::cli
