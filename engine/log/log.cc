#include "engine/log/log.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/base/ensure.h"

namespace odradek::log {

std::optional<LeaderEpoch> Log::latest_epoch() const {
  const auto latest = epochs_.latest();
  return latest ? std::optional(latest->epoch) : std::nullopt;
}

std::optional<api::EpochEndOffset> Log::end_offset_for(LeaderEpoch epoch) const {
  return epochs_.end_offset_for(epoch, log_end_offset());
}

std::uint32_t Log::segment_holding(Offset offset) const {
  const auto base = [](const Cow<Segment>& segment) { return segment->base_offset(); };
  const auto after = std::ranges::upper_bound(segments_, offset, {}, base);
  ENSURE(after != segments_.begin(), "offset {} below the log's start {}", offset.value(),
         log_start_offset().value());
  return static_cast<std::uint32_t>(std::distance(segments_.begin(), after) - 1);
}

io::DiskResult<AppendInfo> Log::append_as_leader(io::Disk& disk, const Bytes& batch, LeaderEpoch epoch,
                                                 Timestamp now) {
  const bool append_time = config_.message_timestamp_type == io::TimestampType::kLogAppendTime;
  const auto log_append_time = append_time ? std::optional(now) : std::nullopt;
  const Bytes stamped = wire::stamp_batch(batch, log_end_offset(), epoch, log_append_time);
  TRY(info, append(disk, stamped, *wire::read_batch_header(stamped.span())));
  info.log_append_time = log_append_time;
  return std::move(info);
}

io::DiskResult<AppendInfo> Log::append_as_follower(io::Disk& disk, const Bytes& batch) {
  const auto header = wire::read_batch_header(batch.span());
  ENSURE(header.has_value(), "appending what is no batch: {}", header.error().message);
  return append(disk, batch, *header);
}

io::DiskResult<AppendInfo> Log::append(io::Disk& disk, const Bytes& batch, const wire::BatchHeader& header) {
  if (header.partition_leader_epoch) {
    TRY_DO(assign_epoch(disk, *header.partition_leader_epoch, header.base_offset));
  }
  AppendInfo info{
      .first = header.base_offset, .next = header.next_offset(), .max_timestamp = header.max_timestamp};
  if (!segments_.back()->has_room_for(header, config_)) {
    TRY(rolled, roll(disk));
    info.rolled = std::move(rolled);
  }
  TRY_DO(segments_.back().write().append(disk, batch, header, config_));
  return info;
}

/// Returns the path of the segment that was completed.
io::DiskResult<std::string> Log::roll(io::Disk& disk) {
  TRY_DO(segments_.back().write().seal(disk));
  std::string completed = active_path();
  TRY(fresh, Segment::create(disk, directory_, log_end_offset()));
  segments_.emplace_back(std::move(fresh));
  return completed;
}

io::DiskResult<std::vector<Bytes>> Log::read(const io::Disk& disk, Offset from, Offset upper_bound,
                                             std::int32_t max_bytes, bool at_least_one) const {
  ENSURE(log_start_offset() <= from && from <= log_end_offset(), "read at {} of a log [{}, {})", from.value(),
         log_start_offset().value(), log_end_offset().value());
  std::vector<Bytes> batches;
  std::int64_t room = max_bytes;
  Offset at = from;
  for (std::uint32_t i = segment_holding(from); i < segments_.size() && at < upper_bound; ++i) {
    const Segment& segment = *segments_[i];
    if (at == segment.next_offset()) continue;
    TRY(place, segment.find(disk, at));
    while (true) {
      const bool fits = place.size <= room || (batches.empty() && at_least_one);
      if (place.next_offset > upper_bound || !fits) return batches;
      TRY(batch, segment.read(disk, place));
      batches.push_back(batch);
      room -= place.size;
      at = place.next_offset;
      if (place.end() >= segment.size()) break;
      TRY(successor, segment.following(disk, place));
      place = successor;
    }
  }
  return batches;
}

io::DiskResult<std::optional<std::int64_t>> Log::bytes_between(const io::Disk& disk, Offset from,
                                                               Offset to) const {
  const Segment& segment = *segments_[segment_holding(from)];
  if (to > segment.next_offset()) return std::nullopt;
  TRY(begin, segment.find(disk, from));
  if (to == segment.next_offset()) return std::int64_t{segment.size()} - begin.position;
  TRY(end, segment.find(disk, to));
  return std::int64_t{end.position} - begin.position;
}

io::DiskResult<void> Log::truncate_to(io::Disk& disk, Offset end) {
  if (end < log_start_offset()) return truncate_fully_and_start_at(disk, end);
  Offset boundary = end;
  if (end < log_end_offset()) {
    const std::uint32_t holder = segment_holding(end);
    TRY_DO(remove_segments_from(disk, holder + 1));
    if (end < log_end_offset()) TRY_DO(segments_.back().write().truncate_to(disk, end));
    boundary = log_end_offset();
  }
  if (!epochs_.truncate_from_end(boundary)) return {};
  return epochs_.save(disk, directory_);
}

io::DiskResult<void> Log::delete_segments_below(io::Disk& disk, Offset start) {
  while (segments_.size() > 1 && segments_.front()->next_offset() <= start) {
    TRY_DO(Segment::remove(disk, directory_, segments_.front()->base_offset()));
    segments_.erase(segments_.begin());
  }
  if (!epochs_.truncate_from_start(log_start_offset())) return {};
  return epochs_.save(disk, directory_);
}

io::DiskResult<void> Log::truncate_fully_and_start_at(io::Disk& disk, Offset start) {
  TRY(fresh, Segment::create(disk, directory_, start));  // first: there is always a segment
  TRY_DO(remove_segments_from(disk, 0));
  segments_.emplace_back(std::move(fresh));
  epochs_ = EpochCache{};
  return epochs_.save(disk, directory_);
}

io::DiskResult<void> Log::assign_epoch(io::Disk& disk, LeaderEpoch epoch, Offset start_offset) {
  if (!epochs_.assign(epoch, start_offset)) return {};
  return epochs_.save(disk, directory_);
}

/// The newest go first: a crash in between leaves a log without holes.
io::DiskResult<void> Log::remove_segments_from(io::Disk& disk, std::uint32_t first) {
  while (segments_.size() > first) {
    TRY_DO(Segment::remove(disk, directory_, segments_.back()->base_offset()));
    segments_.pop_back();
  }
  return {};
}

}  // namespace odradek::log
