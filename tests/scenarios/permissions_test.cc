// What a setting permits excuses nothing else: a flaw in the same run is still a violation.
#include <gtest/gtest.h>

#include "scenarios/catalog.h"
#include "sim/search/run.h"

namespace odradek::scenarios {
namespace {

/// Verdict and number of losses permitted by acks=1, over seeds of replication-chaos with producers that ask
/// for the leader's acknowledgement alone.
struct Tally {
  int violations = 0;
  int with_permission = 0;
  int both = 0;
};

Tally run_with_acks_one(const Overrides& flaws) {
  Overrides overrides = flaws;
  overrides.push_back("client.0.config.acks=1");
  const auto file = find_scenario("replication-chaos");
  Tally tally;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const sim::RunResult result = sim::run(file->for_seed(seed, overrides).value(), seed);
    const bool violated = result.verdict == sim::Verdict::kViolation;
    bool permitted = false;
    for (const sim::Permission& permission : result.permitted) permitted |= permission.setting == "acks=1";
    tally.violations += violated ? 1 : 0;
    tally.with_permission += permitted ? 1 : 0;
    tally.both += violated && permitted ? 1 : 0;
  }
  return tally;
}

TEST(Permissions, OfAcksOneCoverLostAcknowledgementsWithoutAViolation) {
  const Tally tally = run_with_acks_one({});
  EXPECT_EQ(tally.violations, 0);
  EXPECT_GT(tally.with_permission, 0);
}

TEST(Permissions, OfAcksOneDoNotExcuseAFlawInTheSameRun) {
  EXPECT_GT(run_with_acks_one({"flaws=R01"}).both, 0);
}

}  // namespace
}  // namespace odradek::scenarios
