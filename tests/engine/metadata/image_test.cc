#include "engine/metadata/image.h"

#include <gtest/gtest.h>

#include "engine/base/describe.h"
#include "engine/base/ensure.h"
#include "engine/metadata/topic_config.h"

namespace odradek::metadata {
namespace {

constexpr TopicId kTopic{.high = 7, .low = 1};
constexpr TopicPartition kPartition{.topic_id = kTopic, .partition = PartitionId(0)};

RecordBatch batch_at(Offset base, std::vector<MetadataRecord> records) {
  const Offset end = base + static_cast<std::int64_t>(records.size());
  return {.base = base, .end = end, .epoch = LeaderEpoch(1), .records = std::move(records)};
}

PartitionRecord new_partition() {
  PartitionRecord record{.partition_id = PartitionId(0), .topic_id = kTopic};
  record.replicas = {BrokerId(1), BrokerId(2)};
  record.isr = record.replicas;
  record.leader = BrokerId(1);
  return record;
}

class Image : public testing::Test {
 protected:
  Image() {
    image_.replay(batch_at(Offset(0), {TopicRecord{.name = "orders", .topic_id = kTopic}, new_partition()}),
                  delta_);
    image_.replay(
        batch_at(Offset(2), {RegisterBrokerRecord{.broker_id = BrokerId(1), .broker_epoch = BrokerEpoch(2)}}),
        delta_);
    delta_ = {};
  }
  void replay(MetadataRecord record) {
    image_.replay(batch_at(image_.end_offset(), {std::move(record)}), delta_);
  }
  const PartitionRegistration& partition() { return *image_.partition(kPartition); }

