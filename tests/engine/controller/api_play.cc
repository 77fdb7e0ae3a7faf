#include "tests/engine/controller/api_play.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace odradek::controller {
namespace {

using testing::bad_command;
using testing::TextCommand;

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == at) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

/// The value of `key=value` among the command's words.
std::optional<std::string> option(const TextCommand& command, std::string_view key) {
  for (const std::string& word : command.words) {
    if (word.starts_with(key) && word.substr(key.size()).starts_with('=')) return word.substr(key.size() + 1);
  }
  return std::nullopt;
}

std::int32_t integer(const std::string& text) { return static_cast<std::int32_t>(std::stol(text)); }

std::optional<std::int32_t> number(const TextCommand& command, std::string_view key) {
  const auto text = option(command, key);
  return text ? std::optional(integer(*text)) : std::nullopt;
}

BrokerId broker(const TextCommand& command) { return BrokerId(integer(command.word(1))); }

std::vector<BrokerId> brokers_in(std::string_view text) {
  std::vector<BrokerId> result;
  if (text.empty()) return result;
  for (const std::string& id : split(text, ',')) result.emplace_back(integer(id));
  return result;
}

/// "1,2;2,3": replicas of several partitions.
std::vector<std::vector<BrokerId>> assignments_in(std::string_view text) {
  std::vector<std::vector<BrokerId>> result;
  for (const std::string& replicas : split(text, ';')) result.push_back(brokers_in(replicas));
  return result;
}

std::optional<std::vector<Uuid>> directories(const TextCommand& command, std::string_view key) {
  const auto text = option(command, key);
  if (!text) return std::nullopt;
  std::vector<Uuid> result;
  if (text->empty()) return result;
  for (const std::string& name : split(*text, ',')) {
    result.push_back({.high = 0xD1, .low = static_cast<std::uint64_t>(name.front())});
  }
  return result;
}

std::string answer(api::ErrorCode error, std::string_view message = "") {
  if (error == api::ErrorCode::kNone) return "ok\n";
  return fmt::format("{}{}{}\n", api::name_of(error), message.empty() ? "" : ": ", message);
}

std::string list_text(const std::vector<BrokerId>& brokers) {
  std::string text;
  for (const BrokerId id : brokers) text += fmt::format("{}{}", text.empty() ? "" : " ", id.value());
  return "[" + text + "]";
}

std::string state_text(const metadata::PartitionRegistration& p) {
  return fmt::format("leader={} isr={} replicas={} adding={} removing={} elr={} epochs={}/{}{}",
                     p.leader ? std::to_string(p.leader->value()) : "none", list_text(p.isr),
                     list_text(p.replicas), list_text(p.adding_replicas), list_text(p.removing_replicas),
                     list_text(p.elr), p.leader_epoch.value(), p.partition_epoch.value(),
                     p.leader_recovery_state == api::LeaderRecoveryState::kRecovering ? " recovering" : "");
}

}  // namespace

std::string ApiPlay::act(const TextCommand& command) {
  std::string text = perform(command);
  std::map<std::string, std::string> now = partitions();
  for (const auto& [name, state] : now) {
    const auto old = shown_.find(name);
    if (old == shown_.end() || old->second != state) text += fmt::format("{}: {}\n", name, state);
  }
  for (const auto& [name, state] : shown_) {
    if (!now.contains(name)) text += fmt::format("{}: gone\n", name);
  }
  shown_ = std::move(now);
  return text;
}

