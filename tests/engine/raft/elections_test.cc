// Who leads a quorum, and how it comes to that.
#include <gtest/gtest.h>

#include "tests/engine/raft/quorum_bench.h"

namespace odradek::raft {
namespace {

TEST(ElectionStateText, ReadsWhatItWrote) {
  const ReplicaKey voted{.id = NodeId(2), .directory_id = Uuid{.high = 3, .low = 4}};
  for (const ElectionState& state : {ElectionState{.epoch = LeaderEpoch(0)},
                                     ElectionState{.epoch = LeaderEpoch(5), .leader_id = NodeId(1)},
                                     ElectionState{.epoch = LeaderEpoch(6), .voted_key = voted}}) {
    const auto parsed = parse_election_state(format_election_state(state));
    ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
    EXPECT_EQ(*parsed, state);
  }
  EXPECT_EQ(
      format_election_state({.epoch = LeaderEpoch(5), .leader_id = NodeId(1), .voted_key = {}}),
      R"({"leaderId":1,"leaderEpoch":5,"votedId":-1,"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1})");
}

TEST(ElectionStateText, RefusesEveryPrefixAndSaysWhere) {
  const std::string text =
      format_election_state({.epoch = LeaderEpoch(5), .leader_id = NodeId(1), .voted_key = {}});
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(parse_election_state(text.substr(0, length)).has_value()) << length;
  }
  EXPECT_EQ(parse_election_state(R"({"leaderId":x)").error().message, "byte 12: expected a number");
}

TEST(Transitions, ObserversHaveNoRoleThatVotes) {
  // What an observer can be is closed under the transitions that need no vote.
  EXPECT_TRUE(is_allowed(RoleKind::kUnattached, RoleKind::kFollower));
  EXPECT_FALSE(is_allowed(RoleKind::kUnattached, RoleKind::kLeader));
  EXPECT_FALSE(is_allowed(RoleKind::kResigned, RoleKind::kLeader));
  EXPECT_FALSE(is_allowed(RoleKind::kProspective, RoleKind::kLeader));
  EXPECT_FALSE(is_allowed(RoleKind::kFollower, RoleKind::kLeader));
}

TEST(Quorum, OfOneVoterLeadsWithoutWaiting) {
  Quorum quorum(1);
  quorum.boot_all();
  quorum.run(10);
  EXPECT_EQ(quorum.active(), 101);
  EXPECT_EQ(quorum.replica(101).epoch(), LeaderEpoch(1));
}

