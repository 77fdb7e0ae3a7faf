// RecordLog: which record stands at which offset, in a form in which two logs compare in O(1).
//
// Each (offset, epoch, content) is hashed on its own and a log keeps the running sums of these hashes. A
// range's hash is the difference of two sums, so ranges of any two logs compare wherever the logs begin, and
// truncation just drops sums. Equality is by 64 bits; nobody here tries to forge one.
//
// 1. Offsets are dense: [start, end).
// 2. `epochs()` names each epoch with its first offset, in the order of the log.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/ids.h"
#include "sim/checkers/chunked.h"

namespace odradek::sim {

/// 64 bits of a record's content.
[[nodiscard]] constexpr std::uint64_t short_content(const Digest& content) { return content.low; }

struct LoggedRecord {
  std::uint64_t content = 0;
  LeaderEpoch epoch;

  FIELDS(content, epoch)
  friend bool operator==(const LoggedRecord&, const LoggedRecord&) = default;
};

class RecordLog {
 public:
  RecordLog() = default;
  /// An empty log whose records before `start` hash to `sum_before`.
  RecordLog(Offset start, std::uint64_t sum_before) : start_(start), sum_before_(sum_before) {}

  [[nodiscard]] Offset start() const { return start_; }
  [[nodiscard]] Offset end() const { return start_ + static_cast<std::int64_t>(entries_.size()); }
  [[nodiscard]] bool holds(Offset offset) const { return start_ <= offset && offset < end(); }
  /// REQUIRES: holds(offset).
  [[nodiscard]] LoggedRecord at(Offset offset) const {
    const Entry& entry = entries_[index(offset)];
    return {.content = entry.content, .epoch = entry.epoch};
  }
  /// True when exactly `record` stands at `offset`.
  [[nodiscard]] bool has(Offset offset, std::uint64_t content) const {
    return holds(offset) && at(offset).content == content;
  }
  /// Hash of everything before `offset`. REQUIRES: start() <= offset <= end().
  [[nodiscard]] std::uint64_t prefix(Offset offset) const {
    return offset == start_ ? sum_before_ : entries_[index(offset - 1)].sum;
  }
  [[nodiscard]] const std::vector<OffsetAndEpoch>& epochs() const { return epochs_; }

  void append(LoggedRecord record);
  /// Drops `end` and what follows; nothing when the log is shorter.
  void truncate(Offset end);

  FIELDS(start_, sum_before_, entries_, epochs_)
  friend bool operator==(const RecordLog&, const RecordLog&) = default;

 private:
  struct Entry {
    std::uint64_t content = 0;
    std::uint64_t sum = 0;  ///< up to and including this one
    LeaderEpoch epoch;

    FIELDS(content, sum, epoch)
    friend bool operator==(const Entry&, const Entry&) = default;
  };

  [[nodiscard]] std::uint64_t index(Offset offset) const {
    return static_cast<std::uint64_t>(offset - start_);
  }

  Offset start_;
  std::uint64_t sum_before_ = 0;
  Chunked<Entry> entries_;
  std::vector<OffsetAndEpoch> epochs_;
};

/// True when both hold [from, to) and agree there.
[[nodiscard]] bool agree(const RecordLog& a, const RecordLog& b, Offset from, Offset to);

/// The first offset of [from, to) that `log` lacks or holds differently from `expected`; O(1) when there is
/// none. Offsets below either log's start are not compared. REQUIRES: to <= expected.end().
[[nodiscard]] std::optional<Offset> first_mismatch(const RecordLog& log, const RecordLog& expected,
                                                   Offset from, Offset to);

}  // namespace odradek::sim
