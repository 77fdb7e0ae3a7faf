// Host: a machine on the network, where it stands, and how fast bytes leave it.
#pragma once

#include <cstdint>

#include "engine/base/ids.h"
#include "sim/kernel/virtual_time.h"

namespace odradek::sim {

/// Racks and regions by number; 0 is nowhere in particular, and as near to everybody as a neighbour.
struct HostPlace {
  std::uint16_t rack = 0;
  std::uint16_t region = 0;

  FIELDS(rack, region)
  friend bool operator==(const HostPlace&, const HostPlace&) = default;
};

struct Host {
  NodeId node;
  HostPlace place;
  bool listening = false;
  std::int64_t bytes_per_second = 0;  ///< that leave it, over all its connections; 0: at once
  Instant sending_until;              ///< when the last byte that it has been given will have left

  FIELDS(node, place, listening, bytes_per_second, sending_until)
  friend bool operator==(const Host&, const Host&) = default;
};

}  // namespace odradek::sim
