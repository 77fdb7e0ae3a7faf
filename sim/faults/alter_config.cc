// Alter-config: administration, not a fault. A setting of a topic, of one broker or of all brokers changes
// while the cluster runs (IncrementalAlterConfigs, KIP-339).
#include <string_view>

#include "sim/faults/fault.h"

namespace odradek::sim {

namespace {

/// "broker:2" names a broker, "broker:all" all of them; a topic's name has no colon.
constexpr std::string_view kBroker = "broker:";

}  // namespace

Result<Damage> strike(const AlterConfigAction& action, const Strike& moment) {
  const bool is_broker = action.resource.starts_with(kBroker);
  const std::string name = is_broker ? action.resource.substr(kBroker.size()) : action.resource;
  if (!is_broker && !moment.site.partition({.topic = name, .partition = PartitionId(0)}))
    return fail("{} does not exist", name);
  api::AlterConfigsResource resource{
      .resource_type = is_broker ? api::ResourceType::kBroker : api::ResourceType::kTopic,
      .resource_name = is_broker && name == "all" ? "" : name,
      .configs = {
          {.name = action.property,
           .config_operation = action.value ? api::ConfigOperation::kSet : api::ConfigOperation::kDelete,
           .value = action.value}}};
  moment.site.administer(api::IncrementalAlterConfigsRequest{.resources = {std::move(resource)}});
  return Damage{.bites = 1};
}

std::string text(const AlterConfigAction& action) {
  return action.value ? fmt::format("{} {}={}", action.resource, action.property, *action.value)
                      : fmt::format("{} {} unset", action.resource, action.property);
}

/// One that no promise depends on.
AlterConfigAction random_alter_config(const Dice& dice, const Targets& targets) {
  const std::int64_t bytes =
      dice.about(Aspect::kAmount).between(std::int64_t{1} << 10, std::int64_t{1} << 16);
  const bool unset = dice.about(Aspect::kShape).chance(1, 4);
  return {.resource = random_partition_name(dice, targets).topic,
          .property = "segment.bytes",
          .value = unset ? std::nullopt : std::optional(std::to_string(bytes))};
}

}  // namespace odradek::sim
