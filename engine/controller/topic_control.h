// CreateTopics: names, settings and placement of new topics.
//
// Topics of one request stand or fall alone, but the records of all that stand are one batch.
// Source: ReplicationControlManager.createTopics, StripedReplicaPlacer,
// org.apache.kafka.common.internals.Topic.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/base/random.h"
#include "engine/base/result.h"
#include "engine/controller/outcome.h"
#include "engine/controller/replication_control.h"

namespace odradek::controller {

/// Where the ids and places of new topics come from.
class TopicDraws {
 public:
  TopicDraws() = default;
  explicit TopicDraws(Key key) : key_(key) {}

  struct Taken {
    TopicId id;
    Draw placement;
  };
  /// The draws for one more topic.
  [[nodiscard]] Taken take();

  FIELDS(key_, taken_)
  friend bool operator==(const TopicDraws&, const TopicDraws&) = default;

 private:
  Key key_;
  std::uint64_t taken_ = 0;
};

[[nodiscard]] Outcome create_topics(ClusterView view, TopicDraws& draws,
                                    const api::CreateTopicsRequest& request);

/// Kafka's rules for names: 1 to 249 of [a-zA-Z0-9._-], neither "." nor "..".
[[nodiscard]] Result<void> validate_topic_name(std::string_view name);

struct PlacementSpec {
  std::int32_t num_partitions = 1;
  std::int32_t replication_factor = 1;
};

/// Replicas of each partition. Leaders go round over the unfenced brokers, from a drawn start; followers come
/// after them in the same circle; fenced brokers are used only when the unfenced ones do not suffice.
[[nodiscard]] Result<std::vector<std::vector<BrokerId>>> place_replicas(const metadata::MetadataImage& image,
                                                                        PlacementSpec spec, const Draw& draw);

}  // namespace odradek::controller
