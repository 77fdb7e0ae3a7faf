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

/// Names two hosts in draws.
std::uint64_t entity_of(NodeId a, NodeId b) {
  return (std::uint64_t{static_cast<std::uint32_t>(a.value())} << 32) | static_cast<std::uint32_t>(b.value());
}

std::uint64_t messages_in(const Fifo<Segment>& segments) {
  return static_cast<std::uint64_t>(std::ranges::count_if(segments, &Segment::is_message));
}

/// Between a process and itself: no link.
constexpr Duration kLoopbackLatency = microseconds(20);

bool are_apart(std::uint16_t a, std::uint16_t b) { return a != 0 && b != 0 && a != b; }

}  // namespace

Duration Network::link_latency(const Host& from, const Host& to, const Seed& seed) const {
  if (from.node == to.node) return kLoopbackLatency;
  const bool regions = are_apart(from.place.region, to.place.region);
  const bool racks = are_apart(from.place.rack, to.place.rack);
  const DurationRange& range = regions ? config_.between_regions
                               : racks ? config_.between_racks
                                       : config_.latency;
  const Duration base = draw(seed, Purpose::kLinkLatency, {.entity = entity_of(from.node, to.node)})
                            .between(range.min, range.max);
  const auto [low, high] = std::minmax(from.node, to.node);
  const bool slow = draw(seed, Purpose::kSlowPair, {.entity = entity_of(low, high)})
                        .chance(config_.slow_pairs_percent, 100);
  return slow ? base * config_.slow_factor : base;
}

std::optional<Path> Network::ends(ConnectionId id) const {
  const auto place = place_of(id);
  if (!place) return std::nullopt;
  return path_to(*connections_[*place], Side::kAcceptor);
}

Duration Network::base_latency(NodeId from, NodeId to, const Seed& seed) const {
  const auto host = [this](NodeId node) -> const Host& {
    const auto found = std::ranges::find(hosts_, node, &Host::node);
    ENSURE(found != hosts_.end(), "node {} is not in this world", node.value());
    return *found;
  };
  return link_latency(host(from), host(to), seed);
}

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
    direction.latency = link_latency(hosts_[c.host(other(side))], hosts_[c.host(side)], at.seed);
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
    count_dropped(c.unread);
    c.unread.clear();
    c.serving.reset();
  }
  if (c.is_closed(other(side))) return;
  const auto reason = leaves_unread ? io::CloseReason::kReset : io::CloseReason::kFin;
  transmit(c, other(side), {.kind = SegmentKind::kEnd, .reason = reason}, at);
}

std::vector<ConnectionId> Network::connections_of(std::uint16_t host) const {
  std::vector<ConnectionId> ids;
  for (const Cow<Connection>& c : connections_) {
    if (c->host(Side::kInitiator) == host || c->host(Side::kAcceptor) == host)
      ids.push_back(c->link.connection);
  }
  return ids;
}

void Network::process_died(std::uint16_t host, Moment at) {
  hosts_[host].listening = false;
  for (const ConnectionId id : connections_of(host)) {
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
  for (const ConnectionId id : connections_of(host)) {
    Connection& c = *find(id);
    for (const Side side : kSides) {
      if (c.host(side) != host) continue;
      const bool lives = side == Side::kInitiator || c.accepted;
      if (!lives) continue;
      c.towards(side).closed = true;
      if (side == Side::kInitiator) continue;
      count_dropped(c.unread);
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

/// Whatever was under way to this side is gone, and its own host says so.
void Network::fail_side(Connection& c, Side side, io::CloseReason reason, Moment at) {
  Direction& direction = c.towards(side);
  count_dropped(direction.in_flight);
  direction.in_flight.clear();
  direction.arrival = 0;
  direction.stall_timeout = 0;
  direction.stalled = false;
  direction.held_by.reset();
  if (direction.closed) return;
  direction.in_flight.push_back(
      {.arrival = at.now, .kind = SegmentKind::kEnd, .reason = reason, .local = true});
  schedule(c, side, at);
}

void Network::fail_both(Connection& c, io::CloseReason reason, Moment at) {
  count_dropped(c.unread);
  c.unread.clear();
  if (!c.accepted) c.towards(Side::kAcceptor).closed = true;
  for (const Side side : kSides) fail_side(c, side, reason, at);
}

void Network::erase_if_over(ConnectionId id) {
  const auto place = place_of(id);
  if (!place) return;
  const Connection& c = *connections_[*place];
  if (!c.is_closed(Side::kInitiator) || !c.is_closed(Side::kAcceptor)) return;
  for (const Direction& direction : c.to) count_dropped(direction.in_flight);
  connections_.erase(connections_.begin() + *place);
}

void Network::count_dropped(const Fifo<Segment>& segments) { counters_.dropped += messages_in(segments); }

std::uint64_t Network::messages_under_way() const {
  std::uint64_t messages = 0;
  for (const Cow<Connection>& c : connections_) {
    messages += messages_in(c->unread);
    for (const Direction& direction : c->to) messages += messages_in(direction.in_flight);
  }
  return messages;
}

}  // namespace odradek::sim
