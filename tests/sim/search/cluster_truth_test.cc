#include "sim/search/cluster_truth.h"

#include <gtest/gtest.h>

namespace odradek::sim {
namespace {

io::ChangePartition change_at(std::int64_t offset, std::int32_t leader) {
  return {.tp = {},
          .metadata_offset = Offset(offset),
          .topic = "orders",
          .replicas = {BrokerId(1), BrokerId(2)},
          .isr = {BrokerId(1), BrokerId(2)},
          .leader = BrokerId(leader),
          .leader_epoch = {},
          .partition_epoch = {}};
}

/// A truth that has learnt of three records; what stands at offset 1 was told.
ClusterTruth after_three_records() {
  ClusterTruth truth;
  EXPECT_EQ(truth.hear(change_at(1, 1)), Telling::kNews);
  metadata::MetadataImage image;
  image.finish_batch({.offset = Offset(3), .epoch = {}});
  truth.learn(image);
  return truth;
}

TEST(ClusterTruth, PassesOverWhatIsToldAgain) {
  ClusterTruth truth = after_three_records();
  EXPECT_EQ(truth.hear(change_at(1, 1)), Telling::kRetold);
  EXPECT_EQ(truth.hear(change_at(3, 2)), Telling::kNews);
}

TEST(ClusterTruth, NoticesAControllerThatHasLostACommittedRecord) {
  ClusterTruth truth = after_three_records();
  EXPECT_EQ(truth.hear(change_at(1, 2)), Telling::kContradiction);
  EXPECT_EQ(truth.hear(change_at(2, 2)), Telling::kContradiction) << "nothing was told of this offset before";
}

TEST(ClusterTruth, TakesWhatIsNotOfTheMetadataLogAsNews) {
  ClusterTruth truth = after_three_records();
  EXPECT_EQ(truth.hear(io::ElectController{.controller_epoch = LeaderEpoch(1)}), Telling::kNews);
}

constexpr TopicId kFirst{.high = 1, .low = 1};
constexpr TopicId kSecond{.high = 2, .low = 2};

/// A metadata log, record by record.
class LogOfMetadata {
 public:
  bool tell(ClusterTruth& truth, const metadata::MetadataRecord& record) {
    metadata::ImageDelta delta;
    image_.replay(record, delta);
    ++end_;
    image_.finish_batch({.offset = end_, .epoch = {}});
    return truth.learn(image_);
  }
  bool create(ClusterTruth& truth, TopicId id) {
    (void)tell(truth, metadata::TopicRecord{.name = "orders", .topic_id = id});
    return tell(truth, metadata::PartitionRecord{.partition_id = PartitionId(0),
                                                 .topic_id = id,
                                                 .replicas = {BrokerId(1), BrokerId(2), BrokerId(3)},
                                                 .isr = {BrokerId(1)},
                                                 .removing_replicas = {},
                                                 .adding_replicas = {},
                                                 .leader = BrokerId(1),
                                                 .leader_recovery_state = {},
                                                 .leader_epoch = {},
                                                 .partition_epoch = {}});
  }
  bool configure(ClusterTruth& truth, metadata::ResourceType type, std::string resource, std::string value) {
    return tell(truth, metadata::ConfigRecord{.resource_type = type,
                                              .resource_name = std::move(resource),
                                              .name = "min.insync.replicas",
                                              .value = std::move(value)});
  }

 private:
  metadata::MetadataImage image_;
  Offset end_;
};

TEST(ClusterTruth, KnowsWhatExistsAndWhatExisted) {
  ClusterTruth truth;
  LogOfMetadata log;
  const io::NamedPartition orders{.topic = "orders", .partition = PartitionId(0)};
  EXPECT_TRUE(log.create(truth, kFirst));
  EXPECT_TRUE(log.tell(truth, metadata::RemoveTopicRecord{.topic_id = kFirst}));
  EXPECT_TRUE(truth.partitions().empty());
  EXPECT_FALSE(truth.partition({.topic_id = kFirst, .partition = PartitionId(0)}));
  EXPECT_EQ(truth.topic_names().at(kFirst), "orders");
  EXPECT_TRUE(log.create(truth, kSecond));
  EXPECT_EQ(truth.partitions().at(orders), kSecond);
}

TEST(ClusterTruth, FollowsSettingsAndRemembersTheWeakest) {
  ClusterTruth truth;
  LogOfMetadata log;
  const TopicPartition tp{.topic_id = kFirst, .partition = PartitionId(0)};
  (void)log.create(truth, kFirst);
  EXPECT_FALSE(log.configure(truth, metadata::ResourceType::kBroker, "", "3"));
  EXPECT_EQ(truth.partition(tp)->effective_min_isr, 3);
  EXPECT_EQ(truth.partition(tp)->least_min_isr, 1);
  (void)log.configure(truth, metadata::ResourceType::kTopic, "orders", "2");
  EXPECT_EQ(truth.partition(tp)->effective_min_isr, 2);
  EXPECT_EQ(truth.partition(tp)->least_min_isr, 1);
}

}  // namespace
}  // namespace odradek::sim
