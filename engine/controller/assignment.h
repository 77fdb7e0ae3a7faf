// New partitions with the replicas that somebody named or that were placed.
// Source: ReplicationControlManager.validateManualPartitionAssignment, buildPartitionRegistration.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/controller/refusal.h"
#include "engine/metadata/image.h"

namespace odradek::controller {

/// Replicas that an administrator names: registered brokers, each once, and as many as other partitions of
/// the topic have, where that is known.
[[nodiscard]] Checked<void> check_manual_assignment(const metadata::MetadataImage& image,
                                                    const std::vector<BrokerId>& replicas,
                                                    std::optional<std::size_t> replication_factor);

enum class Origin : std::uint8_t { kManual, kPlaced };

struct NewReplicas {
  std::vector<BrokerId> replicas;
  Origin origin = Origin::kPlaced;
};

/// A new partition: its ISR are the active replicas, its leader the first of them. Refused when there are
/// none.
[[nodiscard]] Checked<metadata::PartitionRecord> new_partition(const metadata::MetadataImage& image,
                                                               TopicPartition tp, NewReplicas wanted);

}  // namespace odradek::controller
