#include "engine/node/handlers/metadata.h"

#include <utility>

namespace odradek::node {
namespace {

api::MetadataResponsePartition describe_partition(PartitionId id,
                                                  const metadata::PartitionRegistration& partition,
                                                  const metadata::MetadataImage& image) {
  const bool live = partition.leader && image.is_active(*partition.leader);
  return {.error_code = live ? api::ErrorCode::kNone : api::ErrorCode::kLeaderNotAvailable,
          .partition_index = id,
          .leader_id = live ? partition.leader : std::nullopt,
          .leader_epoch = partition.leader_epoch,
          .replica_nodes = partition.replicas,
          .isr_nodes = partition.isr};
}

api::MetadataResponseTopic describe_topic(const metadata::TopicImage& topic,
                                          const metadata::MetadataImage& image) {
  api::MetadataResponseTopic described{.name = topic.name, .topic_id = topic.id, .partitions = {}};
  for (const auto& [id, partition] : topic.partitions) {
    described.partitions.push_back(describe_partition(id, partition, image));
  }
  return described;
}

}  // namespace

api::MetadataResponse handle_metadata(const api::MetadataRequest& request,
                                      const metadata::MetadataImage& image) {
  api::MetadataResponse response;
  for (const auto& [id, broker] : image.brokers()) {
    if (!broker.fenced) response.brokers.push_back(id);
  }
  if (!request.topics) {
    for (const auto& [id, topic] : image.topics()) response.topics.push_back(describe_topic(*topic, image));
    return response;
  }
  for (const std::string& name : *request.topics) {
    if (const metadata::TopicImage* topic = image.topic(name)) {
      response.topics.push_back(describe_topic(*topic, image));
    } else {
      response.topics.push_back({.error_code = api::ErrorCode::kUnknownTopicOrPartition,
                                 .name = name,
                                 .topic_id = {},
                                 .partitions = {}});
    }
  }
  return response;
}

}  // namespace odradek::node
