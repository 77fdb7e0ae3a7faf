// What a log does at the start of a broker. Source: org.apache.kafka.storage.internals.log.LogLoader.
#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "engine/log/log.h"

namespace odradek::log {
namespace {

constexpr std::string_view kSuffix = ".log";
constexpr std::uint32_t kDigits = 20;

/// The base offset that a segment's file name bears.
std::optional<Offset> base_offset_of(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name.size() != kDigits + kSuffix.size() || !name.ends_with(kSuffix)) return std::nullopt;
  const std::string_view digits = name.substr(0, kDigits);
  std::int64_t base = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), base);
  if (error != std::errc() || end != digits.end()) return std::nullopt;
  return Offset(base);
}

/// Index files whose segment a crash took away: a later segment of that name must not find them.
io::DiskResult<void> remove_orphans(io::Disk& disk, std::string_view directory) {
  for (const std::string& path : disk.list(directory)) {
    const auto dot = path.rfind('.');
    const std::string_view stem = std::string_view(path).substr(0, dot);
    const bool is_index = path.ends_with(".index") || path.ends_with(".timeindex");
    if (is_index && !disk.size(std::string(stem) + std::string(kSuffix))) TRY_DO(disk.remove(path));
  }
  return {};
}

std::vector<Offset> segments_on(const io::Disk& disk, std::string_view directory) {
  std::vector<Offset> bases;
  for (const std::string& path : disk.list(directory)) {
    if (const auto base = base_offset_of(path)) bases.push_back(*base);
  }
  return bases;  // names of equal length: sorted as text is sorted as numbers
}

}  // namespace

Result<Log> Log::open(io::Disk& disk, std::string directory, const io::TopicConfig& config) {
  Log log;
  log.directory_ = std::move(directory);
  log.config_ = config;
  if (const auto loaded = log.load(disk); !loaded)
    return fail("{}: {}", log.directory_, name_of(loaded.error()));
  return log;
}

io::DiskResult<void> Log::load(io::Disk& disk) {
  TRY_DO(remove_orphans(disk, directory_));
  for (const Offset base : segments_on(disk, directory_)) TRY_DO(recover_segment(disk, base));
  if (segments_.empty()) {
    TRY(fresh, Segment::create(disk, directory_, Offset(0)));
    segments_.emplace_back(std::move(fresh));
  }
  if (epochs_ == EpochCache::load(disk, directory_)) return {};
  return epochs_.save(disk, directory_);
}

/// Takes in the next segment, or deletes it when it does not continue the log: what lies beyond a cut or a
/// hole is no prefix of what was appended.
io::DiskResult<void> Log::recover_segment(io::Disk& disk, Offset base_offset) {
  const bool continues = segments_.empty() || (!recovered_truncation_ && log_end_offset() == base_offset);
  if (!continues) {
    recovered_truncation_ = true;
    return Segment::remove(disk, directory_, base_offset);
  }
  if (!segments_.empty()) TRY_DO(segments_.back().write().seal(disk));
  TRY(recovery, Segment::recover(disk, directory_, base_offset, config_, epochs_));
  recovered_truncation_ = recovery.cut;
  segments_.emplace_back(std::move(recovery.segment));
  return {};
}

}  // namespace odradek::log
