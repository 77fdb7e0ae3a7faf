#include "engine/controller/topic_control.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "engine/controller/assignment.h"
#include "engine/controller/purpose.h"
#include "engine/metadata/topic_config.h"

namespace odradek::controller {
namespace {

constexpr std::size_t kMaxNameLength = 249;

/// Names that differ only in '.' and '_' would share metric names, so Kafka lets only one of them exist.
std::string collision_key(std::string_view name) {
  std::string key(name);
  std::ranges::replace(key, '.', '_');
  return key;
}

Checked<void> check_name(const metadata::MetadataImage& image, const std::string& name) {
  using enum api::ErrorCode;
  if (const Result<void> valid = validate_topic_name(name); !valid) {
    return refuse(kInvalidTopicException, valid.error().message);
  }
  if (image.topic(name) != nullptr)
    return refuse(kTopicAlreadyExists, fmt::format("Topic '{}' already exists.", name));
  for (const auto& [id, other] : image.topics()) {
    if (collision_key(other->name) != collision_key(name)) continue;
    return refuse(kInvalidTopicException,
                  fmt::format("Topic '{}' collides with existing topic: {}", name, other->name));
  }
  return {};
}

Checked<void> check_configs(const api::CreatableTopic& topic, const io::TopicConfig& defaults) {
  io::TopicConfig config = defaults;
  for (const api::CreatableTopicConfig& entry : topic.configs) {
    const Result<void> set = metadata::set_property(config, entry.name, entry.value);
    if (!set) return refuse(api::ErrorCode::kInvalidConfig, set.error().message);
  }
  return {};
}

Checked<Assignment> manual_assignment(const metadata::MetadataImage& image,
                                      const api::CreatableTopic& topic) {
  std::map<PartitionId, std::vector<BrokerId>> by_partition;
  for (const auto& [index, replicas] : topic.assignments) {
    if (!by_partition.emplace(index, replicas).second) {
      return refuse(
          api::ErrorCode::kInvalidReplicaAssignment,
          fmt::format("Found multiple manual partition assignments for partition {}", index.value()));
    }
  }
  Assignment assignment;
  for (auto& [index, replicas] : by_partition) {
    if (index.value() != static_cast<std::int32_t>(assignment.size())) {
      return refuse(api::ErrorCode::kInvalidReplicaAssignment,
                    "partitions should be a consecutive 0-based integer sequence");
    }
    const auto factor = assignment.empty() ? std::nullopt : std::optional(assignment.front().size());
    if (Checked<void> ok = check_manual_assignment(image, replicas, factor); !ok)
      return std::unexpected(ok.error());
    assignment.push_back(std::move(replicas));
  }
  return assignment;
}

Checked<Assignment> assign(const metadata::MetadataImage& image, const api::CreatableTopic& topic,
                           PlacementDraws draws) {
  using enum api::ErrorCode;
  if (!topic.assignments.empty()) return manual_assignment(image, topic);
  if (topic.replication_factor < -1 || topic.replication_factor == 0) {
    return refuse(kInvalidReplicationFactor,
                  "Replication factor must be larger than 0, or -1 to use the default value.");
  }
  if (topic.num_partitions < -1 || topic.num_partitions == 0) {
    return refuse(kInvalidPartitions, "Number of partitions was set to an invalid non-positive value.");
  }
  // -1 asks for num.partitions and default.replication.factor, which are 1.
  const PlacementSpec spec{.num_partitions = std::max(topic.num_partitions, 1),
                           .replication_factor = std::max<std::int32_t>(topic.replication_factor, 1)};
  Result<Assignment> placed = place_replicas(image, spec, draws);
  if (!placed) {
    return refuse(kInvalidReplicationFactor, fmt::format("Unable to replicate the partition {} time(s): {}",
                                                         spec.replication_factor, placed.error().message));
  }
  return *std::move(placed);
}

Checked<Records> create_one(ClusterView view, const TopicDraws::Taken& draws,
                            const api::CreatableTopic& topic) {
  if (Checked<void> ok = check_name(view.image, topic.name); !ok) return std::unexpected(ok.error());
  if (Checked<void> ok = check_configs(topic, view.defaults); !ok) return std::unexpected(ok.error());
  Checked<Assignment> assignment = assign(view.image, topic, draws.placement);
  if (!assignment) return std::unexpected(assignment.error());

  Records records;
  records.emplace_back(metadata::TopicRecord{.name = topic.name, .topic_id = draws.id});
  for (const api::CreatableTopicConfig& entry : topic.configs) {
    records.emplace_back(metadata::ConfigRecord{.resource_type = metadata::ResourceType::kTopic,
                                                .resource_name = topic.name,
                                                .name = entry.name,
                                                .value = entry.value});
  }
  PartitionId next(0);
  for (std::vector<BrokerId>& replicas : *assignment) {
    const TopicPartition tp{.topic_id = draws.id, .partition = next};
    const Origin origin = topic.assignments.empty() ? Origin::kPlaced : Origin::kManual;
    Checked<metadata::PartitionRecord> partition =
        new_partition(view.image, tp, {.replicas = std::move(replicas), .origin = origin});
    if (!partition) return std::unexpected(partition.error());
    records.emplace_back(*std::move(partition));
    next = PartitionId(next.value() + 1);
  }
  return records;
}

/// Names that the request asks for more than once, or that collide with each other.
std::set<std::string> ambiguous_names(const api::CreateTopicsRequest& request) {
  std::set<std::string> keys;
  std::set<std::string> ambiguous;
  for (const api::CreatableTopic& topic : request.topics) {
    const std::string key = collision_key(topic.name);
    if (!keys.insert(key).second) ambiguous.insert(key);
  }
  return ambiguous;
}

}  // namespace

TopicDraws::Taken TopicDraws::take() {
  const Subject subject{.entity = 0, .ordinal = taken_};
  ++taken_;
  return {.id = draw(key_, Purpose::kTopicId, subject).uuid(),
          .placement = {.key = key_, .ordinal = subject.ordinal}};
}

Result<void> validate_topic_name(std::string_view name) {
  if (name.empty()) return fail("Topic name is invalid: the empty string is not allowed");
  if (name == "." || name == "..") return fail("Topic name is invalid: '{}' is not allowed", name);
  if (name.size() > kMaxNameLength) {
    return fail("Topic name is invalid: the length of '{}' is longer than the max allowed length {}", name,
                kMaxNameLength);
  }
  const auto is_legal = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  if (!std::ranges::all_of(name, is_legal)) {
    return fail(
        "Topic name is invalid: '{}' contains one or more characters other than ASCII alphanumerics, '.', "
        "'_' and '-'",
        name);
  }
  return {};
}

Outcome create_topics(ClusterView view, TopicDraws& draws, const api::CreateTopicsRequest& request) {
  Records records;
  api::CreateTopicsResponse response;
  const std::set<std::string> ambiguous = ambiguous_names(request);
  for (const api::CreatableTopic& topic : request.topics) {
    api::CreatableTopicResult& result = response.topics.emplace_back();
    result.name = topic.name;
    if (ambiguous.contains(collision_key(topic.name))) {
      result.error_code = api::ErrorCode::kInvalidRequest;
      result.error_message = "Duplicate topic name.";
      continue;
    }
    const TopicDraws::Taken taken = draws.take();
    Checked<Records> created = create_one(view, taken, topic);
    if (!created) {
      result.error_code = created.error().error_code;
      result.error_message = std::move(created.error().message);
      continue;
    }
    result.topic_id = taken.id;
    std::ranges::move(*created, std::back_inserter(records));
  }
  return {.records = std::move(records), .response = std::move(response)};
}

}  // namespace odradek::controller
