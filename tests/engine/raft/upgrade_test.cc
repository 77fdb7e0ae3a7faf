// kraft.version raised in a running quorum (KIP-853): from a fixed list of ids to voters that can change.
#include <gtest/gtest.h>

#include "tests/engine/raft/quorum_bench.h"

namespace odradek::raft {
namespace {

using enum api::ErrorCode;

class Upgrade : public ::testing::Test {
 protected:
  Upgrade() : quorum_(3, {.kraft_version = 0}) {
    quorum_.add(NodeId(104), true);
    quorum_.boot_all();
    leader_ = quorum_.run_until_active();
  }
  std::int16_t level(int node) { return quorum_.replica(node).log().history().kraft_version(); }

  Quorum quorum_;
  int leader_ = -1;
};

TEST_F(Upgrade, NamesEveryVoterWithItsDirectory) {
  quorum_.run(3'000);
  EXPECT_EQ(level(leader_), 0);
  EXPECT_EQ(quorum_.upgrade(leader_, 1), std::nullopt);
  quorum_.run(500);
  for (int node = 101; node <= 104; ++node) {
    EXPECT_EQ(level(node), 1);
    ASSERT_EQ(quorum_.replica(node).voters().size(), 3u);
    for (const ReplicaKey& voter : quorum_.replica(node).voters().keys())
      EXPECT_EQ(voter.directory_id, quorum_.at(voter.id).directory);
  }
  EXPECT_EQ(quorum_.upgrade(leader_, 1), std::nullopt) << "there is nothing left to do";
}

TEST_F(Upgrade, LetsVotersJoinFromThenOn) {
  const auto add = [this] {
    const ReplicaKey voter{.id = NodeId(104), .directory_id = quorum_.at(104).directory};
    return quorum_
        .ask<api::AddRaftVoterResponse>(leader_,
                                        api::AddRaftVoterRequest{.cluster_id = kCluster, .voter = voter})
        ->error_code;
  };
  quorum_.run(3'000);
  EXPECT_EQ(add(), kUnsupportedVersion);
  EXPECT_EQ(quorum_.upgrade(leader_, 1), std::nullopt);
  quorum_.run(500);
  EXPECT_EQ(add(), kNone);
  EXPECT_TRUE(quorum_.replica(leader_).voters().contains(NodeId(104)));
}

TEST(UpgradeOfVoters, WaitsUntilEveryOneHasDescribedItself) {
  Quorum quorum(3, {.kraft_version = 0});
  for (const int node : {101, 102}) quorum.boot(NodeId(node));
  const int leader = quorum.run_until_active();
  ASSERT_NE(leader, -1);
  quorum.run(3'000);
  EXPECT_EQ(quorum.upgrade(leader, 1),
            "Invalid upgrade of kraft.version from 0 to 1 because it is not known to be supported by the "
            "voters 103");
  EXPECT_EQ(quorum.replica(leader).log().history().kraft_version(), 0);
  quorum.boot(NodeId(103));
  quorum.run(3'000);
  EXPECT_EQ(quorum.upgrade(leader, 1), std::nullopt);
  EXPECT_EQ(quorum.replica(leader).log().history().kraft_version(), 1);
}

TEST_F(Upgrade, OnlyChecksWhenItIsAskedTo) {
  quorum_.run(3'000);
  EXPECT_EQ(quorum_.upgrade(leader_, 1, true), std::nullopt);
  EXPECT_EQ(level(leader_), 0);
}

TEST_F(Upgrade, SurvivesAChangeOfLeaders) {
  quorum_.run(3'000);
  ASSERT_EQ(quorum_.upgrade(leader_, 1), std::nullopt);
  quorum_.run(500);
  quorum_.crash(NodeId(leader_));
  const int next = quorum_.run_until_active();
  ASSERT_NE(next, -1);
  EXPECT_EQ(level(next), 1);
}

}  // namespace
}  // namespace odradek::raft
