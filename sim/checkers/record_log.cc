#include "sim/checkers/record_log.h"

#include <bit>

namespace odradek::sim {

namespace {

std::uint64_t hash_at(Offset offset, const LoggedRecord& record) {
  std::uint64_t x = record.content * 0x9E3779B185EBCA87u;
  x ^= std::rotl(static_cast<std::uint64_t>(offset.value()) * 0xC2B2AE3D27D4EB4Fu, 23);
  x += static_cast<std::uint64_t>(record.epoch.value()) * 0x165667B19E3779F9u;
  x = (x ^ (x >> 33)) * 0xFF51AFD7ED558CCDu;  // the finaliser of MurmurHash3
  x = (x ^ (x >> 33)) * 0xC4CEB9FE1A85EC53u;
  return x ^ (x >> 33);
}

}  // namespace

void RecordLog::append(LoggedRecord record) {
  const Offset offset = end();
  if (epochs_.empty() || epochs_.back().epoch != record.epoch) {
    epochs_.push_back({.offset = offset, .epoch = record.epoch});
  }
  const std::uint64_t sum = prefix(offset) + hash_at(offset, record);
  entries_.push_back({.content = record.content, .sum = sum, .epoch = record.epoch});
}

void RecordLog::truncate(Offset end) {
  if (end >= this->end()) return;
  entries_.shrink_to(index(std::max(end, start_)));
  while (!epochs_.empty() && epochs_.back().offset >= end) epochs_.pop_back();
}

bool agree(const RecordLog& a, const RecordLog& b, Offset from, Offset to) {
  if (from >= to) return true;
  if (from < a.start() || from < b.start() || to > a.end() || to > b.end()) return false;
  return a.prefix(to) - a.prefix(from) == b.prefix(to) - b.prefix(from);
}

std::optional<Offset> first_mismatch(const RecordLog& log, const RecordLog& expected, Offset from,
                                     Offset to) {
  Offset good = std::max({from, log.start(), expected.start()});  // [from, good) agrees
  if (good >= to) return std::nullopt;
  const Offset shared = std::max(good, std::min(to, log.end()));
  if (agree(log, expected, good, shared)) return shared < to ? std::optional(shared) : std::nullopt;
  const Offset begin = good;
  Offset bad = shared;  // [from, bad) does not agree
  while (bad - good > 1) {
    const Offset middle = good + (bad - good) / 2;
    (agree(log, expected, begin, middle) ? good : bad) = middle;
  }
  return good;
}

}  // namespace odradek::sim
