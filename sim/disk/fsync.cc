// What becomes durable, what fails to, and what is left when the cache or the power goes.
#include <algorithm>
#include <utility>

#include "sim/disk/power_loss.h"
#include "sim/disk/sim_disk.h"

namespace odradek::sim {

void SimDisk::begin_fsync(FsyncTicket ticket, std::string_view path, io::Lane lane) {
  PendingFsync pending{.ticket = ticket, .lane = lane};
  pending.ok = !refusal(DiskOperation::kFsync, path);
  if (const std::optional<FileId> id = names_.find(path)) {
    FileState& file = files_.at(*id);
    pending.file = id;
    pending.content = file.cached;
    pending.changed = file.changed;
    if (!pending.ok) mark_fsync_failed(file);
    if (file.marks != Cow<PageMarks>()) {
      PageMarks& marks = file.marks.write();
      marks.stale.merge(std::exchange(marks.doomed, {}));  // the drive loses them now
      pending.skipped = marks.stale;
    }
  } else {
    pending.directory = path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
    pending.names_before = names_.next();
  }
  pending_.push_back(std::move(pending));
}

void SimDisk::mark_fsync_failed(FileState& file) {
  // Linux marks a page clean when it begins to write it: one that is written meanwhile is dirty again.
  PageSet dirty = dirty_pages(file.platter(), *file.cached);
  if (!dirty.empty()) file.marks.write().stale.merge(dirty);
}

std::optional<FsyncAnswer> SimDisk::finish_fsync(FsyncTicket ticket) {
  const auto found = std::ranges::find(pending_, ticket, &PendingFsync::ticket);
  if (found == pending_.end()) return std::nullopt;
  if (found->ok && found->file) {
    // It waited for what earlier ones had under way of the file (Linux: filemap_fdatawait).
    for (auto earlier = pending_.begin(); earlier != found; ++earlier) {
      if (earlier->ok && earlier->file == found->file) write_out(*earlier);
    }
    write_out(*found);
  } else if (found->ok) {
    forget(names_.commit(found->directory, found->names_before));
  }
  const FsyncAnswer answer{.lane = found->lane, .ok = found->ok};
  pending_.erase(found);
  return answer;
}

void SimDisk::write_out(const PendingFsync& done) {
  const auto found = files_.find(*done.file);
  if (found == files_.end()) return;  // its names are gone for good
  FileState& file = found->second;
  if (done.changed < file.synced) return;  // two fsyncs of one file finish in any order; the later stays
  if (done.skipped.empty()) {
    file.durable = done.content;
  } else {
    file.durable = Cow(written_out(file.platter(), *done.content, done.skipped));
  }
  file.synced = done.changed;
}

std::optional<Cow<File>> SimDisk::durable(std::string_view path) const {
  const FileState* file = find(path);
  return file == nullptr ? std::nullopt : file->durable;
}

void SimDisk::lose_power(Survival wanted, const Chance& chance) {
  const bool is_calm = wanted == Survival::kDrawn && chance.seed.calm.has(Purpose::kPowerLoss);
  const Survival survival = is_calm ? Survival::kNothing : wanted;
  const std::uint64_t ordinal = note(Mutation::kPowerLoss, "");
  feed(rolled_, survival);
  feed(rolled_, chance);
  names_.lose_power(survival, chance);
  files_ = surviving_files(survival, chance);
  pending_.clear();
  bytes_used_ = 0;
  for (auto& [id, file] : files_) {
    file.changed = ordinal;
    file.synced = ordinal;
    bytes_used_ += file.cached->size();
  }
}

std::map<FileId, FileState> SimDisk::surviving_files(Survival survival, const Chance& chance) {
  std::map<FileId, FileState> left;
  for (const auto& [path, id] : names_.all()) {
    const FileBlow blow{.survival = survival, .chance = chance, .path = path};
    // An fsync that nobody saw finish may have done its work: the draws below start from there.
    for (const PendingFsync& pending : pending_) {
      if (survival != Survival::kDrawn || !pending.ok || pending.file != id) continue;
      if (blow.about(Question::kFsyncHappened, pending.ticket.value()).chance(1, 2)) write_out(pending);
    }
    const FileState& file = files_.at(id);
    FileState& survivor = left[id];
    survivor.cached = file.durable == file.cached ? file.cached : Cow(surviving_file(file, blow));
    survivor.durable = survivor.cached;
    if (!file.marks->unreadable.empty()) survivor.marks.write().unreadable = file.marks->unreadable;
    rolled_.text(path);
    feed(rolled_, survivor.cached->size());
    if (!survivor.cached.shares_with(file.cached)) feed(rolled_, survivor.cached);
  }
  return left;
}

void SimDisk::drop_cache() {
  note(Mutation::kCacheDrop, "");
  for (auto& [id, file] : files_) {
    if (file.marks->stale.empty()) continue;
    const PageSet stale = std::exchange(file.marks.write().stale, {});
    file.cached = Cow(written_out(file.platter(), *file.cached, stale));
  }
}

}  // namespace odradek::sim
