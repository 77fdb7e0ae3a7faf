// Each invariant that holds always: a sequence of steps that keeps it and one that breaks it.
#include <gtest/gtest.h>

#include "tests/sim/checkers/fake_cluster.h"

namespace odradek::sim {
namespace {

using Ids = std::set<std::string>;

/// Leader change with truncation, an ISR that shrinks and grows, a restart: everything as it should be.
FakeCluster a_healthy_life() {
  FakeCluster c;
  c.replicate(1, {1, 2, 3}, {2, 3});
  c.ack(1, 0, 3);
  c.serve(1, 0, 3);
  c.append(1, {4});  // only on broker 1
  c.crash(1);
  c.elect(2, 2, {2, 3});
  c.lead(2, 2);
  c.follow(3, 2, 2);
  c.advance(2, 3);
  c.replicate(2, {5, 6}, {3});
  c.boot(1);
  c.follow(1, 2, 2);
  c.truncate(1, 3);
  c.fetch(1, 2);
  c.propose(2, {1, 2, 3});
  c.set_isr({1, 2, 3});
  c.learn_isr(2, {1, 2, 3});
  c.advance(1, 5);
  c.replicate(2, {7}, {1, 3});
  return c;
}

TEST(Checkers, AHealthyLifeBreaksNothing) {
  FakeCluster c = a_healthy_life();
  c.scan();
  c.settle();
  EXPECT_EQ(c.ids(), Ids{}) << (c.checkers.violations().empty() ? ""
                                                                : c.checkers.violations().front().message);
  EXPECT_TRUE(c.checkers.permissions().empty());
}

TEST(Checkers, AHealthyLifeExercisesEveryInvariantOfItsKind) {
  FakeCluster c = a_healthy_life();
  const auto exercised = c.checkers.exercised();
  for (const char* id : {"I1",  "I2",  "I3",  "I4",  "I5",  "I5'", "I6",  "I6w", "I7",  "I8",  "I10",
                         "I11", "I14", "I17", "I18", "I15", "I16", "I19", "I20", "I21", "I23", "I103"}) {
    EXPECT_GT(exercised.at(id), 0u) << id;
  }
  EXPECT_EQ(exercised.at("leader-elections"), 1u);
  EXPECT_EQ(exercised.at("truncations"), 1u);
  EXPECT_EQ(exercised.at("isr-expansions"), 1u);
  EXPECT_EQ(exercised.at("recoveries"), 1u);
  EXPECT_EQ(exercised.at("acks-all"), 1u);
  EXPECT_EQ(exercised.at("J1"), 0u);
}

TEST(Checkers, ACopyGoesItsOwnWay) {
  FakeCluster c;
  c.replicate(1, {1}, {2, 3});
  const Checkers before = c.checkers;
  Checkers fork = c.checkers;
  EXPECT_EQ(fork, c.checkers);
  c.truncate(2, 0);
  EXPECT_FALSE(c.checkers.violations().empty());
  EXPECT_EQ(fork, before);
  EXPECT_EQ(digest_of(fork), digest_of(before));
}

TEST(OffsetOrder, AHighWatermarkBeyondTheLogEndIsI1) {
  FakeCluster c;
  c.at(2).view.high_watermark = Offset(1);
  c.follow(2, 1, 1);
  EXPECT_TRUE(c.ids().contains("I1"));
}

TEST(LogShape, AGapInALogIsI2) {
  FakeCluster c;
  c.at(1).view.log_end = Offset(1);  // offset 0 is missing
  c.append(1, {1});
  EXPECT_TRUE(c.ids().contains("I2"));
  c.at(1).view.log_end = Offset(0);
}

TEST(EpochMonotone, AnOlderEpochBehindANewerOneIsI3) {
  FakeCluster c;
  c.append(1, {1});
  c.at(1).log.push_back({.offset = Offset(1), .epoch = LeaderEpoch(0), .content = content_of_record(2)});
  c.at(1).view.log_end = Offset(2);
  c.emit(1, {io::AppendLog{.tp = kTp, .base = Offset(1), .end = Offset(2), .leader_epoch = LeaderEpoch(1)}});
  EXPECT_TRUE(c.ids().contains("I3"));
}

TEST(EpochMonotone, ACacheThatLacksAnEpochOfTheLogIsI3) {
  FakeCluster c;
  c.append(1, {1});
  c.fetch(2, 1);
  EXPECT_EQ(c.ids(), Ids{});
  c.at(2).epochs.clear();
  c.truncate(2, 1);
  EXPECT_EQ(c.ids(), Ids{"I3"});
}

TEST(EpochMonotone, ACacheMayKnowAnEpochWithoutRecords) {
  FakeCluster c;
  c.append(1, {1});
  c.elect(1, 2, {1, 2, 3});
  c.lead(1, 2);  // epoch 2 starts at offset 1, where nothing is yet
  EXPECT_EQ(c.ids(), Ids{});
}

TEST(OneLeader, TwoBrokersThatAppendInOneEpochAreI4) {
  FakeCluster c;
  c.append(1, {1});
  c.at(2).view.leader_epoch = LeaderEpoch(1);
  c.at(2).epochs = {{.offset = Offset(0), .epoch = LeaderEpoch(1)}};
  c.append(2, {2});
  EXPECT_TRUE(c.ids().contains("I4"));
}

TEST(OneLeader, ASecondPayloadAtOneEpochAndOffsetIsI4) {
  FakeCluster c;
  c.append(1, {1, 2});
  c.at(1).log.pop_back();
  c.at(1).view.log_end = Offset(1);
  c.emit(1,
         {io::TruncateLog{.tp = kTp, .from = Offset(2), .end = Offset(1), .leader_epoch = LeaderEpoch(1)}});
  EXPECT_EQ(c.ids(), Ids{});
  c.append(1, {3});
  EXPECT_TRUE(c.ids().contains("I4"));
}

TEST(OneLeader, TwoBrokersThatBelieveToLeadOneEpochAreI20) {
  FakeCluster c;
  c.lead(2, 1);
  EXPECT_EQ(c.ids(), Ids{"I20"});
}

TEST(LogMatching, AnotherRecordBelowTheHighWatermarkIsI5) {
  FakeCluster c;
  c.replicate(1, {1, 2}, {2});
  c.at(3).log = {c.at(1).log[0], c.at(1).log[1]};
  c.at(3).log[1].content = content_of_record(9);
  c.at(3).view.log_end = Offset(2);
  c.at(3).epochs = c.at(1).epochs;
  c.emit(3, {io::AppendLog{.tp = kTp, .base = Offset(0), .end = Offset(2), .leader_epoch = LeaderEpoch(1)}});
  EXPECT_TRUE(c.ids().contains("I5'"));
  EXPECT_FALSE(c.ids().contains("I5"));
  c.advance(3, 2);
  EXPECT_TRUE(c.ids().contains("I5"));
}

TEST(LogMatching, AHighWatermarkThatNoLeaderShowedIsI5) {
  FakeCluster c;
  c.append(1, {1});
  c.fetch(2, 1);
  c.advance(2, 1);
  EXPECT_EQ(c.ids(), Ids{"I5"});
}

TEST(LogMatching, ARecordThatNoLeaderWroteIsI5Prefix) {
  FakeCluster c;
  c.at(2).log.push_back({.offset = Offset(0), .epoch = LeaderEpoch(1), .content = content_of_record(1)});
  c.at(2).view.log_end = Offset(1);
  c.at(2).epochs = {{.offset = Offset(0), .epoch = LeaderEpoch(1)}};
  c.emit(2, {io::AppendLog{.tp = kTp, .base = Offset(0), .end = Offset(1), .leader_epoch = LeaderEpoch(1)}});
  EXPECT_EQ(c.ids(), Ids{"I5'"});
}

TEST(InSync, AMemberThatLacksAVisibleRecordBreaksBothIsrs) {
  FakeCluster c;
  c.append(1, {1});
  c.fetch(2, 1);
  c.advance(1, 1);  // without broker 3
  EXPECT_EQ(c.ids(), (Ids{"I6", "I6w", "I8", "I11"}));
}

TEST(InSync, AMemberOnlyOfTheControllersIsrBreaksTheStrongOneAlone) {
  FakeCluster c;
  c.set_isr({1, 2});
  c.learn_isr(1, {1, 2});
  c.replicate(1, {1}, {2});
  EXPECT_EQ(c.ids(), Ids{});
  c.set_isr({1, 2, 3});  // broker 3 is empty
  EXPECT_TRUE(c.ids().contains("I6"));
  EXPECT_FALSE(c.ids().contains("I6w"));
}

TEST(InSync, AMemberOnlyOfTheLeadersIsrBreaksTheWeakOneAlone) {
  FakeCluster c;
  c.set_isr({1, 2});  // the leader has not heard of it, yet goes on without broker 3
  c.append(1, {1});
  c.fetch(2, 1);
  c.advance(1, 1);
  EXPECT_EQ(c.ids(), (Ids{"I6w", "I8"}));
}

TEST(IsrElr, AMemberOfBothIsI18) {
  FakeCluster c;
  c.set_isr({1}, {2});
  EXPECT_EQ(c.ids(), Ids{});
  c.set_isr({1}, {1, 2});
  EXPECT_EQ(c.ids(), Ids{"I18"});
}

TEST(IsrElr, AnEligibleReplicaBesideEnoughInSyncIsI18) {
  FakeCluster c({.min_isr = 2});
  c.set_isr({1, 2}, {3});
  EXPECT_EQ(c.ids(), Ids{"I18"});
}

TEST(IsrElr, ALeaderWithoutAnIsrIsI18) {
  FakeCluster c;
  c.set_isr({}, {1, 2, 3});
  EXPECT_EQ(c.ids(), (Ids{"I7", "I18"}));
}

TEST(IsrElr, ALeaderThatRecoversInCompanyIsI18) {
  FakeCluster c;
  c.committed.recovering = true;
  c.set_isr({1});
  EXPECT_EQ(c.ids(), Ids{});
  c.set_isr({1, 2});
  EXPECT_EQ(c.ids(), Ids{"I18"});
}

TEST(FencedNotInIsr, AFencedMemberIsI17) {
  FakeCluster c;
  c.set_isr({1, 2});
  c.set_fenced(3, true);
  EXPECT_EQ(c.ids(), Ids{});
  c.set_fenced(2, true);
  EXPECT_EQ(c.ids(), Ids{"I17"});
}

TEST(FencedNotInIsr, AMemberThatShutsDownIsI17) {
  FakeCluster c;
  c.nodes[BrokerId(3)].shuts_down = true;
  c.set_isr({1, 2});
  EXPECT_EQ(c.ids(), Ids{});
  c.set_isr({1, 2, 3});
  EXPECT_EQ(c.ids(), Ids{"I17"});
}

TEST(FencedNotInIsr, AScanFindsItToo) {
  FakeCluster c;
  c.nodes[BrokerId(3)].shuts_down = true;
  EXPECT_EQ(c.ids(), Ids{});
  c.scan();
  EXPECT_EQ(c.ids(), Ids{"I17"});
}

TEST(FencedNotInIsr, WithoutEligibleReplicasTheLastMemberStaysButLeadsNothing) {
  FakeCluster c({.elr = false});
  c.set_isr({1});
  c.committed.leader.reset();
  ++c.committed.leader_epoch;
  c.set_isr({1});
  c.set_fenced(1, true);
  EXPECT_EQ(c.ids(), Ids{});
  c.elect(1, 3, {1});
  EXPECT_EQ(c.ids(), Ids{"I17"});
}

TEST(FencedNotInIsr, WithEligibleReplicasTheLastMemberLeaves) {
  FakeCluster c;
  c.set_isr({1});
  c.committed.leader.reset();
  ++c.committed.leader_epoch;
  c.set_isr({1});
  c.set_fenced(1, true);
  EXPECT_EQ(c.ids(), Ids{"I17"});
}

TEST(FetcherValid, ALeaderThatFetchesItsOwnPartitionIsI21) {
  FakeCluster c;
  c.at(2).fetched_from.clear();  // as a follower that its leader has fenced
  c.scan();
  EXPECT_EQ(c.ids(), Ids{});
  c.at(1).fetched_from = {BrokerId(2)};
  c.scan();
  EXPECT_EQ(c.ids(), Ids{"I21"});
}

TEST(FetcherValid, AFollowerWithTwoFetchersIsI21) {
  FakeCluster c;
  c.follow(2, 1, 1);
  EXPECT_EQ(c.ids(), Ids{});
  c.at(3).fetched_from = {BrokerId(1), BrokerId(2)};
  c.scan();
  EXPECT_EQ(c.ids(), Ids{"I21"});
}

TEST(NoUnclean, AnElectionThatNoSettingAllowsIsI22) {
  FakeCluster c;
  c.set_isr({1, 2});
  c.elect(3, 2, {3}, true);
  EXPECT_EQ(c.ids(), Ids{"I22"});
}

TEST(NoUnclean, TheTopicMayAllowIt) {
  FakeCluster c({.unclean = true});
  c.set_isr({1, 2});
  c.elect(3, 2, {3}, true);
  EXPECT_EQ(c.ids(), Ids{});
  EXPECT_EQ(c.checkers.exercised().at("I22"), 1u);
}

/// Broker 1 led last, and nobody is left.
FakeCluster a_leaderless_cluster(std::vector<int> elr) {
  FakeCluster c;
  c.set_isr({1}, {2, 3});
  c.lose_leader(1, std::move(elr));
  return c;
}

TEST(NoUnclean, TheLastKnownLeaderMayLeadAgainOnceItIsThere) {
  FakeCluster c = a_leaderless_cluster({});
  c.set_fenced(1, false);
  c.committed.last_known_elr.clear();
  c.elect(1, 3, {1}, true);
  EXPECT_EQ(c.ids(), Ids{});
}

TEST(NoUnclean, TheLastKnownLeaderThatIsFencedIsI22) {
  FakeCluster c = a_leaderless_cluster({});
  c.elect(1, 3, {1}, true);  // nobody has said that it is unfenced
  EXPECT_EQ(c.ids(), Ids{"I22"});
}

TEST(NoUnclean, TheLastKnownLeaderInFrontOfAnEligibleReplicaIsI22) {
  FakeCluster c = a_leaderless_cluster({2});
  c.set_fenced(1, false);
  c.committed.elr.clear();
  c.elect(1, 3, {1}, true);
  EXPECT_EQ(c.ids(), Ids{"I22"});
}

TEST(NoUnclean, AnotherThanTheLastKnownLeaderIsI22) {
  FakeCluster c = a_leaderless_cluster({});
  c.set_fenced(3, false);
  c.elect(3, 3, {3}, true);
  EXPECT_EQ(c.ids(), Ids{"I22"});
}

TEST(MetadataImages, TwoThatDifferAtOneOffsetAreI30) {
  FakeCluster c;
  c.scan();
  EXPECT_EQ(c.ids(), Ids{});
  c.nodes[BrokerId(2)].contradicted_by = "broker 3";
  for (int broker = 1; broker <= 3; ++broker) c.scan();  // one broker after another
  EXPECT_EQ(c.ids(), Ids{"I30"});
  EXPECT_EQ(c.checkers.violations().front().message,
            "the metadata of broker 2 and of broker 3 end at one offset and differ");
}

TEST(MetadataImages, TwoControllersThatDifferAtOneOffsetAreI65) {
  FakeCluster c;
  c.controller_contradicted_by = "controller 102";
  for (int turn = 0; turn < 2; ++turn) c.scan();  // one controller after another
  EXPECT_EQ(c.ids(), Ids{"I65"});
  EXPECT_EQ(c.checkers.violations().front().message,
            "what controller 101 knows and controller 102 end at one offset and differ");
}

TEST(LeaderInIsr, ALeaderOutsideItsIsrIsI7) {
  FakeCluster c;
  c.set_isr({2, 3});
  EXPECT_EQ(c.ids(), Ids{"I7"});
}

TEST(HighWatermark, AnExpansionInFlightCounts) {
  FakeCluster c;
  c.set_isr({1, 2});
  c.learn_isr(1, {1, 2});
  c.propose(1, {1, 2, 3});
  EXPECT_EQ(c.ids(), Ids{});
  c.append(1, {1});
  c.fetch(2, 1);
  c.advance(1, 1);  // the controller may commit broker 3 at any moment
  EXPECT_EQ(c.ids(), Ids{"I8"});
}

TEST(HighWatermark, AProposalThatWasRefusedCountsNoLonger) {
  FakeCluster c;
  c.set_isr({1, 2});
  c.learn_isr(1, {1, 2});
  c.propose(1, {1, 2, 3});
  c.at(1).view.proposal.reset();  // INELIGIBLE_REPLICA: no event tells of it
  c.append(1, {1});
  c.fetch(2, 1);
  c.advance(1, 1);
  EXPECT_EQ(c.ids(), Ids{});
}

TEST(HighWatermark, GoingBackWithinALeaderEpochIsI14) {
  FakeCluster c;
  c.replicate(1, {1, 2}, {2, 3});
  c.advance(1, 1);
  EXPECT_EQ(c.ids(), Ids{"I14"});
}

TEST(HighWatermark, ANewLeaderMayStartBehindUntilItReachesItsEpoch) {
  FakeCluster c;
  c.append(1, {1, 2});
  c.fetch(2, 1);
  c.fetch(3, 1);
  c.advance(1, 2);
  c.elect(2, 2, {1, 2, 3});
  c.lead(2, 2);  // with high watermark 0
  c.advance(2, 1);
  EXPECT_EQ(c.ids(), Ids{});
}

TEST(HighWatermark, ANewLeaderThatShowsLessIsI14) {
  FakeCluster c;
  c.replicate(1, {1, 2}, {3});
  c.set_isr({1, 3});
  c.elect(2, 2, {2});  // broker 2 is empty
  c.lead(2, 2);
  EXPECT_TRUE(c.ids().contains("I14"));
  EXPECT_TRUE(c.ids().contains("I10"));
}

TEST(Completeness, AnElectedLeaderThatLacksARecordIsI10) {
  FakeCluster c;
  c.set_isr({1, 2});
  c.learn_isr(1, {1, 2});
  c.replicate(1, {1}, {2});
  c.elect(3, 2, {3});
  EXPECT_EQ(c.ids(), (Ids{"I10", "I11"}));
}

TEST(Findings, AViolationNamesItsPartitionAndItsRecords) {
  FakeCluster c;
  c.set_isr({1, 2});
  c.learn_isr(1, {1, 2});
  c.replicate(1, {1, 2}, {2});
  c.elect(3, 2, {3});
  ASSERT_FALSE(c.checkers.violations().empty());
  for (const Violation& violation : c.checkers.violations()) {
    EXPECT_EQ(violation.tp, kTp) << violation.invariant;
    EXPECT_EQ(violation.records, record_at(Offset(0))) << violation.invariant;
  }
}

TEST(Completeness, AnEligibleReplicaThatLacksAVisibleRecordIsI11) {
  FakeCluster c;
  c.set_isr({1, 2});
  c.learn_isr(1, {1, 2});
  c.replicate(1, {1, 2}, {2});
  c.set_isr({1}, {2});
  EXPECT_EQ(c.ids(), Ids{});
  c.set_isr({1}, {2, 3});
  EXPECT_EQ(c.ids(), Ids{"I11"});
}

TEST(Completeness, AnEligibleReplicaWhoseLossIsUnknownDoesNotCount) {
  FakeCluster c;
  c.set_isr({1, 2});
  c.learn_isr(1, {1, 2});
  c.replicate(1, {1, 2}, {2});
  c.checkers.on_unclean_end(BrokerId(3), /*data=*/true);
  c.set_isr({1}, {2, 3});
  EXPECT_EQ(c.ids(), Ids{});
}

TEST(Completeness, AnEligibleReplicaThatWasKilledCounts) {
  FakeCluster c;
  c.set_isr({1, 2});
  c.learn_isr(1, {1, 2});
  c.replicate(1, {1, 2}, {2});
  c.checkers.on_unclean_end(BrokerId(3), /*data=*/false);
  c.set_isr({1}, {2, 3});
  EXPECT_EQ(c.ids(), Ids{"I11"});
}

TEST(Completeness, AFollowerInTheIsrThatTruncatesAVisibleRecordIsI11) {
  FakeCluster c;
  c.replicate(1, {1, 2}, {2, 3});
  c.truncate(2, 1);
  EXPECT_TRUE(c.ids().contains("I11"));
}

TEST(Completeness, ABrokerThatIsDownKeepsWhatItWrote) {
  FakeCluster c;
  c.replicate(1, {1, 2}, {2, 3});
  c.crash(2);
  c.elect(2, 2, {2});
  EXPECT_EQ(c.ids(), Ids{});
}

TEST(Served, ARecordBeyondTheHighWatermarkIsI16) {
  FakeCluster c;
  c.replicate(1, {1}, {2, 3});
  c.append(1, {2});
  c.serve(1, 0, 2);
  EXPECT_EQ(c.ids(), Ids{"I16"});
}

TEST(Served, AnotherRecordThanWasVisibleIsI15) {
  FakeCluster c;
  c.set_isr({1, 3});
  c.learn_isr(1, {1, 3});
  c.replicate(1, {1}, {3});
  c.elect(2, 2, {2});
  c.lead(2, 2);
  c.append(2, {7});
  c.advance(2, 1);
  c.serve(2, 0, 1);
  EXPECT_TRUE(c.ids().contains("I15"));
}

TEST(Acked, FewerHoldersThanTheMinimumIsI23) {
  FakeCluster c;
  c.append(1, {1});
  c.ack(1, 0, 1);
  EXPECT_EQ(c.ids(), (Ids{"I23", "I103"}));
}

TEST(Acked, AnAcknowledgementFromTheLeaderAlonePromisesNoMore) {
  FakeCluster c;
  c.append(1, {1});
  c.ack(1, 0, 1, 1);
  EXPECT_EQ(c.ids(), Ids{});
  EXPECT_EQ(c.checkers.exercised().at("acks-1"), 1u);
}

TEST(EpochsGrow, ALeaderEpochThatGoesBackIsI19) {
  FakeCluster c;
  c.elect(1, 3, {1, 2, 3});
  c.elect(2, 2, {1, 2, 3});
  EXPECT_EQ(c.ids(), Ids{"I19"});
}

TEST(EpochsGrow, ANewLeaderWithinAnEpochIsI19) {
  FakeCluster c;
  c.elect(2, 1, {1, 2, 3});
  EXPECT_EQ(c.ids(), Ids{"I19"});
}

TEST(EpochsGrow, APartitionEpochThatJumpsIsI19) {
  FakeCluster c;
  ++c.committed.partition_epoch;
  c.set_isr({1, 2});
  EXPECT_EQ(c.ids(), Ids{"I19"});
}

TEST(EpochsGrow, AReplicaThatGoesBackIsI19UnlessItRestarted) {
  FakeCluster c;
  c.elect(1, 2, {1, 2, 3});
  c.follow(2, 2, 1);
  c.boot(2);
  c.follow(2, 1, 1);  // replays metadata from the beginning
  EXPECT_EQ(c.ids(), Ids{});
  c.follow(2, 0, 1);
  EXPECT_EQ(c.ids(), Ids{"I19"});
}

TEST(EpochsGrow, APublishedImageThatGoesBackIsI19UnlessItRestarted) {
  FakeCluster c;
  c.publish(1, 10);
  c.crash(1);
  c.boot(1);
  c.publish(1, 4);
  EXPECT_EQ(c.ids(), Ids{});
  c.publish(1, 3);
  EXPECT_EQ(c.ids(), Ids{"I19"});
}

TEST(EpochsGrow, BrokerAndControllerEpochsGrowEachTime) {
  FakeCluster c;
  const io::RegisterBroker registers{
      .broker = BrokerId(1), .broker_epoch = BrokerEpoch(5), .incarnation = {}};
  c.emit(101, {registers, io::ElectController{.controller_epoch = LeaderEpoch(1)}});
  c.emit(101, {io::ElectController{.controller_epoch = LeaderEpoch(2)}});
  EXPECT_EQ(c.ids(), Ids{});
  FakeCluster same_broker = c;
  same_broker.emit(101, {io::RegisterBroker{BrokerId(1), BrokerEpoch(5), Uuid{.high = 1, .low = 1}}});
  EXPECT_EQ(same_broker.ids(), Ids{"I19"});
  c.emit(101, {io::ElectController{.controller_epoch = LeaderEpoch(2)}});
  EXPECT_EQ(c.ids(), Ids{"I19"});
}

TEST(Shadow, ALogThatChangesWithoutAnEventIsFoundAtTheEnd) {
  FakeCluster c;
  c.replicate(1, {1, 2}, {2, 3});
  c.at(2).log[1].content = content_of_record(9);
  const History history;
  c.checkers.at_end({.at = Instant(seconds(100).ns()),
                     .event = c.event,
                     .view = c,
                     .history = history,
                     .settled = {},
                     .fully_read = {},
                     .ordered_producers = {}});
  EXPECT_TRUE(c.ids().contains("H-shadow"));
}

TEST(Shadow, AScanWithinARunFindsItToo) {
  FakeCluster c;
  c.replicate(1, {1, 2}, {2, 3});
  c.at(3).log[0].content = content_of_record(9);
  for (int i = 0; i < 3; ++i) c.scan();  // one log after another
  EXPECT_EQ(c.ids(), Ids{"H-shadow"});
}

TEST(Shadow, ARestartThatLosesARecordIsFound) {
  FakeCluster c;
  c.replicate(1, {1, 2}, {2});
  c.crash(3);
  c.crash(2);
  c.at(2).log.pop_back();
  c.at(2).view.log_end = Offset(1);
  c.at(2).view.high_watermark = Offset(1);
  c.boot(2);
  EXPECT_TRUE(c.ids().contains("H-shadow"));
}

TEST(Shadow, APartitionThatChangesWithoutAnEventIsFound) {
  FakeCluster c;
  c.committed.isr.pop_back();
  c.scan();
  EXPECT_EQ(c.ids(), Ids{"H-shadow"});
}

TEST(Findings, TheFirstViolationOfAnInvariantOnAPartitionIsKept) {
  FakeCluster c;
  c.set_isr({2, 3});
  c.set_isr({2});
  ASSERT_EQ(c.checkers.violations().size(), 1u);
  const Violation& violation = c.checkers.violations().front();
  EXPECT_EQ(violation.message, "leader 1 of orders-0 is not in the ISR in partition epoch 1");
  EXPECT_EQ(violation.witness, "a leader is outside its ISR");
  EXPECT_FALSE(violation.client_visible);
  EXPECT_EQ(violation.records, OffsetRange()) << "it is about no records";
}

}  // namespace
}  // namespace odradek::sim
