// Topics that are deleted, and partitions that move: what is still promised, and what is not.
#include <gtest/gtest.h>

#include "tests/sim/checkers/fake_cluster.h"

namespace odradek::sim {
namespace {

using Ids = std::set<std::string>;

/// Two records are visible everywhere.
FakeCluster a_topic_with_records() {
  FakeCluster c;
  c.replicate(1, {1, 2}, {2, 3});
  return c;
}

void end(FakeCluster& c, const HistoryBuilder& history) {
  c.checkers.at_end({.at = history.now(),
                     .event = c.event,
                     .view = c,
                     .history = history.history(),
                     .settled = {},
                     .fully_read = {kOrders}});
}

TEST(TopicIdentity, HoldsWhileReplicasHaveWhatLeadersWrote) {
  FakeCluster c = a_topic_with_records();
  c.serve(1, 0, 2);
  c.crash(2);
  c.boot(2);
  EXPECT_EQ(c.ids(), Ids{});
  EXPECT_GT(c.checkers.exercised().at("I25"), 0u);
}

TEST(TopicIdentity, IsViolatedByALogOfAnotherTopic) {
  FakeCluster c = a_topic_with_records();
  c.drop(3);
  // It takes up a log that was there under the same name.
  FakeReplica& r = c.at(3);
  r.log = {{.offset = Offset(0), .epoch = LeaderEpoch(1), .content = content_of_record(9)}};
  r.epochs = {{.offset = Offset(0), .epoch = LeaderEpoch(1)}};
  r.view.log_end = Offset(1);
  c.open(3);
  EXPECT_TRUE(c.ids().contains("I25"));
}

TEST(TopicIdentity, IsViolatedByServingWhatNoLeaderWrote) {
  FakeCluster c = a_topic_with_records();
  // Behind the checkers' back the leader of a new epoch has a record of an epoch that nobody led.
  c.elect(2, 3, {1, 2, 3});
  c.at(2).log.push_back({.offset = Offset(2), .epoch = LeaderEpoch(2), .content = content_of_record(9)});
  c.at(2).view.log_end = Offset(3);
  c.at(2).epochs.push_back({.offset = Offset(2), .epoch = LeaderEpoch(2)});
  c.emit(2, {io::AppendLog{.tp = kTp, .base = Offset(2), .end = Offset(3), .leader_epoch = LeaderEpoch(2)}});
  c.lead(2, 3);
  c.advance(2, 3);
  c.serve(2, 0, 3);
  EXPECT_TRUE(c.ids().contains("I25"));
}

TEST(ReassignComplete, HoldsWhenAllTargetsAreInSync) {
  FakeCluster c = a_topic_with_records();
  c.reassign({.replicas = {1, 2, 3}, .adding = {3}, .removing = {2}, .isr = {1, 2, 3}});
  c.reassign({.replicas = {1, 3}, .isr = {1, 3}});
  EXPECT_EQ(c.ids(), Ids{});
  EXPECT_EQ(c.checkers.exercised().at("I24"), 1u);
  EXPECT_EQ(c.checkers.exercised().at("reassignments"), 1u);
}

TEST(ReassignComplete, HoldsWhenItIsTakenBack) {
  FakeCluster c = a_topic_with_records();
  c.reassign({.replicas = {1, 2, 3}, .adding = {3}, .removing = {1}, .isr = {1, 2}});
  c.reassign({.replicas = {1, 2}, .isr = {1, 2}});
  EXPECT_EQ(c.ids(), Ids{});
}

TEST(ReassignComplete, IsViolatedByAnEndBeforeItsTime) {
  FakeCluster c = a_topic_with_records();
  c.reassign({.replicas = {1, 2, 3}, .adding = {3}, .removing = {1}, .isr = {1, 2}});
  c.reassign({.replicas = {2, 3}, .isr = {2}});
  EXPECT_TRUE(c.ids().contains("I24"));
}

TEST(ReassignComplete, HoldsWhenAnotherOneEndsItAtOnce) {
  FakeCluster c = a_topic_with_records();
  c.reassign({.replicas = {1, 2, 3}, .adding = {3}, .removing = {1}, .isr = {1, 2}});
  c.reassign({.replicas = {1}, .isr = {1}});
  EXPECT_EQ(c.ids(), Ids{});
}

TEST(RemovedReplica, MayVanish) {
  FakeCluster c = a_topic_with_records();
  c.reassign({.replicas = {1, 2, 3}, .removing = {3}, .isr = {1, 2, 3}});
  c.reassign({.replicas = {1, 2}, .isr = {1, 2}});
  c.learn_isr(1, {1, 2});
  c.drop(3);
  c.replicate(1, {3}, {2});
  c.scan();
  c.settle();
  EXPECT_EQ(c.ids(), Ids{});
}

TEST(RemovedReplica, IsNotKeptForEver) {
  FakeCluster c = a_topic_with_records();
  c.reassign({.replicas = {1, 2}, .isr = {1, 2}});
  c.learn_isr(1, {1, 2});
  c.settle();
  EXPECT_EQ(c.ids(), Ids{"I30"});
}

TEST(RemovedReplica, IsNoneThatALeaderOfThePastCanCountOn) {
  FakeCluster c = a_topic_with_records();
  c.committed.leader = BrokerId(2);
  c.committed.leader_epoch = LeaderEpoch(2);
  c.reassign({.replicas = {1, 2}, .isr = {1, 2}});
  c.drop(3);
  c.reassign({.replicas = {1, 2, 3}, .adding = {3}, .isr = {1, 2}});
  c.at(3) = {};
  c.open(3);
  c.learn_isr(1, {1, 2, 3});  // broker 1 leads epoch 1 still, for all it knows
  EXPECT_EQ(c.ids(), Ids{});
}

TEST(RemovedReplica, MayNotVanishWhileItCounts) {
  FakeCluster c = a_topic_with_records();
  c.drop(3);
  c.scan();
  EXPECT_TRUE(c.ids().contains("I11"));
}

TEST(Reassignment, IsToEndOnceNothingIsBroken) {
  FakeCluster c = a_topic_with_records();
  c.reassign({.replicas = {1, 2, 3}, .removing = {3}, .isr = {1, 2, 3}});
  c.settle();
  EXPECT_EQ(c.ids(), Ids{"I26"});
}

TEST(DeletedTopic, PermitsTheLossOfItsRecordsAndNamesThem) {
  FakeCluster c = a_topic_with_records();
  c.ack(1, 0, 2);
  c.remove_topic();
  for (const int broker : {1, 2, 3}) c.drop(broker);
  c.settle();
  HistoryBuilder history;
  history.send({.number = 1, .offset = 0}).send({.number = 2, .offset = 1});
  end(c, history);
  EXPECT_EQ(c.ids(), Ids{});
  ASSERT_EQ(c.checkers.permissions().size(), 1u);
  const Permission permission = c.checkers.permissions().front();
  EXPECT_EQ(permission.setting, "topic deleted");
  EXPECT_EQ(permission.tp, kTp);
  EXPECT_EQ(permission.begin, Offset(0));
  EXPECT_EQ(permission.end, Offset(2));
}

TEST(DeletedTopic, PermitsNothingToAnother) {
  FakeCluster c = a_topic_with_records();
  c.ack(1, 0, 2);
  c.emit(kController.value(), {io::RemoveTopic{.topic_id = {.high = 5}, .name = "orders"}});
  for (const int broker : {1, 2, 3}) c.drop(broker);
  HistoryBuilder history;
  history.send({.number = 1, .offset = 0});
  end(c, history);
  EXPECT_TRUE(c.ids().contains("I13"));
}

TEST(DeletedTopic, ExcusesNoWrongRead) {
  FakeCluster c = a_topic_with_records();
  c.remove_topic();
  HistoryBuilder history;
  history.send({.number = 1, .offset = 0}).send({.number = 9, .status = io::CallStatus::kUnknown});
  history.poll({{0, 9}});
  end(c, history);
  EXPECT_TRUE(c.ids().contains("I15"));
  EXPECT_TRUE(c.ids().contains("J1"));
}

TEST(DeletedTopic, ExpectsNothingOfLeadersThatDoNotKnow) {
  FakeCluster c = a_topic_with_records();
  c.remove_topic();
  c.drop(2);
  c.drop(3);
  c.append(1, {3});
  c.ack(1, 2, 3);
  c.learn_isr(1, {1, 2, 3});
  c.scan();
  EXPECT_EQ(c.ids(), Ids{});
}

TEST(DeletedTopic, IsToBeGoneInTheEnd) {
  FakeCluster c = a_topic_with_records();
  c.remove_topic();
  c.drop(2);
  c.drop(3);
  c.settle();
  EXPECT_EQ(c.ids(), Ids{"I30"});
}

TEST(Settings, AreToReachEveryLeader) {
  FakeCluster c = a_topic_with_records();
  c.committed.effective_min_isr = 1;
  c.set_isr({1, 2, 3});
  c.settle();
  EXPECT_EQ(c.ids(), Ids{"I30"});
}

TEST(Settings, ThatHaveNotReachedALeaderBindItNot) {
  FakeCluster c({.min_isr = 1});
  c.set_isr({1});
  c.learn_isr(1, {1});
  c.replicate(1, {1}, {});
  c.committed.effective_min_isr = 2;
  c.set_isr({1});
  c.ack(1, 0, 1, -1, 1);
  EXPECT_EQ(c.ids(), Ids{});
}

}  // namespace
}  // namespace odradek::sim
