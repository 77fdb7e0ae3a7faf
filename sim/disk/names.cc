#include "sim/disk/names.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/base/ensure.h"

namespace odradek::sim {
namespace {

using Directories = std::set<std::string_view>;

Directories directories_of(const NameChange& change) {
  Directories directories;
  if (change.gone) directories.insert(directory_of(*change.gone));
  if (change.given) directories.insert(directory_of(*change.given));
  return directories;
}

bool intersect(const Directories& a, const Directories& b) {
  return std::ranges::any_of(a, [&b](std::string_view directory) { return b.contains(directory); });
}

/// Whether a change survives when so many changes of each directory do; counts them down.
bool survives(const NameChange& change, std::map<std::string_view, std::uint64_t>& left) {
  const Directories directories = directories_of(change);
  const bool survived =
      std::ranges::all_of(directories, [&left](auto directory) { return left[directory] > 0; });
  for (const std::string_view directory : directories) {
    left[directory] = survived ? left[directory] - 1 : 0;  // nothing survives behind what did not
  }
  return survived;
}

}  // namespace

std::string_view directory_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::optional<FileId> Names::find(std::string_view path) const {
  const auto name = seen_.find(path);
  return name == seen_.end() ? std::nullopt : std::optional(name->second);
}

void Names::create(std::string_view path, FileId file) {
  note({.gone = std::nullopt, .given = std::string(path), .file = file});
}

void Names::rename(std::string_view from, std::string_view to) {
  const std::optional<FileId> file = find(from);
  ENSURE(file && from != to, "rename of {} to {}", from, to);
  note({.gone = std::string(from), .given = std::string(to), .file = *file});
}

void Names::remove(std::string_view path) {
  const std::optional<FileId> file = find(path);
  ENSURE(file, "removal of {}", path);
  note({.gone = std::string(path), .given = std::nullopt, .file = *file});
}

void Names::note(NameChange change) {
  change.ordinal = next_++;
  if (change.gone) seen_.erase(*change.gone);
  if (change.given) seen_.insert_or_assign(*change.given, change.file);
  journal_.push_back(std::move(change));
}

std::vector<FileId> Names::commit(std::string_view directory, std::uint64_t before) {
  // A rename out of the directory brings along what came before it in the other one: orders have no holes.
  Directories directories{directory};
  std::set<std::uint64_t> committed;
  for (auto change = journal_.rbegin(); change != journal_.rend(); ++change) {
    const Directories touched = directories_of(*change);
    if (change->ordinal >= before || !intersect(touched, directories)) continue;
    committed.insert(change->ordinal);
    directories.insert(touched.begin(), touched.end());
  }
  std::vector<FileId> displaced;
  for (const NameChange& change : journal_) {
    if (committed.contains(change.ordinal)) apply(change, displaced);
  }
  std::erase_if(journal_, [&](const NameChange& change) { return committed.contains(change.ordinal); });
  return unnamed(displaced);
}

std::vector<FileId> Names::trim() {
  if (journal_.size() <= kJournalMax) return {};
  std::vector<FileId> displaced;
  const auto half = journal_.begin() + kJournalMax / 2;
  for (auto change = journal_.begin(); change != half; ++change) apply(*change, displaced);
  journal_.erase(journal_.begin(), half);
  return unnamed(displaced);
}

void Names::apply(const NameChange& change, std::vector<FileId>& displaced) {
  if (change.gone) {
    durable_.erase(*change.gone);
    if (!change.given) displaced.push_back(change.file);
  }
  if (!change.given) return;
  const auto [name, is_new] = durable_.try_emplace(*change.given, change.file);
  if (!is_new) displaced.push_back(std::exchange(name->second, change.file));
}

std::vector<FileId> Names::unnamed(const std::vector<FileId>& displaced) const {
  std::vector<FileId> files;
  std::ranges::copy_if(displaced, std::back_inserter(files), [this](FileId file) { return !is_named(file); });
  return files;
}

bool Names::is_named(FileId file) const {
  const auto means = [file](const auto& entry) { return entry.second == file; };
  return std::ranges::any_of(seen_, means) || std::ranges::any_of(durable_, means) ||
         std::ranges::any_of(journal_, [file](const NameChange& change) { return change.file == file; });
}

void Names::lose_power(Survival survival, const Chance& chance) {
  std::map<std::string_view, std::uint64_t> left;
  for (const NameChange& change : journal_) {
    for (const std::string_view directory : directories_of(change)) ++left[directory];
  }
  for (auto& [directory, count] : left) {
    if (survival == Survival::kNothing) count = 0;
    if (survival != Survival::kDrawn) continue;
    count = chance.about(Purpose::kPowerLoss, Question::kNames, directory).below(count + 1);
  }
  std::vector<FileId> displaced;  // the caller looks at what is left instead
  for (const NameChange& change : journal_) {
    if (survives(change, left)) apply(change, displaced);
  }
  seen_ = durable_;
  journal_.clear();
}

}  // namespace odradek::sim
