// WorldView: the checkers' view of a cluster of real processes. Reads their state, never changes it.
#pragma once

#include "engine/node/process.h"
#include "sim/checkers/view.h"
#include "sim/faults/topology.h"
#include "sim/kernel/world.h"
#include "sim/search/cluster_truth.h"

namespace odradek::sim {

class WorldView final : public ClusterView {
 public:
  WorldView(const World<node::Process>& world, const ClusterTruth& truth, const Topology& topology,
            std::optional<NodeId> left_behind)
      : world_(world),
        truth_(truth),
        brokers_(topology.brokers),
        controllers_(topology.controllers),
        left_behind_(left_behind) {}

  [[nodiscard]] std::vector<BrokerId> brokers() const override { return brokers_; }
  [[nodiscard]] std::vector<NodeId> controllers() const override { return controllers_; }
  [[nodiscard]] bool is_up(NodeId node) const override { return world_.state(node) != NodeState::kDown; }
  [[nodiscard]] bool takes_part(NodeId node) const override { return is_up(node) && node != left_behind_; }
  [[nodiscard]] std::uint32_t incarnation(NodeId node) const override { return world_.incarnation(node); }
  [[nodiscard]] std::optional<ReplicaView> replica(BrokerId broker, const TopicPartition& tp) const override;
  [[nodiscard]] std::vector<LogRecord> read_log(BrokerId broker, const TopicPartition& tp, Offset from,
                                                Offset to) const override;
  [[nodiscard]] std::optional<RecordId> record_id(BrokerId broker, const TopicPartition& tp,
                                                  Offset offset) const override;
  [[nodiscard]] std::optional<BuriedLog> buried_log(BrokerId broker, const TopicPartition& tp) const override;
  [[nodiscard]] std::vector<OffsetAndEpoch> epoch_cache(BrokerId broker,
                                                        const TopicPartition& tp) const override;
  [[nodiscard]] std::optional<PartitionTruth> truth(const TopicPartition& tp) const override {
    return truth_.partition(tp);
  }
  [[nodiscard]] std::vector<BrokerId> fetched_from(BrokerId broker, const TopicPartition& tp) const override;
  [[nodiscard]] bool is_unfenced(BrokerId broker) const override;
  [[nodiscard]] bool is_truth_behind() const override { return truth_.is_behind(); }
  [[nodiscard]] bool is_active(BrokerId broker) const override { return truth_.image().is_active(broker); }
  [[nodiscard]] std::optional<std::string> contradicts_metadata(BrokerId broker) const override;
  [[nodiscard]] std::optional<std::string> contradicts_controller(NodeId controller) const override;
  [[nodiscard]] bool is_metadata_current(BrokerId broker) const override;

 private:
  /// Null while it is down.
  [[nodiscard]] const node::BrokerNode* broker(BrokerId id) const;
  [[nodiscard]] std::optional<std::string> contradicts(const metadata::MetadataImage& image) const;
  [[nodiscard]] const replica::Partition* find(BrokerId broker, const TopicPartition& tp) const;

  const World<node::Process>& world_;
  const ClusterTruth& truth_;
  const std::vector<BrokerId>& brokers_;
  const std::vector<NodeId>& controllers_;
  std::optional<NodeId> left_behind_;
};

}  // namespace odradek::sim