TEST(Quorum, ElectsOneLeaderWhomAllFollow) {
  for (const int size : {2, 3, 4, 5, 7}) {
    Quorum quorum(size);
    quorum.boot_all();
    const int leader = quorum.run_until_active();
    ASSERT_GE(leader, 0) << size;
    quorum.run(1'000);
    for (int id = 101; id < 101 + size; ++id) {
      EXPECT_EQ(quorum.replica(id).leader(), NodeId(leader)) << size << " " << id;
      EXPECT_EQ(quorum.replica(id).high_watermark(), quorum.replica(leader).high_watermark()) << size;
      EXPECT_EQ(quorum.role(id), id == leader ? RoleKind::kLeader : RoleKind::kFollower);
    }
  }
}

TEST(Quorum, ReplacesALeaderThatDied) {
  Quorum quorum(3);
  quorum.boot_all();
  const int first = quorum.run_until_active();
  const LeaderEpoch epoch = quorum.replica(first).epoch();
  quorum.crash(NodeId(first));
  const int second = quorum.run_until_active();
  ASSERT_GE(second, 0);
  EXPECT_NE(second, first);
  EXPECT_GT(quorum.replica(second).epoch(), epoch);
  quorum.boot(NodeId(first));
  quorum.run(2'000);
  EXPECT_EQ(quorum.role(first), RoleKind::kFollower);
  EXPECT_EQ(quorum.active(), second);
}

TEST(Quorum, ALeaderThatMostCannotReachResigns) {
  Quorum quorum(3);
  quorum.boot_all();
  const int first = quorum.run_until_active();
  quorum.isolate(first);
  quorum.run(3'000 - 500);
  EXPECT_TRUE(quorum.replica(first).is_active());  // it may still hope
  quorum.run(1'000);
  EXPECT_NE(quorum.role(first), RoleKind::kLeader);
  EXPECT_NE(quorum.run_until_active(), first);
}

TEST(Quorum, WithFlawK05ItLeadsOn) {
  Quorum quorum(3, {}, {.lead_without_quorum = true});
  quorum.boot_all();
  const int first = quorum.run_until_active();
  quorum.isolate(first);
  quorum.run(30'000);
  EXPECT_EQ(quorum.role(first), RoleKind::kLeader);
}

TEST(Quorum, AVoterThatIsCutOffDisturbsNobodyWhenItComesBack) {
  Quorum quorum(3);
  quorum.boot_all();
  const int leader = quorum.run_until_active();
  const int away = leader == 101 ? 102 : 101;
  const LeaderEpoch epoch = quorum.replica(leader).epoch();
  quorum.isolate(away);
  quorum.run(20'000);
  EXPECT_EQ(quorum.replica(away).epoch(), epoch);  // it only asked (KIP-996)
  quorum.heal();
  quorum.run(5'000);
  EXPECT_EQ(quorum.active(), leader);
  EXPECT_EQ(quorum.replica(leader).epoch(), epoch);
  EXPECT_EQ(quorum.role(away), RoleKind::kFollower);
}

TEST(Quorum, ARestartedLeaderResignsFromItsEpoch) {
  Quorum quorum(3);
  quorum.boot_all();
  const int first = quorum.run_until_active();
  const LeaderEpoch epoch = quorum.replica(first).epoch();
  quorum.crash(NodeId(first));
  quorum.boot(NodeId(first));
  EXPECT_EQ(quorum.role(first), RoleKind::kResigned);
  const int second = quorum.run_until_active();
  ASSERT_GE(second, 0);
  EXPECT_GT(quorum.replica(second).epoch(), epoch);
}

/// quorum-chaos once had two leaders in one epoch: the loser of an election followed the winner, which
/// removed the other voters and then itself, and after a restart the loser's own vote was enough.
TEST(Quorum, ARestartedCandidateFollowsWhomItHasFollowed) {
  Quorum quorum(3);
  const ReplicaKey self{.id = NodeId(101), .directory_id = quorum.at(101).directory};
  ElectionState state{.epoch = LeaderEpoch(6), .leader_id = {}, .voted_key = self};
  const std::string path = fmt::format("{}/quorum-state", kMetadataDirectory);
  quorum.at(101).disk.put(path, Bytes(format_election_state(state)));
  quorum.boot(NodeId(101));
  EXPECT_EQ(quorum.role(101), RoleKind::kCandidate);
  quorum.crash(NodeId(101));
  state.leader_id = NodeId(103);
  quorum.at(101).disk.put(path, Bytes(format_election_state(state)));
  quorum.boot(NodeId(101));
  EXPECT_EQ(quorum.role(101), RoleKind::kFollower);
  EXPECT_EQ(quorum.replica(101).leader(), NodeId(103));
}

TEST(Quorum, WithFlawK02ItLeadsTheSameEpochAgain) {
  Quorum quorum(3, {}, {.resume_leadership = true});
  quorum.boot_all();
  const int first = quorum.run_until_active();
  const LeaderEpoch epoch = quorum.replica(first).epoch();
  quorum.crash(NodeId(first));
  quorum.boot(NodeId(first));
  EXPECT_EQ(quorum.role(first), RoleKind::kLeader);
  EXPECT_EQ(quorum.replica(first).epoch(), epoch);
}

TEST(Quorum, AResigningLeaderTellsTheOthers) {
  Quorum quorum(3);
  quorum.boot_all();
  const int first = quorum.run_until_active();
  quorum.step(NodeId(first), [&](const Context&) { quorum.at(first).replica.resign(); });
  quorum.run(300);  // far less than the fetch timeout
  EXPECT_NE(quorum.active(), first);
  EXPECT_GE(quorum.active(), 0);
}

api::VoteRequest vote_for(int candidate, LeaderEpoch epoch, const QuorumReplica& voter) {
  return {.cluster_id = kCluster,
          .voter = voter.self(),
          .replica_epoch = epoch,
          .replica = {.id = NodeId(candidate), .directory_id = Uuid{.high = 7, .low = 0}},
          .last_offset = {.offset = Offset(1'000), .epoch = LeaderEpoch(0)}};
}

TEST(Vote, IsGivenOnceInAnEpochAndIsRemembered) {
  Quorum quorum(3);
  quorum.boot(NodeId(101));
  const auto first = quorum.ask<api::VoteResponse>(101, vote_for(102, LeaderEpoch(9), quorum.replica(101)));
  EXPECT_TRUE(first->vote_granted);
  EXPECT_EQ(first->current_leader->leader_epoch, LeaderEpoch(9));
  EXPECT_FALSE(
      quorum.ask<api::VoteResponse>(101, vote_for(103, LeaderEpoch(9), quorum.replica(101)))->vote_granted);
  EXPECT_TRUE(
      quorum.ask<api::VoteResponse>(101, vote_for(102, LeaderEpoch(9), quorum.replica(101)))->vote_granted);
  quorum.crash(NodeId(101));
  quorum.boot(NodeId(101));
  EXPECT_FALSE(
      quorum.ask<api::VoteResponse>(101, vote_for(103, LeaderEpoch(9), quorum.replica(101)))->vote_granted);
}

TEST(Vote, IsHeardOnlyOnceItIsDurable) {
  Quorum quorum(3);
  quorum.boot(NodeId(101));
  quorum.run(5);
  quorum.at(101).disk_held = true;
  EXPECT_EQ(quorum.ask<api::VoteResponse>(101, vote_for(102, LeaderEpoch(9), quorum.replica(101)), 50),
            std::nullopt);
}

TEST(Vote, WithFlawK14IsHeardBeforeItIsDurable) {
  Quorum quorum(3, {}, {.reveal_vote_before_durable = true});
  quorum.boot(NodeId(101));
  quorum.run(5);
  quorum.at(101).disk_held = true;
  const auto vote =
      quorum.ask<api::VoteResponse>(101, vote_for(102, LeaderEpoch(9), quorum.replica(101)), 50);
  ASSERT_TRUE(vote.has_value());
  EXPECT_TRUE(vote->vote_granted);
}

TEST(Vote, ForOneWhoseLogIsBehindIsRefused) {
  Quorum quorum(3);
  quorum.boot_all();
  const int leader = quorum.run_until_active();
  const int voter = leader == 101 ? 102 : 101;
  quorum.run(500);
  api::VoteRequest request = vote_for(leader, LeaderEpoch(50), quorum.replica(voter));
  request.last_offset = {.offset = Offset(0), .epoch = LeaderEpoch(0)};
  EXPECT_FALSE(quorum.ask<api::VoteResponse>(voter, request)->vote_granted);
  EXPECT_GE(quorum.replica(voter).epoch(), LeaderEpoch(50));  // a higher epoch counts even so
}

TEST(PreVote, ChangesNothing) {
  Quorum quorum(3);
  quorum.boot(NodeId(101));
  api::VoteRequest request = vote_for(102, LeaderEpoch(0), quorum.replica(101));
  request.pre_vote = true;
  EXPECT_TRUE(quorum.ask<api::VoteResponse>(101, request)->vote_granted);
  EXPECT_EQ(quorum.replica(101).epoch(), LeaderEpoch(0));
  EXPECT_EQ(quorum.replica(101).election().voted_key, std::nullopt);
  request.replica.id = NodeId(103);
  EXPECT_TRUE(quorum.ask<api::VoteResponse>(101, request)->vote_granted);
}

TEST(PreVote, IsRefusedWhileTheLeaderAnswers) {
  Quorum quorum(3);
  quorum.boot_all();
  const int leader = quorum.run_until_active();
  quorum.run(500);
  const int voter = leader == 101 ? 102 : 101;
  api::VoteRequest request = vote_for(leader, quorum.replica(voter).epoch(), quorum.replica(voter));
  request.last_offset.epoch = request.replica_epoch;
  request.pre_vote = true;
  EXPECT_FALSE(quorum.ask<api::VoteResponse>(voter, request)->vote_granted);
}

// It may be a voter that was added a moment ago and does not know it yet. quorum-chaos once hung on that.
TEST(PreVote, IsGrantedByAnObserverWhoseLeaderIsGone) {
  Quorum quorum(3);
  quorum.add(NodeId(104), true);
  quorum.boot_all();
  const int leader = quorum.run_until_active();
  quorum.run(500);
  const auto asks = [&] {
    api::VoteRequest request =
        vote_for(leader == 101 ? 102 : 101, quorum.replica(104).epoch(), quorum.replica(104));
    request.last_offset = quorum.replica(104).log().end();
    request.pre_vote = true;
    return quorum.ask<api::VoteResponse>(104, request, 5)->vote_granted;
  };
  EXPECT_FALSE(asks());
  for (const int id : {101, 102, 103}) quorum.crash(NodeId(id));
  quorum.run(100);
  EXPECT_FALSE(asks());
  quorum.run(io::QuorumConfig{}.controller_quorum_fetch_timeout_ms);
  EXPECT_EQ(quorum.role(104), RoleKind::kFollower);
  EXPECT_TRUE(asks());
}

TEST(Vote, AnswersBadRequestsWithKafkasCodes) {
  using enum api::ErrorCode;
  Quorum quorum(3);
  quorum.boot_all();
  const int leader = quorum.run_until_active();
  quorum.run(500);
  const QuorumReplica& replica = quorum.replica(leader);
  const auto error = [&](const api::VoteRequest& request) {
    return quorum.ask<api::VoteResponse>(leader, request)->error_code;
  };
  api::VoteRequest foreign = vote_for(102, replica.epoch() + 1, replica);
  foreign.cluster_id = Uuid{.high = 6, .low = 6};
  EXPECT_EQ(error(foreign), kInconsistentClusterId);
  EXPECT_EQ(error(vote_for(102, LeaderEpoch(0), replica)),
            kInvalidRequest);  // no epoch above its last record's
  api::VoteRequest old = vote_for(102, LeaderEpoch(0), replica);
  old.pre_vote = true;
  EXPECT_EQ(error(old), kFencedLeaderEpoch);
  api::VoteRequest stray = vote_for(102, replica.epoch() + 1, replica);
  stray.voter.directory_id = Uuid{.high = 5, .low = 5};
  EXPECT_EQ(error(stray), kInvalidVoterKey);
}

}  // namespace
}  // namespace odradek::raft
