// What the controller draws for: its purposes of keyed randomness, under the key of its incarnation.
//
// The ordinal of each counts what was created before by this incarnation.
#pragma once

#include <cstdint>

namespace odradek::controller {

enum class Purpose : std::uint16_t {
  kTopicId = 0x0301,
  kPlacementStart = 0x0302,        ///< the first broker of a rack; entity: the rack, in order of names
  kPlacementFencedStart = 0x0303,  ///< likewise of those fenced
  kPlacementRack = 0x0304,         ///< the first rack
  kPlacementShuffle = 0x0305,      ///< entity: counts the exchanges of one placement
};

}  // namespace odradek::controller
