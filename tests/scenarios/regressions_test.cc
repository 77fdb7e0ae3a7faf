// Seeds that once ended in a violation, and the cause that was mended. A seed ages: after a change of the
// engine it may no longer reach what it found; the shrunk scenarios of scenarios/regressions will say what
// they must reach.
#include <gtest/gtest.h>

#include "scenarios/catalog.h"
#include "sim/search/run.h"

namespace odradek::scenarios {
namespace {

struct Finding {
  std::string scenario;
  std::uint64_t seed;
  std::string_view cause;
};

const Finding kFindings[] = {
    {"replication-chaos", 54, "a leader that skipped an epoch counted what its followers had held before it"},
    {"replication-chaos", 971,
     "a fetch answered before this broker led in between put old records behind its own epoch"},
    {"replication-chaos", 1219,
     "the delayed registration of a dead incarnation replaced that of the live one"},
    {"replication-chaos", 23,
     "a restarted controller tells its log again, which was taken for epochs going back"},
    {"replication-chaos", 29,
     "final polls of small fetches over slow links were cut off while they made progress"},
    {"replication-chaos", 14, "a broker was called late for being one NoOpRecord behind"},
    {"storage-basics-chaos", 1518, "a leader that had lost its tail took up its own epoch again"},
    {"storage-basics-chaos", 1076, "the links were slower than the clients' patience, for good"},
    {"disk-decay-chaos", 1808,
     "a follower took over a batch whose base offset had rotted on the leader's disk: no checksum covers it"},
    {"disk-decay-chaos", 463,
     "a bit rotted in partition.metadata, and the log became one of an unknown topic"},
};

TEST(Regressions, SeedsStayClean) {
  for (const Finding& finding : kFindings) {
    const auto file = find_scenario(finding.scenario);
    ASSERT_TRUE(file.has_value()) << file.error().message;
    const auto scenario = file->for_seed(finding.seed);
    ASSERT_TRUE(scenario.has_value());
    const sim::RunResult result = sim::run(*scenario, finding.seed);
    EXPECT_TRUE(result.violations.empty()) << finding.scenario << " seed " << finding.seed << " ("
                                           << finding.cause << "): " << result.violations.front().message;
  }
}

}  // namespace
}  // namespace odradek::scenarios
