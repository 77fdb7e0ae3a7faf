// EventQueue: everything that is going to happen, in a total order: time, then a drawn tie, then the order of
// scheduling.
//
// Entries are small and say only where to look: a message waits in its connection, a timer in its node's
// table. Whoever schedules an entry keeps its sequence number; an entry whose number nobody keeps any more is
// stale and its owner ignores it.
//
// 1. Entries come out in the order (at, tie, sequence), on every compiler.
// 2. A sequence number is used once, and is never 0: 0 says "nothing scheduled".
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "engine/base/fields.h"
#include "sim/kernel/virtual_time.h"

namespace odradek::sim {

enum class EventKind : std::uint8_t {
  kToken,         ///< the harness asked to be woken; entity: its token
  kBoot,          ///< a process starts; node, entity: incarnation
  kTimer,         ///< node, detail: TimerKind, entity: the timer's entity
  kLane,          ///< a lane is free for the next input that waits; node, detail: Lane
  kFsync,         ///< node, entity: FsyncTicket
  kArrival,       ///< the first segment in flight arrives; entity: ConnectionId, detail: direction
  kStallTimeout,  ///< TCP gives up on a blocked path; entity: ConnectionId, detail: direction
};

struct QueueEntry {
  Instant at;
  std::uint64_t sequence = 0;
  std::uint32_t tie = 0;
  EventKind kind{};
  std::uint8_t detail = 0;
  std::uint16_t node = 0;
  std::uint64_t entity = 0;

  FIELDS(at, sequence, tie, kind, detail, node, entity)
  friend constexpr bool operator==(const QueueEntry&, const QueueEntry&) = default;
};

class EventQueue {
 public:
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(heap_.size()); }
  /// REQUIRES: not empty.
  [[nodiscard]] const QueueEntry& front() const { return heap_.front(); }

  /// Gives the entry its sequence number and returns it.
  std::uint64_t push(QueueEntry entry);
  /// REQUIRES: not empty.
  QueueEntry pop();

  /// Drops entries that their owners no longer wait for; what is left comes out in the same order as before.
  template <class Predicate>
  void drop_if(Predicate stale) {
    std::erase_if(heap_, stale);
    restore();
  }

  FIELDS(heap_, last_sequence_)
  friend bool operator==(const EventQueue&, const EventQueue&) = default;

 private:
  void sink(std::uint32_t place, const QueueEntry& entry);
  void restore();

  std::vector<QueueEntry> heap_;  ///< binary heap: no entry comes before its parent
  std::uint64_t last_sequence_ = 0;
};

}  // namespace odradek::sim