  MetadataImage image_;
  ImageDelta delta_;
};

TEST_F(Image, FindsATopicByNameAndById) {
  ASSERT_NE(image_.topic("orders"), nullptr);
  EXPECT_EQ(image_.topic("orders"), image_.topic(kTopic));
  EXPECT_EQ(image_.topic("other"), nullptr);
  EXPECT_EQ(image_.end_offset(), Offset(3));
}

TEST_F(Image, StartsALeaderEpochOnlyWhenTheRecordHasALeader) {
  PartitionChangeRecord shrink{.partition_id = PartitionId(0), .topic_id = kTopic};
  shrink.isr = std::vector{BrokerId(1)};
  replay(shrink);
  EXPECT_EQ(partition().leader_epoch, LeaderEpoch(0));
  EXPECT_EQ(partition().partition_epoch, PartitionEpoch(1));
  EXPECT_EQ(partition().leader, BrokerId(1));

  PartitionChangeRecord headless{.partition_id = PartitionId(0), .topic_id = kTopic};
  headless.leader.emplace(std::nullopt);
  replay(headless);
  EXPECT_EQ(partition().leader_epoch, LeaderEpoch(1));
  EXPECT_EQ(partition().partition_epoch, PartitionEpoch(2));
  EXPECT_EQ(partition().leader, std::nullopt);
  EXPECT_EQ(partition().isr, std::vector{BrokerId(1)});
  EXPECT_EQ(delta_.changed_partitions, std::set{kPartition});
}

TEST_F(Image, UnfencesAndShutsDownABroker) {
  EXPECT_FALSE(image_.is_active(BrokerId(1)));
  BrokerRegistrationChangeRecord change{.broker_id = BrokerId(1), .broker_epoch = BrokerEpoch(2)};
  change.fenced = FencingChange::kUnfence;
  replay(change);
  EXPECT_TRUE(image_.is_active(BrokerId(1)));
  EXPECT_TRUE(delta_.brokers_changed);

  BrokerRegistrationChangeRecord leaving{.broker_id = BrokerId(1), .broker_epoch = BrokerEpoch(2)};
  leaving.in_controlled_shutdown = ControlledShutdownChange::kInControlledShutdown;
  replay(leaving);
  EXPECT_FALSE(image_.broker(BrokerId(1))->fenced);
  EXPECT_FALSE(image_.is_active(BrokerId(1)));
}

TEST_F(Image, OfACopyDoesNotSeeLaterChanges) {
  const MetadataImage before = image_;
  PartitionChangeRecord change{.partition_id = PartitionId(0), .topic_id = kTopic};
  change.leader.emplace(BrokerId(2));
  replay(change);
  EXPECT_EQ(before.partition(kPartition)->leader, BrokerId(1));
  EXPECT_EQ(partition().leader, BrokerId(2));
  EXPECT_NE(digest_of(before), digest_of(image_));
}

TEST_F(Image, TakesTopicSettingsOverDefaults) {
  replay(ConfigRecord{.resource_name = "orders", .name = "min.insync.replicas", .value = "2"});
  EXPECT_EQ(image_.topic_config(kTopic, {.max_message_bytes = 5}).min_insync_replicas, 2);
  EXPECT_EQ(image_.topic_config(kTopic, {.max_message_bytes = 5}).max_message_bytes, 5);
  EXPECT_EQ(delta_.changed_configs, std::set{kTopic});

  replay(ConfigRecord{.resource_name = "orders", .name = "min.insync.replicas", .value = {}});
  EXPECT_EQ(image_.topic_config(kTopic, {}).min_insync_replicas, 1);
}

TEST_F(Image, ForgetsADeletedTopicAndLetsItsNameBeUsedAgain) {
  replay(ConfigRecord{.resource_name = "orders", .name = "min.insync.replicas", .value = "2"});
  replay(RemoveTopicRecord{.topic_id = kTopic});
  EXPECT_EQ(image_.topic(kTopic), nullptr);
  EXPECT_EQ(image_.topic("orders"), nullptr);
  EXPECT_EQ(delta_, (ImageDelta{.deleted_topics = {{kTopic, "orders"}}})) << describe(delta_);

  const TopicId again{.high = 7, .low = 2};
  replay(TopicRecord{.name = "orders", .topic_id = again});
  EXPECT_TRUE(image_.topic("orders")->configs.empty());
  EXPECT_EQ(delta_.created_topics, std::set{again});
  EXPECT_THROW(replay(RemoveTopicRecord{.topic_id = kTopic}), EnsureFailure);
}

TEST_F(Image, DeltaHasNothingOfATopicThatCameAndWent) {
  const TopicId brief{.high = 7, .low = 2};
  PartitionRecord partition = new_partition();
  partition.topic_id = brief;
  replay(TopicRecord{.name = "brief", .topic_id = brief});
  replay(ConfigRecord{.resource_name = "brief", .name = "segment.bytes", .value = "99"});
  replay(partition);
  EXPECT_FALSE(delta_.is_empty());
  replay(RemoveTopicRecord{.topic_id = brief});
  EXPECT_TRUE(delta_.is_empty()) << describe(delta_);
}

TEST_F(Image, LaysABrokersOwnSettingsOverThoseOfAll) {
  const auto set = [this](std::string broker, std::string name, std::optional<std::string> value) {
    replay(ConfigRecord{.resource_type = ResourceType::kBroker,
                        .resource_name = std::move(broker),
                        .name = std::move(name),
                        .value = std::move(value)});
  };
  set("", "log.segment.bytes", "100");
  set("", "message.max.bytes", "50");
  set("1", "log.segment.bytes", "200");
  using Properties = MetadataImage::Properties;
  EXPECT_EQ(image_.broker_config(BrokerId(1)),
            (Properties{{"log.segment.bytes", "200"}, {"message.max.bytes", "50"}}));
  EXPECT_EQ(image_.broker_config(BrokerId(2)),
            (Properties{{"log.segment.bytes", "100"}, {"message.max.bytes", "50"}}));
  EXPECT_EQ(delta_.changed_broker_configs, (std::set<BrokerConfigKey>{std::nullopt, BrokerId(1)}));

  set("1", "log.segment.bytes", std::nullopt);
  EXPECT_EQ(image_.broker_configs().size(), 1u) << "a broker without settings leaves no entry";
}

TEST_F(Image, KeepsTheLevelsOfFeatures) {
  const std::string elr = "eligible.leader.replicas.version";
  EXPECT_EQ(image_.feature_level(elr), std::nullopt);
  replay(FeatureLevelRecord{.name = elr, .feature_level = 1});
  EXPECT_EQ(image_.feature_level(elr), 1);
  EXPECT_TRUE(delta_.features_changed);
  replay(FeatureLevelRecord{.name = elr, .feature_level = 0});
  EXPECT_EQ(image_.feature_level(elr), 0) << "which is not the level that it was formatted with";
}

TEST_F(Image, RefusesToUnregisterAnotherEpochOfABroker) {
  EXPECT_THROW(replay(UnregisterBrokerRecord{.broker_id = BrokerId(1), .broker_epoch = BrokerEpoch(9)}),
               EnsureFailure);
}

TEST_F(Image, UnregistersABrokerOfTheSameEpoch) {
  replay(UnregisterBrokerRecord{.broker_id = BrokerId(1), .broker_epoch = BrokerEpoch(2)});
  EXPECT_EQ(image_.broker(BrokerId(1)), nullptr);
  EXPECT_TRUE(delta_.brokers_changed);
}

TEST_F(Image, RefusesABatchThatSkipsOffsets) {
  EXPECT_THROW(image_.replay(batch_at(Offset(9), {NoOpRecord{}}), delta_), EnsureFailure);
}

TEST(TopicConfig, ReadsEveryPropertyByItsKafkaName) {
  io::TopicConfig config;
  for (const auto& [name, value] :
       std::map<std::string, std::string>{{"min.insync.replicas", "2"},
                                          {"unclean.leader.election.enable", "true"},
                                          {"segment.bytes", "100"},
                                          {"index.interval.bytes", "10"},
                                          {"segment.index.bytes", "24"},
                                          {"max.message.bytes", "99"},
                                          {"message.timestamp.type", "LogAppendTime"},
                                          {"file.delete.delay.ms", "1"}}) {
    EXPECT_TRUE(set_property(config, name, value).has_value()) << name;
  }
  const io::TopicConfig expected{.min_insync_replicas = 2,
                                 .unclean_leader_election_enable = true,
                                 .segment_bytes = 100,
                                 .index_interval_bytes = 10,
                                 .segment_index_bytes = 24,
                                 .max_message_bytes = 99,
                                 .message_timestamp_type = io::TimestampType::kLogAppendTime,
                                 .file_delete_delay_ms = 1};
  EXPECT_EQ(config, expected) << describe(config);
}

TEST(TopicConfig, RefusesWhatAPropertyDoesNotTake) {
  io::TopicConfig config;
  for (const auto& [name, value] :
       std::map<std::string, std::string>{{"min.insync.replicas", "0"},
                                          {"unclean.leader.election.enable", "yes"},
                                          {"segment.bytes", "12x"},
                                          {"file.delete.delay.ms", "-1"},
                                          {"message.timestamp.type", "Never"},
                                          {"no.such.thing", "1"}}) {
    const Result<void> set = set_property(config, name, value);
    ASSERT_FALSE(set.has_value()) << name;
    EXPECT_NE(set.error().message.find(name), std::string::npos) << set.error().message;
  }
  EXPECT_EQ(config, io::TopicConfig{});
}

}  // namespace
}  // namespace odradek::metadata
