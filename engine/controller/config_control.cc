#include "engine/controller/config_control.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/controller/refusal.h"
#include "engine/controller/topic_control.h"
#include "engine/metadata/broker_config.h"
#include "engine/metadata/topic_config.h"

namespace odradek::controller {
namespace {

using enum api::ErrorCode;
using Properties = metadata::MetadataImage::Properties;

constexpr std::string_view kMinIsr = "min.insync.replicas";

Checked<void> check_topic(const metadata::MetadataImage& image, const std::string& name) {
  if (name.empty()) return refuse(kInvalidRequest, "Default topic resources are not allowed.");
  if (const Result<void> valid = validate_topic_name(name); !valid)
    return refuse(kInvalidTopicException, valid.error().message);
  if (image.topic(name) == nullptr)
    return refuse(kUnknownTopicOrPartition, fmt::format("The topic '{}' does not exist.", name));
  return {};
}

Checked<metadata::BrokerConfigKey> check_broker(const metadata::MetadataImage& image, std::string_view name) {
  if (name.empty()) return metadata::BrokerConfigKey{};
  std::int32_t id = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
  if (error != std::errc{} || end != name.data() + name.size())
    return refuse(kInvalidRequest, "Unable to parse broker name as a base 10 number.");
  if (id < 0) return refuse(kInvalidRequest, "Invalid negative broker ID.");
  if (image.broker(BrokerId(id)) == nullptr)
    return refuse(kBrokerIdNotRegistered, fmt::format("No node with id {} found.", id));
  return BrokerId(id);
}

/// The settings that the resource has now; an error when there is no such resource.
Checked<Properties> present(const metadata::MetadataImage& image, const api::AlterConfigsResource& resource) {
  if (resource.resource_type == api::ResourceType::kTopic) {
    const Checked<void> ok = check_topic(image, resource.resource_name);
    if (!ok) return std::unexpected(ok.error());
    return image.topic(resource.resource_name)->configs;
  }
  if (resource.resource_type != api::ResourceType::kBroker)
    return refuse(kInvalidRequest,
                  fmt::format("Unknown resource type {}", std::to_underlying(resource.resource_type)));
  const Checked<metadata::BrokerConfigKey> key = check_broker(image, resource.resource_name);
  if (!key) return std::unexpected(key.error());
  const auto found = image.broker_configs().find(*key);
  return found == image.broker_configs().end() ? Properties{} : found->second;
}

/// The value after the operation; absent when it is unset. No property that the engine knows is a list.
Checked<std::optional<std::string>> operate(const api::AlterableConfig& wanted) {
  using enum api::ConfigOperation;
  switch (wanted.config_operation) {
    case kSet:
      if (wanted.value) return wanted.value;
      return refuse(kInvalidRequest, fmt::format("Null value not supported for : {}", wanted.name));
    case kDelete: return std::nullopt;
    case kAppend:
    case kSubtract:
      return refuse(kInvalidConfig,
                    fmt::format("Can't {} to key {} because its type is not LIST.",
                                wanted.config_operation == kAppend ? "APPEND" : "SUBTRACT", wanted.name));
  }
  return refuse(kInvalidRequest,
                fmt::format("Unknown operation type {}", std::to_underlying(wanted.config_operation)));
}

Checked<void> check_value(ClusterView view, const api::AlterConfigsResource& resource,
                          const std::string& name, const std::optional<std::string>& value) {
  const bool is_topic = resource.resource_type == api::ResourceType::kTopic;
  if (!is_topic && !resource.resource_name.empty() && name == kMinIsr && view.elr_enabled) {
    return refuse(kInvalidConfig, "Broker-level min.insync.replicas cannot be altered while ELR is enabled.");
  }
  if (!value) {
    const bool may_unset = is_topic || resource.resource_name != "" || name != kMinIsr || !view.elr_enabled;
    if (may_unset) return {};
    return refuse(kInvalidConfig,
                  "Cluster-level min.insync.replicas cannot be removed while ELR is enabled.");
  }
  io::TopicConfig config = view.defaults;
  const Result<void> set = is_topic ? metadata::set_property(config, name, *value)
                                    : metadata::set_broker_property(config, name, *value);
  if (!set) return refuse(kInvalidConfig, set.error().message);
  return {};
}

Checked<Records> alter_one(ClusterView view, const api::AlterConfigsResource& resource) {
  const Checked<Properties> now = present(view.image, resource);
  if (!now) return std::unexpected(now.error());
  Records records;
  std::map<std::string, int> named;
  for (const api::AlterableConfig& wanted : resource.configs) {
    if (++named[wanted.name] > 1) return refuse(kInvalidRequest, "Duplicate config name.");
    const auto value = operate(wanted);
    if (!value) return std::unexpected(value.error());
    if (Checked<void> ok = check_value(view, resource, wanted.name, *value); !ok)
      return std::unexpected(ok.error());
    const auto old = now->find(wanted.name);
    const bool is_same = old == now->end() ? !*value : *value == old->second;
    // A broker hears of it even so, and loads its settings anew (KAFKA-14136).
    if (is_same && resource.resource_type == api::ResourceType::kTopic) continue;
    records.emplace_back(metadata::ConfigRecord{.resource_type = resource.resource_type,
                                                .resource_name = resource.resource_name,
                                                .name = wanted.name,
                                                .value = *value});
  }
  return records;
}

/// Partitions whose ISR suffices by the new settings.
void drop_needless_elrs(ClusterView view, Records& records) {
  for_each_partition(view.image, [&](TopicPartition tp, const metadata::PartitionRegistration& partition) {
    if (!partition.elr.empty())
      append(records, change_of(view, tp, partition, {.image = view.image}).build());
  });
}

bool names_min_isr(const Records& records) {
  return std::ranges::any_of(records, [](const metadata::MetadataRecord& record) {
    const auto* config = std::get_if<metadata::ConfigRecord>(&record);
    return config != nullptr && config->name == kMinIsr;
  });
}

}  // namespace

Outcome incremental_alter_configs(ClusterView view, const io::TopicConfig& configured,
                                  const api::IncrementalAlterConfigsRequest& request) {
  Records records;
  api::IncrementalAlterConfigsResponse response;
  for (const api::AlterConfigsResource& resource : request.resources) {
    api::AlterConfigsResourceResponse& result = response.responses.emplace_back();
    result.resource_type = resource.resource_type;
    result.resource_name = resource.resource_name;
    Checked<Records> altered = alter_one(view, resource);
    tell(altered, result);
    if (altered && !request.validate_only) std::ranges::move(*altered, std::back_inserter(records));
  }
  if (view.elr_enabled && names_min_isr(records)) {
    metadata::MetadataImage after = view.image;
    metadata::ImageDelta delta;
    for (const metadata::MetadataRecord& record : records) after.replay(record, delta);
    const io::TopicConfig defaults = metadata::topic_defaults(after, std::nullopt, configured);
    drop_needless_elrs({.image = after, .defaults = defaults, .elr_enabled = view.elr_enabled}, records);
  }
  return {.records = std::move(records), .response = std::move(response)};
}

}  // namespace odradek::controller
