// Definitions of World: what happens in it, and a node's step. Read world.h first.
#pragma once

#include <algorithm>
#include <utility>
#include <variant>

#include "sim/kernel/fingerprint.h"
#include "sim/kernel/lane_of.h"
#include "sim/kernel/purpose.h"
#include "sim/kernel/world.h"

namespace odradek::sim {

// Events --------------------------------------------------------------------------------------------------

template <Steppable Process>
StepReport World<Process>::step(Instant limit) {
  if (failure_) return poisoned();
  try {
    return advance(limit);
  } catch (EnsureFailure& failed) {
    failure_ = Failure{.at = now_,
                       .event = events_,
                       .node = stepping_,
                       .condition = std::move(failed.condition),
                       .message = std::move(failed.message),
                       .file = std::move(failed.file),
                       .line = failed.line};
    return poisoned();
  }
}

template <Steppable Process>
StepReport World<Process>::poisoned() const {
  return {.kind = StepKind::kPoisoned,
          .now = now_,
          .event = events_,
          .node = failure_->node.value_or(NodeId{}),
          .failure = &*failure_};
}

template <Steppable Process>
StepReport World<Process>::advance(Instant limit) {
  while (!queue_.empty() && queue_.front().at <= limit) {
    const QueueEntry entry = queue_.pop();
    ENSURE(entry.at >= now_, "an event of {} ns comes at {} ns", entry.at.ns(), now_.ns());  // H8
    if (entry.at > now_) {
      now_ = entry.at;
      events_at_once_ = 0;
    }
    ENSURE(++events_at_once_ <= config_.events_at_once_max, "more than {} events at {} ns",
           config_.events_at_once_max, now_.ns());
    if (const Report report = dispatch(entry)) return *report;
  }
  if (limit != Instant::never() && limit > now_) {
    now_ = limit;
    events_at_once_ = 0;
  }
  return {.kind = queue_.empty() ? StepKind::kIdle : StepKind::kQuiet, .now = now_, .event = events_};
}

template <Steppable Process>
auto World<Process>::dispatch(const QueueEntry& entry) -> Report {
  switch (entry.kind) {
    case EventKind::kToken:
      return StepReport{
          .kind = StepKind::kToken, .now = now_, .event = events_, .token = HarnessToken(entry.entity)};
    case EventKind::kBoot: return on_boot(entry);
    case EventKind::kTimer: return on_timer(entry);
    case EventKind::kLane: return on_lane(entry);
    case EventKind::kFsync: return on_fsync(entry);
    case EventKind::kArrival:
      if (!network_.arrive(entry, moment(), scratch_->delivery)) return std::nullopt;
      return offer(scratch_->delivery.host);
    case EventKind::kStallTimeout: network_.give_up(entry, moment()); return std::nullopt;
  }
  return std::nullopt;
}

template <Steppable Process>
auto World<Process>::on_boot(const QueueEntry& entry) -> Report {
  const Slot& slot = *nodes_[entry.node];
  if (slot.state == NodeState::kDown || slot.incarnation != entry.entity) return std::nullopt;
  const Draw key = draw(seed_, Purpose::kBootKey,
                        {.entity = static_cast<std::uint32_t>(slot.id.value()), .ordinal = slot.incarnation});
  scratch_->delivery.template put<io::Booted>(Digest{}, key.key());
  return offer(entry.node);
}

template <Steppable Process>
auto World<Process>::on_timer(const QueueEntry& entry) -> Report {
  const io::Timer timer{.kind = io::TimerKind{entry.detail}, .entity = entry.entity};
  if (!nodes_[entry.node]->timers.holds(timer, entry.sequence)) {
    if (stale_ > 0) --stale_;
    return std::nullopt;
  }
  nodes_[entry.node].write().timers.cancel(timer);
  scratch_->delivery.template put<io::TimerFired>(Digest{}, timer);
  return offer(entry.node);
}

template <Steppable Process>
auto World<Process>::on_fsync(const QueueEntry& entry) -> Report {
  const FsyncTicket ticket(entry.entity);
  if (nodes_[entry.node]->pace.stalled) {
    nodes_[entry.node].write().pace.late_fsyncs.push_back(ticket);
    return std::nullopt;
  }
  const std::optional<FsyncAnswer> answer = nodes_[entry.node].write().disk.finish_fsync(ticket);
  if (!answer) return std::nullopt;
  scratch_->delivery.template put<io::FsyncFinished>(Digest{}, ticket, answer->ok);
  return offer(entry.node, answer->lane);
}

template <Steppable Process>
auto World<Process>::on_lane(const QueueEntry& entry) -> Report {
  const io::Lane lane{entry.detail};
  LaneState& state = nodes_[entry.node].write().lane(lane);
  if (state.resumption != entry.sequence) return std::nullopt;
  state.resumption = 0;
  if (state.waiting.empty()) return std::nullopt;
  WaitingInput next = state.waiting.pop_front();
  scratch_->delivery.input = std::move(next.input);
  scratch_->delivery.body = next.body;
  return take_step(entry.node, lane);
}

// Lanes ---------------------------------------------------------------------------------------------------

template <Steppable Process>
auto World<Process>::offer(std::uint16_t place) -> Report {
  return offer(place, lane_of(nodes_[place]->process, scratch_->delivery.input));
}

/// The input in `scratch_` is for this lane: it is taken now if the lane is free, otherwise it waits.
template <Steppable Process>
auto World<Process>::offer(std::uint16_t place, io::Lane lane) -> Report {
  Slot& slot = nodes_[place].write();
  if (slot.state == NodeState::kUp && slot.lane(lane).is_free(now_)) return take_step(place, lane);
  enqueue(place, lane, {.input = std::move(scratch_->delivery.input), .body = scratch_->delivery.body});
  return std::nullopt;
}

template <Steppable Process>
void World<Process>::enqueue(std::uint16_t place, io::Lane lane, WaitingInput waiting) {
  LaneState& state = nodes_[place].write().lane(lane);
  ENSURE(state.waiting.size() < config_.lane_queue_max, "{} inputs wait for the {} lane of node {}",
         state.waiting.size(), io::name_of(lane), nodes_[place]->id.value());
  state.waiting.push_back(std::move(waiting));
  resume_lane(place, lane);
}

/// Schedules the lane's next input, if there is one and nothing is scheduled yet.
template <Steppable Process>
void World<Process>::resume_lane(std::uint16_t place, io::Lane lane) {
  Slot& slot = nodes_[place].write();
  LaneState& state = slot.lane(lane);
  const bool is_stopped = slot.state != NodeState::kUp || state.stalled || state.held;
  if (is_stopped || state.resumption != 0 || state.waiting.empty()) return;
  const std::uint64_t ordinal = slot.resumptions++;
  const Draw tie = draw(seed_, Purpose::kLaneTie, {.entity = slot.entity(), .ordinal = ordinal});
  state.resumption = queue_.push({.at = std::max(now_, state.busy_until),
                                  .tie = static_cast<std::uint32_t>(tie.bits()),
                                  .kind = EventKind::kLane,
                                  .detail = std::to_underlying(lane),
                                  .node = place});
}

/// What the node has just taken back, a timer or a connection, it must not hear of from its lanes either.
template <Steppable Process>
template <class Predicate>
void World<Process>::withdraw(std::uint16_t place, Predicate is_void) {
  for (LaneState& lane : nodes_[place].write().lanes) {
    if (lane.waiting.empty()) continue;
    lane.waiting.erase_if([&is_void](const WaitingInput& waiting) { return is_void(waiting.input); });
  }
}

// A step --------------------------------------------------------------------------------------------------

template <Steppable Process>
auto World<Process>::take_step(std::uint16_t place, io::Lane lane) -> Report {
  Slot& slot = nodes_[place].write();
  Workspace& work = *scratch_;
  if (slot.pace.stalled && would_write(slot)) {
    LaneState& state = slot.lane(lane);
    state.stalled = true;
    state.waiting.push_front({.input = std::move(work.delivery.input), .body = work.delivery.body});
    return std::nullopt;
  }
  ++events_;
  stepping_ = slot.id;
  fingerprint_.word(static_cast<std::uint64_t>(now_.ns()));
  fingerprint_.word((std::uint64_t{place} << 16) | (std::uint64_t{std::to_underlying(lane)} << 8) |
                    work.delivery.input.index());
  feed_input(fingerprint_, work.delivery.input, work.delivery.body);
  const std::uint64_t mutations = slot.disk.mutations();
  const std::uint64_t written = slot.disk.bytes_written();
  const std::optional<MidStep> mid_step = slot.mid_step;
  const bool dies = mid_step && run_to_the_cut(slot);
  if (!mid_step) run_process(slot);
  if (slot.disk.mutations() != mutations) feed(fingerprint_, slot.disk.mutation_digest());
  const std::uint64_t parts = slot.disk.mutations() - mutations + work.effects.list().size();
  slot.lane(lane).busy_until = now_ + cost_of(slot, work.delivery.input) * slot.lane(lane).slowness +
                               slot.pace.time_for(slot.disk.bytes_written() - written);
  apply_effects(place, lane);
  if (dies && mid_step->power_loss) {
    cut_power(place, *mid_step->power_loss);
  } else if (dies && slot.state != NodeState::kDown) {
    die(place, Ending::kMidStep);
  }
  resume_lane(place, lane);
  stepping_.reset();
  return StepReport{.kind = StepKind::kNode,
                    .now = now_,
                    .event = events_,
                    .node = slot.id,
                    .lane = lane,
                    .input = &work.delivery.input,
                    .effects = work.effects.list(),
                    .parts = parts};
}

template <Steppable Process>
void World<Process>::run_process(Slot& slot) {
  Workspace& work = *scratch_;
  work.effects.restart(slot.names);
  slot.process.step(slot.clock.read(now_), work.delivery.input, slot.disk, work.effects);
  slot.names = work.effects.next();
}

/// Tries the step on a copy. A node is a value: nobody notices.
template <Steppable Process>
bool World<Process>::would_write(const Slot& slot) {
  Process process = slot.process;
  SimDisk disk = slot.disk;
  io::Effects effects(slot.names);
  process.step(slot.clock.read(now_), scratch_->delivery.input, disk, effects);
  return disk.mutations() != slot.disk.mutations();
}

/// Takes the step; true when it was the one in the middle of which the process dies, and what came after the
/// cut is undone.
template <Steppable Process>
bool World<Process>::run_to_the_cut(Slot& slot) {
  Workspace& work = *scratch_;
  work.effects.restart(slot.names);
  TapedDisk taped(slot.disk, work.effects);
  slot.process.step(slot.clock.read(now_), work.delivery.input, taped, work.effects);
  slot.names = work.effects.next();
  if (taped.mutations() == 0) return false;
  if (slot.mid_step->steps > 0) {
    --slot.mid_step->steps;
    return false;
  }
  const std::uint64_t parts = taped.mutations() + work.effects.list().size();
  TapedDisk::Prefix prefix = taped.prefix(slot.mid_step->keep % (parts + 1));
  slot.disk = std::move(prefix.disk);
  std::vector<io::Effect>& effects = work.effects.list();
  effects.erase(effects.begin() + static_cast<std::ptrdiff_t>(prefix.effects), effects.end());
  return true;
}

template <Steppable Process>
void World<Process>::apply_effects(std::uint16_t place, io::Lane lane) {
  for (io::Effect& effect : scratch_->effects.list()) {
    const Source from{.place = place, .lane = lane, .body = feed_effect(fingerprint_, effect)};
    std::visit([this, &from](auto& e) { this->apply(from, e); }, effect);
    if (nodes_[place]->state == NodeState::kDown) return;  // it has ended itself
  }
}

template <Steppable Process>
Duration World<Process>::cost_of(Slot& slot, const io::Input& input) {
  const bool is_request = std::holds_alternative<io::RequestReceived>(input);
  const DurationRange& range = is_request ? config_.request_cost : config_.other_cost;
  if (range.min == range.max) return range.min;
  const std::uint64_t ordinal = slot.steps++;
  return draw(seed_, Purpose::kStepCost, {.entity = slot.entity(), .ordinal = ordinal})
      .between(range.min, range.max);
}

template <Steppable Process>
void World<Process>::apply(const Source& from, io::Connect& connect) {
  network_.connect(connect.link, from.place, moment());
}

template <Steppable Process>
void World<Process>::apply(const Source& from, io::Send& send) {
  network_.send(send.connection, from.place, send.correlation, std::move(send.request), from.body, moment());
}

template <Steppable Process>
void World<Process>::apply(const Source& from, io::Respond& respond) {
  network_.respond(respond.connection, respond.correlation, std::move(respond.response), from.body, moment());
  finish_request(respond.connection);
}

template <Steppable Process>
void World<Process>::apply(const Source&, io::FinishRequest& finish) {
  finish_request(finish.connection);
}

template <Steppable Process>
void World<Process>::finish_request(ConnectionId connection) {
  Delivery next;
  if (!network_.finish_request(connection, next)) return;
  const io::Lane lane = lane_of(nodes_[next.host]->process, next.input);
  enqueue(next.host, lane, {.input = std::move(next.input), .body = next.body});
}

template <Steppable Process>
void World<Process>::apply(const Source& from, io::Close& close) {
  network_.close(close.connection, from.place, moment());
  withdraw(from.place, [id = close.connection](const io::Input& input) {
    if (const auto* opened = std::get_if<io::ConnectionOpened>(&input)) return opened->link.connection == id;
    if (const auto* lost = std::get_if<io::ConnectionLost>(&input)) return lost->link.connection == id;
    if (const auto* response = std::get_if<io::ResponseReceived>(&input))
      return response->link.connection == id;
    const auto* gone = std::get_if<io::PeerGone>(&input);
    return gone != nullptr && gone->connection == id;
  });
}

template <Steppable Process>
void World<Process>::apply(const Source& from, io::SetTimer& set) {
  io::CancelTimer earlier{set.timer};
  apply(from, earlier);
  Slot& slot = nodes_[from.place].write();
  const std::uint64_t ordinal = slot.timers_set++;
  const Draw tie = draw(seed_, Purpose::kTimerTie, {.entity = slot.entity(), .ordinal = ordinal});
  const std::uint64_t sequence = queue_.push({.at = slot.clock.when(now_, set.after),
                                              .tie = static_cast<std::uint32_t>(tie.bits()),
                                              .kind = EventKind::kTimer,
                                              .detail = std::to_underlying(set.timer.kind),
                                              .node = from.place,
                                              .entity = set.timer.entity});
  slot.timers.set(set.timer, sequence);
}

template <Steppable Process>
void World<Process>::apply(const Source& from, io::CancelTimer& cancel) {
  if (nodes_[from.place].write().timers.cancel(cancel.timer)) {
    add_stale(1);
    return;
  }
  withdraw(from.place, [timer = cancel.timer](const io::Input& input) {
    const auto* fired = std::get_if<io::TimerFired>(&input);
    return fired != nullptr && fired->timer == timer;
  });
}

template <Steppable Process>
void World<Process>::apply(const Source& from, io::Fsync& fsync) {
  Slot& slot = nodes_[from.place].write();
  slot.disk.begin_fsync(fsync.ticket, fsync.path, from.lane);
  const Draw drawn =
      draw(seed_, Purpose::kFsyncTime,
           {.entity = static_cast<std::uint32_t>(slot.id.value()), .ordinal = fsync.ticket.value()});
  queue_.push({.at = now_ + drawn.between(config_.fsync.min, config_.fsync.max),
               .tie = static_cast<std::uint32_t>(drawn.uuid().low),
               .kind = EventKind::kFsync,
               .node = from.place,
               .entity = fsync.ticket.value()});
}

template <Steppable Process>
void World<Process>::apply(const Source& from, io::Continue& more) {
  WaitingInput due{.input = io::WorkDue{more.work}};
  const io::Lane lane = lane_of(nodes_[from.place]->process, due.input);
  enqueue(from.place, lane, std::move(due));
}

template <Steppable Process>
void World<Process>::apply(const Source& from, io::Exit&) {
  die(from.place, Ending::kExit);
}

/// Timers that were set again or cancelled leave entries behind; once they are the half, they are swept out.
template <Steppable Process>
void World<Process>::add_stale(std::uint32_t count) {
  constexpr std::uint64_t kTolerated = 64;
  stale_ += count;
  if (stale_ < kTolerated || 2 * stale_ < queue_.size()) return;
  queue_.drop_if([this](const QueueEntry& entry) {
    const io::Timer timer{.kind = io::TimerKind{entry.detail}, .entity = entry.entity};
    return entry.kind == EventKind::kTimer && !nodes_[entry.node]->timers.holds(timer, entry.sequence);
  });
  stale_ = 0;
}

}  // namespace odradek::sim
