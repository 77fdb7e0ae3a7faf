// QuorumHistory: what the control records of the metadata log have said of the quorum, by offset: its
// members, and the level of kraft.version.
//
// A set of members counts as soon as it is in the log, committed or not; when the log is truncated, so is
// this history. What a snapshot says holds as of the last offset that it covers.
//
// Source: org.apache.kafka.raft.internals.KRaftControlRecordStateMachine, VoterSetHistory,
// KRaftVersionHistory.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/raft/voter_set.h"

namespace odradek::raft {

/// Values, each of which holds from its offset up to that of the next.
template <class T>
class History {
 public:
  struct Entry {
    Offset offset;
    T value;

    FIELDS(offset, value)
    friend bool operator==(const Entry&, const Entry&) = default;
  };

  /// Null when nothing was said, or nothing at or before `offset`.
  [[nodiscard]] const Entry* last() const { return entries_.empty() ? nullptr : &entries_.back(); }
  [[nodiscard]] const Entry* at(Offset offset) const {
    for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
      if (entry->offset <= offset) return &*entry;
    }
    return nullptr;
  }

  /// REQUIRES: beyond all that is known.
  void add(Offset offset, T value) { entries_.push_back({offset, std::move(value)}); }
  /// What was said at or beyond `end` was never said.
  void truncate_new(Offset end) {
    std::erase_if(entries_, [end](const Entry& entry) { return entry.offset >= end; });
  }
  /// Forgets what no longer held at `start`.
  void truncate_old(Offset start) {
    while (entries_.size() > 1 && entries_[1].offset <= start) entries_.erase(entries_.begin());
  }
  void clear() { entries_.clear(); }

  FIELDS(entries_)
  friend bool operator==(const History&, const History&) = default;

 private:
  std::vector<Entry> entries_;
};

class QuorumHistory {
 public:
  QuorumHistory() = default;
  /// The members that count until the log names some: controller.quorum.voters.
  explicit QuorumHistory(VoterSet static_voters) : static_voters_(std::move(static_voters)) {}

  [[nodiscard]] const VoterSet& voters() const;
  /// Where they stand in the log; absent when it names none.
  [[nodiscard]] std::optional<Offset> voters_offset() const;
  [[nodiscard]] std::int16_t kraft_version() const;

  /// Its set of members, if any, and level as of this offset.
  [[nodiscard]] std::optional<VoterSet> voters_at(Offset offset) const;
  [[nodiscard]] std::int16_t kraft_version_at(Offset offset) const;
  /// Who counted as members before what stands at this offset.
  [[nodiscard]] VoterSet voters_before(Offset offset) const;

  /// A control record in the log, or in a snapshot that covers the log through `offset`.
  void add(Offset offset, const wire::ControlRecord& record);
  void truncate_new(Offset end);
  void truncate_old(Offset start);
  /// The log is replaced by a snapshot.
  void clear();

  FIELDS(static_voters_, voters_, kraft_versions_)
  friend bool operator==(const QuorumHistory&, const QuorumHistory&) = default;

 private:
  VoterSet static_voters_;
  History<VoterSet> voters_;
  History<std::int16_t> kraft_versions_;
};

}  // namespace odradek::raft
