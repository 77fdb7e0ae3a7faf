// Leaders and in-sync replicas: what the controller does to partitions when brokers come and go, when leaders
// ask for another ISR (alter_partition.cc), and when administrators or the clock ask for elections
// (elections.cc).
//
// All of it reads an image and returns records; nothing here changes anything.
// Source: org.apache.kafka.controller.ReplicationControlManager.
#pragma once

#include <optional>

#include "engine/controller/outcome.h"
#include "engine/controller/partition_change_builder.h"
#include "engine/metadata/image.h"

namespace odradek::controller {

/// The image, what topics inherit where they say nothing, and the cluster's feature levels.
struct ClusterView {
  const metadata::MetadataImage& image;
  const io::TopicConfig& defaults;
  bool elr_enabled = true;  ///< eligible.leader.replicas.version
};

/// Calls `f(topic partition, registration)` for each partition.
template <class F>
void for_each_partition(const metadata::MetadataImage& image, F&& f) {
  for (const auto& [topic_id, topic] : image.topics()) {
    for (const auto& [id, partition] : topic->partitions) {
      f(TopicPartition{.topic_id = topic_id, .partition = id}, partition);
    }
  }
}

/// The record of a change, if it changes anything.
inline void append(Records& records, std::optional<metadata::PartitionChangeRecord> record) {
  if (record) records.emplace_back(*std::move(record));
}

/// A change of the partition by the settings of its topic, with the election that they allow.
[[nodiscard]] PartitionChangeBuilder change_of(ClusterView view, TopicPartition tp,
                                               const metadata::PartitionRegistration& partition,
                                               LeaderAcceptor acceptor);

enum class Departure : std::uint8_t {
  kKeepsItsLog,        ///< fenced, or shutting down cleanly
  kMayHaveLostItsTail  ///< its process ended before it had flushed everything
};

/// The broker leaves every ISR — without eligible leader replicas, every one that has another member — and
/// leads nothing any more. After an unclean end it leaves the ELRs too (generateLeaderAndIsrUpdates).
void remove_from_partitions(ClusterView view, BrokerId broker, Departure departure, Records& records);
/// Partitions without a leader get one, if the broker can lead them.
void elect_with(ClusterView view, BrokerId broker, Records& records);
[[nodiscard]] bool leads_any_partition(const metadata::MetadataImage& image, BrokerId broker);

/// AlterPartition: a leader's request to change its ISR (KIP-497, KIP-903).
[[nodiscard]] Outcome alter_partition(ClusterView view, const api::AlterPartitionRequest& request);
/// ElectLeaders (KIP-460).
[[nodiscard]] Outcome elect_leaders(ClusterView view, const api::ElectLeadersRequest& request);

/// Moves leaderships to preferred replicas that can take them (auto.leader.rebalance.enable).
void balance_leaders(ClusterView view, Records& records);
/// Unclean elections for partitions without a leader whose topic allows them
/// (unclean.leader.election.enable).
void elect_unclean(ClusterView view, Records& records);

}  // namespace odradek::controller
