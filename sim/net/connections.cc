// The table of connections: how one is named, found, closed by a side, and failed as a whole.
#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/base/ensure.h"
#include "sim/kernel/purpose.h"
#include "sim/net/network.h"

namespace odradek::sim {
namespace {

/// What the draws about one direction depend on, and nothing else: not on other connections of these hosts.
struct DirectionName {
  Path path;
  io::Purpose purpose{};
  std::uint32_t times = 0;
  Side side{};
  FIELDS(path, purpose, times, side)
};

constexpr std::array kSides = {Side::kInitiator, Side::kAcceptor};

Duration link_latency(const NetworkConfig& config, Path path, const Key& seed) {
  const auto from = std::uint64_t{static_cast<std::uint32_t>(path.from.value())};
  const auto to = std::uint64_t{static_cast<std::uint32_t>(path.to.value())};
  return draw(seed, Purpose::kLinkLatency, {.entity = (from << 32) | to})
      .between(config.latency_min, config.latency_max);
}

}  // namespace

void Network::connect(const io::Link& link, std::uint16_t from, Moment at) {
  const auto peer = std::ranges::find(hosts_, link.peer, &Host::node);
  ENSURE(peer != hosts_.end(), "node {} connects to node {}, which is not in this world",
         hosts_[from].node.value(), link.peer.value());
  Connection c{.link = link, .hosts = {from, static_cast<std::uint16_t>(peer - hosts_.begin())}};
  const std::uint32_t times = dial(path_to(c, Side::kAcceptor), link.purpose);
  for (const Side side : kSides) {
    const Path path = path_to(c, side);
    Direction& direction = c.towards(side);
    direction.stream = digest_of(DirectionName{path, link.purpose, times, side}).low;
    direction.latency = link_latency(config_, path, at.seed);
    direction.blocked = is_blocked(path);
  }
  transmit(c, Side::kAcceptor, {.kind = SegmentKind::kSyn}, at);
  const auto place = std::ranges::upper_bound(connections_, link.connection, {},
                                              [](const auto& other) { return other->link.connection; });
  connections_.insert(place, Cow(std::move(c)));
}

std::uint32_t Network::dial(Path path, io::Purpose purpose) {
  const auto key = [](const Dialled& d) { return std::tuple(d.path, d.purpose); };
  auto found = std::ranges::lower_bound(dialled_, std::tuple(path, purpose), {}, key);
  if (found == dialled_.end() || key(*found) != std::tuple(path, purpose)) {
    found = dialled_.insert(found, {.path = path, .purpose = purpose});
  }
  return found->times++;
}

std::optional<std::uint32_t> Network::place_of(ConnectionId id) const {
  const auto found =
      std::ranges::lower_bound(connections_, id, {}, [](const auto& c) { return c->link.connection; });
  if (found == connections_.end() || (*found)->link.connection != id) return std::nullopt;
  return static_cast<std::uint32_t>(found - connections_.begin());
}

Connection* Network::find(ConnectionId id) {
  const auto place = place_of(id);
  return place ? &connections_[*place].write() : nullptr;
}

Path Network::path_to(const Connection& c, Side side) const {
  return {.from = hosts_[c.host(other(side))].node, .to = hosts_[c.host(side)].node};
}

void Network::close(ConnectionId id, std::uint16_t host, Moment at) {
  Connection* c = find(id);
  if (c == nullptr) return;
  const Side side = c->host(Side::kInitiator) == host ? Side::kInitiator : Side::kAcceptor;
  ENSURE(c->host(side) == host, "host {} closes connection {} of others", host, id.value());
  close_side(*c, side, at);
  erase_if_over(id);
}

void Network::close_side(Connection& c, Side side, Moment at) {
  if (c.is_closed(side)) return;
  c.towards(side).closed = true;
  if (!c.accepted && side == Side::kInitiator)
    c.towards(Side::kAcceptor).closed = true;  // the SYN finds nobody waiting
  const bool leaves_unread = side == Side::kAcceptor && !c.unread.empty();
  if (side == Side::kAcceptor) {
    c.unread.clear();
    c.serving.reset();
  }
  if (c.is_closed(other(side))) return;
  const auto reason = leaves_unread ? io::CloseReason::kReset : io::CloseReason::kFin;
  transmit(c, other(side), {.kind = SegmentKind::kEnd, .reason = reason}, at);
}

void Network::process_died(std::uint16_t host, Moment at) {
  hosts_[host].listening = false;
  std::vector<ConnectionId> touched;
  for (const Cow<Connection>& c : connections_) {
    if (c->host(Side::kInitiator) == host || c->host(Side::kAcceptor) == host)
      touched.push_back(c->link.connection);
  }
  for (const ConnectionId id : touched) {
    Connection& c = *find(id);
    for (const Side side : kSides) {
      const bool lives = side == Side::kInitiator || c.accepted;
      if (c.host(side) == host && lives) close_side(c, side, at);
    }
    erase_if_over(id);
  }
}

void Network::cut_off_host(std::uint16_t host, Moment) {
  hosts_[host].listening = false;
  std::vector<ConnectionId> touched;
  for (const Cow<Connection>& c : connections_) {
    if (c->host(Side::kInitiator) == host || c->host(Side::kAcceptor) == host)
      touched.push_back(c->link.connection);
  }
  for (const ConnectionId id : touched) {
    Connection& c = *find(id);
    for (const Side side : kSides) {
      if (c.host(side) != host) continue;
      const bool lives = side == Side::kInitiator || c.accepted;
      if (!lives) continue;
      c.towards(side).closed = true;
      if (side == Side::kInitiator) continue;
      c.unread.clear();
      c.serving.reset();
    }
    erase_if_over(id);
  }
  for (const Host& other : hosts_) {
    if (other.node == hosts_[host].node) continue;
    block({.from = other.node, .to = hosts_[host].node});
  }
}

void Network::restore_host(std::uint16_t host, Moment at) {
  for (const Host& other : hosts_) {
    if (other.node != hosts_[host].node) unblock({.from = other.node, .to = hosts_[host].node}, at);
  }
}

void Network::fail_both(Connection& c, io::CloseReason reason, Moment at) {
  c.unread.clear();
  if (!c.accepted) c.towards(Side::kAcceptor).closed = true;
  for (const Side side : kSides) {
    Direction& direction = c.towards(side);
    counters_.dropped += direction.in_flight.size();
    direction.in_flight.clear();
    direction.arrival = 0;
    direction.stall_timeout = 0;
    direction.stalled = false;
    direction.held_by.reset();
    if (direction.closed) continue;
    direction.in_flight.push_back(
        {.arrival = at.now, .kind = SegmentKind::kEnd, .reason = reason, .local = true});
    schedule(c, side, at);
  }
}

void Network::erase_if_over(ConnectionId id) {
  const auto place = place_of(id);
  if (!place) return;
  const Connection& c = *connections_[*place];
  if (c.is_closed(Side::kInitiator) && c.is_closed(Side::kAcceptor))
    connections_.erase(connections_.begin() + *place);
}

}  // namespace odradek::sim
