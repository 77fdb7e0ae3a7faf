// Seeds that once ended in a violation, and the cause that was mended. A seed ages: after a change of the
// engine it may no longer reach what it found; the shrunk scenarios of scenarios/regressions will say what
// they must reach.
#include <gtest/gtest.h>

#include "scenarios/catalog.h"
#include "sim/search/run.h"

namespace odradek::scenarios {
namespace {

struct Finding {
  std::uint64_t seed;
  std::string_view cause;
};

constexpr Finding kFindings[] = {
    {54, "a leader that skipped an epoch counted what its followers had held before it"},
    {971, "a fetch answered before this broker led in between put old records behind its own epoch"},
    {1219, "the delayed registration of a dead incarnation replaced that of the live one"},
    {23, "a restarted controller tells its log again, which was taken for epochs going back"},
    {29, "final polls of small fetches over slow links were cut off while they made progress"},
    {14, "a broker was called late for being one NoOpRecord behind"},
};

TEST(Regressions, SeedsOfReplicationChaosStayClean) {
  const auto file = find_scenario("replication-chaos");
  ASSERT_TRUE(file.has_value()) << file.error().message;
  for (const Finding& finding : kFindings) {
    const auto scenario = file->for_seed(finding.seed);
    ASSERT_TRUE(scenario.has_value());
    const sim::RunResult result = sim::run(*scenario, finding.seed);
    EXPECT_TRUE(result.violations.empty())
        << "seed " << finding.seed << " (" << finding.cause << "): " << result.violations.front().message;
  }
}

}  // namespace
}  // namespace odradek::scenarios
