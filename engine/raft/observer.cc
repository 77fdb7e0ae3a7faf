#include "engine/raft/observer.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <utility>

#include "engine/raft/voter.h"

namespace odradek::raft {
namespace {

constexpr io::Timer kRetry{.kind = io::TimerKind::kMetadataFetchRetry, .entity = 0};

}  // namespace

Observer::Observer(NodeId self, const std::vector<NodeId>& voters, const io::BrokerConfig& config)
    : replica_{.replica_id = self, .replica_epoch = {}},
      fetch_wait_(milliseconds(config.metadata_max_idle_interval_ms)),
      retry_backoff_(milliseconds(config.controller_quorum_retry_backoff_ms)) {
  const io::ChannelConfig channel{
      .purpose = io::Purpose::kMetadataFetch,
      .max_in_flight = 1,
      .request_timeout = milliseconds(config.controller_quorum_request_timeout_ms)};
  for (const NodeId voter : voters)
    channels_.emplace_back(kFirstChannelId + channels_.size(), voter, channel);
}

void Observer::on_boot(const Now& now, io::Disk& disk, io::Effects& out) {
  Result<log::Log> opened = log::Log::open(disk, std::string(kMetadataDirectory), io::TopicConfig{});
  if (!opened) return out.exit(opened.error().message);
  log_ = *std::move(opened);
  leader_.leader_epoch = log_.latest_epoch().value_or(LeaderEpoch(0));
  maybe_fetch(now, out);
}

io::Channel& Observer::current() {
  const auto leader = std::ranges::find_if(
      channels_, [this](const io::Channel& channel) { return channel.peer() == leader_.leader_id; });
  return leader != channels_.end() ? *leader : channels_[candidate_];
}

void Observer::maybe_fetch(const Now& now, io::Effects& out) {
  io::Channel& channel = current();
  if (waiting_ || !channel.is_idle()) return;
  if (channel.can_send()) {
    (void)channel.send(now, next_fetch(), out);
  } else {
    channel.connect(now, out);
  }
}

api::FetchRequest Observer::next_fetch() const {
  const Offset end = log_.log_end_offset();
  api::FetchRequest request{
      .replica_state = replica_, .max_wait_ms = static_cast<std::int32_t>(fetch_wait_.ms()), .min_bytes = 1};
  api::FetchTopic& topic = request.topics.emplace_back();
  topic.topic_id = api::kMetadataTopicId;
  topic.partitions.push_back({.partition = PartitionId(0),
                              .current_leader_epoch = leader_.leader_epoch,
                              .fetch_offset = end,
                              .last_fetched_epoch = log_.latest_epoch(),
                              .log_start_offset = log_.log_start_offset()});
  return request;
}

void Observer::retry_later(io::Effects& out) {
  waiting_ = true;
  out.set_timer(kRetry, retry_backoff_);
}

void Observer::try_another() {
  leader_.leader_id.reset();
  candidate_ = (candidate_ + 1) % static_cast<std::uint32_t>(channels_.size());
}

void Observer::on_opened(const io::Link& link, const Now& now, io::Effects& out) {
  for (io::Channel& channel : channels_) channel.on_opened(link, now, out);
  maybe_fetch(now, out);
}

void Observer::on_lost(const io::Link& link, const Now& now, io::Effects& out) {
  for (io::Channel& channel : channels_) (void)channel.on_lost(link, out);
  try_another();
  maybe_fetch(now, out);
}

void Observer::on_timer(const io::Timer& timer, const Now& now, io::Effects& out) {
  if (timer.kind == io::TimerKind::kMetadataFetchRetry) {
    waiting_ = false;
  } else if (owns(timer.entity)) {
    io::Channel& channel = channels_[timer.entity - kFirstChannelId];
    if (timer.kind == io::TimerKind::kChannelBackoff) {
      channel.on_backoff_over();
    } else {
      (void)channel.on_timeout(now, out);
      if (channel.is_backing_off()) try_another();
    }
  }
  maybe_fetch(now, out);
}

void Observer::on_response(const io::ResponseReceived& received, const Now& now, io::Disk& disk,
                           io::Effects& out) {
  const auto channel =
      std::ranges::find(channels_, received.link.peer, [](const io::Channel& c) { return c.peer(); });
  if (channel == channels_.end() || !channel->on_response(received.link, received.correlation, now, out))
    return;
  const auto* response = std::get_if<api::FetchResponse>(&received.response);
  if (response == nullptr || !apply(*response, disk, out)) retry_later(out);
  maybe_fetch(now, out);
}

void Observer::learn(const api::LeaderIdAndEpoch& leader) {
  if (leader.leader_epoch > leader_.leader_epoch) {
    leader_ = leader;
  } else if (leader.leader_epoch == leader_.leader_epoch && leader.leader_id) {
    leader_.leader_id = leader.leader_id;
  }
}

bool Observer::apply(const api::FetchResponse& response, io::Disk& disk, io::Effects& out) {
  const bool has_partition = response.error_code == api::ErrorCode::kNone && response.responses.size() == 1 &&
                             response.responses.front().partitions.size() == 1;
  if (!has_partition) return false;
  const api::FetchPartitionData& data = response.responses.front().partitions.front();
  const LeaderEpoch believed = leader_.leader_epoch;
  if (data.current_leader) learn(*data.current_leader);
  // Fenced, but told of the newer epoch: at once again. Otherwise the leader may need time, or be another
  // node.
  if (data.error_code == api::ErrorCode::kFencedLeaderEpoch) return leader_.leader_epoch > believed;
  if (data.error_code != api::ErrorCode::kNone) {
    try_another();
    return false;
  }
  if (data.diverging_epoch) return truncate(*data.diverging_epoch, disk, out);
  if (!append(data.records, disk, out)) return false;
  const Offset known = std::min(data.high_watermark, log_.log_end_offset());
  high_watermark_ = std::max(high_watermark_.value_or(Offset(0)), known);
  return true;
}

/// ReplicatedLog.truncateToEndOffset.
bool Observer::truncate(const api::EpochEndOffset& divergence, io::Disk& disk, io::Effects& out) {
  const auto own = log_.end_offset_for(divergence.epoch);
  Offset end = log_.log_start_offset();
  if (own && own->epoch == divergence.epoch) {
    end = std::min(own->end_offset, divergence.end_offset);
  } else if (own) {
    end = own->end_offset;
  }
  if (end < high_watermark_.value_or(Offset(0))) {
    out.exit(fmt::format(
        "the leader of epoch {} wants the metadata log to be truncated to {}, below the high watermark {}",
        leader_.leader_epoch.value(), end.value(), high_watermark_->value()));
    return false;
  }
  const io::DiskResult<void> truncated = log_.truncate_to(disk, end);
  if (!truncated) out.exit(fmt::format("the metadata log failed: {}", name_of(truncated.error())));
  return truncated.has_value();
}

bool Observer::append(const std::vector<Bytes>& batches, io::Disk& disk, io::Effects& out) {
  for (const Bytes& batch : batches) {
    const Result<wire::BatchHeader> header = wire::check_batch_crc(batch.span());
    if (!header || header->base_offset != log_.log_end_offset()) return false;
    if (const auto appended = log_.append_as_follower(disk, batch); !appended) {
      out.exit(fmt::format("the metadata log failed: {}", name_of(appended.error())));
      return false;
    }
  }
  return true;
}

std::vector<metadata::RecordBatch> Observer::take_committed(const io::Disk& disk, io::Effects& out) {
  Result<std::vector<metadata::RecordBatch>> batches =
      read_batches(log_, disk, taken_, high_watermark_.value_or(taken_));
  if (!batches) {
    out.exit(batches.error().message);
    return {};
  }
  if (!batches->empty()) taken_ = batches->back().end;
  return *std::move(batches);
}

}  // namespace odradek::raft
