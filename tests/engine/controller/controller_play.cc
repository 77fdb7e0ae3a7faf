#include "tests/engine/controller/controller_play.h"

#include <fmt/format.h>

#include <utility>

namespace odradek::controller {
namespace {

using testing::bad_command;
using testing::TextCommand;

std::int32_t broker(const TextCommand& command, std::size_t word = 1) {
  return static_cast<std::int32_t>(command.number(word));
}

std::vector<BrokerId> all_brokers(const TextCommand& command) {
  std::vector<BrokerId> result;
  for (std::size_t i = 1; i < command.words.size(); ++i) result.emplace_back(broker(command, i));
  return result;
}

std::string list_text(const std::vector<BrokerId>& brokers) {
  std::string text;
  for (const BrokerId id : brokers) text += fmt::format("{}{}", text.empty() ? "" : " ", id.value());
  return "[" + text + "]";
}

std::string refusal(api::ErrorCode error) {
  return error == api::ErrorCode::kNone ? "" : fmt::format("{}\n", api::name_of(error));
}

ControllerBench fresh_bench(const TextCommand& command) {
  return ControllerBench(
      {.eligible_leader_replicas_version = broker(command, 1)},
      {.min_insync_replicas = broker(command, 2), .unclean_leader_election_enable = command.has("unclean")});
}

}  // namespace

std::string ControllerPlay::act(const TextCommand& command) {
  std::string text = perform(command);
  const std::string line = partition_line();
  if (std::exchange(shown_, line) != line || command.verb() == "show") text += line;
  return text;
}

std::string ControllerPlay::perform(const TextCommand& command) {
  const std::string& verb = command.verb();
  if (verb == "topic") return create(command);
  if (verb == "register") return register_again(command);
  if (verb == "heartbeat") return heartbeat(command);
  if (verb == "isr") return alter(command);
  if (verb == "elect") return elect(command);
  if (verb == "show") return "";
  if (verb == "cluster") {
    bench_ = fresh_bench(command);
    tp_ = {};
  } else if (verb == "start") {
    for (const BrokerId id : all_brokers(command)) bench_.start_broker(id.value());
  } else if (verb == "fence") {
    expire(broker(command));
  } else if (verb == "silence") {
    bench_.advance(seconds(9));
  } else if (verb == "fail-over") {
    bench_.fail_over();
  } else {
    bad_command("no such command; see tests/engine/controller/controller_play.h");
  }
  return "";
}

std::string ControllerPlay::create(const TextCommand& command) {
  tp_ = bench_.create("orders", all_brokers(command));
  return "";
}

std::string ControllerPlay::register_again(const TextCommand& command) {
  const std::int32_t id = broker(command);
  const std::optional previous = command.has("clean") ? std::optional(bench_.epoch_of(id)) : std::nullopt;
  return refusal(bench_.register_broker(id, ++incarnations_, previous).error_code);
}

std::string ControllerPlay::heartbeat(const TextCommand& command) {
  api::BrokerHeartbeatRequest request = bench_.heartbeat_of(broker(command));
  request.want_shut_down = command.has("leaving");
  const auto response = bench_.call<api::BrokerHeartbeatResponse>(request);
  if (response.should_shut_down) return "may shut down\n";
  if (response.is_fenced) return "fenced\n";
  const bool is_leaving = bench_.image().broker(BrokerId(broker(command)))->in_controlled_shutdown;
  return is_leaving ? "in controlled shutdown\n" : "unfenced\n";
}

std::string ControllerPlay::alter(const TextCommand& command) {
  const metadata::PartitionRegistration& now = bench_.partition(tp_);
  if (!now.leader) bad_command("there is no leader");
  api::AlterPartitionData data{.partition_index = tp_.partition,
                               .leader_epoch = now.leader_epoch,
                               .new_isr_with_epochs = {},
                               .partition_epoch = now.partition_epoch};
  for (const BrokerId id : all_brokers(command)) data.new_isr_with_epochs.push_back({id, {}});
  const auto response = bench_.call<api::AlterPartitionResponse>(
      api::AlterPartitionRequest{.broker_id = *now.leader,
                                 .broker_epoch = bench_.epoch_of(now.leader->value()),
                                 .topics = {{.topic_id = tp_.topic_id, .partitions = {data}}}});
  return refusal(response.topics.front().partitions.front().error_code);
}

std::string ControllerPlay::elect(const TextCommand& command) {
  const auto type = command.has("unclean") ? api::ElectionType::kUnclean : api::ElectionType::kPreferred;
  const auto response = bench_.call<api::ElectLeadersResponse>(api::ElectLeadersRequest{
      .election_type = type, .topic_partitions = {{.topic = "orders", .partitions = {tp_.partition}}}});
  return refusal(response.replica_election_results.front().partition_result.front().error_code);
}

void ControllerPlay::expire(std::int32_t broker) {
  bench_.advance(seconds(9));
  for (const auto& [id, registration] : metadata::MetadataImage(bench_.image()).brokers()) {
    if (id.value() != broker && !registration.fenced) (void)bench_.heartbeat(id.value());
  }
  if (bench_.fire(io::TimerKind::kSessionCheck) == 0) bad_command("its session is not over");
}

std::string ControllerPlay::partition_line() {
  const metadata::PartitionRegistration* partition = bench_.image().partition(tp_);
  if (partition == nullptr) return "";
  const bool is_recovering = partition->leader_recovery_state == api::LeaderRecoveryState::kRecovering;
  return fmt::format("orders-0: leader={} isr={} elr={} last_known={} epochs={}/{}{}\n",
                     partition->leader ? std::to_string(partition->leader->value()) : "none",
                     list_text(partition->isr), list_text(partition->elr),
                     list_text(partition->last_known_elr), partition->leader_epoch.value(),
                     partition->partition_epoch.value(), is_recovering ? " recovering" : "");
}

}  // namespace odradek::controller
