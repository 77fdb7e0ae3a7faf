// The way of a segment: sent, stopped or not, received, read.
#include "sim/net/network.h"

#include <algorithm>
#include <utility>

#include "engine/base/ensure.h"
#include "sim/kernel/purpose.h"
#include "sim/net/message_size.h"

namespace odradek::sim {

using io::CloseReason;

void Network::send(ConnectionId id, std::uint16_t from, CorrelationId correlation, api::Request request,
                   Digest digest, Moment at) {
  ++counters_.sent;
  Connection* c = find(id);
  if (c == nullptr || c->is_closed(Side::kInitiator)) {
    ++counters_.dropped;
    return;
  }
  ENSURE(c->host(Side::kInitiator) == from && c->opened,
         "host {} sends a request on connection {}, not opened by it", from, id.value());
  transmit(*c, Side::kAcceptor,
           {.kind = SegmentKind::kRequest,
            .correlation = correlation,
            .digest = digest,
            .body = std::move(request)},
           at);
}

void Network::respond(ConnectionId id, CorrelationId correlation, api::Response response, Digest digest,
                      Moment at) {
  ++counters_.sent;
  Connection* c = find(id);
  if (c == nullptr || c->is_closed(Side::kAcceptor)) {
    ++counters_.dropped;
    return;
  }
  ENSURE(c->serving == correlation, "response {} on connection {} answers no request in service",
         correlation.value(), id.value());
  transmit(*c, Side::kInitiator,
           {.kind = SegmentKind::kResponse,
            .correlation = correlation,
            .digest = digest,
            .body = std::move(response)},
           at);
}

bool Network::finish_request(ConnectionId id, Delivery& out) {
  Connection* c = find(id);
  if (c == nullptr || c->is_closed(Side::kAcceptor)) return false;
  ENSURE(c->serving.has_value(), "connection {} has no request in service to finish", id.value());
  c->serving.reset();
  if (c->unread.empty()) return false;
  const bool delivered = read(*c, c->unread.pop_front(), out);
  erase_if_over(id);
  return delivered;
}

void Network::transmit(Connection& c, Side to, Segment segment, Moment at) {
  Direction& direction = c.towards(to);
  ENSURE(direction.in_flight.size() < config_.in_flight_max, "{} segments in flight on connection {}",
         direction.in_flight.size(), c.link.connection.value());
  const Draw drawn =
      draw(at.seed, Purpose::kDelivery, {.entity = direction.stream, .ordinal = direction.sent++});
  const Instant sent = c.is_loopback() ? at.now : departure(hosts_[c.host(other(to))], segment, at.now);
  segment.arrival =
      sent + direction.latency + drawn.exponential(direction.latency * config_.jitter_percent / 100);
  segment.tie = static_cast<std::uint32_t>(drawn.uuid().low);
  for (Rule& rule : rules_) {
    if (rule.held || c.is_loopback() || !rule.scope.covers(path_to(c, to))) continue;
    segment.arrival = segment.arrival + rule.extra;
    ++rule.affected;
  }
  direction.in_flight.push_back(std::move(segment));
  if (direction.in_flight.size() == 1) schedule(c, to, at);
}

/// When the last byte of a segment leaves its host: after all that was given to it before.
Instant Network::departure(Host& sender, const Segment& segment, Instant now) const {
  if (sender.bytes_per_second == 0) return std::max(now, sender.sending_until);
  const std::int64_t size =
      std::visit([](const auto& body) { return bytes_on_the_wire(body); }, segment.body);
  sender.sending_until =
      std::max(now, sender.sending_until) + Duration(size * 1'000'000'000 / sender.bytes_per_second);
  return sender.sending_until;
}

void Network::schedule(Connection& c, Side to, Moment at) {
  Direction& direction = c.towards(to);
  const Segment& first = direction.in_flight.front();
  direction.arrival = at.queue.push({.at = std::max(at.now, first.arrival),
                                     .tie = first.tie,
                                     .kind = EventKind::kArrival,
                                     .detail = std::to_underlying(to),
                                     .entity = c.link.connection.value()});
}

bool Network::arrive(const QueueEntry& entry, Moment at, Delivery& out) {
  const ConnectionId id(entry.entity);
  Connection* c = find(id);
  const Side side{entry.detail};
  if (c == nullptr || c->towards(side).arrival != entry.sequence) return false;
  Direction& direction = c->towards(side);
  direction.arrival = 0;
  if (stops(*c, side, at)) return false;
  Segment segment = direction.in_flight.pop_front();
  if (!direction.in_flight.empty()) schedule(*c, side, at);
  const bool delivered = receive(*c, side, std::move(segment), at, out);
  if (direction.closed) erase_if_over(id);
  return delivered;
}

/// Whether the first segment in flight does not get through now.
bool Network::stops(Connection& c, Side to, Moment at) {
  Direction& direction = c.towards(to);
  const Segment& first = direction.in_flight.front();
  if (first.local) return false;
  if (direction.blocked || direction.lost) {
    direction.stalled = true;
    const std::uint64_t ordinal = direction.stalls++;
    if (direction.blocked) ++blockade(path_to(c, to)).stalled;
    if (first.kind == SegmentKind::kSyn || first.kind == SegmentKind::kSynAck) return true;
    const Duration patience =
        draw(at.seed, Purpose::kTcpTimeout, {.entity = direction.stream, .ordinal = ordinal})
            .between(config_.tcp_timeout_min, config_.tcp_timeout_max);
    direction.stall_timeout = at.queue.push({.at = at.now + patience,
                                             .kind = EventKind::kStallTimeout,
                                             .detail = std::to_underlying(to),
                                             .entity = c.link.connection.value()});
    return true;
  }
  if (rules_.empty() || c.is_loopback()) return false;
  if (Rule* rule = hold_on(first, path_to(c, to)); rule != nullptr) {
    ++rule->affected;
    direction.held_by = rule->id;
    return true;
  }
  return false;
}

Rule* Network::hold_on(const Segment& segment, Path path) {
  const auto matches = [&segment](const HeldMessages& held) {
    if (held.response) {
      const auto* response = std::get_if<api::Response>(&segment.body);
      return response != nullptr && api::api_key_of(*response) == held.api;
    }
    const auto* request = std::get_if<api::Request>(&segment.body);
    return request != nullptr && api::api_key_of(*request) == held.api;
  };
  for (Rule& rule : rules_) {
    if (rule.held && rule.scope.covers(path) && matches(*rule.held)) return &rule;
  }
  return nullptr;
}

void Network::give_up(const QueueEntry& entry, Moment at) {
  const ConnectionId id(entry.entity);
  Connection* c = find(id);
  if (c == nullptr || c->towards(Side{entry.detail}).stall_timeout != entry.sequence) return;
  ++counters_.timed_out;
  fail_both(*c, CloseReason::kTimeout, at);
}

bool Network::receive(Connection& c, Side side, Segment segment, Moment at, Delivery& out) {
  out.host = c.host(side);
  if (c.is_closed(side)) {
    // Data for a port that nobody listens on any more: its host answers with RST.
    if (segment.kind == SegmentKind::kEnd || c.is_closed(other(side))) return false;
    if (segment.is_message()) ++counters_.dropped;
    transmit(c, other(side), {.kind = SegmentKind::kEnd, .reason = CloseReason::kReset}, at);
    return false;
  }
  switch (segment.kind) {
    case SegmentKind::kSyn: return accept(c, at);
    case SegmentKind::kSynAck:
      c.opened = true;
      ++counters_.opened;
      out.put<io::ConnectionOpened>({}, c.link);
      return true;
    case SegmentKind::kResponse:
      ++counters_.delivered;
      out.put<io::ResponseReceived>(segment.digest, c.link, segment.correlation,
                                    std::get<api::Response>(std::move(segment.body)));
      return true;
    case SegmentKind::kRequest:
    case SegmentKind::kEnd: break;
  }
  // A reset is seen at once; a FIN is read in its turn, like data.
  const bool cuts = segment.kind == SegmentKind::kEnd && segment.reason != CloseReason::kFin;
  if (c.serving && side == Side::kAcceptor && !cuts) {
    c.unread.push_back(std::move(segment));
    return false;
  }
  return side == Side::kAcceptor ? read(c, std::move(segment), out) : end(c, side, segment.reason, out);
}

bool Network::accept(Connection& c, Moment at) {
  if (hosts_[c.host(Side::kAcceptor)].listening) {
    c.accepted = true;
    transmit(c, Side::kInitiator, {.kind = SegmentKind::kSynAck}, at);
  } else {
    c.towards(Side::kAcceptor).closed = true;
    transmit(c, Side::kInitiator, {.kind = SegmentKind::kEnd, .reason = CloseReason::kRefused}, at);
  }
  return false;
}

/// The accepting process reads a request, or the end.
bool Network::read(Connection& c, Segment segment, Delivery& out) {
  if (segment.kind == SegmentKind::kEnd) return end(c, Side::kAcceptor, segment.reason, out);
  ++counters_.delivered;
  c.serving = segment.correlation;
  c.used = true;
  out.host = c.host(Side::kAcceptor);
  out.put<io::RequestReceived>(segment.digest, c.link.connection, segment.correlation,
                               std::get<api::Request>(std::move(segment.body)));
  return true;
}

/// A process learns that the connection is over, if it ever knew of it.
bool Network::end(Connection& c, Side side, CloseReason reason, Delivery& out) {
  out.host = c.host(side);
  c.towards(side).closed = true;
  if (reason == CloseReason::kRefused) ++counters_.refused;
  if (side == Side::kInitiator) {
    out.put<io::ConnectionLost>({}, c.link, reason);
    // Having read the end, a client closes its own side as well: the server's kernel has nobody to tell.
    return true;
  }
  count_dropped(c.unread);
  c.unread.clear();
  if (!c.used) return false;
  out.put<io::PeerGone>({}, c.link.connection, reason);
  return true;
}

}  // namespace odradek::sim
