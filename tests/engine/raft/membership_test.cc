// Voters that join and leave a quorum (KIP-853).
#include <gtest/gtest.h>

#include "engine/base/uuid_text.h"
#include "tests/engine/raft/quorum_bench.h"

namespace odradek::raft {
namespace {

using enum api::ErrorCode;

ReplicaKey key_of(Quorum& quorum, int node) {
  return {.id = NodeId(node), .directory_id = quorum.at(node).directory};
}

api::AddRaftVoterResponse add(Quorum& quorum, int leader, const ReplicaKey& voter) {
  return quorum
      .ask<api::AddRaftVoterResponse>(leader,
                                      api::AddRaftVoterRequest{.cluster_id = kCluster, .voter = voter})
      .value_or(api::AddRaftVoterResponse{.error_code = kUnknownServerError});
}

api::RemoveRaftVoterResponse remove(Quorum& quorum, int leader, const ReplicaKey& voter) {
  return quorum
      .ask<api::RemoveRaftVoterResponse>(leader,
                                         api::RemoveRaftVoterRequest{.cluster_id = kCluster, .voter = voter})
      .value_or(api::RemoveRaftVoterResponse{.error_code = kUnknownServerError});
}

class Membership : public ::testing::Test {
 protected:
  Membership() : quorum_(3) {
    quorum_.add(NodeId(104), true);
    quorum_.boot_all();
    leader_ = quorum_.run_until_active();
    quorum_.run(1'000);
  }

  Quorum quorum_;
  int leader_ = -1;
};

TEST_F(Membership, ACaughtUpObserverIsAdded) {
  EXPECT_EQ(quorum_.role(104), RoleKind::kFollower);
  EXPECT_FALSE(quorum_.replica(104).is_voter());
  const auto added = add(quorum_, leader_, key_of(quorum_, 104));
  EXPECT_EQ(added.error_code, kNone) << added.error_message;
  quorum_.run(500);
  EXPECT_EQ(quorum_.replica(leader_).voters().size(), 4u);
  EXPECT_TRUE(quorum_.replica(104).is_voter());
}

TEST_F(Membership, AVoterIsRemovedAndStandsForNothingAnyMore) {
  const int other = leader_ == 101 ? 102 : 101;
  EXPECT_EQ(remove(quorum_, leader_, key_of(quorum_, other)).error_code, kNone);
  quorum_.run(10'000);
  EXPECT_EQ(quorum_.replica(leader_).voters().size(), 2u);
  EXPECT_FALSE(quorum_.replica(other).is_voter());
  EXPECT_EQ(quorum_.role(other), RoleKind::kFollower);
}

TEST_F(Membership, ALeaderThatIsRemovedCommitsThatAndResigns) {
  EXPECT_EQ(remove(quorum_, leader_, key_of(quorum_, leader_)).error_code, kNone);
  quorum_.run(5'000);
  const int next = quorum_.run_until_active();
  ASSERT_GE(next, 0);
  EXPECT_NE(next, leader_);
  EXPECT_EQ(quorum_.replica(next).voters().size(), 2u);
  EXPECT_FALSE(quorum_.replica(leader_).is_voter());
}

// quorum-chaos once hung on that: nobody waited for the answer any more.
TEST_F(Membership, ALeaderResignsOnceItsRemovalIsCommittedThoughNobodyWaits) {
  const std::vector<int> others = leader_ == 101   ? std::vector{102, 103}
                                  : leader_ == 102 ? std::vector{101, 103}
                                                   : std::vector{101, 102};
  quorum_.at(others[0]).disk_held = quorum_.at(others[1]).disk_held = true;
  EXPECT_NE(remove(quorum_, leader_, key_of(quorum_, leader_)).error_code, kNone);
  for (const int other : others) quorum_.at(other).disk_held = false;
  quorum_.run(2'000);
  EXPECT_NE(quorum_.role(leader_), RoleKind::kLeader);
  EXPECT_GE(quorum_.run_until_active(), 0);
}

TEST_F(Membership, RefusesWithKafkasCodesAndWords) {
  const ReplicaKey joiner = key_of(quorum_, 104);
  const auto foreign = quorum_.ask<api::AddRaftVoterResponse>(
      leader_, api::AddRaftVoterRequest{.cluster_id = Uuid{.high = 9, .low = 9}, .voter = joiner});
  EXPECT_EQ(foreign->error_code, kInconsistentClusterId);
  EXPECT_EQ(foreign->error_message,
            "The given id \"AAAAAAAAAAkAAAAAAAAACQ\" doesn't match the cluster id "
            "\"AAAAAAAAAAEAAAAAAAAAAQ\"");
  const auto nowhere = add(quorum_, leader_, {.id = NodeId(104), .directory_id = {}});
  EXPECT_EQ(nowhere.error_code, kInvalidRequest);
  EXPECT_EQ(nowhere.error_message, "Add voter request didn't include a valid voter");
  const auto twice = add(quorum_, leader_, key_of(quorum_, leader_));
  EXPECT_EQ(twice.error_code, kDuplicateVoter);
  EXPECT_TRUE(twice.error_message.contains("is already part of the set of voters")) << twice.error_message;
  const auto unknown = remove(quorum_, leader_, joiner);
  EXPECT_EQ(unknown.error_code, kVoterNotFound);
  EXPECT_TRUE(unknown.error_message.starts_with("Cannot remove voter ReplicaKey(id=104"))
      << unknown.error_message;
  const int follower = leader_ == 101 ? 102 : 101;
  EXPECT_EQ(add(quorum_, follower, joiner).error_code, kNotLeaderOrFollower);
}

TEST_F(Membership, OneThatIsNotThereCannotBeAdded) {
  quorum_.crash(NodeId(104));
  const auto refused = add(quorum_, leader_, key_of(quorum_, 104));
  EXPECT_EQ(refused.error_code, kRequestTimedOut);
}

TEST_F(Membership, ChangesOneAfterTheOther) {
  const int a = leader_ == 101 ? 102 : 101;
  const int b = leader_ == 103 ? 102 : 103;
  quorum_.isolate(a);
  quorum_.isolate(b);
  const auto remove_later = [&](int node) {
    return quorum_.ask<api::RemoveRaftVoterResponse>(
        leader_, api::RemoveRaftVoterRequest{.cluster_id = kCluster, .voter = key_of(quorum_, node)}, 50);
  };
  EXPECT_EQ(remove_later(a), std::nullopt);  // not committed
  const auto second = remove_later(b);
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->error_code, kRequestTimedOut);
  EXPECT_EQ(second->error_message,
            "Request timed out waiting for leader to handle previous voter change request");
}

TEST(MembershipOfAFixedQuorum, DoesNotChange) {
  io::QuorumConfig config;
  config.kraft_version = 0;
  Quorum quorum(3, config);
  quorum.add(NodeId(104), true);
  quorum.boot_all();
  const int leader = quorum.run_until_active();
  quorum.run(1'000);
  const auto refused = add(quorum, leader, key_of(quorum, 104));
  EXPECT_EQ(refused.error_code, kUnsupportedVersion);
  EXPECT_EQ(refused.error_message,
            "Cluster doesn't support adding voter because the kraft.version feature is 0");
}

TEST(AutoJoin, AControllerWhoseDiskWasReplacedTakesItsOldPlace) {
  io::QuorumConfig config;
  config.controller_quorum_auto_join_enable = true;
  Quorum quorum(3, config);
  quorum.boot_all();
  const int leader = quorum.run_until_active();
  quorum.run(1'000);
  const int wiped = leader == 101 ? 102 : 101;
  quorum.crash(NodeId(wiped));
  quorum.at(wiped).disk = {};
  quorum.at(wiped).directory = {.high = 8, .low = 8};
  quorum.boot(NodeId(wiped));
  quorum.run(15'000);
  const VoterSet& voters = quorum.replica(quorum.active()).voters();
  EXPECT_EQ(voters.size(), 3u);
  EXPECT_TRUE(voters.is_voter(key_of(quorum, wiped)));
  EXPECT_TRUE(quorum.replica(wiped).is_voter());
}

TEST(VotersInTheLog, CountAtOnceAndAreUndoneWithIt) {
  Quorum quorum(3);
  quorum.boot_all();
  const int first = quorum.run_until_active();
  quorum.run(1'000);
  const int other = first == 101 ? 102 : 101;
  quorum.isolate(first);
  (void)quorum.ask<api::RemoveRaftVoterResponse>(
      first, api::RemoveRaftVoterRequest{.cluster_id = kCluster, .voter = key_of(quorum, other)}, 20);
  EXPECT_EQ(quorum.replica(first).voters().size(), 2u);
  quorum.run(8'000);
  quorum.heal();
  quorum.run(5'000);
  EXPECT_EQ(quorum.replica(first).voters().size(), 3u);
}

/// A snapshot may end right before a change of the voters that is not committed. quorum-chaos once lost its
/// last two voters by that: whoever had the change could not stand, and the other did not have all of the
/// log.
TEST(VotersInTheLog, AreKnownAsTheyWereBeforeAChangeWhereTheLogBegins) {
  const auto voters = [](std::vector<int> nodes) {
    VoterSet::Nodes set;
    for (const int node : nodes) set.emplace(NodeId(node), VoterNode{.directory_id = kCluster});
    return VoterSet(set);
  };
  QuorumHistory history;
  history.add(Offset(5), voters({1, 2, 3}).to_record());
  history.add(Offset(19), voters({1, 2}).to_record());
  history.add(Offset(40), voters({1}).to_record());
  history.truncate_old(Offset(40));
  EXPECT_EQ(history.voters(), voters({1}));
  EXPECT_EQ(history.voters_at(Offset(39)), voters({1, 2}));
  EXPECT_EQ(history.voters_at(Offset(18)), std::nullopt);
  history.truncate_new(Offset(40));
  EXPECT_EQ(history.voters(), voters({1, 2}));
}

}  // namespace
}  // namespace odradek::raft
