#include "engine/controller/assignment.h"

#include <fmt/core.h>

#include <set>
#include <string>
#include <utility>

namespace odradek::controller {

Checked<void> check_manual_assignment(const metadata::MetadataImage& image,
                                      const std::vector<BrokerId>& replicas,
                                      std::optional<std::size_t> replication_factor) {
  const auto invalid = [](std::string message) {
    return refuse(api::ErrorCode::kInvalidReplicaAssignment,
                  "The manual partition assignment " + std::move(message));
  };
  if (replicas.empty()) return invalid("includes an empty replica list.");
  std::set<BrokerId> seen;
  for (const BrokerId replica : replicas) {
    if (image.broker(replica) == nullptr) {
      return invalid(fmt::format("includes broker {}, but no such broker is registered.", replica.value()));
    }
    if (!seen.insert(replica).second) {
      return invalid(fmt::format("includes the broker {} more than once.", replica.value()));
    }
  }
  if (replication_factor && replicas.size() != *replication_factor) {
    return invalid(
        fmt::format("includes a partition with {} replica(s), but this is not consistent with previous "
                    "partitions, which have {} replica(s).",
                    replicas.size(), *replication_factor));
  }
  return {};
}

Checked<metadata::PartitionRecord> new_partition(const metadata::MetadataImage& image, TopicPartition tp,
                                                 NewReplicas wanted) {
  std::vector<BrokerId> isr;
  for (const BrokerId replica : wanted.replicas) {
    if (image.is_active(replica)) isr.push_back(replica);
  }
  if (isr.empty() && wanted.origin == Origin::kManual) {
    return refuse(
        api::ErrorCode::kInvalidReplicaAssignment,
        fmt::format("All brokers specified in the manual partition assignment for partition {} are fenced "
                    "or in controlled shutdown.",
                    tp.partition.value()));
  }
  if (isr.empty()) {
    return refuse(
        api::ErrorCode::kInvalidReplicationFactor,
        fmt::format("Unable to replicate the partition {} time(s): All brokers are currently fenced or in "
                    "controlled shutdown.",
                    wanted.replicas.size()));
  }
  const BrokerId leader = isr.front();
  return metadata::PartitionRecord{.partition_id = tp.partition,
                                   .topic_id = tp.topic_id,
                                   .replicas = std::move(wanted.replicas),
                                   .isr = std::move(isr),
                                   .removing_replicas = {},
                                   .adding_replicas = {},
                                   .leader = leader,
                                   .leader_recovery_state = {},
                                   .leader_epoch = LeaderEpoch(0),
                                   .partition_epoch = PartitionEpoch(0)};
}

}  // namespace odradek::controller
