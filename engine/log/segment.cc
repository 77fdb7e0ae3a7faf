#include "engine/log/segment.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "engine/base/ensure.h"

namespace odradek::log {
namespace {

constexpr std::uint32_t kRecent = 32;

/// What was valid when it was appended or recovered is not so now.
constexpr io::DiskError kChangedByMedium = io::DiskError::kInputOutput;

std::string file_of(std::string_view directory, Offset base_offset, std::string_view suffix) {
  return fmt::format("{}/{:020}.{}", directory, base_offset.value(), suffix);
}

}  // namespace

std::string Segment::path_of(std::string_view directory, Offset base_offset) {
  return file_of(directory, base_offset, "log");
}

Segment::Segment(std::string_view directory, Offset base_offset)
    : path_(path_of(directory, base_offset)),
      base_offset_(base_offset),
      next_offset_(base_offset),
      offset_index_(file_of(directory, base_offset, "index"), base_offset),
      time_index_(file_of(directory, base_offset, "timeindex"), base_offset) {}

io::DiskResult<Segment> Segment::create(io::Disk& disk, std::string_view directory, Offset base_offset) {
  Segment segment(directory, base_offset);
  TRY_DO(disk.append(segment.path_, Bytes()));
  return segment;
}

bool Segment::has_room_for(const wire::BatchHeader& header, const io::TopicConfig& config) const {
  if (size_ == 0) return true;
  const bool fits = std::int64_t{size_} + header.size() <= config.segment_bytes;
  const bool indexes_fit =
      offset_index_.bytes() + 8 <= config.segment_index_bytes &&
      time_index_.bytes() + 2 * 12 <= config.segment_index_bytes;  // one is kept for `seal`
  const bool is_near = header.last_offset() - base_offset_ <= std::numeric_limits<std::int32_t>::max();
  return fits && indexes_fit && is_near;
}

bool Segment::index_is_due(const io::TopicConfig& config) const {
  const auto last = offset_index_.last();
  return size_ - (last ? last->position : 0) > static_cast<std::uint32_t>(config.index_interval_bytes);
}

/// Counts a batch that stands at the end of the file.
void Segment::note(const wire::BatchHeader& header) {
  if (recent_.size() == std::size_t{2} * kRecent) recent_.erase(recent_.begin(), recent_.begin() + kRecent);
  recent_.push_back({.base_offset = header.base_offset,
                     .next_offset = header.next_offset(),
                     .position = size_,
                     .size = header.size()});
  size_ += header.size();
  next_offset_ = header.next_offset();
  if (!newest_ || header.max_timestamp > newest_->timestamp) {
    newest_ = TimeIndexEntry{.timestamp = header.max_timestamp, .offset = header.last_offset()};
  }
}

io::DiskResult<void> Segment::append(io::Disk& disk, const Bytes& batch, const wire::BatchHeader& header,
                                     const io::TopicConfig& config) {
  ENSURE(header.base_offset == next_offset_, "batch at offset {} appended at {}", header.base_offset.value(),
         next_offset_.value());
  ENSURE(header.size() == batch.size(), "batch of {} bytes, header says {}", batch.size(), header.size());
  TRY_DO(disk.append(path_, batch));
  const bool due = index_is_due(config);
  const std::uint32_t position = size_;
  note(header);
  if (!due) return {};
  TRY_DO(offset_index_.append(disk, {.offset = header.last_offset(), .position = position}));
  return seal(disk);
}

io::DiskResult<void> Segment::seal(io::Disk& disk) {
  const auto last = time_index_.last();
  if (!newest_ || (last && last->timestamp >= newest_->timestamp)) return {};
  return time_index_.append(disk, *newest_);
}

io::DiskResult<wire::BatchHeader> Segment::header_at(const io::Disk& disk, std::uint32_t position) const {
  TRY(bytes, disk.read(path_, position, wire::kBatchOverhead));
  auto header = wire::read_batch_header(bytes.span());
  if (!header) return std::unexpected(kChangedByMedium);
  return *std::move(header);
}

io::DiskResult<BatchPlace> Segment::place_at(const io::Disk& disk, std::uint32_t position) const {
  const auto known = std::ranges::lower_bound(recent_, position, {}, &BatchPlace::position);
  if (known != recent_.end() && known->position == position) return *known;
  TRY(header, header_at(disk, position));
  const BatchPlace place{.base_offset = header.base_offset,
                         .next_offset = header.next_offset(),
                         .position = position,
                         .size = header.size()};
  const bool is_last = place.next_offset == next_offset_;
  const bool is_inside = base_offset_ <= place.base_offset && place.next_offset <= next_offset_ &&
                         place.size <= size_ - position && is_last == (place.end() == size_);
  if (!is_inside) return std::unexpected(kChangedByMedium);
  return place;
}

io::DiskResult<BatchPlace> Segment::following(const io::Disk& disk, const BatchPlace& place) const {
  TRY(successor, place_at(disk, place.end()));
  if (successor.base_offset != place.next_offset) return std::unexpected(kChangedByMedium);
  return successor;
}

io::DiskResult<BatchPlace> Segment::find(const io::Disk& disk, Offset offset) const {
  ENSURE(base_offset_ <= offset && offset < next_offset_, "offset {} in segment [{}, {})", offset.value(),
         base_offset_.value(), next_offset_.value());
  const auto after = std::ranges::upper_bound(recent_, offset, {}, &BatchPlace::base_offset);
  if (after != recent_.begin()) return *std::prev(after);
  const auto floor = offset_index_.floor(offset, &OffsetIndexEntry::offset);
  TRY(place, place_at(disk, floor ? floor->position : 0));
  while (place.next_offset <= offset) {
    TRY(successor, following(disk, place));
    place = successor;
  }
  if (place.base_offset > offset) return std::unexpected(kChangedByMedium);
  return place;
}

io::DiskResult<Bytes> Segment::read(const io::Disk& disk, const BatchPlace& place) const {
  return disk.read(path_, place.position, place.size);
}

io::DiskResult<void> Segment::truncate_to(io::Disk& disk, Offset end) {
  TRY(place, find(disk, end));
  TRY_DO(disk.truncate(path_, place.position));
  TRY_DO(offset_index_.truncate_to(disk, place.base_offset));
  TRY_DO(time_index_.truncate_to(disk, place.base_offset));
  return reload_tail(disk, place.position, place.base_offset);
}

/// Recalls the batches from the last index entry to `end`, where the file ends now and `next` comes next.
io::DiskResult<void> Segment::reload_tail(const io::Disk& disk, std::uint32_t end, Offset next) {
  const auto last = offset_index_.last();
  recent_.clear();
  newest_ = time_index_.last();
  next_offset_ = base_offset_;
  size_ = last ? last->position : 0;
  while (size_ < end) {
    TRY(header, header_at(disk, size_));
    const bool continues = recent_.empty() || header.base_offset == next_offset_;
    if (!continues || header.size() > end - size_) return std::unexpected(kChangedByMedium);
    note(header);
  }
  if (next_offset_ != next) return std::unexpected(kChangedByMedium);
  return {};
}

io::DiskResult<void> Segment::remove(io::Disk& disk, std::string_view directory, Offset base_offset) {
  const Segment segment(directory, base_offset);
  TRY_DO(segment.offset_index_.remove(disk));
  TRY_DO(segment.time_index_.remove(disk));
  return disk.remove(segment.path_);
}

io::DiskResult<Segment::Recovery> Segment::recover(io::Disk& disk, std::string_view directory,
                                                   Offset base_offset, const io::TopicConfig& config,
                                                   EpochCache& epochs) {
  Segment segment(directory, base_offset);
  TRY(file_size, disk.size(segment.path_));
  for (bool valid = true; valid && segment.size_ < file_size;) {
    TRY(next_is_valid, segment.recover_next(disk, file_size, config, epochs));
    valid = next_is_valid;
  }
  const bool cut = segment.size_ < file_size;
  if (cut) TRY_DO(disk.truncate(segment.path_, segment.size_));
  TRY_DO(segment.offset_index_.rewrite(disk));
  TRY_DO(segment.time_index_.rewrite(disk));
  return Recovery{.segment = std::move(segment), .cut = cut};
}

/// Takes in the batch at the end of what is recovered so far; false when there is no valid one.
io::DiskResult<bool> Segment::recover_next(const io::Disk& disk, std::uint64_t file_size,
                                           const io::TopicConfig& config, EpochCache& epochs) {
  const std::uint64_t rest = file_size - size_;
  if (rest < wire::kBatchOverhead) return false;
  TRY(start, disk.read(path_, size_, wire::kBatchOverhead));
  const auto claimed = wire::read_batch_header(start.span());
  if (!claimed || claimed->size() > rest || claimed->base_offset != next_offset_) return false;
  TRY(batch, disk.read(path_, size_, claimed->size()));
  if (!wire::check_batch_crc(batch.span())) return false;
  const auto latest = epochs.latest();
  if (latest && claimed->partition_leader_epoch && *claimed->partition_leader_epoch < latest->epoch)
    return false;

  if (claimed->partition_leader_epoch) epochs.assign(*claimed->partition_leader_epoch, claimed->base_offset);
  const bool due = index_is_due(config);
  const std::uint32_t position = size_;
  note(*claimed);
  if (!due) return true;
  offset_index_.remember({.offset = claimed->last_offset(), .position = position});
  const auto last = time_index_.last();
  if (!last || last->timestamp < newest_->timestamp) time_index_.remember(*newest_);
  return true;
}

}  // namespace odradek::log
