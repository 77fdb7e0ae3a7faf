#include "engine/replica/isr_changes.h"

#include <utility>

namespace odradek::replica {

IsrChanges::IsrChanges(const ReplicaConfig& self)
    : channel_(kChannelId,
               {.purpose = io::Purpose::kAlterPartition,
                .request_timeout = milliseconds(self.broker_config.controller_socket_timeout_ms)}) {}

void IsrChanges::on_controller(std::optional<NodeId> controller, const Context& ctx) {
  if (!channel_.retarget(controller, ctx.out).empty()) requeue(ctx);
}

void IsrChanges::maybe_send(const Partitions& partitions, std::optional<BrokerEpoch> broker_epoch,
                            const ReplicaConfig& self, const Context& ctx) {
  if (waiting_.empty() || !in_flight_.empty() || !broker_epoch || retry_armed_) return;
  if (!channel_.can_send()) return channel_.connect(ctx.now, ctx.out);
  api::AlterPartitionRequest request{.broker_id = self.broker, .broker_epoch = *broker_epoch, .topics = {}};
  for (const TopicPartition& tp : std::exchange(waiting_, {})) {
    const auto partition = partitions.find(tp);
    const Leader* leader = partition == partitions.end() ? nullptr : partition->second.leader();
    if (leader == nullptr || !leader->proposal) continue;
    const IsrProposal& proposal = *leader->proposal;
    if (request.topics.empty() || request.topics.back().topic_id != tp.topic_id)
      request.topics.push_back({tp.topic_id, {}});
    request.topics.back().partitions.push_back({.partition_index = tp.partition,
                                                .leader_epoch = proposal.leader_epoch,
                                                .new_isr_with_epochs = proposal.members,
                                                .leader_recovery_state = {},
                                                .partition_epoch = proposal.partition_epoch});
    in_flight_.emplace(tp, proposal);
  }
  if (!in_flight_.empty()) channel_.send(ctx.now, std::move(request), ctx.out);
}

void IsrChanges::on_lost(const io::Link& link, const Context& ctx) {
  if (!channel_.on_lost(link, ctx.out).empty()) requeue(ctx);
}

void IsrChanges::on_channel_timeout(const Context& ctx) {
  if (!channel_.on_timeout(ctx.now, ctx.out).empty()) requeue(ctx);
}

std::vector<IsrChanges::Answer> IsrChanges::on_response(const io::ResponseReceived& received,
                                                        const Context& ctx) {
  if (!channel_.on_response(received.link, received.correlation, ctx.now, ctx.out)) return {};
  const auto& response = std::get<api::AlterPartitionResponse>(received.response);
  if (response.error_code != api::ErrorCode::kNone) {
    if (response.error_code == api::ErrorCode::kStaleBrokerEpoch)
      sometimes(ctx.out, Probe::kStaleBrokerEpoch);
    requeue(ctx);
    return {};
  }
  std::vector<Answer> answers;
  for (const api::AlterPartitionTopicResponse& topic : response.topics) {
    for (const api::AlterPartitionDataResponse& data : topic.partitions) {
      const TopicPartition tp{.topic_id = topic.topic_id, .partition = data.partition_index};
      if (auto sent = in_flight_.extract(tp)) answers.push_back({tp, std::move(sent.mapped()), data});
    }
  }
  if (!in_flight_.empty()) requeue(ctx);
  return answers;
}

void IsrChanges::requeue(const Context& ctx) {
  for (const auto& [tp, proposal] : std::exchange(in_flight_, {})) retry_later(tp, ctx);
}

void IsrChanges::retry_later(const TopicPartition& tp, const Context& ctx) {
  waiting_.insert(tp);
  retry_armed_ = true;
  ctx.out.set_timer({.kind = io::TimerKind::kAlterPartitionRetry, .entity = 0}, milliseconds(50));
}

}  // namespace odradek::replica
