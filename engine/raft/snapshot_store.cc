#include "engine/raft/snapshot_store.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "engine/base/ensure.h"
#include "engine/base/result.h"

namespace odradek::raft {
namespace {

constexpr std::string_view kSuffix = ".checkpoint";
constexpr std::string_view kUnfinishedSuffix = ".part";

template <class T>
std::optional<T> parse_number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Absent for what is no snapshot.
std::optional<SnapshotId> parse_name(std::string_view name) {
  if (!name.ends_with(kSuffix)) return std::nullopt;
  name.remove_suffix(kSuffix.size());
  const auto dash = name.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto offset = parse_number<std::int64_t>(name.substr(0, dash));
  const auto epoch = parse_number<std::int32_t>(name.substr(dash + 1));
  if (!offset || !epoch) return std::nullopt;
  return SnapshotId{.offset = Offset(*offset), .epoch = LeaderEpoch(*epoch)};
}

}  // namespace

std::string snapshot_path(std::string_view directory, const SnapshotId& id) {
  return fmt::format("{}/{:020}-{:010}{}", directory, id.offset.value(), id.epoch.value(), kSuffix);
}

io::DiskResult<SnapshotStore> SnapshotStore::open(io::Disk& disk, std::string directory) {
  SnapshotStore store;
  for (const std::string& path : disk.list(directory)) {
    if (path.ends_with(kUnfinishedSuffix)) TRY_DO(disk.remove(path));
    if (const auto id = parse_name(std::string_view(path).substr(directory.size() + 1)))
      store.ids_.insert(*id);
  }
  store.directory_ = std::move(directory);
  return store;
}

std::optional<SnapshotId> SnapshotStore::earliest() const {
  return ids_.empty() ? std::nullopt : std::optional(*ids_.begin());
}

std::optional<SnapshotId> SnapshotStore::latest() const {
  return ids_.empty() ? std::nullopt : std::optional(*ids_.rbegin());
}

io::DiskResult<std::uint64_t> SnapshotStore::size(const io::Disk& disk, const SnapshotId& id) const {
  return disk.size(snapshot_path(directory_, id));
}

io::DiskResult<Bytes> SnapshotStore::read(const io::Disk& disk, const SnapshotId& id, std::uint64_t position,
                                          std::uint64_t max_bytes) const {
  const std::string path = snapshot_path(directory_, id);
  TRY(whole, disk.size(path));
  const std::uint64_t length = std::min(whole - position, max_bytes);
  return disk.read(path, position, static_cast<std::uint32_t>(length));
}

io::DiskResult<void> SnapshotStore::remove(io::Disk& disk, const SnapshotId& id) {
  TRY_DO(disk.remove(snapshot_path(directory_, id)));
  ids_.erase(id);
  return {};
}

io::DiskResult<void> SnapshotStore::write(const SnapshotId& id, const Bytes& content, io::Disk& disk,
                                          io::Effects& out) {
  ENSURE(!writing_, "a snapshot is being written");
  writing_ = {.id = id,
              .file = log::DurableFile(snapshot_path(directory_, id), std::string(kUnfinishedSuffix))};
  return writing_->file.save(content.text(), disk, out);
}

io::DiskResult<void> SnapshotStore::begin_fetch(const SnapshotId& id, io::Disk& disk) {
  TRY_DO(abandon_fetch(disk));
  fetching_ = {.id = id, .file = log::DurableFile(snapshot_path(directory_, id), ".fetched.part")};
  return {};
}

io::DiskResult<void> SnapshotStore::abandon_fetch(io::Disk& disk) {
  if (!fetching_) return {};
  const std::string path = fetching_->file.temporary_path();
  fetching_.reset();
  if (!disk.size(path)) return {};
  return disk.remove(path);
}

std::optional<SnapshotId> SnapshotStore::fetching() const {
  return fetching_ ? std::optional(fetching_->id) : std::nullopt;
}

std::uint64_t SnapshotStore::fetched_bytes(const io::Disk& disk) const {
  return disk.size(fetching_->file.temporary_path()).value_or(0);
}

io::DiskResult<void> SnapshotStore::add_fetched(const Bytes& piece, io::Disk& disk) {
  return disk.append(fetching_->file.temporary_path(), piece);
}

void SnapshotStore::seal_fetched(io::Effects& out) { fetching_->file.seal(out); }

bool SnapshotStore::awaits(FsyncTicket ticket) const {
  return (writing_ && writing_->file.awaits(ticket)) || (fetching_ && fetching_->file.awaits(ticket));
}

io::DiskResult<std::optional<SnapshotStore::Completed>> SnapshotStore::on_fsync(
    const io::FsyncFinished& finished, io::Disk& disk, io::Effects& out) {
  for (std::optional<Unfinished>* unfinished : {&writing_, &fetching_}) {
    if (!*unfinished || !(*unfinished)->file.awaits(finished.ticket)) continue;
    TRY_DO((*unfinished)->file.on_fsync(finished, disk, out));
    if (!(*unfinished)->file.is_durable()) return std::nullopt;
    const Completed completed{.id = (*unfinished)->id, .fetched = unfinished == &fetching_};
    ids_.insert(completed.id);
    unfinished->reset();
    return completed;
  }
  return std::nullopt;
}

}  // namespace odradek::raft
