// I26 to I30: a settled cluster has none of them, and each unfinished thing is named with its reason.
#include <gtest/gtest.h>

#include "tests/sim/checkers/fake_cluster.h"

namespace odradek::sim {
namespace {

using Ids = std::set<std::string>;

FakeCluster a_settled_cluster() {
  FakeCluster c;
  c.replicate(1, {1, 2}, {2, 3});
  return c;
}

TEST(Liveness, ASettledClusterHasNothingPending) {
  FakeCluster c = a_settled_cluster();
  EXPECT_TRUE(c.checkers.unsettled(c).empty());
  c.settle();
  EXPECT_EQ(c.ids(), Ids{});
  for (const char* id : {"I26", "I27", "I28", "I29"}) EXPECT_EQ(c.checkers.exercised().at(id), 1u) << id;
  EXPECT_EQ(c.checkers.exercised().at("I30"), 1u + c.nodes.size());  // and each broker's metadata
}

TEST(Liveness, ALiveReplicaOutsideTheIsrIsI26) {
  FakeCluster c = a_settled_cluster();
  c.set_isr({1, 2});
  c.settle();
  EXPECT_EQ(c.ids(), Ids{"I26"});
}

TEST(Liveness, AReplicaThatIsDownNeedNotBeInSync) {
  FakeCluster c = a_settled_cluster();
  c.crash(3);
  c.set_isr({1, 2});
  c.settle();
  EXPECT_EQ(c.ids(), Ids{});
}

TEST(Liveness, ALiveReplicaBehindItsLeaderIsI26) {
  FakeCluster c = a_settled_cluster();
  c.append(1, {3});
  c.settle();
  EXPECT_EQ(c.ids(), Ids{"I26"});
}

TEST(Liveness, ALiveReplicaThatDoesNotFetchIsI26) {
  FakeCluster c = a_settled_cluster();
  c.at(3).fetched_from.clear();
  c.settle();
  EXPECT_EQ(c.ids(), Ids{"I26"});
}

TEST(Liveness, AnIsrChangeInFlightIsI27) {
  FakeCluster c = a_settled_cluster();
  c.propose(1, {1, 2, 3});
  c.settle();
  EXPECT_EQ(c.ids(), Ids{"I27"});
}

TEST(Liveness, ASendBeyondItsDeliveryTimeoutIsI28AndNamesWhatIsPending) {
  FakeCluster c = a_settled_cluster();
  HistoryBuilder h;
  h.open_send(9, 2);
  c.settle({"broker 2: fetch from 1 hangs"}, h.history());
  ASSERT_EQ(c.ids(), Ids{"I28"});
  EXPECT_EQ(
      c.checkers.violations().front().message,
      "the send of record 1001/9 to orders-0 with acks=-1 is still open after its delivery timeout; pending: "
      "broker 2: fetch from 1 hangs");
  EXPECT_TRUE(c.checkers.violations().front().client_visible);
}

TEST(Liveness, ASendOfAClientThatDiedIsNotOpen) {
  FakeCluster c = a_settled_cluster();
  HistoryBuilder h;
  h.open_send(9, 1);  // the client runs in its second incarnation
  c.settle({}, h.history());
  EXPECT_EQ(c.ids(), Ids{});
}

TEST(Liveness, ASendThatFailsInAHealthyClusterIsI28) {
  FakeCluster c = a_settled_cluster();
  HistoryBuilder h;
  h.send({.number = 9, .offset = {}, .status = io::CallStatus::kFailed});
  c.checkers.at_end({.at = h.now(),
                     .event = c.event,
                     .view = c,
                     .history = h.history(),
                     .settled = {},
                     .fully_read = {},
                     .ordered_producers = {}});
  EXPECT_EQ(c.ids(), Ids{});
  c.checkers.at_end({.at = h.now(),
                     .event = c.event,
                     .view = c,
                     .history = h.history(),
                     .settled = Instant(),
                     .fully_read = {},
                     .ordered_producers = {}});
  EXPECT_EQ(c.ids(), Ids{"I28"});
}

TEST(Liveness, AFencedLiveBrokerIsI29) {
  FakeCluster c = a_settled_cluster();
  c.set_isr({1, 3});
  c.set_fenced(2, true);
  c.settle();
  EXPECT_EQ(c.ids(), (Ids{"I26", "I29"}));
}

TEST(Liveness, APartitionWithoutALeaderIsI29) {
  FakeCluster c = a_settled_cluster();
  c.crash(1);
  c.settle();
  EXPECT_EQ(c.ids(), Ids{"I29"});
}

TEST(Liveness, ABrokerWithOldMetadataIsI30) {
  FakeCluster c = a_settled_cluster();
  c.nodes[BrokerId(3)].image = Offset(9);
  EXPECT_EQ(c.checkers.unsettled(c).size(), 1u);
  c.settle();
  EXPECT_EQ(c.ids(), Ids{"I30"});
}

}  // namespace
}  // namespace odradek::sim
