#include <gtest/gtest.h>

#include <string>

#include "engine/controller/topic_control.h"
#include "tests/engine/controller/controller_bench.h"

namespace odradek::controller {
namespace {

using enum api::ErrorCode;

class CreateTopics : public testing::Test {
 protected:
  CreateTopics() {
    for (const std::int32_t id : {1, 2, 3}) bench_.start_broker(id);
    (void)bench_.register_broker(4);  // registered, and fenced
  }
  ControllerBench bench_;
};

TEST_F(CreateTopics, SpreadsLeadersAndFollowersOverUnfencedBrokers) {
  const auto result = bench_.create({.name = "t", .num_partitions = 3, .replication_factor = 2});
  ASSERT_EQ(result.error_code, kNone) << result.error_message;
  std::set<BrokerId> leaders;
  std::set<BrokerId> followers;
  for (const auto& [id, partition] : bench_.image().topic("t")->partitions) {
    EXPECT_EQ(partition.isr, partition.replicas);
    EXPECT_EQ(partition.leader, partition.replicas.front());
    EXPECT_EQ(partition.leader_epoch, LeaderEpoch(0));
    leaders.insert(*partition.leader);
    followers.insert(partition.replicas.back());
  }
  EXPECT_EQ(leaders.size(), 3u);
  EXPECT_EQ(followers.size(), 3u);
  EXPECT_EQ(bench_.events<io::ChangePartition>().size(), 3u);
}

TEST_F(CreateTopics, UsesFencedBrokersOnlyWhereItMust) {
  const auto result = bench_.create({.name = "t", .num_partitions = 1, .replication_factor = 4});
  ASSERT_EQ(result.error_code, kNone) << result.error_message;
  const auto& partition = bench_.partition({result.topic_id, PartitionId(0)});
  EXPECT_EQ(partition.replicas.back(), BrokerId(4));
  EXPECT_EQ(partition.isr.size(), 3u);
}

TEST_F(CreateTopics, IsDecidedByTheKeyOfTheIncarnation) {
  ControllerBench again;
  for (const std::int32_t id : {1, 2, 3}) again.start_broker(id);
  (void)again.register_broker(4);
  EXPECT_EQ(bench_.create({.name = "t", .num_partitions = 5, .replication_factor = 3}),
            again.create({.name = "t", .num_partitions = 5, .replication_factor = 3}));
  EXPECT_EQ(bench_.image(), again.image());
}

TEST_F(CreateTopics, RefusesNames) {
  (void)bench_.create({.name = "a.b"});
  EXPECT_EQ(bench_.create({.name = "a.b"}).error_code, kTopicAlreadyExists);
  const auto collision = bench_.create({.name = "a_b"});
  EXPECT_EQ(collision.error_code, kInvalidTopicException);
  EXPECT_EQ(collision.error_message, "Topic 'a_b' collides with existing topic: a.b");
  for (const std::string& name : {std::string(), std::string("."), std::string(".."), std::string("a b"),
                                  std::string("ä"), std::string(250, 'x')}) {
    EXPECT_EQ(bench_.create({.name = name}).error_code, kInvalidTopicException) << name;
  }
  EXPECT_EQ(bench_.create({.name = std::string(249, 'x')}).error_code, kNone);
}

TEST_F(CreateTopics, RefusesNumbers) {
  EXPECT_EQ(bench_.create({.name = "t", .num_partitions = 0}).error_code, kInvalidPartitions);
  EXPECT_EQ(bench_.create({.name = "t", .replication_factor = 0}).error_code, kInvalidReplicationFactor);
  const auto many = bench_.create({.name = "t", .replication_factor = 5});
  EXPECT_EQ(many.error_code, kInvalidReplicationFactor);
  EXPECT_EQ(many.error_message,
            "Unable to replicate the partition 5 time(s): The target replication factor of 5 cannot be "
            "reached because "
            "only 4 broker(s) are registered.");
  EXPECT_EQ(bench_.create({.name = "t", .num_partitions = -1, .replication_factor = -1}).error_code, kNone);
}

TEST_F(CreateTopics, RefusesSettings) {
  const auto bad =
      bench_.create({.name = "t", .configs = {{.name = "min.insync.replicas", .value = "many"}}});
  EXPECT_EQ(bad.error_code, kInvalidConfig);
  EXPECT_EQ(bench_.create({.name = "t", .configs = {{.name = "nonsense", .value = "1"}}}).error_code,
            kInvalidConfig);
  EXPECT_EQ(bench_.image().topic("t"), nullptr);
}

TEST_F(CreateTopics, RefusesAssignments) {
  const auto assign = [&](std::vector<api::CreatableReplicaAssignment> assignments) {
    return bench_.create({.name = "t", .assignments = std::move(assignments)}).error_code;
  };
  const PartitionId p0(0);
  const PartitionId p1(1);
  EXPECT_EQ(assign({{p0, brokers({})}}), kInvalidReplicaAssignment);
  EXPECT_EQ(assign({{p0, brokers({1, 1})}}), kInvalidReplicaAssignment);
  EXPECT_EQ(assign({{p0, brokers({9})}}), kInvalidReplicaAssignment);
  EXPECT_EQ(assign({{p0, brokers({4})}}), kInvalidReplicaAssignment);  // fenced
  EXPECT_EQ(assign({{p0, brokers({1})}, {p0, brokers({2})}}), kInvalidReplicaAssignment);
  EXPECT_EQ(assign({{p0, brokers({1})}, {p1, brokers({1, 2})}}), kInvalidReplicaAssignment);
  EXPECT_EQ(assign({{p1, brokers({1})}}), kInvalidReplicaAssignment);
  EXPECT_EQ(assign({{p0, brokers({4, 2})}}), kNone);
  EXPECT_EQ(bench_.image().topic("t")->partitions.at(p0).leader, BrokerId(2));
}

TEST_F(CreateTopics, LetsTopicsOfOneRequestStandAloneButNotTwice) {
  const auto response = bench_.call<api::CreateTopicsResponse>(api::CreateTopicsRequest{
      .topics = {{.name = "good"}, {.name = "bad name"}, {.name = "x"}, {.name = "x"}}});
  EXPECT_EQ(response.topics[0].error_code, kNone);
  EXPECT_EQ(response.topics[1].error_code, kInvalidTopicException);
  EXPECT_EQ(response.topics[2].error_code, kInvalidRequest);
  EXPECT_EQ(response.topics[3].error_code, kInvalidRequest);
  EXPECT_EQ(bench_.image().topics().size(), 1u);
}

TEST(CreateTopicsWithoutBrokers, IsRefused) {
  ControllerBench bench;
  EXPECT_EQ(bench.create({.name = "t"}).error_code, kInvalidReplicationFactor);
}

}  // namespace
}  // namespace odradek::controller