std::string ApiPlay::perform(const TextCommand& command) {
  const std::string& verb = command.verb();
  if (verb == "register") return register_broker(command);
  if (verb == "heartbeat") return heartbeat(command);
  if (verb == "unregister") return unregister(command);
  if (verb == "create") return create(command);
  if (verb == "grow") return grow(command);
  if (verb == "delete") return remove(command);
  if (verb == "reassign" || verb == "cancel") return reassign(command);
  if (verb == "reassignments") return list(command);
  if (verb == "alter") return alter(command);
  if (verb == "feature") return update(command);
  if (verb == "elect") return elect(command);
  if (verb == "isr") return propose_isr(command);
  if (verb == "start") {
    (void)register_broker(command);
    (void)bench_.heartbeat(broker(command).value());
  } else if (verb == "fail-over") {
    bench_.fail_over();
  } else if (verb == "cluster") {
    bench_ = ControllerBench({.eligible_leader_replicas_version = number(command, "elr").value_or(1)},
                             {.min_insync_replicas = number(command, "min").value_or(1),
                              .unclean_leader_election_enable = command.has("unclean")});
    if (const auto level = number(command, "kraft")) bench_.kraft.level = static_cast<std::int16_t>(*level);
    if (command.has("silent-voters")) bench_.kraft.within_reach = bench_.kraft.level;
    shown_.clear();
  } else {
    bad_command("no such command; see tests/engine/controller/api_play.h");
  }
  return "";
}

std::string ApiPlay::register_broker(const TextCommand& command) {
  api::BrokerRegistrationRequest request{
      .broker_id = broker(command),
      .cluster_id = option(command, "cluster") ? Uuid{.high = 9, .low = 9} : kCluster,
      .incarnation_id = {.high = static_cast<std::uint64_t>(number(command, "incarnation").value_or(1)),
                         .low = static_cast<std::uint64_t>(broker(command).value())},
      .features = {},
      .rack = option(command, "rack"),
      .log_dirs = directories(command, "dirs")};
  if (const auto text = option(command, "feature")) {
    const std::vector<std::string> parts = split(*text, ':');
    request.features.push_back({.name = parts.at(0),
                                .min_supported_version = static_cast<std::int16_t>(integer(parts.at(1))),
                                .max_supported_version = static_cast<std::int16_t>(integer(parts.at(2)))});
  }
  const auto response = bench_.call<api::BrokerRegistrationResponse>(request);
  if (response.error_code != api::ErrorCode::kNone) return answer(response.error_code);
  return fmt::format("ok: epoch {}\n", response.broker_epoch->value());
}

std::string ApiPlay::heartbeat(const TextCommand& command) {
  api::BrokerHeartbeatRequest request{
      .broker_id = broker(command),
      .broker_epoch = BrokerEpoch(number(command, "epoch").value_or(0)),
      .current_metadata_offset = bench_.image().end_offset(),
      .want_fence = command.has("fence"),
      .want_shut_down = command.has("leaving"),
      .offline_log_dirs = directories(command, "offline").value_or(std::vector<Uuid>{})};
  if (!option(command, "epoch")) request.broker_epoch = bench_.epoch_of(broker(command).value());
  const auto response = bench_.call<api::BrokerHeartbeatResponse>(request);
  if (response.error_code != api::ErrorCode::kNone) return answer(response.error_code);
  return fmt::format("ok{}{}\n", response.is_fenced ? ", fenced" : "",
                     response.should_shut_down ? ", may shut down" : "");
}

std::string ApiPlay::unregister(const TextCommand& command) {
  const auto response =
      bench_.call<api::UnregisterBrokerResponse>(api::UnregisterBrokerRequest{.broker_id = broker(command)});
  return answer(response.error_code, response.error_message);
}

std::string ApiPlay::create(const TextCommand& command) {
  api::CreatableTopic topic{
      .name = command.word(1),
      .num_partitions = number(command, "partitions").value_or(1),
      .replication_factor = static_cast<std::int16_t>(number(command, "factor").value_or(1)),
      .assignments = {},
      .configs = {}};
  if (const auto text = option(command, "on")) {
    for (std::vector<BrokerId>& replicas : assignments_in(*text)) {
      const PartitionId next(static_cast<std::int32_t>(topic.assignments.size()));
      topic.assignments.push_back({.partition_index = next, .broker_ids = std::move(replicas)});
    }
  }
  if (const auto text = option(command, "config")) {
    const std::vector<std::string> parts = split(*text, ':');
    topic.configs.push_back({.name = parts.at(0), .value = parts.at(1)});
  }
  const api::CreatableTopicResult result = bench_.create(std::move(topic));
  return answer(result.error_code, result.error_message);
}

