#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "engine/controller/assignment.h"
#include "engine/controller/topic_control.h"

namespace odradek::controller {
namespace {

using enum api::ErrorCode;

Checked<std::int32_t> count_new(const metadata::TopicImage* topic, const api::CreatePartitionsTopic& wanted) {
  if (topic == nullptr)
    return refuse(kUnknownTopicOrPartition, "This server does not host this topic-partition.");
  const auto present = static_cast<std::int32_t>(topic->partitions.size());
  if (wanted.count == present) {
    return refuse(kInvalidPartitions, fmt::format("Topic already has {} partition(s).", present));
  }
  if (wanted.count < present) {
    return refuse(kInvalidPartitions,
                  fmt::format("The topic {} currently has {} partition(s); {} would not be an increase.",
                              wanted.name, present, wanted.count));
  }
  const std::int32_t additional = wanted.count - present;
  if (wanted.assignments && std::cmp_not_equal(wanted.assignments->size(), additional)) {
    return refuse(kInvalidReplicaAssignment,
                  fmt::format("Attempted to add {} additional partition(s), but only {} assignment(s) were "
                              "specified.",
                              additional, wanted.assignments->size()));
  }
  return additional;
}

Checked<Assignment> assign(const metadata::MetadataImage& image, const api::CreatePartitionsTopic& wanted,
                           PlacementSpec spec, PlacementDraws draws) {
  if (!wanted.assignments) {
    Result<Assignment> placed = place_replicas(image, spec, draws);
    if (!placed) return refuse(kInvalidReplicationFactor, placed.error().message);
    return *std::move(placed);
  }
  Assignment assignment;
  for (const api::CreatePartitionsAssignment& entry : *wanted.assignments) {
    const auto factor = static_cast<std::size_t>(spec.replication_factor);
    if (Checked<void> ok = check_manual_assignment(image, entry.broker_ids, factor); !ok)
      return std::unexpected(ok.error());
    assignment.push_back(entry.broker_ids);
  }
  return assignment;
}

Checked<Records> grow_one(ClusterView view, PlacementDraws draws, const api::CreatePartitionsTopic& wanted) {
  const metadata::TopicImage* topic = view.image.topic(wanted.name);
  const Checked<std::int32_t> additional = count_new(topic, wanted);
  if (!additional) return std::unexpected(additional.error());
  // Partition 0 says how many replicas one has.
  const auto factor = static_cast<std::int32_t>(topic->partitions.begin()->second.replicas.size());
  Checked<Assignment> assignment =
      assign(view.image, wanted, {.num_partitions = *additional, .replication_factor = factor}, draws);
  if (!assignment) return std::unexpected(assignment.error());

  Records records;
  auto next = static_cast<std::int32_t>(topic->partitions.size());
  const Origin origin = wanted.assignments ? Origin::kManual : Origin::kPlaced;
  for (std::vector<BrokerId>& replicas : *assignment) {
    const TopicPartition tp{.topic_id = topic->id, .partition = PartitionId(next++)};
    Checked<metadata::PartitionRecord> partition =
        new_partition(view.image, tp, {.replicas = std::move(replicas), .origin = origin});
    if (!partition) return std::unexpected(partition.error());
    records.emplace_back(*std::move(partition));
  }
  return records;
}

}  // namespace

Outcome create_partitions(ClusterView view, TopicDraws& draws, const api::CreatePartitionsRequest& request) {
  Records records;
  api::CreatePartitionsResponse response;
  std::map<std::string, int> times_named;
  for (const api::CreatePartitionsTopic& topic : request.topics) ++times_named[topic.name];
  for (const api::CreatePartitionsTopic& topic : request.topics) {
    int& times = times_named[topic.name];
    if (times == 0) continue;  // its duplicate was answered
    api::CreatePartitionsTopicResult& result = response.results.emplace_back();
    result.name = topic.name;
    const bool is_duplicate = std::exchange(times, times > 1 ? 0 : 1) > 1;
    Checked<Records> grown = is_duplicate ? refuse(kInvalidRequest, "Duplicate topic name.")
                                          : grow_one(view, draws.take().placement, topic);
    tell(grown, result);
    if (grown && !request.validate_only) std::ranges::move(*grown, std::back_inserter(records));
  }
  return {.records = std::move(records), .response = std::move(response)};
}

}  // namespace odradek::controller
