// What a process is owed: by when it must have heard what is under way to it.
//
// The bounds are generous where a tight one would need a second network, but none of them is infinite once
// all paths are free and all rules lifted: then whatever hangs is overdue.
#include <fmt/format.h>

#include <algorithm>

#include "tests/sim/net/naive_network.h"

namespace odradek::sim {

/// The longest way of a segment that nothing stops.
Duration NaiveNetwork::slowest() const {
  constexpr std::int64_t kLongestJitter = 8;  // means of its exponential distribution
  const Duration jitter = config_.latency.max * config_.jitter_percent / 100;
  return config_.latency.max + jitter * kLongestJitter + delays_;
}

/// What is next has arrived by then, or the end has been told that it will not.
Instant NaiveNetwork::arrival_due(const NaiveConnection& c, Side side) const {
  const Way& way = way_to(c, side);
  const NaiveItem* next = c.end(side).next();
  if (is_held(*next, path_to(c, side))) return Instant::never();
  const Instant due = std::max(next->sent + slowest(), way.changed + config_.retransmit_max);
  if (way.blockades == 0) return due;
  return next->kind == NaiveKind::kMessage || next->kind == NaiveKind::kEnd ? due + config_.tcp_timeout_max
                                                                            : Instant::never();
}

/// There and back; a handshake has no limit while a path is blocked.
Instant NaiveNetwork::handshake_due(const NaiveConnection& c) const {
  const Way& there = way_to(c, Side::kAcceptor);
  const Way& back = way_to(c, Side::kInitiator);
  if (there.blockades > 0 || back.blockades > 0) return Instant::never();
  const Instant changed = std::max(there.changed, back.changed);
  const Instant dialled = c.end(Side::kAcceptor).sent_to_it.front().sent;
  return std::max(dialled + slowest(), changed + config_.retransmit_max) + slowest();
}

/// What was sent to an end that is over is answered with a reset.
Instant NaiveNetwork::answer_due(const NaiveConnection& c, Side side) const {
  const NaiveEnd& gone = c.end(other(side));
  const Way& there = way_to(c, other(side));
  const Way& back = way_to(c, side);
  const auto is_certain = [](const NaiveItem& item) {
    return item.kind == NaiveKind::kMessage && !item.may_be_lost;
  };
  const auto first = std::find_if(gone.sent_to_it.begin() + static_cast<std::ptrdiff_t>(gone.read),
                                  gone.sent_to_it.end(), is_certain);
  if (!gone.over || first == gone.sent_to_it.end()) return Instant::never();
  if (is_any_held(c, side) || is_any_held(c, other(side))) return Instant::never();
  const Instant changed = std::max(there.changed, back.changed);
  const Instant answered =
      std::max(std::max(first->sent, gone.over_since) + slowest(), changed + config_.retransmit_max);
  const bool is_blocked = there.blockades > 0 || back.blockades > 0;
  return answered + slowest() + (is_blocked ? config_.tcp_timeout_max : Duration());
}

/// Its initiator is gone and its acceptor has never heard of it: nobody says so when it times out.
bool NaiveNetwork::may_have_failed_unheard(const NaiveConnection& c) const {
  const NaiveEnd& acceptor = c.end(Side::kAcceptor);
  if (acceptor.aware || !c.end(Side::kInitiator).over || acceptor.next() == nullptr) return false;
  return std::ranges::any_of(way_to(c, Side::kAcceptor).blocked, [&](const Span& blocked) {
    return std::max(blocked.since, acceptor.next()->earliest) + config_.tcp_timeout_min <= blocked.until;
  });
}

Instant NaiveNetwork::due(const NaiveConnection& c, Side side) const {
  const NaiveEnd& end = c.end(side);
  if (side == Side::kAcceptor && (!c.accepted || may_have_failed_unheard(c))) return Instant::never();
  if (side == Side::kInitiator && !c.accepted) return handshake_due(c);
  const bool waits = side == Side::kAcceptor && c.serving.has_value();
  const bool is_silent = end.next() == nullptr || (end.next()->kind == NaiveKind::kEnd && !end.aware);
  const Instant arrival = waits || is_silent ? Instant::never() : arrival_due(c, side);
  return std::min(std::max(arrival, c.finished), answer_due(c, side));
}

std::string NaiveNetwork::overdue(Instant now) const {
  for (const auto& [id, c] : connections_) {
    for (const Side side : {Side::kInitiator, Side::kAcceptor}) {
      if (c.end(side).over) continue;
      const bool fails = c.failure.has_value();
      if (fails ? c.failed_at < now : due(c, side) < now) {
        return fmt::format("host {} should have heard {} of connection {}", c.end(side).host,
                           fails ? "the failure" : "more", id.value());
      }
    }
  }
  return "";
}

std::optional<bool> NaiveNetwork::is_forgotten(ConnectionId id) const {
  const NaiveConnection& c = connections_.at(id);
  const NaiveEnd& initiator = c.end(Side::kInitiator);
  const NaiveEnd& acceptor = c.end(Side::kAcceptor);
  if (!initiator.over || (acceptor.aware && !acceptor.over)) return false;
  // The end of a host without power is never told to an idle peer.
  if (initiator.over == NaiveEnding::kCutOff && c.accepted && !acceptor.over) return std::nullopt;
  return true;
}

}  // namespace odradek::sim
