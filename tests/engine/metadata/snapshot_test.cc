#include "engine/metadata/snapshot.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>

#include "engine/base/describe.h"
#include "tests/engine/metadata/records_gen.h"

namespace odradek::metadata {
namespace {

/// A log of arbitrary records that may follow each other.
class AnyLog {
 public:
  explicit AnyLog(MetadataImage image) : image_(std::move(image)) {}

  void grow() {
    MetadataRecord record = any_record();
    if (!std::visit([this](auto& r) { return fit(r); }, record)) return;
    image_.replay(record, delta_);
    image_.finish_batch({.offset = image_.end_offset() + 1, .epoch = LeaderEpoch(4)});
  }
  [[nodiscard]] const MetadataImage& image() const { return image_; }
  [[nodiscard]] const ImageDelta& delta() const { return delta_; }

 private:
  static BrokerId one_broker() { return BrokerId(*rc::gen::inRange(1, 4)); }
  static std::string one_name() { return std::string(1, *rc::gen::inRange('a', 'd')); }
  [[nodiscard]] const TopicImage* one_topic() const { return image_.topic(one_name()); }

  // Each bends a record so that it may follow, or says that it cannot.
  bool fit(RegisterBrokerRecord& r) {
    r.broker_id = one_broker();
    r.broker_epoch = BrokerEpoch(image_.end_offset().value());
    return true;
  }
  template <class ChangeOfBroker>
  bool fit_broker(ChangeOfBroker& r) {
    r.broker_id = one_broker();
    const BrokerRegistration* broker = image_.broker(r.broker_id);
    if (broker != nullptr) r.broker_epoch = broker->epoch;
    return broker != nullptr;
  }
  bool fit(BrokerRegistrationChangeRecord& r) { return fit_broker(r); }
  bool fit(UnregisterBrokerRecord& r) { return fit_broker(r); }
  bool fit(TopicRecord& r) {
    r.name = one_name();
    return image_.topic(r.name) == nullptr && image_.topic(r.topic_id) == nullptr;
  }
  bool fit(PartitionRecord& r) {
    const TopicImage* topic = one_topic();
    if (topic == nullptr) return false;
    r.topic_id = topic->id;
    r.partition_id = PartitionId(static_cast<std::int32_t>(topic->partitions.size()));
    // What a snapshot leaves out, for it says nothing.
    if (r.leader_recovery_state == api::LeaderRecoveryState::kRecovered) r.leader_recovery_state.reset();
    return true;
  }
  bool fit(PartitionChangeRecord& r) {
    const TopicImage* topic = one_topic();
    if (topic == nullptr || topic->partitions.empty()) return false;
    r.topic_id = topic->id;
    r.partition_id = PartitionId(0);
    return true;
  }
  bool fit(ConfigRecord& r) {
    const TopicImage* topic = one_topic();
    r.name = one_name();
    r.resource_type = topic != nullptr ? ResourceType::kTopic : ResourceType::kBroker;
    if (topic != nullptr) {
      r.resource_name = topic->name;
    } else {
      r.resource_name = any<bool>() ? std::string() : std::to_string(one_broker().value());
    }
    return true;
  }
  bool fit(RemoveTopicRecord& r) {
    const TopicImage* topic = one_topic();
    if (topic != nullptr) r.topic_id = topic->id;
    return topic != nullptr;
  }
  bool fit(FeatureLevelRecord& r) {
    r.name = one_name();
    return true;
  }
  bool fit(NoOpRecord&) { return true; }

  MetadataImage image_;
  ImageDelta delta_;
};

constexpr int kRecordsBefore = 40;
constexpr int kRecordsAfter = 10;

MetadataImage any_image() {
  AnyLog log{MetadataImage{}};
  for (int i = 0; i < kRecordsBefore; ++i) log.grow();
  return log.image();
}

RC_GTEST_PROP(Snapshot, GivesTheImageAgain, ()) {
  const MetadataImage image = any_image();
  const MetadataImage again =
      from_records(to_records(image), {.offset = image.end_offset(), .epoch = image.controller_epoch()});
  const bool is_same = again == image && digest_of(again) == digest_of(image);
  if (!is_same) RC_FAIL(first_difference(again, image).value_or("their digests differ"));
}

/// Whoever acts on the difference acts on nothing that the log between did not tell, and on all that is
/// other.
RC_GTEST_PROP(Snapshot, DiffersByWhatTheLogBetweenTold, ()) {
  const MetadataImage before = any_image();
  AnyLog log(before);
  for (int i = 0; i < kRecordsAfter; ++i) log.grow();
  const ImageDelta differs = difference(before, log.image());
  const ImageDelta& told = log.delta();
  RC_ASSERT(differs.created_topics == told.created_topics);
  RC_ASSERT(differs.deleted_topics == told.deleted_topics);
  RC_ASSERT(differs.changed_partitions == told.changed_partitions);
  RC_ASSERT(std::ranges::includes(told.changed_configs, differs.changed_configs));
  RC_ASSERT(std::ranges::includes(told.changed_broker_configs, differs.changed_broker_configs));
  RC_ASSERT(told.brokers_changed || !differs.brokers_changed);
  RC_ASSERT(told.features_changed || !differs.features_changed);
  RC_ASSERT(differs.is_empty() ==
            (from_records(to_records(before), {}) == from_records(to_records(log.image()), {})));
}

TEST(Snapshot, NamesFeaturesThenBrokersThenTopicsThenSettings) {
  MetadataImage image;
  ImageDelta delta;
  const TopicId topic{.high = 1, .low = 2};
  PartitionRecord partition{.partition_id = PartitionId(0), .topic_id = topic};
  partition.replicas = {BrokerId(1)};
  for (const MetadataRecord& record : std::vector<MetadataRecord>{
           TopicRecord{.name = "t", .topic_id = topic},
           ConfigRecord{.resource_name = "t", .name = "segment.bytes", .value = "99"},
           ConfigRecord{
               .resource_type = ResourceType::kBroker, .resource_name = "", .name = "n", .value = "1"},
           partition,
           RegisterBrokerRecord{.broker_id = BrokerId(1), .broker_epoch = BrokerEpoch(4)},
           FeatureLevelRecord{.name = "f", .feature_level = 1},
       }) {
    image.replay(record, delta);
  }
  std::string kinds;
  for (const MetadataRecord& record : to_records(image)) kinds += std::string(kind_of(record).name) + " ";
  EXPECT_EQ(kinds,
            "FeatureLevelRecord RegisterBrokerRecord TopicRecord PartitionRecord ConfigRecord ConfigRecord ");
}

}  // namespace
}  // namespace odradek::metadata