std::string ApiPlay::grow(const TextCommand& command) {
  api::CreatePartitionsRequest request{.topics = {}, .validate_only = command.has("validate")};
  for (const std::string& name : split(command.word(1), ',')) {
    api::CreatePartitionsTopic topic{
        .name = name, .count = number(command, "count").value(), .assignments = {}};
    if (const auto text = option(command, "on")) {
      topic.assignments.emplace();
      for (std::vector<BrokerId>& replicas : assignments_in(*text)) {
        topic.assignments->push_back({.broker_ids = std::move(replicas)});
      }
    }
    request.topics.push_back(std::move(topic));
  }
  std::string text;
  for (const auto& result : bench_.call<api::CreatePartitionsResponse>(request).results) {
    text += answer(result.error_code, result.error_message);
  }
  return text;
}

std::string ApiPlay::remove(const TextCommand& command) {
  api::DeleteTopicsRequest request;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const std::vector<std::string> parts = split(command.word(i), ':');
    api::DeleteTopicState& topic = request.topics.emplace_back();
    if (parts.size() == 1 && parts[0] != "neither") topic.name = parts[0];
    if (parts.size() == 2) topic.topic_id = id_of(parts[1]);
    if (parts.size() == 2 && parts[0] == "both") topic.name = parts[1];
  }
  std::string text;
  for (const auto& result : bench_.call<api::DeleteTopicsResponse>(request).responses) {
    text += answer(result.error_code, result.error_message);
  }
  return text;
}

std::string ApiPlay::reassign(const TextCommand& command) {
  api::ReassignablePartition partition{.partition_index = PartitionId(integer(command.word(2))),
                                       .replicas = {}};
  if (command.verb() == "reassign") partition.replicas = brokers_in(option(command, "to").value());
  const auto response =
      bench_.call<api::AlterPartitionReassignmentsResponse>(api::AlterPartitionReassignmentsRequest{
          .topics = {{.name = command.word(1), .partitions = {partition}}}});
  const api::ReassignablePartitionResponse& result = response.responses.front().partitions.front();
  return answer(result.error_code, result.error_message);
}

std::string ApiPlay::list(const TextCommand& command) {
  api::ListPartitionReassignmentsRequest request{.topics = {}};
  if (command.words.size() > 1) {
    request.topics.emplace();
    request.topics->push_back(
        {.name = command.word(1), .partition_indexes = {PartitionId(integer(command.word(2)))}});
  }
  const auto response = bench_.call<api::ListPartitionReassignmentsResponse>(request);
  if (response.topics.empty()) return "none\n";
  std::string text;
  for (const api::OngoingTopicReassignment& topic : response.topics) {
    for (const api::OngoingPartitionReassignment& p : topic.partitions) {
      text += fmt::format("{}-{} moves: replicas={} adding={} removing={}\n", topic.name,
                          p.partition_index.value(), list_text(p.replicas), list_text(p.adding_replicas),
                          list_text(p.removing_replicas));
    }
  }
  return text;
}

std::string ApiPlay::alter(const TextCommand& command) {
  using enum api::ConfigOperation;
  const bool is_topic = command.word(1) == "topic";
  api::AlterConfigsResource resource{
      .resource_type = is_topic ? api::ResourceType::kTopic : api::ResourceType::kBroker,
      .resource_name = command.word(2) == "all" ? "" : command.word(2),
      .configs = {}};
  for (std::size_t i = 3; i < command.words.size();) {
    const std::string& verb = command.word(i);
    if (verb == "validate") break;
    const bool is_delete = verb == "delete";
    const auto operation = verb == "set"      ? kSet
                           : is_delete        ? kDelete
                           : verb == "append" ? kAppend
                                              : kSubtract;
    api::AlterableConfig config{.name = command.word(i + 1), .config_operation = operation, .value = {}};
    if (!is_delete) config.value = command.word(i + 2);
    resource.configs.push_back(std::move(config));
    i += is_delete ? 2 : 3;
  }
  const auto response = bench_.call<api::IncrementalAlterConfigsResponse>(
      api::IncrementalAlterConfigsRequest{.resources = {resource}, .validate_only = command.has("validate")});
  return answer(response.responses.front().error_code, response.responses.front().error_message);
}

