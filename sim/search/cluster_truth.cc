#include "sim/search/cluster_truth.h"

#include <algorithm>
#include <utility>

#include "engine/metadata/broker_config.h"
#include "engine/metadata/features.h"

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
  const auto before = told_.find(*offset);
  if (before != told_.end()) return before->second == digest ? Telling::kRetold : Telling::kContradiction;
  if (*offset < image_.end_offset()) return Telling::kContradiction;
  told_.emplace(*offset, digest);
  return Telling::kNews;
}

bool ClusterTruth::learn(const metadata::MetadataImage& committed) {
  if (committed.end_offset() <= image_.end_offset()) return false;
  const bool other_defaults = committed.broker_configs() != image_.broker_configs();
  image_ = committed;
  learn_settings(other_defaults);
  std::map<io::NamedPartition, TopicId> existing;
  for (const auto& [id, topic] : image_.topics()) {
    names_[id] = topic->name;
    for (const auto& [partition, state] : topic->partitions)
      existing[{.topic = topic->name, .partition = partition}] = id;
  }
  const bool others = existing != partitions_;
  partitions_ = std::move(existing);
  return others;
}

void ClusterTruth::learn_settings(bool other_defaults) {
  std::erase_if(settings_, [this](const auto& entry) { return image_.topic(entry.first) == nullptr; });
  const io::TopicConfig defaults = metadata::topic_defaults(image_, std::nullopt, defaults_);
  for (const auto& [id, topic] : image_.topics()) {
    const auto [place, is_new] = settings_.try_emplace(id);
    Settings& settings = place->second;
    if (!is_new && !other_defaults && settings.given == topic->configs) continue;
    settings.given = topic->configs;
    settings.config = image_.topic_config(id, defaults);
    const std::int32_t least = settings.config.min_insync_replicas;
    settings.least_min_insync_replicas = is_new ? least : std::min(settings.least_min_insync_replicas, least);
  }
}

std::optional<PartitionTruth> ClusterTruth::partition(const TopicPartition& tp) const {
  const metadata::PartitionRegistration* known = image_.partition(tp);
  if (known == nullptr) return std::nullopt;
  const Settings& settings = settings_.at(tp.topic_id);
  const auto replicas = static_cast<std::int32_t>(known->replicas.size());
  return PartitionTruth{.topic = names_.at(tp.topic_id),
                        .replicas = known->replicas,
                        .isr = known->isr,
                        .elr = known->elr,
                        .last_known_elr = known->last_known_elr,
                        .adding_replicas = known->adding_replicas,
                        .removing_replicas = known->removing_replicas,
                        .leader = known->leader,
                        .recovering = known->leader_recovery_state == api::LeaderRecoveryState::kRecovering,
                        .leader_epoch = known->leader_epoch,
                        .partition_epoch = known->partition_epoch,
                        .effective_min_isr = std::min(settings.config.min_insync_replicas, replicas),
                        .least_min_isr = std::min(settings.least_min_insync_replicas, replicas),
                        .unclean_leader_election_enable = settings.config.unclean_leader_election_enable,
                        .eligible_leader_replicas = keeps_elr()};
}

bool ClusterTruth::keeps_elr() const {
  const std::optional<std::int16_t> finalized = image_.feature_level(metadata::kElrFeature);
  return finalized ? *finalized > 0 : eligible_leader_replicas_;
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
