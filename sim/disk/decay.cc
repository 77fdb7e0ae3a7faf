// The rules of a disk, and how each kind of decay is done.
#include <algorithm>
#include <utility>

#include "engine/base/ensure.h"
#include "sim/disk/sim_disk.h"

namespace odradek::sim {

using io::DiskError;

namespace {

/// A whole page with one bit of it turned round.
Bytes flipped(const Bytes& page, std::uint32_t byte, std::uint32_t bit) {
  std::vector<std::uint8_t> data(page.span().begin(), page.span().end());
  data[byte] = static_cast<std::uint8_t>(data[byte] ^ (1u << bit));
  return Bytes(data);
}

void replace_page(Cow<File>& file, std::uint64_t page, const Bytes& data) {
  file = Cow(with_pages(*file, file->size(), {{page, data}}));
}

}  // namespace

DiskRuleId SimDisk::fail(DiskScope scope, DiskError error) {
  const bool full = error == DiskError::kNoSpace && scope.operation == DiskOperation::kAppend;
  ENSURE(error == DiskError::kInputOutput || full, "no such fault: {}", name_of(error));
  note(Mutation::kRule, scope.prefix);
  feed(rolled_, scope);
  feed(rolled_, DiskEffect(error));
  return rules_.add(std::move(scope), error, {});
}

DiskRuleId SimDisk::misplace(DiskScope scope, Decay decay, const Chance& chance) {
  ENSURE(scope.operation == DiskOperation::kAppend, "only a write is misplaced");
  ENSURE(decay == Decay::kLostWrite || decay == Decay::kMisdirectedWrite, "{}", name_of(decay));
  note(Mutation::kRule, scope.prefix);
  feed(rolled_, scope);
  feed(rolled_, DiskEffect(decay));
  feed(rolled_, chance);
  return rules_.add(std::move(scope), decay, chance);
}

void SimDisk::lift(DiskRuleId rule) {
  note(Mutation::kLift, "");
  feed(rolled_, rule);
  rules_.lift(rule);
}

std::optional<DiskError> SimDisk::refusal(DiskOperation operation, std::string_view path) {
  const DiskRule* rule = rules_.meet(operation, path);
  if (rule == nullptr) return std::nullopt;
  note(Mutation::kError, path);
  return std::get<DiskError>(rule->effect);
}

std::optional<DecayedPlace> SimDisk::drawn_place(std::string_view prefix, const Chance& chance) const {
  std::vector<DecayedPlace> sizes;  // of the files that have anything to lose
  for (const auto& [path, id] : names_.all()) {
    const std::uint64_t size = files_.at(id).cached->size();
    if (path.starts_with(prefix) && size > 0) sizes.push_back({.path = path, .position = size});
  }
  if (sizes.empty()) return std::nullopt;
  const std::uint64_t which = chance.about(Purpose::kDecay, Question::kFile, prefix).below(sizes.size());
  DecayedPlace place = std::move(sizes[which]);
  place.position = chance.about(Purpose::kDecay, Question::kPlace, place.path).below(place.position);
  return place;
}

std::optional<DecayedPlace> SimDisk::rot(std::string_view prefix, const Chance& chance) {
  const std::optional<DecayedPlace> place = drawn_place(prefix, chance);
  if (!place) return place;
  note(Mutation::kDecay, place->path);
  feed(rolled_, Decay::kRot);
  feed(rolled_, place->position);
  const auto bit =
      static_cast<std::uint32_t>(chance.about(Purpose::kDecay, Question::kPlace, place->path, 1).below(8));
  const FileId id = *names_.find(place->path);
  FileState& file = files_.at(id);
  const std::uint64_t page = page_of(place->position);
  const Bytes good = page_at(*file.cached, page);
  const Bytes bad = flipped(good, static_cast<std::uint32_t>(place->position % kPageBytes), bit);
  // What has other bytes there has not been written from this page, or will be written over it.
  if (file.durable && page_at(**file.durable, page) == good) replace_page(*file.durable, page, bad);
  for (PendingFsync& pending : pending_) {
    if (pending.file == id && page_at(*pending.content, page) == good)
      replace_page(pending.content, page, bad);
  }
  replace_page(file.cached, page, bad);
  return place;
}

std::optional<DecayedPlace> SimDisk::make_unreadable(std::string_view prefix, const Chance& chance) {
  std::optional<DecayedPlace> place = drawn_place(prefix, chance);
  if (!place) return place;
  place->position -= place->position % kPageBytes;
  note(Mutation::kDecay, place->path);
  feed(rolled_, Decay::kLatentError);
  feed(rolled_, place->position);
  find(place->path)->marks.write().unreadable.insert(page_of(place->position));
  return place;
}

void SimDisk::lose_write(FileState& file, std::uint64_t begin, const DiskRule& rule) {
  const std::uint64_t last = page_of(file.cached->size() - 1);
  PageSet& doomed = file.marks.write().doomed;
  for (std::uint64_t page = page_of(begin); page <= last; ++page) doomed.insert(page);
  if (std::get<Decay>(rule.effect) == Decay::kMisdirectedWrite)
    land_elsewhere(page_at(*file.cached, page_of(begin)), rule);
}

void SimDisk::land_elsewhere(const Bytes& page, const DiskRule& rule) {
  /// A page of the platter that the cache holds clean: what is dirty will be written over the error.
  struct Target {
    FileId file;
    std::uint64_t page = 0;
  };
  std::vector<Target> targets;
  for (const auto& [id, file] : files_) {
    for (std::uint64_t at = 0; at < pages_in(file.platter().size()); ++at) {
      if (page_at(file.platter(), at) == page_at(*file.cached, at))
        targets.push_back({.file = id, .page = at});
    }
  }
  if (targets.empty()) return;
  const Draw drawn = rule.chance.about(Purpose::kDecay, Question::kPlace, "", rule.affected());
  const Target target = targets[drawn.below(targets.size())];
  FileState& hit = files_.at(target.file);
  replace_page(*hit.durable, target.page, page);
  hit.marks.write().stale.insert(target.page);
  for (PendingFsync& pending : pending_) {
    if (pending.file == target.file) pending.skipped.insert(target.page);  // a clean page is not written
  }
}

}  // namespace odradek::sim
