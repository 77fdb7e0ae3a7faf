// Definitions of World: what is done to it from outside. Read world.h first.
#pragma once

#include <algorithm>
#include <type_traits>
#include <utility>

#include "sim/kernel/lane_of.h"
#include "sim/kernel/purpose.h"
#include "sim/kernel/world.h"

namespace odradek::sim {

// Nodes --------------------------------------------------------------------------------------------------

template <Steppable Process>
void World<Process>::add_node(NodeId node, Process process, NodeOptions options) {
  ENSURE(std::ranges::count(ids_, node) == 0, "node {} exists already", node.value());
  // The initiator's host names a connection; its place in the name keeps the names of different hosts apart.
  const auto place = std::uint64_t{nodes_.size()};
  Slot slot{.id = node, .blueprint = Cow(process), .process = std::move(process)};
  slot.clock = NodeClock(options.clock_skew, options.clock_rate);
  slot.names = {.connection = ConnectionId((place + 1) << 40), .ticket = FsyncTicket(1)};
  nodes_.push_back(Cow(std::move(slot)));
  ids_.push_back(node);
  network_.add_host(node, options.place);
  note(Operation::kAdd, node, options);
}

template <Steppable Process>
void World<Process>::boot(NodeId node) {
  const std::uint16_t place = place_of(node);
  Slot& slot = nodes_[place].write();
  ENSURE(slot.state == NodeState::kDown, "node {} is {}", node.value(), name_of(slot.state));
  slot.state = NodeState::kUp;
  if (!std::exchange(slot.powered, true)) network_.restore_host(place, moment());
  ++slot.incarnation;
  slot.steps = slot.timers_set = slot.resumptions = 0;
  const Draw origin = draw(seed_, Purpose::kMonotonicOrigin,
                           {.entity = static_cast<std::uint32_t>(node.value()), .ordinal = slot.incarnation});
  slot.clock.boot(now_, MonotonicTime(static_cast<std::int64_t>(origin.bits() >> 16)));
  network_.set_listening(place, true);
  queue_.push({.at = now_, .kind = EventKind::kBoot, .node = place, .entity = slot.incarnation});
  note(Operation::kBoot, node);
}

template <Steppable Process>
void World<Process>::crash(NodeId node) {
  ENSURE(state(node) != NodeState::kDown, "node {} is down", node.value());
  note(Operation::kCrash, node);
  die(place_of(node), Ending::kBetween);
}

template <Steppable Process>
void World<Process>::restart(NodeId node) {
  if (state(node) != NodeState::kDown) crash(node);
  boot(node);
}

template <Steppable Process>
void World<Process>::pause(NodeId node) {
  Slot& slot = nodes_[place_of(node)].write();
  ENSURE(slot.state == NodeState::kUp, "node {} is {}", node.value(), name_of(slot.state));
  slot.state = NodeState::kPaused;
  for (LaneState& lane : slot.lanes) lane.resumption = 0;
  note(Operation::kPause, node);
}

template <Steppable Process>
void World<Process>::resume(NodeId node) {
  const std::uint16_t place = place_of(node);
  Slot& slot = nodes_[place].write();
  ENSURE(slot.state == NodeState::kPaused, "node {} is {}", node.value(), name_of(slot.state));
  slot.state = NodeState::kUp;
  for (std::size_t lane = 0; lane < io::kLaneCount; ++lane) resume_lane(place, static_cast<io::Lane>(lane));
  note(Operation::kResume, node);
}

template <Steppable Process>
void World<Process>::shut_down(NodeId node) {
  ENSURE(state(node) != NodeState::kDown, "node {} is down", node.value());
  note(Operation::kShutDown, node);
  const std::uint16_t place = place_of(node);
  WaitingInput waiting{.input = io::ShutdownRequested{}};
  const io::Lane lane = lane_of(nodes_[place]->process, waiting.input);
  enqueue(place, lane, std::move(waiting));
}

template <Steppable Process>
bool World<Process>::call(NodeId node, CallId id, io::Call call) {
  const std::uint16_t place = place_of(node);
  if (nodes_[place]->state == NodeState::kDown) return false;
  WaitingInput waiting{.input = io::ClientCall{id, std::move(call)}};
  const io::Lane lane = lane_of(nodes_[place]->process, waiting.input);
  if (nodes_[place]->lanes[static_cast<std::size_t>(lane)].waiting.size() >= config_.lane_queue_max)
    return false;
  note(Operation::kCall, node, id);
  enqueue(place, lane, std::move(waiting));
  return true;
}

template <Steppable Process>
void World<Process>::die(std::uint16_t place, Ending ending) {
  Slot& slot = nodes_[place].write();
  slot.state = NodeState::kDown;
  slot.ending = ending;
  slot.mid_step.reset();
  slot.process = slot.blueprint.read();
  for (LaneState& lane : slot.lanes) lane.die();
  slot.disk.forget_fsyncs();
  slot.pace.late_fsyncs.clear();
  if (ending != Ending::kPowerLoss) network_.process_died(place, moment());
  const std::uint32_t stale = slot.timers.size();
  slot.timers.clear();
  add_stale(stale);
}

// Hosts --------------------------------------------------------------------------------------------------

template <Steppable Process>
void World<Process>::lose_power(NodeId node, Survival survival) {
  note(Operation::kPowerLoss, node, survival);
  cut_power(place_of(node), survival);
}

template <Steppable Process>
void World<Process>::cut_power(std::uint16_t place, Survival survival) {
  Slot& slot = nodes_[place].write();
  // Before the process forgets its fsyncs: what they asked for may have happened.
  slot.disk.lose_power(
      survival,
      {.seed = seed_, .entity = static_cast<std::uint32_t>(slot.id.value()), .ordinal = slot.power_losses++});
  feed(fingerprint_, slot.disk.mutation_digest());
  if (std::exchange(slot.powered, false)) network_.cut_off_host(place, moment());
  if (slot.state == NodeState::kDown) {
    slot.ending = Ending::kPowerLoss;
  } else {
    die(place, Ending::kPowerLoss);
  }
}

template <Steppable Process>
void World<Process>::crash_inside_step(NodeId node, std::optional<MidStep> where) {
  note(Operation::kMidStep, node, where);
  nodes_[place_of(node)].write().mid_step = where;
}

template <Steppable Process>
template <class Deed>
auto World<Process>::disturb(NodeId node, Deed deed) {
  SimDisk& disk = nodes_[place_of(node)].write().disk;
  if constexpr (std::is_void_v<decltype(deed(disk))>) {
    deed(disk);
    note(Operation::kDisturb, node, disk.mutation_digest());
  } else {
    auto result = deed(disk);
    note(Operation::kDisturb, node, disk.mutation_digest());
    return result;
  }
}

template <Steppable Process>
template <class Deed>
void World<Process>::lose_unsynced(NodeId node, Deed deed) {
  ENSURE(state(node) == NodeState::kDown, "node {} runs while its disk loses data", node.value());
  disturb(node, deed);
  nodes_[place_of(node)].write().ending = Ending::kPowerLoss;
}

template <Steppable Process>
std::optional<DecayedPlace> World<Process>::decay_disk(NodeId node, Decay kind, const std::string& path) {
  const Chance chance = decay_chance(node);
  return disturb(node, [&](SimDisk& disk) {
    return kind == Decay::kRot ? disk.rot(path, chance) : disk.make_unreadable(path, chance);
  });
}

template <Steppable Process>
DiskRuleId World<Process>::misplace_write(NodeId node, Decay kind, WhichWrite which) {
  const Chance chance = decay_chance(node);
  const DiskScope scope{.operation = DiskOperation::kAppend,
                        .prefix = std::move(which.path),
                        .passed_over = which.passed_over,
                        .times = 1};
  return disturb(node, [&](SimDisk& disk) { return disk.misplace(scope, kind, chance); });
}

template <Steppable Process>
Chance World<Process>::decay_chance(NodeId node) {
  Slot& slot = nodes_[place_of(node)].write();
  return {.seed = seed_, .entity = static_cast<std::uint32_t>(node.value()), .ordinal = slot.decays++};
}

template <Steppable Process>
void World<Process>::swap_disks(NodeId a, NodeId b) {
  ENSURE(state(a) == NodeState::kDown && state(b) == NodeState::kDown, "disks of running nodes {} and {}",
         a.value(), b.value());
  note(Operation::kSwapDisks, a, b);
  std::swap(nodes_[place_of(a)].write().disk, nodes_[place_of(b)].write().disk);
}

template <Steppable Process>
void World<Process>::stall_disk(NodeId node, bool stalled) {
  note(Operation::kStall, node, stalled);
  const std::uint16_t place = place_of(node);
  Slot& slot = nodes_[place].write();
  slot.pace.stalled = stalled;
  if (stalled) return;
  for (const FsyncTicket ticket : std::exchange(slot.pace.late_fsyncs, {})) {
    queue_.push({.at = now_, .kind = EventKind::kFsync, .node = place, .entity = ticket.value()});
  }
  for (std::size_t lane = 0; lane < io::kLaneCount; ++lane) {
    if (std::exchange(slot.lanes[lane].stalled, false)) resume_lane(place, static_cast<io::Lane>(lane));
  }
}

template <Steppable Process>
void World<Process>::throttle_disk(NodeId node, std::int64_t bytes_per_second) {
  note(Operation::kThrottle, node, bytes_per_second);
  nodes_[place_of(node)].write().pace.bytes_per_second = bytes_per_second;
}

template <Steppable Process>
void World<Process>::slow_down(NodeId node, std::optional<io::Lane> lane, std::uint32_t factor) {
  ENSURE(factor > 0, "node {} slowed down by {}", node.value(), factor);
  note(Operation::kSlow, node, lane, factor);
  Slot& slot = nodes_[place_of(node)].write();
  for (std::size_t i = 0; i < io::kLaneCount; ++i) {
    if (!lane || *lane == static_cast<io::Lane>(i)) slot.lanes[i].slowness = factor;
  }
}

template <Steppable Process>
void World<Process>::hold_lane(NodeId node, io::Lane lane, bool held) {
  note(Operation::kHoldLane, node, lane, held);
  const std::uint16_t place = place_of(node);
  LaneState& state = nodes_[place].write().lane(lane);
  state.held = held;
  state.resumption = 0;
  resume_lane(place, lane);
}

template <Steppable Process>
void World<Process>::jump_wall_clock(NodeId node, Duration by) {
  note(Operation::kJump, node, by);
  nodes_[place_of(node)].write().clock.jump(now_, by);
}

template <Steppable Process>
Duration World<Process>::clocks_behind() const {
  Duration most;
  for (const auto& node : nodes_) most = std::max(most, node->clock.behind(now_));
  return most;
}

// Network ------------------------------------------------------------------------------------------------

template <Steppable Process>
void World<Process>::block(Path path) {
  note(Operation::kBlock, path);
  network_.block(path);
}

template <Steppable Process>
void World<Process>::unblock(Path path) {
  note(Operation::kUnblock, path);
  network_.unblock(path, moment());
}

template <Steppable Process>
void World<Process>::reset(ConnectionId connection) {
  note(Operation::kReset, connection);
  network_.reset(connection, moment());
}

template <Steppable Process>
std::uint32_t World<Process>::reset_between(NodeId a, NodeId b) {
  note(Operation::kReset, a, b);
  return network_.reset_between(a, b, moment());
}

template <Steppable Process>
std::uint32_t World<Process>::black_hole(NodeId a, NodeId b) {
  note(Operation::kBlackHole, a, b);
  return network_.black_hole(a, b);
}

template <Steppable Process>
std::uint32_t World<Process>::half_open(NodeId loser, NodeId other) {
  note(Operation::kHalfOpen, loser, other);
  return network_.half_open(loser, other, moment());
}

template <Steppable Process>
void World<Process>::throttle_network(NodeId node, std::int64_t bytes_per_second) {
  note(Operation::kThrottleNetwork, node, bytes_per_second);
  network_.throttle(place_of(node), bytes_per_second);
}

template <Steppable Process>
RuleId World<Process>::delay(RuleScope scope, Duration extra) {
  note(Operation::kDelay, scope, extra);
  return network_.delay(scope, extra);
}

template <Steppable Process>
RuleId World<Process>::hold(RuleScope scope, HeldMessages messages) {
  note(Operation::kHold, scope, messages);
  return network_.hold(scope, messages);
}

template <Steppable Process>
void World<Process>::lift(RuleId rule) {
  note(Operation::kLift, rule);
  network_.lift(rule, moment());
}

// Time ---------------------------------------------------------------------------------------------------

template <Steppable Process>
void World<Process>::schedule(Instant at, HarnessToken token) {
  ENSURE(at >= now_, "token {} for {} ns, and it is {} ns", token.value(), at.ns(), now_.ns());
  queue_.push({.at = at, .kind = EventKind::kToken, .entity = token.value()});
}

template <Steppable Process>
StepReport World<Process>::run_until(Instant limit) {
  while (true) {
    const StepReport report = step(limit);
    if (report.kind != StepKind::kNode && report.kind != StepKind::kToken) return report;
  }
}

template <Steppable Process>
std::uint16_t World<Process>::place_of(NodeId node) const {
  const auto found = std::ranges::find(ids_, node);
  ENSURE(found != ids_.end(), "node {} is not in this world", node.value());
  return static_cast<std::uint16_t>(found - ids_.begin());
}

template <Steppable Process>
template <class... Parts>
void World<Process>::note(Operation operation, const Parts&... parts) {
  feed(fingerprint_, now_);
  feed(fingerprint_, operation);
  (feed(fingerprint_, parts), ...);
}

}  // namespace odradek::sim
