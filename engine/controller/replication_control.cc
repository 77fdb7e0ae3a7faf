#include "engine/controller/replication_control.h"

#include <algorithm>
#include <utility>

namespace odradek::controller {

PartitionChangeBuilder change_of(ClusterView view, TopicPartition tp,
                                 const metadata::PartitionRegistration& partition, LeaderAcceptor acceptor) {
  const io::TopicConfig config = view.image.topic_config(tp.topic_id, view.defaults);
  const auto replicas = static_cast<std::int32_t>(partition.replicas.size());
  PartitionChangeBuilder builder(
      tp, partition, acceptor,
      {.enabled = view.elr_enabled, .min_isr = std::min(config.min_insync_replicas, replicas)});
  builder.set_election(config.unclean_leader_election_enable ? Election::kUnclean : Election::kOnline);
  return builder;
}

void remove_from_partitions(ClusterView view, BrokerId broker, Departure departure, Records& records) {
  const bool is_unclean = view.elr_enabled && departure == Departure::kMayHaveLostItsTail;
  for_each_partition(view.image, [&](TopicPartition tp, const metadata::PartitionRegistration& partition) {
    const bool is_concerned =
        contains(partition.isr, broker) || (is_unclean && contains(partition.elr, broker));
    if (!is_concerned) return;
    std::vector<BrokerId> isr = partition.isr;
    std::erase(isr, broker);
    PartitionChangeBuilder change = change_of(view, tp, partition, {.image = view.image, .removed = broker});
    if (is_unclean) change.set_unclean_shutdown(broker);
    append(records, change.set_target_isr(std::move(isr)).build());
  });
}

void elect_with(ClusterView view, BrokerId broker, Records& records) {
  for_each_partition(view.image, [&](TopicPartition tp, const metadata::PartitionRegistration& partition) {
    if (partition.leader) return;
    append(records, change_of(view, tp, partition, {.image = view.image, .added = broker}).build());
  });
}

bool leads_any_partition(const metadata::MetadataImage& image, BrokerId broker) {
  bool leads = false;
  for_each_partition(image,
                     [&](TopicPartition, const auto& partition) { leads |= partition.leader == broker; });
  return leads;
}

}  // namespace odradek::controller
