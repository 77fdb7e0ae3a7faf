#include "sim/disk/sim_disk.h"

#include <algorithm>
#include <utility>

namespace odradek::sim {

using io::DiskError;
using io::DiskResult;

DiskResult<void> SimDisk::append(std::string_view path, const Bytes& data) {
  const std::uint64_t ordinal = note(Mutation::kAppend, path);
  data.feed(rolled_);
  auto name = names_.find(path);
  if (name == names_.end()) {
    name = names_.emplace(std::string(path), DirectoryEntry{.file = next_file_, .linked = ordinal}).first;
    next_file_ = FileId(next_file_.value() + 1);
  }
  FileState& file = files_[name->second.file];
  file.cached.write().append(data);
  file.changed = ordinal;
  return {};
}

DiskResult<Bytes> SimDisk::read(std::string_view path, std::uint64_t position, std::uint32_t length) const {
  const FileState* file = find(path);
  if (file == nullptr) return std::unexpected(DiskError::kNotFound);
  const std::uint64_t size = file->cached->size();
  if (position > size || length > size - position) return std::unexpected(DiskError::kOutOfRange);
  return file->cached->read(position, length);
}

DiskResult<std::uint64_t> SimDisk::size(std::string_view path) const {
  const FileState* file = find(path);
  if (file == nullptr) return std::unexpected(DiskError::kNotFound);
  return file->cached->size();
}

DiskResult<void> SimDisk::truncate(std::string_view path, std::uint64_t size) {
  const auto name = names_.find(path);
  if (name == names_.end()) return std::unexpected(DiskError::kNotFound);
  FileState& file = files_.at(name->second.file);
  if (size > file.cached->size()) return std::unexpected(DiskError::kOutOfRange);
  file.changed = note(Mutation::kTruncate, path);
  rolled_.word(size);
  file.cached.write().truncate(size);
  return {};
}

DiskResult<void> SimDisk::rename(std::string_view from, std::string_view to) {
  const auto name = names_.find(from);
  if (name == names_.end()) return std::unexpected(DiskError::kNotFound);
  const DirectoryEntry moved{.file = name->second.file, .linked = note(Mutation::kRename, from)};
  rolled_.text(to);
  if (from == to) return {};
  names_.erase(name);
  const auto [place, is_new] = names_.try_emplace(std::string(to), moved);
  if (!is_new) {
    files_.erase(place->second.file);
    place->second = moved;
  }
  return {};
}

DiskResult<void> SimDisk::remove(std::string_view path) {
  const auto name = names_.find(path);
  if (name == names_.end()) return std::unexpected(DiskError::kNotFound);
  note(Mutation::kRemove, path);
  files_.erase(name->second.file);
  names_.erase(name);
  return {};
}

std::vector<std::string> SimDisk::list(std::string_view directory) const {
  std::string prefix(directory);
  if (!prefix.empty() && !prefix.ends_with('/')) prefix += '/';
  std::vector<std::string> paths;
  for (auto name = names_.lower_bound(prefix); name != names_.end() && name->first.starts_with(prefix);
       ++name) {
    paths.push_back(name->first);
  }
  return paths;
}

void SimDisk::begin_fsync(FsyncTicket ticket, std::string_view path, io::Lane lane) {
  PendingFsync pending{.ticket = ticket, .lane = lane};
  if (const auto name = names_.find(path); name != names_.end()) {
    const FileState& file = files_.at(name->second.file);
    pending.file = name->second.file;
    pending.content = file.cached;
    pending.changed = file.changed;
  }
  pending_.push_back(std::move(pending));
}

std::optional<io::Lane> SimDisk::finish_fsync(FsyncTicket ticket) {
  const auto done = std::ranges::find(pending_, ticket, &PendingFsync::ticket);
  if (done == pending_.end()) return std::nullopt;
  const io::Lane lane = done->lane;
  if (const auto file = done->file ? files_.find(*done->file) : files_.end(); file != files_.end()) {
    // Two fsyncs of one file may finish in either order; the later content stays.
    if (done->changed >= file->second.synced) {
      file->second.durable = std::move(done->content);
      file->second.synced = done->changed;
    }
  }
  pending_.erase(done);
  return lane;
}

std::optional<Cow<File>> SimDisk::durable(std::string_view path) const {
  const FileState* file = find(path);
  return file == nullptr ? std::nullopt : file->durable;
}

const FileState* SimDisk::find(std::string_view path) const {
  const auto name = names_.find(path);
  return name == names_.end() ? nullptr : &files_.at(name->second.file);
}

std::uint64_t SimDisk::note(Mutation mutation, std::string_view path) {
  rolled_.word(static_cast<std::uint64_t>(std::to_underlying(mutation)));
  rolled_.text(path);
  return ++mutations_;
}

}  // namespace odradek::sim
