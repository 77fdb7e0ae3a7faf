// What faults do to the network, and how it recovers.
#include <algorithm>
#include <utility>

#include "sim/kernel/purpose.h"
#include "sim/net/network.h"

namespace odradek::sim {
namespace {

constexpr std::array kSides = {Side::kInitiator, Side::kAcceptor};

}  // namespace

Blockade& Network::blockade(Path path) {
  auto found = std::ranges::lower_bound(blockades_, path, {}, &Blockade::path);
  if (found == blockades_.end() || found->path != path) found = blockades_.insert(found, {.path = path});
  return *found;
}

bool Network::is_blocked(Path path) const {
  const auto found = std::ranges::lower_bound(blockades_, path, {}, &Blockade::path);
  return found != blockades_.end() && found->path == path && found->count > 0;
}

std::uint64_t Network::stalled(Path path) const {
  const auto found = std::ranges::lower_bound(blockades_, path, {}, &Blockade::path);
  return found != blockades_.end() && found->path == path ? found->stalled : 0;
}

void Network::block(Path path) {
  ++blockade(path).count;
  for (Cow<Connection>& connection : connections_) {
    for (const Side side : kSides) {
      if (path_to(*connection, side) == path) connection.write().towards(side).blocked = true;
    }
  }
}

void Network::unblock(Path path, Moment at) {
  Blockade& healing = blockade(path);
  if (healing.count == 0) return;
  --healing.count;
  if (healing.count > 0) return;
  for (Cow<Connection>& connection : connections_) {
    for (const Side side : kSides) {
      if (path_to(*connection, side) != path) continue;
      Connection& c = connection.write();
      Direction& direction = c.towards(side);
      direction.blocked = false;
      if (direction.lost) continue;
      if (!std::exchange(direction.stalled, false)) continue;
      direction.stall_timeout = 0;
      direction.in_flight.front().arrival =
          at.now +
          draw(at.seed, Purpose::kRetransmit, {.entity = direction.stream, .ordinal = direction.stalls})
              .between(config_.retransmit_min, config_.retransmit_max);
      schedule(c, side, at);
    }
  }
}

void Network::reset(ConnectionId id, Moment at) {
  Connection* c = find(id);
  if (c == nullptr) return;
  ++counters_.reset;
  fail_both(*c, io::CloseReason::kReset, at);
  erase_if_over(id);
}

bool Network::joins(const Connection& c, NodeId a, NodeId b) const {
  const Path path = path_to(c, Side::kAcceptor);
  return path == Path{.from = a, .to = b} || path == Path{.from = b, .to = a};
}

std::uint32_t Network::reset_between(NodeId a, NodeId b, Moment at) {
  std::vector<ConnectionId> between;
  for (const Cow<Connection>& c : connections_) {
    if (joins(*c, a, b)) between.push_back(c->link.connection);
  }
  for (const ConnectionId id : between) reset(id, at);
  return static_cast<std::uint32_t>(between.size());
}

std::uint32_t Network::black_hole(NodeId a, NodeId b) {
  std::uint32_t count = 0;
  for (Cow<Connection>& connection : connections_) {
    if (!connection->opened || !joins(*connection, a, b)) continue;
    ++count;
    for (const Side side : kSides) connection.write().towards(side).lost = true;
  }
  return count;
}

std::uint32_t Network::half_open(NodeId loser, NodeId other, Moment at) {
  std::uint32_t count = 0;
  for (Cow<Connection>& connection : connections_) {
    if (!connection->opened || !joins(*connection, loser, other)) continue;
    Connection& c = connection.write();
    const Side side = hosts_[c.host(Side::kInitiator)].node == loser ? Side::kInitiator : Side::kAcceptor;
    if (c.is_closed(side)) continue;
    ++count;
    ++counters_.reset;
    if (side == Side::kAcceptor) {
      count_dropped(c.unread);
      c.unread.clear();
    }
    fail_side(c, side, io::CloseReason::kReset, at);
  }
  return count;
}

RuleId Network::add_rule(Rule rule) {
  rule.id = next_rule_;
  next_rule_ = RuleId(next_rule_.value() + 1);
  rules_.push_back(rule);
  return rule.id;
}

RuleId Network::delay(RuleScope scope, Duration extra) { return add_rule({.scope = scope, .extra = extra}); }

RuleId Network::hold(RuleScope scope, HeldMessages messages) {
  return add_rule({.scope = scope, .held = messages});
}

void Network::lift(RuleId rule, Moment at) {
  std::erase_if(rules_, [rule](const Rule& r) { return r.id == rule; });
  for (Cow<Connection>& connection : connections_) {
    for (const Side side : kSides) {
      if (connection->towards(side).held_by != rule) continue;
      Connection& c = connection.write();
      c.towards(side).held_by.reset();
      schedule(c, side, at);
    }
  }
}

std::uint64_t Network::affected(RuleId rule) const {
  const auto found = std::ranges::find(rules_, rule, &Rule::id);
  return found == rules_.end() ? 0 : found->affected;
}

}  // namespace odradek::sim