std::string ApiPlay::update(const TextCommand& command) {
  using enum api::UpgradeType;
  const std::string& type = command.word(3);
  const auto response = bench_.call<api::UpdateFeaturesResponse>(api::UpdateFeaturesRequest{
      .feature_updates = {{.feature = command.word(1),
                           .max_version_level = static_cast<std::int16_t>(command.number(2)),
                           .upgrade_type = type == "upgrade"  ? kUpgrade
                                           : type == "safe"   ? kSafeDowngrade
                                           : type == "unsafe" ? kUnsafeDowngrade
                                                              : kUnknown}},
      .validate_only = command.has("validate")});
  return answer(response.error_code, response.error_message);
}

std::string ApiPlay::elect(const TextCommand& command) {
  const auto response = bench_.call<api::ElectLeadersResponse>(api::ElectLeadersRequest{
      .election_type = command.has("unclean") ? api::ElectionType::kUnclean : api::ElectionType::kPreferred,
      .topic_partitions = {
          {.topic = command.word(2), .partitions = {PartitionId(integer(command.word(3)))}}}});
  const auto& result = response.replica_election_results.front().partition_result.front();
  return answer(result.error_code, result.error_message);
}

std::string ApiPlay::propose_isr(const TextCommand& command) {
  const TopicPartition tp{.topic_id = id_of(command.word(1)),
                          .partition = PartitionId(integer(command.word(2)))};
  const metadata::PartitionRegistration* found = bench_.image().partition(tp);
  const metadata::PartitionRegistration now = found == nullptr ? metadata::PartitionRegistration{} : *found;
  const BrokerId sender(number(command, "by").value_or(now.leader.value_or(BrokerId(1)).value()));
  const metadata::BrokerRegistration* known = bench_.image().broker(sender);
  api::AlterPartitionData data{
      .partition_index = tp.partition,
      .leader_epoch = LeaderEpoch(number(command, "leader-epoch").value_or(now.leader_epoch.value())),
      .new_isr_with_epochs = {},
      .leader_recovery_state = command.has("recovering") ? api::LeaderRecoveryState::kRecovering
                                                         : api::LeaderRecoveryState::kRecovered,
      .partition_epoch =
          PartitionEpoch(number(command, "partition-epoch").value_or(now.partition_epoch.value()))};
  for (const BrokerId id : brokers_in(command.word(3))) data.new_isr_with_epochs.push_back({id, {}});
  if (const auto epoch = number(command, "member-epoch"))
    data.new_isr_with_epochs.back().broker_epoch = BrokerEpoch(*epoch);
  const std::int64_t epoch = known == nullptr ? 0 : known->epoch.value();
  const auto response = bench_.call<api::AlterPartitionResponse>(api::AlterPartitionRequest{
      .broker_id = sender,
      .broker_epoch = BrokerEpoch(number(command, "epoch").value_or(static_cast<std::int32_t>(epoch))),
      .topics = {{.topic_id = tp.topic_id, .partitions = {data}}}});
  if (response.error_code != api::ErrorCode::kNone) return answer(response.error_code);
  return answer(response.topics.front().partitions.front().error_code);
}

TopicId ApiPlay::id_of(std::string_view topic) {
  const metadata::TopicImage* found = bench_.image().topic(topic);
  return found == nullptr ? TopicId{.high = 404, .low = 404} : found->id;
}

std::map<std::string, std::string> ApiPlay::partitions() {
  std::map<std::string, std::string> result;
  for (const auto& [id, topic] : bench_.image().topics()) {
    for (const auto& [partition_id, partition] : topic->partitions) {
      result[fmt::format("{}-{}", topic->name, partition_id.value())] = state_text(partition);
    }
  }
  return result;
}

}  // namespace odradek::controller
