// Finding records by timestamp. Source: LogSegment.findOffsetByTimestamp, KIP-33, KIP-734.
#include <algorithm>
#include <utility>

#include "engine/log/log.h"

namespace odradek::log {
namespace {

using Found = std::optional<TimestampedOffset>;

/// The first record at or after `timestamp` in the batch at `place`.
io::DiskResult<Found> find_in_batch(const io::Disk& disk, const Segment& segment, const BatchPlace& place,
                                    const wire::BatchHeader& header, Timestamp timestamp) {
  TRY(batch, segment.read(disk, place));
  const auto records = wire::decode_batch(batch);
  if (!records)
    return std::unexpected(io::DiskError::kInputOutput);  // the medium changed what was valid once
  for (const wire::DecodedRecord& each : *records) {
    if (each.record.timestamp < timestamp) continue;
    return TimestampedOffset{.offset = each.offset,
                             .timestamp = each.record.timestamp,
                             .leader_epoch = header.partition_leader_epoch};
  }
  return std::nullopt;
}

/// The first record at or after `timestamp` in the segment. The time index tells where not to look.
io::DiskResult<Found> find_in_segment(const io::Disk& disk, const Segment& segment, Timestamp timestamp) {
  const auto floor = segment.time_index().floor(timestamp, &TimeIndexEntry::timestamp);
  TRY(start, segment.find(disk, floor ? floor->offset : segment.base_offset()));
  for (std::uint32_t position = start.position; position < segment.size();) {
    TRY(place, segment.place_at(disk, position));
    TRY(header, segment.header_at(disk, position));
    if (header.max_timestamp >= timestamp) {
      TRY(found, find_in_batch(disk, segment, place, header, timestamp));
      if (found) return found;
    }
    position = place.end();
  }
  return std::nullopt;
}

}  // namespace

io::DiskResult<std::optional<TimestampedOffset>> Log::offset_for_timestamp(const io::Disk& disk,
                                                                           Timestamp timestamp,
                                                                           Offset upper_bound) const {
  for (const Cow<Segment>& segment : segments_) {
    if (!segment->newest() || segment->newest()->timestamp < timestamp) continue;
    TRY(found, find_in_segment(disk, *segment, timestamp));
    if (found) return found->offset < upper_bound ? found : std::nullopt;
  }
  return std::nullopt;
}

io::DiskResult<std::optional<TimestampedOffset>> Log::offset_of_max_timestamp(const io::Disk& disk,
                                                                              Offset upper_bound) const {
  std::optional<Timestamp> newest;
  for (const Cow<Segment>& segment : segments_) {
    if (segment->newest()) newest = std::max(newest, std::optional(segment->newest()->timestamp));
  }
  if (!newest) return std::nullopt;
  return offset_for_timestamp(disk, *newest, upper_bound);
}

}  // namespace odradek::log
