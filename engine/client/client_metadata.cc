#include "engine/client/client_metadata.h"

#include <limits>
#include <utility>

namespace odradek::client {
namespace {

enum class Purpose : std::uint16_t { kLeastLoadedNode = 0x0C01 };

}  // namespace

void ClientMetadata::want(const std::string& topic) {
  if (!topics_.try_emplace(topic).second) return;
  update_requested_ = true;
  last_attempt_.reset();  // Metadata.requestUpdateForNewTopics
}

const TopicInfo* ClientMetadata::topic(const std::string& name) const {
  const auto found = topics_.find(name);
  return found == topics_.end() ? nullptr : &found->second;
}

std::optional<KnownLeader> ClientMetadata::leader(const io::NamedPartition& partition) const {
  const TopicInfo* info = topic(partition.topic);
  if (info == nullptr || !info->exists()) return std::nullopt;
  const auto index = static_cast<std::size_t>(partition.partition.value());
  if (partition.partition < PartitionId(0) || index >= info->partitions.size()) return std::nullopt;
  const PartitionInfo& known = info->partitions[index];
  if (!known.leader || !known.leader_epoch) return std::nullopt;
  return KnownLeader{.topic_id = info->id, .leader = *known.leader, .epoch = *known.leader_epoch};
}

bool ClientMetadata::take(const Now& now, const Completion& completion) {
  if (in_flight_ != completion.request) return false;
  in_flight_.reset();
  last_attempt_ = now.monotonic;
  const auto* response =
      completion.response ? std::get_if<api::MetadataResponse>(&*completion.response) : nullptr;
  if (response == nullptr) {
    update_requested_ = true;
  } else {
    last_success_ = now.monotonic;
    update(*response);
  }
  return true;
}

void ClientMetadata::update(const api::MetadataResponse& response) {
  if (!response.brokers.empty()) brokers_ = response.brokers;
  for (const api::MetadataResponseTopic& topic : response.topics) update_topic(topic);
}

void ClientMetadata::update_topic(const api::MetadataResponseTopic& response) {
  const auto found = topics_.find(response.name);
  if (found == topics_.end()) return;
  TopicInfo& topic = found->second;
  topic.error = response.error_code;
  if (!topic.exists()) {
    update_requested_ |= api::info_of(response.error_code).refresh;
    return;
  }
  if (topic.id != response.topic_id)
    topic = {.error = api::ErrorCode::kNone, .id = response.topic_id, .partitions = {}};
  for (const api::MetadataResponsePartition& partition : response.partitions) {
    if (partition.partition_index < PartitionId(0)) continue;
    const auto index = static_cast<std::size_t>(partition.partition_index.value());
    if (index >= topic.partitions.size()) topic.partitions.resize(index + 1);
    PartitionInfo& known = topic.partitions[index];
    update_requested_ |= api::info_of(partition.error_code).refresh;
    if (known.leader_epoch && *known.leader_epoch > partition.leader_epoch) continue;
    known = {.leader = partition.leader_id, .leader_epoch = partition.leader_epoch};
  }
}

void ClientMetadata::maybe_update(const Now& now, ChannelPool& pool, io::Effects& out) {
  const std::optional<MonotonicTime> at = due();
  const bool is_due = at && *at <= now.monotonic;
  alarm_.set(now, is_due ? std::nullopt : at, out);
  if (!is_due) return;
  const bool known = !brokers_.empty() && !pool.all_backing_off(brokers_);
  const std::vector<NodeId>& candidates = known ? brokers_ : config_.bootstrap;
  const std::uint64_t first =
      draw(config_.key, Purpose::kLeastLoadedNode, {.ordinal = attempts_}).bits() >> 32;
  const std::optional<NodeId> node = pool.least_loaded(candidates, first, now, out);
  if (!node) return;
  in_flight_ = pool.send(now, *node, request(), out);
  update_requested_ = false;
  ++attempts_;
}

std::optional<MonotonicTime> ClientMetadata::due() const {
  if (in_flight_) return std::nullopt;
  std::optional<MonotonicTime> at;
  if (update_requested_) {
    at = MonotonicTime(std::numeric_limits<std::int64_t>::min());
  } else if (last_success_) {
    at = *last_success_ + config_.max_age;
  }
  if (at && last_attempt_) at = std::max(*at, *last_attempt_ + config_.backoff);
  return at;
}

api::MetadataRequest ClientMetadata::request() const {
  api::MetadataRequest request{.topics = std::vector<std::string>()};
  for (const auto& [name, info] : topics_) request.topics->push_back(name);
  return request;
}

}  // namespace odradek::client
