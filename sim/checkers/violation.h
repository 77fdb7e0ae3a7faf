// What a checker can say: a violation, or that something was lost as a setting permits.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/ids.h"
#include "sim/kernel/virtual_time.h"

namespace odradek::sim {

/// Offsets [begin, end) of a log.
struct OffsetRange {
  Offset begin;
  Offset end;

  FIELDS(begin, end)
  friend bool operator==(const OffsetRange&, const OffsetRange&) = default;
};

/// The record at this offset.
[[nodiscard]] inline OffsetRange record_at(Offset offset) { return {.begin = offset, .end = offset + 1}; }

struct Violation {
  std::string invariant;  ///< "I10"
  Instant at;
  std::uint64_t event = 0;  ///< ordinal of the event after which it was seen
  std::string message;      ///< one sentence with broker, partition, offsets and values
  std::string witness;      ///< canonical: entity kinds instead of numbers; equal for failures of one cause
  bool client_visible = false;
  TopicPartition tp = {};    ///< default: of no partition in particular
  OffsetRange records = {};  ///< the records that it is about; empty: none in particular

  FIELDS(invariant, at, event, message, witness, client_visible, tp, records)
  friend bool operator==(const Violation&, const Violation&) = default;
};

/// A loss that a setting allows: it names the setting, the event, and covers these offsets and nothing else.
struct Permission {
  std::string setting;  ///< "acks=1", "unclean.leader.election.enable=true", "min.insync.replicas=1"
  TopicPartition tp;
  Offset begin;
  Offset end;
  Instant at;
  std::string message;

  FIELDS(setting, tp, begin, end, at, message)
  friend bool operator==(const Permission&, const Permission&) = default;
};

}  // namespace odradek::sim
