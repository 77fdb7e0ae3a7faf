#include "engine/raft/voter.h"

#include <gtest/gtest.h>

#include "tests/engine/raft/quorum_bench.h"

namespace odradek::raft {
namespace {

using enum api::ErrorCode;

TEST(ElectionStateText, ReadsWhatItWrote) {
  for (const ElectionState& state : {ElectionState{.epoch = LeaderEpoch(0)},
                                     ElectionState{.epoch = LeaderEpoch(5), .leader_id = NodeId(1)},
                                     ElectionState{.epoch = LeaderEpoch(6), .voted_id = NodeId(2)}}) {
    const auto parsed = parse_election_state(format_election_state(state));
    ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
    EXPECT_EQ(*parsed, state);
  }
  EXPECT_EQ(format_election_state({.epoch = LeaderEpoch(5), .leader_id = NodeId(1), .voted_id = {}}),
            R"({"leaderId":1,"leaderEpoch":5,"votedId":-1,"data_version":0})");
}

TEST(ElectionStateText, RefusesEveryPrefixAndSaysWhere) {
  const std::string text =
      format_election_state({.epoch = LeaderEpoch(5), .leader_id = NodeId(1), .voted_id = {}});
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(parse_election_state(text.substr(0, length)).has_value()) << length;
  }
  EXPECT_EQ(parse_election_state(R"({"leaderId":x)").error().message, "byte 12: expected a number");
}

TEST(Voter, BecomesLeaderOnlyWhenItsEpochIsDurable) {
  VoterBench bench;
  bench.boot();
  EXPECT_EQ(kind_of(bench.voter_.role()), RoleKind::kCandidate);
  std::vector<RoleKind> roles;
  while (bench.finish_one()) roles.push_back(kind_of(bench.voter_.role()));
  // Two fsyncs for the vote, then two for the leadership, and among them two for the log and its name.
  EXPECT_EQ(roles.front(), RoleKind::kCandidate);
  EXPECT_EQ(roles[1], RoleKind::kLeader);
  EXPECT_EQ(roles.size(), 6u);
  EXPECT_EQ(bench.voter_.epoch(), LeaderEpoch(1));
  EXPECT_EQ(bench.voter_.high_watermark(), Offset(1));
  const auto committed = bench.voter_.take_committed(bench.disk_, bench.out_);
  ASSERT_EQ(committed.size(), 1u);
  EXPECT_TRUE(committed.front().records.empty());  // the LeaderChange
}

TEST(Voter, SaysNothingOfAnEpochThatIsNotDurable) {
  VoterBench bench;
  bench.boot();
  for (int fsyncs = 0; fsyncs < 6; ++fsyncs) {
    const auto data = bench.fetch({.partition = PartitionId(0), .current_leader_epoch = LeaderEpoch(1)}, 0);
    ASSERT_TRUE(data.has_value());
    EXPECT_EQ(data->error_code, kNotLeaderOrFollower) << fsyncs;
    EXPECT_EQ(data->current_leader, std::nullopt) << fsyncs;
    EXPECT_TRUE(bench.finish_one());
  }
  EXPECT_EQ(bench.fetch({.partition = PartitionId(0), .current_leader_epoch = LeaderEpoch(1)})->error_code,
            kNone);
}

TEST(Voter, CountsOnlyWhatAFinishedFsyncCovers) {
  VoterBench bench;
  bench.lead();
  EXPECT_EQ(bench.append(), Offset(1));
  EXPECT_EQ(bench.append(), Offset(2));  // the fsync under way was asked for before this one
  EXPECT_EQ(bench.voter_.high_watermark(), Offset(1));
  EXPECT_TRUE(bench.finish_one());
  EXPECT_EQ(bench.voter_.high_watermark(), Offset(2));
  EXPECT_TRUE(bench.finish_one());
  EXPECT_EQ(bench.voter_.high_watermark(), Offset(3));
  EXPECT_FALSE(bench.finish_one());
}

TEST(Voter, EndsTheProcessWhenAnFsyncFails) {
  VoterBench bench;
  bench.lead();
  (void)bench.append();
  (void)bench.finish_one(false);
  EXPECT_EQ(effects_of<io::Exit>(bench.out_).size(), 1u);
  EXPECT_EQ(bench.voter_.high_watermark(), Offset(1));
}

TEST(Voter, LeadsTheNextEpochAfterARestartAndLosesNothing) {
  VoterBench bench;
  bench.lead();
  (void)bench.append();
  bench.finish_all();
  const auto before = bench.voter_.take_committed(bench.disk_, bench.out_);
  bench.restart();
  EXPECT_EQ(effects_of<io::Reach>(bench.out_), std::vector{io::Reach{Probe::kControllerReelected}});
  bench.finish_all();
  EXPECT_EQ(bench.voter_.epoch(), LeaderEpoch(2));
  auto after = bench.voter_.take_committed(bench.disk_, bench.out_);
  ASSERT_EQ(after.size(), before.size() + 1);
  EXPECT_EQ(after.back().epoch, LeaderEpoch(2));
  after.pop_back();
  EXPECT_EQ(after, before);
}

TEST(Voter, NeverLeadsAnEpochTwiceWhereverItsStartIsCutShort) {
  for (int fsyncs = 0; fsyncs < 6; ++fsyncs) {
    VoterBench bench;
    bench.lead();
    bench.restart();
    for (int i = 0; i < fsyncs; ++i) (void)bench.finish_one();
    const LeaderEpoch reached = bench.voter_.epoch();
    const bool led = std::holds_alternative<Leader>(bench.voter_.role());
    bench.restart();
    bench.finish_all();
    EXPECT_TRUE(bench.voter_.epoch() > reached || !led) << fsyncs;
    EXPECT_GE(bench.voter_.epoch(), LeaderEpoch(2)) << fsyncs;
    EXPECT_TRUE(bench.voter_.is_active());
  }
}

TEST(Voter, TakesItsEpochFromTheLogWhenThatIsAhead) {
  VoterBench bench;
  bench.lead();
  bench.restart();
  bench.finish_all();
  (void)bench.disk_.remove(std::string(kMetadataDirectory) + "/quorum-state");
  bench.restart();
  bench.finish_all();
  EXPECT_EQ(bench.voter_.epoch(), LeaderEpoch(3));
}

TEST(Voter, EndsTheProcessWhenItCannotReadItsState) {
  VoterBench bench;
  bench.lead();
  bench.disk_.put(std::string(kMetadataDirectory) + "/quorum-state", Bytes(std::string_view("garbage")));
  bench.restart();
  EXPECT_EQ(effects_of<io::Exit>(bench.out_).size(), 1u);
}

TEST(VoterFetch, ChecksTheEpochBeforeTheLog) {
  VoterBench bench;
  bench.lead();
  api::FetchPartition wanted = bench.at_end();
  wanted.current_leader_epoch = LeaderEpoch(0);
  auto data = bench.fetch(wanted);
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(data->error_code, kFencedLeaderEpoch);
  EXPECT_EQ(data->current_leader,
            (api::LeaderIdAndEpoch{.leader_id = kController, .leader_epoch = LeaderEpoch(1)}));
  wanted.current_leader_epoch = LeaderEpoch(2);
  EXPECT_EQ(bench.fetch(wanted)->error_code, kUnknownLeaderEpoch);
  wanted.fetch_offset = Offset(-1);
  EXPECT_EQ(bench.fetch(wanted)->error_code, kInvalidRequest);
}

TEST(VoterFetch, TellsAFetcherWhereItsLogDiverges) {
  VoterBench bench;
  bench.lead();
  (void)bench.append();
  bench.finish_all();
  bench.restart();
  bench.finish_all();  // epoch 2 begins at offset 2
  api::FetchPartition wanted = bench.at_end();
  wanted.fetch_offset = Offset(5);
  wanted.last_fetched_epoch = LeaderEpoch(1);
  const auto data = bench.fetch(wanted);
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(data->diverging_epoch, (api::EpochEndOffset{.epoch = LeaderEpoch(1), .end_offset = Offset(2)}));
  EXPECT_TRUE(data->records.empty());
}

TEST(VoterFetch, WaitsForFlushedRecords) {
  VoterBench bench;
  bench.lead();
  EXPECT_FALSE(bench.fetch(bench.at_end()).has_value());
  (void)bench.append();
  EXPECT_TRUE(bench.answers().empty());
  bench.finish_all();
  ASSERT_EQ(bench.answers().size(), 1u);
  EXPECT_EQ(bench.answers().front().records.size(), 1u);
  EXPECT_EQ(bench.answers().front().high_watermark, Offset(2));
}

TEST(VoterFetch, IsNotWokenByTheHighWatermarkAlone) {
  VoterBench bench;
  bench.lead();
  (void)bench.append();
  api::FetchPartition wanted = bench.at_end();
  wanted.fetch_offset = Offset(1);
  EXPECT_EQ(bench.fetch(wanted)->high_watermark, Offset(1));  // the record, not yet committed
  EXPECT_FALSE(bench.fetch(bench.at_end()).has_value());
  bench.finish_all();
  EXPECT_EQ(bench.answers().size(), 1u);
  bench.voter_.on_timer({.kind = io::TimerKind::kMetadataParkedFetch, .entity = 0}, bench.disk_, bench.out_);
  ASSERT_EQ(bench.answers().size(), 2u);
  EXPECT_EQ(bench.answers().back().high_watermark, Offset(2));
}

TEST(VoterFetch, IsForgottenWithItsConnection) {
  VoterBench bench;
  bench.lead();
  EXPECT_FALSE(bench.fetch(bench.at_end()).has_value());
  bench.voter_.on_peer_gone(ConnectionId(1), bench.out_);
  (void)bench.append();
  bench.finish_all();
  EXPECT_TRUE(bench.answers().empty());
}

TEST(Roles, NeverGoFromResignedToLeader) {
  EXPECT_FALSE(is_allowed(RoleKind::kResigned, RoleKind::kLeader));
  EXPECT_FALSE(is_allowed(RoleKind::kUnattached, RoleKind::kLeader));
  EXPECT_TRUE(is_allowed(RoleKind::kCandidate, RoleKind::kLeader));
}

}  // namespace
}  // namespace odradek::raft
