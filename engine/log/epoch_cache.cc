#include "engine/log/epoch_cache.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>

#include "engine/log/checkpoint_text.h"

namespace odradek::log {

std::optional<EpochEntry> EpochCache::latest() const {
  return entries_.empty() ? std::nullopt : std::optional(entries_.back());
}

bool EpochCache::assign(LeaderEpoch epoch, Offset start_offset) {
  if (!entries_.empty() && entries_.back().epoch == epoch && entries_.back().start_offset <= start_offset)
    return false;
  while (!entries_.empty() &&
         (entries_.back().epoch >= epoch || entries_.back().start_offset >= start_offset)) {
    entries_.pop_back();
  }
  entries_.push_back({.epoch = epoch, .start_offset = start_offset});
  return true;
}

std::optional<api::EpochEndOffset> EpochCache::end_offset_for(LeaderEpoch epoch, Offset log_end) const {
  if (entries_.empty() || epoch > entries_.back().epoch) return std::nullopt;
  if (epoch == entries_.back().epoch) return api::EpochEndOffset{.epoch = epoch, .end_offset = log_end};
  const auto higher = std::ranges::upper_bound(entries_, epoch, {}, &EpochEntry::epoch);
  const LeaderEpoch known = higher == entries_.begin() ? epoch : std::prev(higher)->epoch;
  return api::EpochEndOffset{.epoch = known, .end_offset = higher->start_offset};
}

bool EpochCache::truncate_from_end(Offset end) {
  const auto first = std::ranges::lower_bound(entries_, end, {}, &EpochEntry::start_offset);
  if (first == entries_.end()) return false;
  entries_.erase(first, entries_.end());
  return true;
}

bool EpochCache::truncate_from_start(Offset start) {
  const auto later = std::ranges::upper_bound(entries_, start, {}, &EpochEntry::start_offset);
  if (later == entries_.begin()) return false;
  const auto holder = std::prev(later);
  if (holder == entries_.begin() && holder->start_offset == start) return false;
  holder->start_offset = start;
  entries_.erase(entries_.begin(), holder);
  return true;
}

std::string EpochCache::to_text() const {
  std::vector<std::string> lines;
  for (const EpochEntry& entry : entries_) {
    lines.push_back(fmt::format("{} {}", entry.epoch.value(), entry.start_offset.value()));
  }
  return checkpoint_text(lines);
}

Result<EpochCache> EpochCache::parse(std::string_view text) {
  TRY(lines, parse_checkpoint(text));
  EpochCache cache;
  for (const CheckpointLine& line : lines) {
    TRY(words, split_words<2>(line));
    TRY(epoch, parse_number(line, words[0], std::numeric_limits<std::int32_t>::max()));
    TRY(start, parse_number(line, words[1], std::numeric_limits<std::int64_t>::max()));
    const EpochEntry entry{.epoch = LeaderEpoch(static_cast<std::int32_t>(epoch)),
                           .start_offset = Offset(start)};
    const auto latest = cache.latest();
    if (latest && (latest->epoch >= entry.epoch || latest->start_offset >= entry.start_offset)) {
      return fail("line {}: expected more than epoch {} at offset {}, got \"{}\"", line.number,
                  latest->epoch.value(), latest->start_offset.value(), line.text);
    }
    cache.entries_.push_back(entry);
  }
  return cache;
}

std::string EpochCache::path_in(std::string_view directory) {
  return fmt::format("{}/leader-epoch-checkpoint", directory);
}

io::DiskResult<void> EpochCache::save(io::Disk& disk, std::string_view directory) const {
  return replace_file(disk, path_in(directory), to_text());
}

EpochCache EpochCache::load(const io::Disk& disk, std::string_view directory) {
  const auto text = read_file(disk, path_in(directory));
  if (!text) return {};
  return parse(text->text()).value_or(EpochCache{});
}

}  // namespace odradek::log
