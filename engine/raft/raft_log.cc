#include "engine/raft/raft_log.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/base/ensure.h"
#include "engine/metadata/record_codec.h"
#include "engine/raft/snapshot_content.h"

namespace odradek::raft {
namespace {

constexpr std::int32_t kReadBytesMax = 1 << 20;

/// By epoch first: a longer log of an older epoch is not ahead.
bool goes_beyond(const std::optional<SnapshotId>& snapshot, const OffsetAndEpoch& end) {
  return snapshot && std::pair(snapshot->epoch, snapshot->offset) > std::pair(end.epoch, end.offset);
}

}  // namespace

Result<RaftLog> RaftLog::open(io::Disk& disk, const io::QuorumConfig& config, VoterSet static_voters) {
  const std::string directory(kMetadataDirectory);
  RaftLog self;
  self.history_ = QuorumHistory(std::move(static_voters));
  auto snapshots = SnapshotStore::open(disk, directory);
  if (!snapshots) return fail("the metadata log's snapshots: {}", name_of(snapshots.error()));
  self.snapshots_ = *std::move(snapshots);
  io::TopicConfig settings;
  settings.segment_bytes = config.metadata_log_segment_bytes;
  TRY(log, log::Log::open(disk, directory, settings));
  self.log_ = std::move(log);
  self.cut_ = true;  // nobody knows what the life before, or recovery, has cut off

  const std::optional<SnapshotId> latest = self.snapshots_.latest();
  if (goes_beyond(latest, self.end())) {
    // Died between fetching a snapshot and giving up the log that it replaces.
    if (const auto emptied = self.log_.truncate_fully_and_start_at(disk, latest->offset); !emptied)
      return fail("the metadata log: {}", name_of(emptied.error()));
  }
  // Older snapshots than the log's first segment were about to be deleted together with what they cover.
  while (self.snapshots_.earliest() && self.snapshots_.earliest()->offset < self.log_.log_start_offset()) {
    if (const auto removed = self.snapshots_.remove(disk, *self.snapshots_.earliest()); !removed)
      return fail("the metadata log's snapshots: {}", name_of(removed.error()));
  }
  if (self.log_.log_start_offset() > Offset(0)) {
    if (!latest) {
      return fail("the metadata log begins at offset {}, and no snapshot covers what was before",
                  self.log_.log_start_offset().value());
    }
    self.start_ = self.snapshots_.earliest()->offset;
  }
  for (const auto& segment : self.log_.segments()) self.unsynced_.push_back(segment->path());
  self.unsynced_.pop_back();  // the active one is part of each flush
  TRY_DO(self.load_snapshot_history(disk));
  TRY_DO(self.load_log_history(disk));
  return self;
}

Result<void> RaftLog::load_snapshot_history(const io::Disk& disk) {
  history_.clear();
  const std::optional<SnapshotId> latest = snapshots_.latest();
  if (!latest) return {};
  const auto bytes = snapshots_.read(disk, *latest, 0, ~std::uint64_t{0});
  if (!bytes) return fail("a snapshot of the metadata log: {}", name_of(bytes.error()));
  TRY(content, decode_snapshot(*bytes));
  const Offset through = latest->offset - 1;
  if (content.kraft_version > 0) history_.add(through, wire::KRaftVersion{content.kraft_version});
  if (content.voters) history_.add(through, content.voters->to_record());
  return {};
}

Result<void> RaftLog::load_log_history(const io::Disk& disk) {
  const std::optional<SnapshotId> latest = snapshots_.latest();
  Offset at = std::max(start_, latest ? latest->offset : Offset(0));
  while (at < end_offset()) {
    const auto batches = log_.read(disk, at, end_offset(), kReadBytesMax, true);
    if (!batches) return fail("the metadata log at offset {}: {}", at.value(), name_of(batches.error()));
    for (const Bytes& batch : *batches) {
      TRY_DO(learn(batch));
      at = wire::read_batch_header(batch.span())->next_offset();
    }
  }
  return {};
}

Result<void> RaftLog::learn(const Bytes& batch) {
  TRY(header, wire::read_batch_header(batch.span()));
  if (!header.is_control()) return {};
  TRY(records, wire::decode_batch(batch));
  for (const wire::DecodedRecord& each : records) {
    TRY(control, wire::decode_control_record(each.record));
    if (control) history_.add(each.offset, *control);
  }
  return {};
}

LeaderEpoch RaftLog::last_epoch() const {
  const std::optional<SnapshotId> latest = snapshots_.latest();
  const LeaderEpoch covered = latest ? latest->epoch : LeaderEpoch(0);
  return log_.latest_epoch().value_or(covered);
}

void RaftLog::note_append(const log::AppendInfo& appended) {
  if (!appended.rolled) return;
  unsynced_.push_back(*appended.rolled);
  new_names_ = true;
}

io::DiskResult<Offset> RaftLog::append_as_leader(const Bytes& batch, LeaderEpoch epoch, Timestamp now,
                                                 io::Disk& disk) {
  ENSURE(!is_cutting(), "an append behind a truncation that is not durable");
  TRY(appended, log_.append_as_leader(disk, batch, epoch, now));
  note_append(appended);
  const Result<void> learnt = learn(wire::stamp_batch(batch, appended.first, epoch, std::nullopt));
  ENSURE(learnt.has_value(), "a control record of our own: {}", learnt.error().message);
  return appended.first;
}

io::DiskResult<void> RaftLog::append_as_follower(const Bytes& batch, io::Disk& disk) {
  ENSURE(!is_cutting(), "an append behind a truncation that is not durable");
  TRY(appended, log_.append_as_follower(disk, batch));
  note_append(appended);
  if (!learn(batch)) return std::unexpected(io::DiskError::kInputOutput);
  return {};
}

io::DiskResult<void> RaftLog::assign_epoch(LeaderEpoch epoch, io::Disk& disk) {
  return log_.assign_epoch(disk, epoch, end_offset());
}

Offset RaftLog::end_of_common_part(const api::EpochEndOffset& leader) const {
  const auto own = log_.end_offset_for(leader.epoch);
  if (!own) return std::min(leader.end_offset, end_offset());
  return own->epoch == leader.epoch ? std::min(own->end_offset, leader.end_offset) : own->end_offset;
}

io::DiskResult<void> RaftLog::truncate_to(Offset end, io::Disk& disk, io::Effects& out) {
  if (end >= end_offset()) return {};
  TRY_DO(log_.truncate_to(disk, end));
  history_.truncate_new(end_offset());
  durable_end_ = std::min(durable_end_, end_offset());
  if (flush_) flush_->end_offset = std::min(flush_->end_offset, end_offset());
  // Paths of segments that are gone must not be synced.
  std::erase_if(unsynced_, [&](const std::string& path) { return !disk.size(path); });
  cut_ = true;
  new_names_ = true;
  flush(out);
  return {};
}

io::DiskResult<std::vector<Bytes>> RaftLog::read(const io::Disk& disk, Offset from,
                                                 std::int32_t max_bytes) const {
  return log_.read(disk, from, end_offset(), max_bytes, true);
}

/// ReplicatedLog.validateOffsetAndEpoch, KafkaRaftClient.tryCompleteFetchRequest.
Comparison RaftLog::compare(Offset fetch_offset, LeaderEpoch last_fetched_epoch) const {
  const std::optional<SnapshotId> latest = snapshots_.latest();
  // Whoever has nothing is better off with a snapshot.
  if (fetch_offset == Offset(0) && latest && *latest != kBootstrapSnapshot) return NeedsSnapshot{*latest};
  if (fetch_offset == Offset(0) && start_offset() == Offset(0)) return IsPrefix{};
  if (start_offset() > Offset(0)) {
    const SnapshotId earliest = *snapshots_.earliest();
    const bool below = fetch_offset < start_offset() || last_fetched_epoch < earliest.epoch ||
                       (fetch_offset == start_offset() && last_fetched_epoch != earliest.epoch);
    if (below) return NeedsSnapshot{*latest};
    if (fetch_offset == start_offset()) return IsPrefix{};  // the snapshot's own end
  }
  const auto end = log_.end_offset_for(last_fetched_epoch);
  if (!end) return Diverges{{.epoch = last_epoch(), .end_offset = end_offset()}};
  if (end->epoch == last_fetched_epoch && fetch_offset <= end->end_offset) return IsPrefix{};
  return Diverges{*end};
}

void RaftLog::flush(io::Effects& out) {
  wanted_ = end_offset();
  maybe_flush(out);
}

void RaftLog::maybe_flush(io::Effects& out) {
  if (flush_ || (durable_end_ >= std::min(wanted_, end_offset()) && !cut_)) return;
  Flush flush{.awaited = {}, .end_offset = end_offset(), .covers_cut = std::exchange(cut_, false)};
  for (std::string& path : std::exchange(unsynced_, {})) flush.awaited.insert(out.fsync(std::move(path)));
  // A file whose name is not durable is not there after a power loss, whatever was synced of it.
  if (std::exchange(new_names_, false)) flush.awaited.insert(out.fsync(log_.directory()));
  flush.awaited.insert(out.fsync(log_.active_path()));
  flush_ = std::move(flush);
}

void RaftLog::on_fsync(const io::FsyncFinished& finished, io::Effects& out) {
  if (!flush_ || flush_->awaited.erase(finished.ticket) == 0 || !flush_->awaited.empty()) return;
  durable_end_ = std::max(durable_end_, flush_->end_offset);
  flush_.reset();
  maybe_flush(out);
}

Result<bool> RaftLog::truncate_to_latest_snapshot(io::Disk& disk, io::Effects& out) {
  const std::optional<SnapshotId> latest = snapshots_.latest();
  if (!goes_beyond(latest, end())) return false;
  if (const auto emptied = log_.truncate_fully_and_start_at(disk, latest->offset); !emptied)
    return fail("the metadata log: {}", name_of(emptied.error()));
  while (*snapshots_.earliest() != *latest) {
    if (const auto removed = snapshots_.remove(disk, *snapshots_.earliest()); !removed)
      return fail("the metadata log's snapshots: {}", name_of(removed.error()));
  }
  start_ = latest->offset;
  durable_end_ = Offset(0);
  if (flush_) flush_->end_offset = Offset(0);
  unsynced_.clear();
  cut_ = true;
  new_names_ = true;
  flush(out);
  TRY_DO(load_snapshot_history(disk));
  return true;
}

io::DiskResult<std::uint64_t> RaftLog::size(const io::Disk& disk) const {
  std::uint64_t size = 0;
  for (const auto& segment : log_.segments()) size += segment->size();
  for (const SnapshotId& id : snapshots_.ids()) {
    TRY(bytes, snapshots_.size(disk, id));
    size += bytes;
  }
  return size;
}

io::DiskResult<void> RaftLog::clean(std::int64_t retention_bytes, io::Disk& disk) {
  while (snapshots_.ids().size() > 1) {
    TRY(bytes, size(disk));
    if (static_cast<std::int64_t>(bytes) <= retention_bytes) return {};
    TRY_DO(delete_before(*std::next(snapshots_.ids().begin()), disk));
  }
  return {};
}

/// Segments before snapshots: whoever dies in between has snapshots that nobody needs, and no hole.
io::DiskResult<void> RaftLog::delete_before(const SnapshotId& id, io::Disk& disk) {
  start_ = std::max(start_, id.offset);
  TRY_DO(log_.delete_segments_below(disk, start_));
  std::erase_if(unsynced_, [&](const std::string& path) { return !disk.size(path); });
  while (*snapshots_.earliest() < id) TRY_DO(snapshots_.remove(disk, *snapshots_.earliest()));
  return {};
}

Result<DecodedBatches> read_batches(const log::Log& log, const io::Disk& disk, Offset from, Offset to) {
  DecodedBatches read;
  while (from < to) {
    const io::DiskResult<std::vector<Bytes>> encoded = log.read(disk, from, to, kReadBytesMax, true);
    if (!encoded) return fail("the metadata log at offset {}: {}", from.value(), name_of(encoded.error()));
    if (encoded->empty()) break;  // the batch that holds `from` ends beyond `to`
    for (const Bytes& batch : *encoded) {
      TRY(decoded, metadata::decode_batch(batch));
      from = decoded.end;
      read.bytes += batch.size();
      read.batches.push_back(std::move(decoded));
    }
  }
  return read;
}

}  // namespace odradek::raft
