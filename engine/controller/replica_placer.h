// ReplicaPlacer: where the replicas of new partitions go, when nobody says.
//
// Replicas go round over the racks, and within a rack over its brokers, so that each partition starts one
// rack and one broker further than the one before: stripes. A broker that is fenced is taken only when its
// rack has no other left, and never for the first replica, which leads. Brokers without a rack share one.
//
// Once there are as many partitions as unfenced brokers, racks and brokers are shuffled, so that the stripes
// do not repeat.
//
// Source: org.apache.kafka.metadata.placement.StripedReplicaPlacer.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/random.h"
#include "engine/base/result.h"
#include "engine/metadata/image.h"

namespace odradek::controller {

/// Replicas by partition, each in order of preference.
using Assignment = std::vector<std::vector<BrokerId>>;

struct PlacementSpec {
  std::int32_t num_partitions = 1;
  std::int32_t replication_factor = 1;
};

/// The decisions of one placement.
struct PlacementDraws {
  Key key;
  std::uint64_t ordinal = 0;  ///< placements before this one under the key
};

/// The error says what is missing, in Kafka's words. REQUIRES: both numbers are positive.
[[nodiscard]] Result<Assignment> place_replicas(const metadata::MetadataImage& image, PlacementSpec spec,
                                                PlacementDraws draws);

}  // namespace odradek::controller
