// Dice: the draws that decide one entry of a plan.
//
// The key of each draw names the kind of fault, which of its entries, and what is asked. So an entry depends
// on nothing but its own place among entries of its kind, and taking a kind out of a scenario leaves the
// others as they were.
#pragma once

#include <cstdint>

#include "engine/base/random.h"

namespace odradek::sim {

/// One purpose per kind of random fault: kFirst + the kind's place in its list. The simulator's own purposes
/// lie below.
enum class FaultPurpose : std::uint16_t { kFirst = 0x400 };

/// What a draw decides about an entry.
enum class Aspect : std::uint8_t {
  kGap,  ///< time since the entry before it
  kDuration,
  kTrigger,  ///< whether it waits for an event, and for which
  kNth,
  kAfter,
  kKindOfNode,
  kTarget,     ///< `choice` of the first selector
  kOther,      ///< `choice` of the second
  kDirection,  ///< which end is the sender
  kPartition,
  kShape,  ///< whatever else makes one fault of a kind differ from another
  kAmount,
};

class Dice {
 public:
  Dice(const Key& key, std::uint16_t kind, std::uint32_t stream, std::uint32_t entry)
      : key_(key), kind_(kind), stream_(stream), entry_(entry) {}

  [[nodiscard]] Draw about(Aspect aspect) const {
    const auto purpose = static_cast<FaultPurpose>(std::to_underlying(FaultPurpose::kFirst) + kind_);
    const std::uint64_t entity = (std::uint64_t{stream_} << 8) | std::to_underlying(aspect);
    return draw(key_, purpose, {.entity = entity, .ordinal = entry_});
  }

  /// The dice of one of the entries that make up a composite fault.
  [[nodiscard]] Dice of_part(std::uint32_t part) const {
    return {key_, kind_, stream_ + ((part + 1) << 16), entry_};
  }

 private:
  Key key_;
  std::uint16_t kind_;    ///< place in the list of kinds
  std::uint32_t stream_;  ///< which of several lines of one kind
  std::uint32_t entry_;
};

}  // namespace odradek::sim
