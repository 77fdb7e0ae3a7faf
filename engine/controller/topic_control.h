// Topics come, grow and go: CreateTopics, CreatePartitions (create_partitions.cc), DeleteTopics
// (delete_topics.cc).
//
// Topics of one request stand or fall alone, but the records of all that stand are one batch.
// Source: ReplicationControlManager.createTopics, createPartitions, deleteTopics; ControllerApis;
// org.apache.kafka.common.internals.Topic.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/base/random.h"
#include "engine/base/result.h"
#include "engine/controller/outcome.h"
#include "engine/controller/replica_placer.h"
#include "engine/controller/replication_control.h"

namespace odradek::controller {

/// Where the ids and places of new topics come from.
class TopicDraws {
 public:
  TopicDraws() = default;
  explicit TopicDraws(Key key) : key_(key) {}

  struct Taken {
    TopicId id;
    PlacementDraws placement;
  };
  /// The draws for one more topic, or for more partitions of one.
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

/// CreatePartitions: all that was asked for of a topic, or nothing.
[[nodiscard]] Outcome create_partitions(ClusterView view, TopicDraws& draws,
                                        const api::CreatePartitionsRequest& request);

/// DeleteTopics.
[[nodiscard]] Outcome delete_topics(ClusterView view, const api::DeleteTopicsRequest& request);

}  // namespace odradek::controller
