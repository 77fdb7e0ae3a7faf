// What settings permit to be lost, and that they permit nothing else.
#include <gtest/gtest.h>

#include "tests/sim/checkers/fake_cluster.h"

namespace odradek::sim {
namespace {

using Ids = std::set<std::string>;

std::set<std::string> settings(const Checkers& checkers) {
  std::set<std::string> found;
  for (const Permission& permission : checkers.permissions()) found.insert(permission.setting);
  return found;
}

/// Records 1 to 3 are visible on brokers 1 and 2; broker 3 has the first only and is elected all the same.
FakeCluster an_unclean_election(FakeOptions options) {
  FakeCluster c(options);
  c.replicate(1, {1}, {2, 3});
  c.set_isr({1, 2});
  c.learn_isr(1, {1, 2});
  c.replicate(1, {2, 3}, {2});
  c.ack(1, 1, 3, -1, 2);
  c.crash(1);
  c.crash(2);
  c.elect(3, 2, {3}, true);
  c.lead(3, 2);
  c.append(3, {7, 8});
  c.advance(3, 3);
  c.serve(3, 0, 3);
  return c;
}

TEST(UncleanElection, PermitsTheLossOfWhatTheNewLeaderLacks) {
  const FakeCluster c = an_unclean_election({.unclean = true});
  EXPECT_EQ(c.ids(), Ids{});
  ASSERT_EQ(c.checkers.permissions().size(), 1u);
  const Permission permission = c.checkers.permissions().front();
  EXPECT_EQ(permission.setting, "unclean.leader.election.enable=true");
  EXPECT_EQ(permission.tp, kTp);
  EXPECT_EQ(permission.begin, Offset(1));
  EXPECT_EQ(permission.end, Offset(3));
}

TEST(UncleanElection, PermitsNothingWhenTheTopicDoesNotAllowIt) {
  const FakeCluster c = an_unclean_election({.unclean = false});
  EXPECT_TRUE(c.ids().contains("I10"));
  EXPECT_TRUE(c.ids().contains("I15"));
  EXPECT_TRUE(c.checkers.permissions().empty());
}

TEST(UncleanElection, LetsADeposedLeaderComeBackAndTruncate) {
  FakeCluster c = an_unclean_election({.unclean = true});
  c.boot(1);
  c.follow(1, 2, 3);
  c.truncate(1, 1);
  c.fetch(1, 3);
  c.advance(1, 3);
  c.boot(2);
  c.follow(2, 2, 3);
  c.truncate(2, 1);
  c.fetch(2, 3);
  c.advance(2, 3);
  c.set_isr({1, 2, 3});
  c.learn_isr(3, {1, 2, 3});
  c.settle();
  EXPECT_EQ(c.ids(), Ids{});
}

TEST(UncleanElection, ReportsWhatTheDeposedLeaderStillAcknowledges) {
  FakeCluster c = an_unclean_election({.min_isr = 1, .unclean = true});
  c.nodes[BrokerId(1)].up = true;  // it was cut off, not dead
  c.at(1).view.isr = {BrokerId(1)};
  c.at(1).view.maximal_isr = {BrokerId(1)};
  c.append(1, {4});
  c.advance(1, 4);
  c.ack(1, 3, 4, -1, 1);
  c.serve(1, 3, 4);
  EXPECT_EQ(c.ids(), Ids{});
  EXPECT_EQ(c.checkers.permissions().front().end, Offset(4));
  EXPECT_EQ(settings(c.checkers), (Ids{"unclean.leader.election.enable=true", "min.insync.replicas=1"}));
}

TEST(UncleanElection, DoesNotExcuseTheLossOfWhatCameBefore) {
  FakeCluster c = an_unclean_election({.unclean = true});
  c.truncate(3, 0);  // offset 0 was on the new leader
  EXPECT_TRUE(c.ids().contains("I11"));
}

TEST(UncleanElection, DoesNotExcuseTheLossOfWhatCameAfter) {
  FakeCluster c = an_unclean_election({.unclean = true});
  c.truncate(3, 2);  // offset 2 holds record 8 of the new epoch
  EXPECT_TRUE(c.ids().contains("I11"));
}

TEST(UncleanElection, DoesNotExcuseAnotherPartition) {
  FakeCluster c = an_unclean_election({.unclean = true});
  const TopicPartition other{.topic_id = kTp.topic_id, .partition = PartitionId(1)};
  Permissions permissions;
  permissions.forks(kTp).push_back({.epoch = LeaderEpoch(2), .begin = Offset(1), .survivors = {}});
  const LoggedRecord record{.content = 1, .epoch = LeaderEpoch(1)};
  EXPECT_TRUE(permissions.covers(kTp, Offset(1), record));
  EXPECT_FALSE(permissions.covers(kTp, Offset(0), record));
  EXPECT_FALSE(permissions.covers(other, Offset(1), record));
  EXPECT_FALSE(permissions.covers(kTp, Offset(1), {.content = 1, .epoch = LeaderEpoch(2)}));
}

TEST(UncleanElection, DoesNotCoverWhatTheNewLeaderKept) {
  RecordLog survivors(Offset(1), 0);
  survivors.append({.content = 5, .epoch = LeaderEpoch(1)});
  Permissions permissions;
  permissions.forks(kTp).push_back({.epoch = LeaderEpoch(2), .begin = Offset(1), .survivors = survivors});
  EXPECT_FALSE(permissions.covers(kTp, Offset(1), {.content = 5, .epoch = LeaderEpoch(1)}));
  EXPECT_TRUE(permissions.covers(kTp, Offset(1), {.content = 6, .epoch = LeaderEpoch(1)}));
}

TEST(UncleanElection, ThatNobodyTookUpHasLostNothing) {
  FakeCluster c({.unclean = true});
  c.set_isr({1, 2});
  c.learn_isr(1, {1, 2});
  c.replicate(1, {1, 2}, {2});  // broker 3 has nothing
  c.elect(3, 2, {3}, true);
  c.elect(2, 3, {2}, true);  // broker 3 has died before it led
  c.lead(2, 3);
  EXPECT_EQ(c.ids(), Ids{});
  EXPECT_TRUE(c.checkers.permissions().empty());
  c.truncate(2, 0);
  EXPECT_TRUE(c.ids().contains("I11"));
}

TEST(UncleanElection, MayBeTakenUpAfterTheNext) {
  FakeCluster c({.unclean = true});
  c.set_isr({1, 2});
  c.learn_isr(1, {1, 2});
  c.replicate(1, {1, 2}, {2});
  c.elect(3, 2, {3}, true);
  c.elect(2, 3, {2}, true);
  c.lead(3, 2);
  c.truncate(2, 0);  // it has heard of broker 3 only
  c.lead(2, 3);
  EXPECT_EQ(c.ids(), Ids{});
  EXPECT_EQ(settings(c.checkers), Ids{"unclean.leader.election.enable=true"});
}

TEST(UncleanElection, StartsFromTheLogWithWhichTheNewLeaderTakesUpItsEpoch) {
  FakeCluster c({.unclean = true});
  c.replicate(1, {1, 2}, {2, 3});
  c.elect(3, 2, {3}, true);
  EXPECT_TRUE(c.checkers.permissions().empty());  // it had everything when it was elected
  c.follow(3, 1, 1);
  c.at(3).log.pop_back();
  c.at(3).view.log_end = Offset(1);
  c.at(3).view.high_watermark = Offset(1);
  c.lead(3, 2);  // and has less now, within the same step
  EXPECT_TRUE(c.ids().contains("H-shadow"));
  EXPECT_EQ(settings(c.checkers), Ids{"unclean.leader.election.enable=true"});
}

TEST(MinIsrOfOne, IsNamedWhenTheLeaderAloneHadAcknowledged) {
  FakeCluster c({.min_isr = 1, .unclean = true});
  c.set_isr({1});
  c.learn_isr(1, {1});
  c.append(1, {1, 2});
  c.advance(1, 2);
  c.ack(1, 0, 1, -1, 1);
  c.ack(1, 1, 2, -1, 1);
  c.crash(1);
  c.elect(2, 2, {2}, true);
  EXPECT_TRUE(c.checkers.permissions().empty());  // it has not led yet
  c.lead(2, 2);
  EXPECT_EQ(c.ids(), Ids{});
  EXPECT_EQ(settings(c.checkers), (Ids{"unclean.leader.election.enable=true", "min.insync.replicas=1"}));
}

TEST(Permissions, AdjacentLossesOfOneSettingAreOneLine) {
  Permissions permissions;
  const Permission first{
      .setting = "acks=1", .tp = kTp, .begin = Offset(1), .end = Offset(2), .at = {}, .message = "m"};
  Permission next = first;
  next.begin = Offset(2);
  next.end = Offset(3);
  Permission elsewhere = first;
  elsewhere.begin = Offset(7);
  elsewhere.end = Offset(8);
  permissions.report(first);
  permissions.report(next);
  permissions.report(elsewhere);
  ASSERT_EQ(permissions.reported().size(), 2u);
  EXPECT_EQ(permissions.reported().front().end, Offset(3));
}

/// Broker 2 comes back with another record than it had written; the disk of `decayed` has decayed before.
FakeCluster a_changed_record(int decayed) {
  FakeCluster c;
  c.replicate(1, {1, 2}, {2, 3});
  c.checkers.on_decay(BrokerId(decayed), Decay::kRot);
  c.at(2).log[0].content = content_of_record(9);
  c.crash(2);
  c.boot(2);
  c.open(2);
  return c;
}

TEST(DiskDecay, ExcusesByNameWhatItsPartitionsLose) {
  const FakeCluster c = a_changed_record(2);
  EXPECT_EQ(c.ids(), Ids{});
  EXPECT_EQ(settings(c.checkers), Ids{"disk-decay=rot"});
}

TEST(DiskDecay, ExcusesNothingWithoutAReplicaOnThatDisk) {
  EXPECT_TRUE(a_changed_record(4).ids().contains("H-shadow"));
}

TEST(DiskDecay, ExcusesNoDecisionOfTheController) {
  FakeCluster c;
  c.checkers.on_decay(BrokerId(2), Decay::kRot);
  c.elect(2, 3, {1, 2, 3});
  c.elect(1, 2, {1, 2, 3});
  EXPECT_EQ(c.ids(), Ids{"I19"});
}

TEST(DiskDecay, ExcusesNoSecondLeader) {
  FakeCluster c;
  c.checkers.on_decay(BrokerId(2), Decay::kRot);
  c.lead(2, 1);
  EXPECT_TRUE(c.ids().contains("I20"));
}

}  // namespace
}  // namespace odradek::sim
