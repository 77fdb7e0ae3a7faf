// NodeSlot: one node of the world with all that is its own: process, disk, clocks, lanes, timers, names.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "engine/base/cow.h"
#include "engine/io/effects.h"
#include "engine/io/lane.h"
#include "sim/disk/sim_disk.h"
#include "sim/kernel/clock.h"
#include "sim/kernel/fifo.h"
#include "sim/kernel/timer_table.h"
#include "sim/kernel/virtual_time.h"

namespace odradek::sim {

/// kPaused: the process is stopped (SIGSTOP). Its kernel still shakes hands and takes in bytes.
enum class NodeState : std::uint8_t { kDown, kUp, kPaused };

[[nodiscard]] constexpr std::string_view name_of(NodeState state) {
  switch (state) {
    case NodeState::kDown: return "down";
    case NodeState::kUp: return "up";
    case NodeState::kPaused: return "paused";
  }
  return "unknown";
}

/// What may differ between hosts.
struct NodeOptions {
  Duration clock_skew;  ///< how far the wall clock is ahead
  Rate clock_rate;

  FIELDS(clock_skew, clock_rate)
  friend bool operator==(const NodeOptions&, const NodeOptions&) = default;
};

/// An input that waits for its lane.
struct WaitingInput {
  io::Input input;
  Digest body;  ///< of the message in it, if any

  FIELDS(input, body)
  friend bool operator==(const WaitingInput&, const WaitingInput&) = default;
};

/// One thread of a process: one input at a time, the others wait.
struct LaneState {
  Instant busy_until;
  std::uint64_t resumption =
      0;  ///< sequence number of the scheduled event that takes the next input; 0: none
  Fifo<WaitingInput> waiting;

  FIELDS(busy_until, resumption, waiting)
  friend bool operator==(const LaneState&, const LaneState&) = default;
};

template <class Process>
struct NodeSlot {
  NodeId id;
  NodeState state = NodeState::kDown;
  std::uint32_t incarnation = 0;  ///< how often it has been booted
  Cow<Process> blueprint;         ///< as it is before it has taken a step
  Process process;
  SimDisk disk;
  NodeClock clock;
  io::Names names;  ///< the next free ones; they go on over incarnations
  std::array<LaneState, io::kLaneCount> lanes;
  TimerTable timers;
  std::uint64_t steps = 0;  ///< ordinals of an incarnation's draws: steps, timers set, resumptions of lanes
  std::uint64_t timers_set = 0;
  std::uint64_t resumptions = 0;

  /// Names this incarnation in draws.
  [[nodiscard]] std::uint64_t entity() const {
    return (std::uint64_t{incarnation} << 32) | static_cast<std::uint32_t>(id.value());
  }
  [[nodiscard]] LaneState& lane(io::Lane which) { return lanes[static_cast<std::size_t>(which)]; }

  FIELDS(id, state, incarnation, blueprint, process, disk, clock, names, lanes, timers, steps, timers_set,
         resumptions)
  friend bool operator==(const NodeSlot&, const NodeSlot&) = default;
};

}  // namespace odradek::sim
