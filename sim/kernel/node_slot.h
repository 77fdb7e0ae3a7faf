// NodeSlot: one node of the world with all that is its own: process, disk, clocks, lanes, timers, names.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/base/cow.h"
#include "engine/io/effects.h"
#include "engine/io/lane.h"
#include "sim/disk/sim_disk.h"
#include "sim/kernel/clock.h"
#include "sim/kernel/fifo.h"
#include "sim/kernel/timer_table.h"
#include "sim/kernel/virtual_time.h"
#include "sim/net/host.h"

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
  HostPlace place;

  FIELDS(clock_skew, clock_rate, place)
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
  bool stalled = false;        ///< its next input writes to a disk that does not answer
  bool held = false;           ///< it alone is stopped
  std::uint32_t slowness = 1;  ///< how many times longer everything takes it

  [[nodiscard]] bool is_free(Instant now) const {
    return waiting.empty() && busy_until <= now && !stalled && !held;
  }
  /// What is left of it when the process dies.
  void die() {
    *this = {.busy_until = {}, .resumption = 0, .waiting = {}, .held = held, .slowness = slowness};
  }

  FIELDS(busy_until, resumption, waiting, stalled, held, slowness)
  friend bool operator==(const LaneState&, const LaneState&) = default;
};

/// How an incarnation ended, which says what its successor may find.
enum class Ending : std::uint8_t {
  kNone,       ///< it has not, or never began
  kBetween,    ///< between two steps: all that it did and told is there
  kExit,       ///< by its own decision, at the end of one
  kMidStep,    ///< in the middle of one: it may have done more than it told
  kPowerLoss,  ///< what was not synced may be gone
};

/// A process that is to die in the middle of a step.
struct MidStep {
  std::uint32_t steps = 0;  ///< so many steps that write to the disk come first
  std::uint64_t keep = 0;   ///< of the step's mutations and effects, in their order; modulo one more
  std::optional<Survival> power_loss;  ///< the host's power goes at the same moment

  FIELDS(steps, keep, power_loss)
  friend bool operator==(const MidStep&, const MidStep&) = default;
};

/// What is wrong with the way to a disk.
struct DiskPace {
  bool stalled = false;                  ///< nothing that writes gets through
  std::int64_t bytes_per_second = 0;     ///< 0: as fast as memory
  std::vector<FsyncTicket> late_fsyncs;  ///< finished but for the stall

  [[nodiscard]] Duration time_for(std::uint64_t bytes) const {
    if (bytes_per_second == 0) return {};
    return Duration(static_cast<std::int64_t>(bytes) * 1'000'000'000 / bytes_per_second);
  }

  FIELDS(stalled, bytes_per_second, late_fsyncs)
  friend bool operator==(const DiskPace&, const DiskPace&) = default;
};

template <class Process>
struct NodeSlot {
  NodeId id;
  NodeState state = NodeState::kDown;
  std::uint32_t incarnation = 0;  ///< how often it has been booted
  Cow<Process> blueprint;         ///< as it is before it has taken a step
  Process process;
  SimDisk disk;
  DiskPace pace;
  NodeClock clock;
  io::Names names;  ///< the next free ones; they go on over incarnations
  std::array<LaneState, io::kLaneCount> lanes;
  TimerTable timers;
  std::uint64_t steps = 0;  ///< ordinals of an incarnation's draws: steps, timers set, resumptions of lanes
  std::uint64_t timers_set = 0;
  std::uint64_t resumptions = 0;
  std::uint64_t power_losses = 0;
  std::uint64_t decays = 0;
  bool powered = true;
  Ending ending = Ending::kNone;  ///< of the last incarnation that ended
  std::optional<MidStep> mid_step;

  /// Names this incarnation in draws.
  [[nodiscard]] std::uint64_t entity() const {
    return (std::uint64_t{incarnation} << 32) | static_cast<std::uint32_t>(id.value());
  }
  [[nodiscard]] LaneState& lane(io::Lane which) { return lanes[static_cast<std::size_t>(which)]; }

  FIELDS(id, state, incarnation, blueprint, process, disk, pace, clock, names, lanes, timers, steps,
         timers_set, resumptions, power_losses, decays, powered, ending, mid_step)
  friend bool operator==(const NodeSlot&, const NodeSlot&) = default;
};

}  // namespace odradek::sim
