#include "sim/search/cluster_truth.h"

#include <algorithm>

namespace odradek::sim {

bool ClusterTruth::is_news(const io::Event& event, const metadata::MetadataImage& committed) const {
  const auto fencing_is_news = [&](BrokerId id, bool fenced) {
    const metadata::BrokerRegistration* known = image_.broker(id);
    const metadata::BrokerRegistration* now = committed.broker(id);
    return now != nullptr && now->fenced == fenced && (known == nullptr || known->fenced != fenced);
  };
  if (const auto* changed = std::get_if<io::ChangePartition>(&event)) {
    const metadata::PartitionRegistration* known = image_.partition(changed->tp);
    return known == nullptr || known->partition_epoch < changed->partition_epoch;
  }
  if (const auto* registered = std::get_if<io::RegisterBroker>(&event)) {
    const metadata::BrokerRegistration* known = image_.broker(registered->broker);
    return known == nullptr || known->epoch < registered->broker_epoch;
  }
  if (const auto* fenced = std::get_if<io::FenceBroker>(&event)) return fencing_is_news(fenced->broker, true);
  if (const auto* unfenced = std::get_if<io::UnfenceBroker>(&event))
    return fencing_is_news(unfenced->broker, false);
  return true;
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
                        .leader = known->leader,
                        .leader_epoch = known->leader_epoch,
                        .partition_epoch = known->partition_epoch,
                        .effective_min_isr = std::min(config.min_insync_replicas, replicas),
                        .unclean_leader_election_enable = config.unclean_leader_election_enable};
}

std::optional<PartitionTruth> ClusterTruth::partition(const io::NamedPartition& name) const {
  const metadata::TopicImage* topic = image_.topic(name.topic);
  if (topic == nullptr) return std::nullopt;
  return partition(TopicPartition{.topic_id = topic->id, .partition = name.partition});
}

}  // namespace odradek::sim
