// What a broker does when topics are deleted, created again, moved away and reconfigured.
#include <gtest/gtest.h>

#include "tests/engine/replica/replica_bench.h"

namespace odradek::replica {
namespace {

using enum api::ErrorCode;
using Names = std::vector<std::string>;

constexpr Duration kDeleteDelay = seconds(60);  // file.delete.delay.ms

/// Broker 1 leads a topic with one record; what was asked to become durable is.
Bench a_leader_of_one_record() {
  Bench b;
  b.create(1, {1, 2});
  b.produce({"a"}, 1);
  b.finish_fsyncs();
  b.forget();
  return b;
}

TEST(DeletedTopic, LosesItsReplicaAndTells) {
  Bench b = a_leader_of_one_record();
  b.replay_deletion();
  b.apply();
  EXPECT_EQ(b.manager().find(kTp), nullptr);
  ASSERT_TRUE(b.event<io::DeleteLog>());
  EXPECT_EQ(b.event<io::DeleteLog>()->log_end, Offset(1));
}

TEST(DeletedTopic, EndsAParkedProduceThatMayHaveBeenAppended) {
  Bench b = a_leader_of_one_record();
  b.produce({"b"});
  EXPECT_EQ(b.produce_error(), std::nullopt);
  b.replay_deletion();
  b.apply();
  EXPECT_EQ(b.produce_error(), kUnknownTopicOrPartition);
  EXPECT_FALSE(api::info_of(kUnknownTopicOrPartition).definite);
}

TEST(DeletedTopic, EndsAParkedFetch) {
  Bench b = a_leader_of_one_record();
  b.poll();
  EXPECT_FALSE(b.fetched());
  b.replay_deletion();
  b.apply();
  ASSERT_TRUE(b.fetched());
  EXPECT_EQ(b.fetched()->error_code, kUnknownTopicId);
}

TEST(DeletedTopic, IsRefusedAsSoonAsTheMetadataCacheKnows) {
  Bench b = a_leader_of_one_record();
  b.replay_deletion();
  b.produce({"b"}, 1);
  EXPECT_EQ(b.produce_error(), kUnknownTopicId);
  b.poll();
  EXPECT_EQ(b.fetched()->error_code, kUnknownTopicId);
  EXPECT_EQ(b.partition().log().log_end_offset(), Offset(1));
}

TEST(DeletedTopic, StopsItsFetcher) {
  Bench b;
  b.create(2, {1, 2});
  const io::Link link = b.open();
  ASSERT_TRUE(b.sent_fetch());
  b.replay_deletion();
  b.apply();
  EXPECT_TRUE(b.last<io::Close>()) << "nothing else is fetched from that leader";
  b.answer(link, {.partition_index = PartitionId(0),
                  .high_watermark = Offset(1),
                  .records = {testing::batch_of({"a"})}});
  EXPECT_EQ(b.manager().find(kTp), nullptr);
}

TEST(DeletedTopic, DropsItsChangeOfTheIsr) {
  Bench b = a_leader_of_one_record();
  const io::Link link = b.propose_and_open();
  b.replay_deletion();
  b.apply();
  b.answer_isr(link, kUnknownTopicId);
  EXPECT_EQ(b.manager().find(kTp), nullptr);
}

TEST(DeletedTopic, KeepsItsFilesUnderAnotherNameForAWhile) {
  Bench b = a_leader_of_one_record();
  b.replay_deletion();
  b.apply();
  ASSERT_EQ(b.directories().size(), 1u);
  EXPECT_EQ(b.directories().front(), "t-0.00000000000000000000000000000000-delete");
  b.pass(kDeleteDelay - milliseconds(1));
  b.fire(io::TimerKind::kLogDeletion);
  EXPECT_EQ(b.directories().size(), 1u);
  b.pass(milliseconds(1));
  b.fire(io::TimerKind::kLogDeletion);
  EXPECT_EQ(b.directories(), Names{});
}

TEST(RecreatedTopic, StartsFromNothing) {
  Bench b = a_leader_of_one_record();
  b.replay_deletion();
  b.replay_creation(kNextTopic, 1, {1, 2});
  b.apply();
  ASSERT_NE(b.manager().find(kNextTp), nullptr);
  EXPECT_EQ(b.manager().find(kNextTp)->log().log_end_offset(), Offset(0));
  EXPECT_EQ(b.manager().find(kNextTp)->high_watermark(), Offset(0));
  EXPECT_EQ(b.directories().size(), 2u);
}

TEST(RecreatedTopic, IsAnotherOneThanTheOneThatIsStillHere) {
  Bench b = a_leader_of_one_record();
  b.replay_deletion();
  b.replay_creation(kNextTopic, 1, {1, 2});
  b.poll(kNextTopic);
  EXPECT_EQ(b.fetched()->error_code, kInconsistentTopicId);
  b.produce({"b"}, 1, kNextTopic);
  EXPECT_EQ(b.produce_error(), kUnknownTopicId);
  b.poll(kTopic);
  EXPECT_EQ(b.fetched()->error_code, kUnknownTopicId);
}

TEST(RecreatedTopic, DoesNotInheritTheHighWatermark) {
  Bench b;
  b.create(1, {1, 2});
  b.produce({"a", "b"}, 1);
  b.fetch(2, 2, 0);
  EXPECT_EQ(b.high_watermark(), 2);
  b.fire(io::TimerKind::kHighWatermarkCheckpoint);
  b.finish_fsyncs();
  b.forget();
  b.replay_deletion();
  b.replay_creation(kNextTopic, 1, {1, 2});
  b.apply();
  b.finish_fsyncs();
  b.produce({"c", "d"}, 1, kNextTopic);
  b.restart();
  EXPECT_EQ(b.manager().find(kNextTp)->log().log_end_offset(), Offset(2));
  EXPECT_EQ(b.manager().find(kNextTp)->high_watermark(), Offset(0));
}

TEST(StrayLog, IsDeletedOnceMetadataKnowsTheNewIncarnation) {
  Bench b = a_leader_of_one_record();
  b.restart();
  b.apply();
  EXPECT_NE(b.manager().find(kTp), nullptr) << "an image of the past knows nothing of it yet";
  b.replay_creation(kNextTopic, 2, {2, 3});
  b.register_again();
  b.apply();
  EXPECT_EQ(b.manager().find(kTp), nullptr);
  ASSERT_NE(b.manager().find(kNextTp), nullptr);
  EXPECT_EQ(b.manager().find(kNextTp)->log().log_end_offset(), Offset(0));
}

TEST(StrayLog, IsOneThatHasMovedToOtherBrokersMeanwhile) {
  Bench b = a_leader_of_one_record();
  b.restart();
  b.replay_creation(kTopic, 2, {2, 3}, {2, 3});
  b.register_again();
  b.apply();
  EXPECT_EQ(b.manager().find(kTp), nullptr);
}

TEST(StrayLog, IsNotOneThatAnImageOfThePastPutsElsewhere) {
  Bench b = a_leader_of_one_record();
  b.restart();
  b.replay_creation(kTopic, 2, {2, 3}, {2, 3});
  b.apply();
  b.register_again();
  b.assign({1, 2, 3}, {2, 3});
  ASSERT_NE(b.manager().find(kTp), nullptr);
  EXPECT_EQ(b.partition().log().log_end_offset(), Offset(1));
}

TEST(InterruptedDeletion, IsResumed) {
  Bench b = a_leader_of_one_record();
  // The process died after the first of the renames, which took the topic's id away.
  ASSERT_TRUE(b.disk().rename("t-0/partition.metadata", "t-0.1-delete/partition.metadata"));
  b.restart();
  EXPECT_EQ(b.manager().find(kTp), nullptr);
  ASSERT_EQ(b.directories().size(), 2u);
  EXPECT_FALSE(b.directories().back().ends_with("t-0"));
  for (int log = 0; log < 2; ++log) {
    b.pass(kDeleteDelay);
    b.fire(io::TimerKind::kLogDeletion);
  }
  EXPECT_EQ(b.directories(), Names{});
}

TEST(Reassignment, TakesTheReplicaAway) {
  Bench b;
  b.create(2, {1, 2});
  b.assign({2, 3}, {2, 3});
  EXPECT_EQ(b.manager().find(kTp), nullptr);
  EXPECT_TRUE(b.event<io::DeleteLog>());
}

TEST(Reassignment, LetsALeaderServeAReplicaThatIsAddedWithinItsEpoch) {
  Bench b = a_leader_of_one_record();
  b.fetch(4, 0);
  EXPECT_EQ(b.fetched()->error_code, kUnknownLeaderEpoch);
  b.assign({1, 2, 3, 4}, {1, 2});
  b.fetch(4, 0);
  EXPECT_EQ(b.fetched()->error_code, kNone);
  b.assign({1, 2, 3}, {1, 2});
  b.fetch(4, 0);
  EXPECT_EQ(b.fetched()->error_code, kUnknownLeaderEpoch);
}

TEST(Settings, ReachALeader) {
  Bench b;
  b.create(1, {1});
  b.produce({"a"}, 1);
  b.produce({"b"});
  EXPECT_EQ(b.produce_error(), kNotEnoughReplicas);
  EXPECT_EQ(b.high_watermark(), 0);
  b.configure(metadata::ResourceType::kTopic, "min.insync.replicas", "1");
  EXPECT_EQ(b.high_watermark(), 1) << "one in-sync replica is enough now";
  b.produce({"b"});
  EXPECT_EQ(b.produce_error(), kNone);
}

TEST(Settings, ReachTheLog) {
  Bench b = a_leader_of_one_record();
  b.configure(metadata::ResourceType::kTopic, "segment.bytes", "100");
  b.produce({"b"}, 1);
  EXPECT_EQ(b.partition().log().segments().size(), 2u);
}

TEST(Settings, OfAllBrokersAreTheDefaultsOfTopics) {
  Bench b = a_leader_of_one_record();
  b.configure(metadata::ResourceType::kBroker, "message.max.bytes", "10");
  b.produce({"b"}, 1);
  EXPECT_EQ(b.produce_error(), kMessageTooLarge);
  b.configure(metadata::ResourceType::kTopic, "max.message.bytes", "1000");
  b.produce({"b"}, 1);
  EXPECT_EQ(b.produce_error(), kNone);
}

}  // namespace
}  // namespace odradek::replica
