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
  std::vector<std::string> overrides = {};
};

const std::string kUnclean = "cluster.config.unclean.leader.election.enable=true";
const std::string kNoElr = "cluster.config.eligible.leader.replicas.version=0";
const std::string kMinIsrOfOne = "cluster.config.min.insync.replicas=1";

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
    {"storage-basics-chaos",
     2104,
     "a power loss kept an old record in front of newer ones, where a follower had cut its log",
     {"client.0.config.acks=1"}},
    {"storage-basics-chaos",
     5,
     "a broker that had lost data was elected and died before it led: nothing was lost by that",
     {kNoElr}},
    {"storage-basics-chaos",
     682,
     "a broker that never left the ISR was taken for one that has everything again",
     {kNoElr}},
    {"storage-basics-chaos",
     132,
     "followers that obeyed an unclean leader were missed by the one that was left behind",
     {kUnclean}},
    {"storage-basics-chaos", 1766, "an unclean leader took up its second epoch only", {kUnclean}},
    {"storage-basics-chaos",
     864,
     "a follower came back with the checkpointed high watermark of a history it had left",
     {kUnclean}},
    {"storage-basics-chaos", 2999, "a record outlived two unclean elections", {kUnclean}},
    {"replication-chaos",
     1216,
     "an unclean leader took up its epoch after the next was elected",
     {kUnclean, kMinIsrOfOne}},
    {"replication-chaos",
     2266,
     "an unclean leader took up its epoch after the next had taken up its own",
     {kUnclean, kMinIsrOfOne}},
    {"replication-chaos",
     1122,
     "an unclean leader that was late acknowledged what it had written before",
     {kUnclean, kMinIsrOfOne}},
    {"storage-basics-chaos",
     3806,
     "a reader was sent back by a leader that was late, and read what that one alone had",
     {kUnclean, kMinIsrOfOne}},
    {"storage-basics-chaos",
     3215,
     "with min.insync.replicas=1 a broker stayed dead that could still be elected",
     {kMinIsrOfOne}},
    {"storage-basics-chaos",
     727,
     "the retry of a lost record came to stand at the very offset of its lost copy",
     {"client.0.config.acks=1"}},
    {"weak-settings-chaos", 2735, "followers that took over one record per half second were late"},
    {"weak-settings-chaos", 3194, "the end of one fault started a broker whose disk another one had swapped"},
    {"weak-settings-chaos", 5226,
     "a fetch waited for more bytes than fit into its answer, and the ISR went to and fro"},
    {"storage-basics-chaos", 3270, "a follower caught up with a leader to which clients still sent"},
    {"storage-basics-chaos", 298, "a late heartbeat unfenced a broker that was in controlled shutdown"},
    {"storage-basics-chaos", 910, "a wall clock that was set back stopped the quorum's timers"},
    {"admin-chaos", 139,
     "whoever joined the ISR in the change that ends a move and led at once was called unclean"},
    {"admin-chaos", 151, "a controller that led again drew the ids of its first topics anew"},
    {"admin-chaos", 202, "a broker that shut down did not save its high watermarks"},
    {"admin-chaos", 60, "a broker that was unregistered waited five minutes for leave to shut down"},
    {"quorum-chaos", 410,
     "a snapshot that ended where an uncommitted change of the voters stands forgot who voted before it"},
    {"quorum-chaos", 1175,
     "the administrator tried for half a minute to connect to a controller that was cut off"},
    {"quorum-chaos",
     716,
     "a voter was removed that the others needed, by the voters that one of them knew",
     {"faults.disk-empty.mean_every=4s"}},
    {"quorum-chaos",
     786,
     "one batch of the metadata log for each round trip, and the log grew faster",
     {"faults.disk-empty.mean_every=4s"}},
    {"quorum-chaos",
     179,
     "clients waited to connect to a broker that was cut off for longer than a send may take",
     {"run.core_only=true", "run.left_behind=cut-off-broker"}},
    {"quorum-chaos",
     3274,
     "a voter that had lost an election and followed the winner stood in the same epoch again after a "
     "restart",
     {"cluster.combined=3"}},
    {"quorum-chaos",
     8967,
     "a controller stayed dead that had asked to become the second of two voters",
     {"cluster.combined=3"}},
};

TEST(Regressions, SeedsStayClean) {
  for (const Finding& finding : kFindings) {
    const auto file = find_scenario(finding.scenario);
    ASSERT_TRUE(file.has_value()) << file.error().message;
    const auto scenario = file->for_seed(finding.seed, finding.overrides);
    ASSERT_TRUE(scenario.has_value()) << scenario.error().message;
    const sim::RunResult result = sim::run(*scenario, finding.seed);
    EXPECT_TRUE(result.violations.empty()) << finding.scenario << " seed " << finding.seed << " ("
                                           << finding.cause << "): " << result.violations.front().message;
  }
}

}  // namespace
}  // namespace odradek::scenarios
