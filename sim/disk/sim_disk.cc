#include "sim/disk/sim_disk.h"

#include <algorithm>
#include <utility>

#include "engine/base/ensure.h"

namespace odradek::sim {

using io::DiskError;
using io::DiskResult;

namespace {

/// From what the operating system holds; `file` may be null.
DiskResult<Bytes> read_cached(const FileState* file, std::uint64_t position, std::uint32_t length) {
  if (file == nullptr) return std::unexpected(DiskError::kNotFound);
  const std::uint64_t size = file->cached->size();
  if (position > size || length > size - position) return std::unexpected(DiskError::kOutOfRange);
  return file->cached->read(position, length);
}

}  // namespace

bool operator==(const SimDisk& a, const SimDisk& b) {
  bool equal = true;
  for_each_field(a, b, [&equal](std::string_view /*name*/, const auto& left, const auto& right) {
    equal = equal && left == right;
  });
  return equal;
}

DiskResult<void> SimDisk::append(std::string_view path, const Bytes& data) {
  const DiskRule* rule = rules_.meet(DiskOperation::kAppend, path);
  if (rule != nullptr && std::holds_alternative<DiskError>(rule->effect)) {
    note(Mutation::kError, path);
    return std::unexpected(std::get<DiskError>(rule->effect));
  }
  if (capacity_ && bytes_used_ + data.size() > *capacity_) return std::unexpected(DiskError::kNoSpace);
  const std::uint64_t ordinal = note(Mutation::kAppend, path);
  data.feed(rolled_);
  std::optional<FileId> id = names_.find(path);
  if (!id) {
    id = next_file_;
    next_file_ = FileId(next_file_.value() + 1);
    names_.create(path, *id);
    forget(names_.trim());
  }
  FileState& file = files_[*id];
  const std::uint64_t begin = file.cached->size();
  file.cached.write().append(data);
  file.changed = ordinal;
  bytes_used_ += data.size();
  bytes_written_ += data.size();
  if (data.empty()) return {};
  if (file.marks != Cow<PageMarks>())
    file.marks.write().clear(page_of(begin), page_of(begin + data.size() - 1));
  if (rule != nullptr) lose_write(file, begin, *rule);
  return {};
}

DiskResult<Bytes> SimDisk::read(std::string_view path, std::uint64_t position, std::uint32_t length) const {
  const FileState* file = find(path);
  auto found = read_cached(file, position, length);
  if (!found) return found;
  if (rules_.meet(DiskOperation::kRead, path) != nullptr) return std::unexpected(DiskError::kInputOutput);
  const PageSet& unreadable = file->marks->unreadable;
  const auto bad = unreadable.lower_bound(page_of(position));
  if (length > 0 && bad != unreadable.end() && *bad <= page_of(position + length - 1))
    return std::unexpected(DiskError::kInputOutput);
  return found;
}

DiskResult<Bytes> SimDisk::peek(std::string_view path, std::uint64_t position, std::uint32_t length) const {
  return read_cached(find(path), position, length);
}

DiskResult<std::uint64_t> SimDisk::size(std::string_view path) const {
  const FileState* file = find(path);
  if (file == nullptr) return std::unexpected(DiskError::kNotFound);
  return file->cached->size();
}

DiskResult<void> SimDisk::truncate(std::string_view path, std::uint64_t size) {
  FileState* file = find(path);
  if (file == nullptr) return std::unexpected(DiskError::kNotFound);
  if (size > file->cached->size()) return std::unexpected(DiskError::kOutOfRange);
  if (const auto error = refusal(DiskOperation::kTruncate, path)) return std::unexpected(*error);
  file->changed = note(Mutation::kTruncate, path);
  rolled_.word(size);
  bytes_used_ -= file->cached->size() - size;
  // The kernel zeroes what is behind the end of the last page: that page is dirty again.
  if (file->marks != Cow<PageMarks>())
    file->marks.write().clear(page_of(size), page_of(file->cached->size()));
  file->cached.write().truncate(size);
  return {};
}

DiskResult<void> SimDisk::rename(std::string_view from, std::string_view to) {
  if (!names_.find(from)) return std::unexpected(DiskError::kNotFound);
  if (const auto error = refusal(DiskOperation::kRename, from)) return std::unexpected(*error);
  note(Mutation::kRename, from);
  rolled_.text(to);
  if (from == to) return {};
  if (const FileState* replaced = find(to)) bytes_used_ -= replaced->cached->size();
  names_.rename(from, to);
  forget(names_.trim());
  return {};
}

DiskResult<void> SimDisk::remove(std::string_view path) {
  const FileState* file = find(path);
  if (file == nullptr) return std::unexpected(DiskError::kNotFound);
  if (const auto error = refusal(DiskOperation::kRemove, path)) return std::unexpected(*error);
  note(Mutation::kRemove, path);
  bytes_used_ -= file->cached->size();
  names_.remove(path);
  forget(names_.trim());
  return {};
}

std::vector<std::string> SimDisk::list(std::string_view directory) const {
  std::string prefix(directory);
  if (!prefix.empty() && !prefix.ends_with('/')) prefix += '/';
  std::vector<std::string> paths;
  const NameTable& names = names_.all();
  for (auto name = names.lower_bound(prefix); name != names.end() && name->first.starts_with(prefix); ++name)
    paths.push_back(name->first);
  return paths;
}

SimDisk SimDisk::without_rules() const {
  SimDisk copy = *this;
  copy.rules_ = {};
  copy.capacity_.reset();
  return copy;
}

void SimDisk::limit(std::optional<std::uint64_t> capacity) {
  note(Mutation::kLimit, "");
  feed(rolled_, capacity);
  capacity_ = capacity;
}

void SimDisk::empty() {
  note(Mutation::kBlank, "");
  names_ = {};
  files_.clear();
  pending_.clear();
  bytes_used_ = 0;
}

const FileState* SimDisk::find(std::string_view path) const {
  const std::optional<FileId> id = names_.find(path);
  return id ? &files_.at(*id) : nullptr;
}

FileState* SimDisk::find(std::string_view path) {
  const std::optional<FileId> id = names_.find(path);
  return id ? &files_.at(*id) : nullptr;
}

void SimDisk::forget(const std::vector<FileId>& files) {
  for (const FileId file : files) files_.erase(file);
}

std::uint64_t SimDisk::note(Mutation mutation, std::string_view path) {
  rolled_.word(static_cast<std::uint64_t>(std::to_underlying(mutation)));
  rolled_.text(path);
  return ++mutations_;
}

}  // namespace odradek::sim
