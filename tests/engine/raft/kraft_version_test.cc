// kraft.version is raised from 0 to 1 while the quorum works (KIP-853).
#include <gtest/gtest.h>

#include "tests/engine/raft/quorum_bench.h"

namespace odradek::raft {
namespace {

io::QuorumConfig fixed_voters() {
  io::QuorumConfig config;
  config.kraft_version = 0;
  return config;
}

class KRaftVersionRaised : public ::testing::Test {
 protected:
  KRaftVersionRaised() : quorum_(3, fixed_voters()) {
    quorum_.boot_all();
    leader_ = quorum_.run_until_active();
  }

  /// Once per fetch timeout, a voter tells what it is.
  void wait_for_voters() { quorum_.run(2'500); }
  void raise() {
    quorum_.step(NodeId(leader_), [this](const Context& ctx) {
      EXPECT_TRUE(quorum_.at(leader_).replica.raise_kraft_version(ctx));
    });
  }
  [[nodiscard]] std::vector<int> others() const {
    std::vector<int> ids;
    for (const int id : {101, 102, 103}) {
      if (id != leader_) ids.push_back(id);
    }
    return ids;
  }
  [[nodiscard]] VoterSet voters_with_directories() {
    VoterSet::Nodes nodes;
    for (const int id : {101, 102, 103})
      nodes.emplace(NodeId(id), VoterNode{.directory_id = quorum_.at(id).directory});
    return VoterSet(nodes);
  }

  Quorum quorum_;
  int leader_ = -1;
};

TEST_F(KRaftVersionRaised, IsWithinReachOnceAllVotersHaveTold) {
  EXPECT_EQ(quorum_.replica(leader_).kraft_version_within_reach(), 0);
  quorum_.isolate(others()[0]);
  wait_for_voters();
  EXPECT_EQ(quorum_.replica(leader_).kraft_version_within_reach(), 0);
  quorum_.heal();
  wait_for_voters();
  EXPECT_EQ(quorum_.replica(leader_).kraft_version_within_reach(), 1);
  EXPECT_EQ(quorum_.replica(leader_).kraft_version(), 0);
}

TEST_F(KRaftVersionRaised, WritesDownTheVotersWithTheirDirectories) {
  wait_for_voters();
  raise();
  quorum_.run(1'000);
  for (const int id : {101, 102, 103}) {
    EXPECT_EQ(quorum_.replica(id).kraft_version(), 1) << id;
    EXPECT_EQ(quorum_.replica(id).voters(), voters_with_directories()) << id;
    EXPECT_TRUE(quorum_.replica(id).is_voter()) << id;
  }
  EXPECT_EQ(quorum_.active(), leader_);
  EXPECT_TRUE(std::get<Leader>(quorum_.replica(leader_).role()).observers().empty());
}

TEST_F(KRaftVersionRaised, LetsVotersLeaveAndJoin) {
  wait_for_voters();
  raise();
  quorum_.run(500);
  const ReplicaKey key{.id = NodeId(others()[0]), .directory_id = quorum_.at(others()[0]).directory};
  const auto removed = quorum_.ask<api::RemoveRaftVoterResponse>(
      leader_, api::RemoveRaftVoterRequest{.cluster_id = kCluster, .voter = key});
  EXPECT_EQ(removed->error_code, api::ErrorCode::kNone) << removed->error_message;
  quorum_.run(1'000);
  const auto added = quorum_.ask<api::AddRaftVoterResponse>(
      leader_, api::AddRaftVoterRequest{.cluster_id = kCluster, .voter = key});
  EXPECT_EQ(added->error_code, api::ErrorCode::kNone) << added->error_message;
}

TEST_F(KRaftVersionRaised, OutlivesRestartsAlsoByASnapshot) {
  wait_for_voters();
  raise();
  quorum_.run(500);
  for (const int id : {101, 102, 103}) quorum_.crash(NodeId(id));
  quorum_.boot_all();
  leader_ = quorum_.run_until_active();
  ASSERT_GE(leader_, 0);
  quorum_.run(500);
  for (const int id : {101, 102, 103}) {
    EXPECT_EQ(quorum_.replica(id).kraft_version(), 1) << id;
    EXPECT_EQ(quorum_.replica(id).voters(), voters_with_directories()) << id;
  }
}

TEST_F(KRaftVersionRaised, ANewLeaderHasToBeToldAnew) {
  wait_for_voters();
  quorum_.crash(NodeId(leader_));
  quorum_.run(3'000);
  const int crashed = leader_;
  leader_ = quorum_.run_until_active();
  EXPECT_EQ(quorum_.replica(leader_).kraft_version_within_reach(), 0);
  quorum_.boot(NodeId(crashed));
  quorum_.run(5'000);
  EXPECT_EQ(quorum_.replica(leader_).kraft_version_within_reach(), 1);
}

TEST_F(KRaftVersionRaised, IsUndoneWithTheRecordThatSaysSo) {
  wait_for_voters();
  quorum_.isolate(leader_);
  raise();
  EXPECT_EQ(quorum_.replica(leader_).kraft_version(), 1);
  quorum_.run(5'000);
  const int cut_off = leader_;
  leader_ = quorum_.active();
  ASSERT_NE(leader_, cut_off);
  quorum_.heal();
  quorum_.run(5'000);
  EXPECT_EQ(quorum_.replica(cut_off).kraft_version(), 0);
  EXPECT_EQ(quorum_.replica(cut_off).voters(), VoterSet::of_ids({NodeId(101), NodeId(102), NodeId(103)}));
  EXPECT_EQ(quorum_.role(cut_off), RoleKind::kFollower);
}

// The answer to UpdateRaftVoter once waited for the commit, and the voter for the answer before it fetched
// on.
TEST(UpdateRaftVoter, OfTwoVotersCommitsWithoutATimeout) {
  Quorum quorum(2);
  quorum.boot_all();
  const int leader = quorum.run_until_active();
  quorum.run(500);
  const int other = leader == 101 ? 102 : 101;
  const auto updated = quorum.ask<api::UpdateRaftVoterResponse>(
      leader,
      api::UpdateRaftVoterRequest{.cluster_id = kCluster,
                                  .current_leader_epoch = quorum.replica(leader).epoch(),
                                  .voter = {.id = NodeId(other), .directory_id = quorum.at(other).directory},
                                  .kraft_version_feature = {.min = 1, .max = 1}},
      10);
  ASSERT_TRUE(updated.has_value());
  EXPECT_EQ(updated->error_code, api::ErrorCode::kNone);
  EXPECT_EQ(quorum.replica(leader).voters().nodes().at(NodeId(other)).supported.min, 1);
}

}  // namespace
}  // namespace odradek::raft
