// An image as the records of a snapshot, and back.
//
// A snapshot replaces the log up to its id: it holds the records that make an empty image into the one of
// that offset, not those that once did. Whoever takes one while it holds an older image acts on the
// difference.
//
// Source: org.apache.kafka.image.MetadataImage.write, ImageWriter; MetadataDelta.finishSnapshot; KIP-630.
#pragma once

#include <span>
#include <vector>

#include "engine/metadata/image.h"

namespace odradek::metadata {

/// In Kafka's order: features, brokers, topics with their partitions, settings.
[[nodiscard]] std::vector<MetadataRecord> to_records(const MetadataImage& image);

/// The image that the records of a snapshot add up to; `end` is what the snapshot's id says.
/// REQUIRES: the records come from `to_records`.
[[nodiscard]] MetadataImage from_records(std::span<const MetadataRecord> records, OffsetAndEpoch end);

/// What differs in `after`, as a stretch of log between the two would have told it; a value that was changed
/// and changed back does not differ.
[[nodiscard]] ImageDelta difference(const MetadataImage& before, const MetadataImage& after);

}  // namespace odradek::metadata
