// What the controller draws for: its purposes of keyed randomness, under the key of its incarnation.
#pragma once

#include <cstdint>

namespace odradek::controller {

enum class Purpose : std::uint16_t {
  kTopicId = 0x0301,         ///< ordinal: topics created before by this incarnation
  kPlacementStart = 0x0302,  ///< the broker that gets the first replica of partition 0; ordinal as above
};

}  // namespace odradek::controller
