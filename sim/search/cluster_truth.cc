#include "sim/search/cluster_truth.h"

#include <algorithm>

namespace odradek::sim {
namespace {

/// Where in the metadata log an event stands; absent when it is about something else.
std::optional<Offset> record_of(const io::Event& event) {
  return std::visit(
      [](const auto& e) -> std::optional<Offset> {
        if constexpr (requires { e.metadata_offset; }) {
          return e.metadata_offset;
        } else if constexpr (std::is_same_v<std::remove_cvref_t<decltype(e)>, io::RegisterBroker>) {
          return Offset(e.broker_epoch.value());
        } else {
          return std::nullopt;
        }
      },
      event);
}

}  // namespace

Telling ClusterTruth::hear(const io::Event& event) {
  const std::optional<Offset> offset = record_of(event);
  if (!offset) return Telling::kNews;
  const Digest digest = digest_of(event);
  if (*offset >= image_.end_offset()) {
    told_.insert_or_assign(*offset, digest);
    return Telling::kNews;
  }
  const auto before = told_.find(*offset);
  return before != told_.end() && before->second == digest ? Telling::kRetold : Telling::kContradiction;
}

void ClusterTruth::learn(const metadata::MetadataImage& committed) {
  if (committed.end_offset() <= image_.end_offset()) return;
  image_ = committed;
  if (image_.topics().size() == names_.size()) return;
  for (const auto& [id, topic] : image_.topics()) {
    names_[id] = topic->name;
    configs_[id] = image_.topic_config(id, defaults_);
  }
}

std::optional<PartitionTruth> ClusterTruth::partition(const TopicPartition& tp) const {
  const metadata::PartitionRegistration* known = image_.partition(tp);
  if (known == nullptr) return std::nullopt;
  const io::TopicConfig& config = configs_.at(tp.topic_id);
  const auto replicas = static_cast<std::int32_t>(known->replicas.size());
  return PartitionTruth{.topic = names_.at(tp.topic_id),
                        .replicas = known->replicas,
                        .isr = known->isr,
                        .elr = known->elr,
                        .leader = known->leader,
                        .leader_epoch = known->leader_epoch,
                        .partition_epoch = known->partition_epoch,
                        .effective_min_isr = std::min(config.min_insync_replicas, replicas),
                        .unclean_leader_election_enable = config.unclean_leader_election_enable,
                        .eligible_leader_replicas = eligible_leader_replicas_};
}

std::optional<TopicPartition> ClusterTruth::id_of(const io::NamedPartition& name) const {
  const metadata::TopicImage* topic = image_.topic(name.topic);
  if (topic == nullptr) return std::nullopt;
  return TopicPartition{.topic_id = topic->id, .partition = name.partition};
}

std::optional<PartitionTruth> ClusterTruth::partition(const io::NamedPartition& name) const {
  const auto tp = id_of(name);
  return tp ? partition(*tp) : std::nullopt;
}

}  // namespace odradek::sim
