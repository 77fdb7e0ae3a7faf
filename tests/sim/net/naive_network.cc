// What is done to connections, hosts and paths, written down for later.
#include "tests/sim/net/naive_network.h"

#include <algorithm>

namespace odradek::sim {

NaiveNetwork::NaiveNetwork(const NetworkConfig& config, std::uint16_t hosts) : config_(config) {
  hosts_.assign(hosts, {.down = {{.since = Instant()}}});
  for (std::uint16_t from = 0; from < hosts; ++from) {
    for (std::uint16_t to = 0; to < hosts; ++to) ways_[{.from = NodeId(from), .to = NodeId(to)}] = {};
  }
}

Path NaiveNetwork::path_to(const NaiveConnection& c, Side side) {
  return {.from = NodeId(c.end(other(side)).host), .to = NodeId(c.end(side).host)};
}

const NaiveNetwork::Way& NaiveNetwork::way_to(const NaiveConnection& c, Side side) const {
  return ways_.at(path_to(c, side));
}

// Hosts ---------------------------------------------------------------------------------------------------

void NaiveNetwork::boot(std::uint16_t host, Instant now) {
  Host& booting = hosts_[host];
  for (std::uint16_t from = 0; booting.cut_off && from < hosts_.size(); ++from) {
    if (from != host) unblock({.from = NodeId(from), .to = NodeId(host)}, now);
  }
  booting.up = true;
  booting.cut_off = false;
  booting.down.back().until = now;
}

void NaiveNetwork::die(std::uint16_t host, Instant now) {
  hosts_[host].up = false;
  hosts_[host].down.push_back({.since = now});
  for (auto& [id, c] : connections_) {
    for (const Side side : {Side::kInitiator, Side::kAcceptor}) {
      if (c.end(side).host == host) end(c, side, NaiveEnding::kDied, now);
    }
  }
}

void NaiveNetwork::cut_off(std::uint16_t host, Instant now) {
  if (hosts_[host].up) hosts_[host].down.push_back({.since = now});
  hosts_[host].up = false;
  hosts_[host].cut_off = true;
  for (auto& [id, c] : connections_) {
    for (const Side side : {Side::kInitiator, Side::kAcceptor}) {
      if (c.end(side).host == host) end(c, side, NaiveEnding::kCutOff, now);
    }
  }
  for (std::uint16_t from = 0; from < hosts_.size(); ++from) {
    if (from != host) block({.from = NodeId(from), .to = NodeId(host)}, now);
  }
}

// Connections ---------------------------------------------------------------------------------------------

Duration NaiveNetwork::quickest(const NaiveConnection& c) const {
  return c.is_loopback() ? microseconds(20) : config_.latency.min;
}

void NaiveNetwork::put(NaiveConnection& c, Side to, NaiveItem item, Instant now) {
  item.sent = now;
  item.earliest = now + quickest(c);
  for (const auto& [id, rule] : rules_) {
    if (!rule.held && !c.is_loopback() && rule.scope.covers(path_to(c, to)))
      item.earliest = item.earliest + rule.extra;
  }
  c.end(to).sent_to_it.push_back(std::move(item));
}

void NaiveNetwork::connect(const io::Link& link, std::uint16_t from, Instant now) {
  NaiveConnection c{.link = link};
  c.end(Side::kInitiator).host = from;
  c.end(Side::kInitiator).aware = true;
  c.end(Side::kAcceptor).host = static_cast<std::uint16_t>(link.peer.value());
  put(c, Side::kAcceptor, {.kind = NaiveKind::kSyn}, now);
  connections_[link.connection] = c;
}

void NaiveNetwork::send(ConnectionId id, const io::RequestReceived& request, Digest digest, Instant now) {
  NaiveConnection& c = connections_.at(id);
  if (c.end(Side::kInitiator).over) return;
  put(c, Side::kAcceptor, {.kind = NaiveKind::kMessage, .input = request, .digest = digest}, now);
}

void NaiveNetwork::respond(ConnectionId id, const io::ResponseReceived& response, Digest digest,
                           Instant now) {
  NaiveConnection& c = connections_.at(id);
  if (c.end(Side::kAcceptor).over) return;
  put(c, Side::kInitiator, {.kind = NaiveKind::kMessage, .input = response, .digest = digest}, now);
}

void NaiveNetwork::finish(ConnectionId id, Instant now) {
  connections_.at(id).serving.reset();
  connections_.at(id).finished = now;
}

void NaiveNetwork::close(ConnectionId id, Side side, Instant now) {
  end(connections_.at(id), side, NaiveEnding::kClosed, now);
}

/// The end is over. Unless its power is gone, its kernel tells the other end, behind all that was sent.
void NaiveNetwork::end(NaiveConnection& c, Side side, NaiveEnding how, Instant now) {
  NaiveEnd& ending = c.end(side);
  const bool lives = side == Side::kInitiator || c.accepted;
  if (ending.over || !lives) return;
  NaiveItem last{.kind = NaiveKind::kEnd, .may_be_fin = true};
  if (side == Side::kAcceptor && c.serving) {
    // Whether a request had arrived, and is unread, nobody has seen; if it must have, the FIN is a reset.
    if (ending.next() != nullptr && !way_to(c, side).blockades && arrival_due(c, side) < now)
      last.may_be_fin = false;
    for (std::size_t i = ending.read; i < ending.sent_to_it.size(); ++i) {
      ending.sent_to_it[i].may_be_lost = ending.sent_to_it[i].earliest <= now;
      if (ending.sent_to_it[i].may_be_lost) last.may_be_reset = true;
    }
  }
  ending.over = how;
  ending.over_since = now;
  if (side == Side::kAcceptor) c.serving.reset();
  if (how != NaiveEnding::kCutOff && !c.end(other(side)).over && c.accepted) put(c, other(side), last, now);
}

void NaiveNetwork::reset(ConnectionId id, Instant now) {
  fail(connections_.at(id), io::CloseReason::kReset, now);
}

void NaiveNetwork::fail(NaiveConnection& c, io::CloseReason reason, Instant now) {
  c.failure = reason;
  c.failed_at = now;
  for (NaiveEnd& each : c.ends) {
    if (each.over || each.aware) continue;
    each.over = NaiveEnding::kTold;
    each.over_since = now;
  }
}

// Faults --------------------------------------------------------------------------------------------------

void NaiveNetwork::block(Path path, Instant now) {
  Way& way = ways_.at(path);
  if (way.blockades++ > 0) return;
  way.blocked.push_back({.since = now});
  way.changed = now;
}

void NaiveNetwork::unblock(Path path, Instant now) {
  Way& way = ways_.at(path);
  if (way.blockades == 0 || --way.blockades > 0) return;
  way.blocked.back().until = now;
  way.changed = now;
}

void NaiveNetwork::change(RuleScope scope, Instant now) {
  for (auto& [path, way] : ways_) {
    if (scope.covers(path)) way.changed = now;
  }
}

void NaiveNetwork::delay(RuleId id, RuleScope scope, Duration extra) {
  rules_[id] = {.id = id, .scope = scope, .extra = extra};
  delays_ = delays_ + extra;
}

void NaiveNetwork::hold(RuleId id, RuleScope scope, HeldMessages held, Instant now) {
  rules_[id] = {.id = id, .scope = scope, .held = held};
  change(scope, now);
}

void NaiveNetwork::lift(RuleId id, Instant now) {
  change(rules_.at(id).scope, now);
  rules_.erase(id);
}

bool NaiveNetwork::is_held(const NaiveItem& item, Path path) const {
  const auto* request = std::get_if<io::RequestReceived>(&item.input);
  const auto* response = std::get_if<io::ResponseReceived>(&item.input);
  return std::ranges::any_of(rules_, [&](const auto& entry) {
    const Rule& rule = entry.second;
    if (!rule.held || path.from == path.to || !rule.scope.covers(path)) return false;
    if (rule.held->response) return response && api::api_key_of(response->response) == rule.held->api;
    return request && api::api_key_of(request->request) == rule.held->api;
  });
}

/// Something that is or was on its way: it may hold up what comes behind it.
bool NaiveNetwork::is_any_held(const NaiveConnection& c, Side side) const {
  const NaiveEnd& end = c.end(side);
  return std::any_of(end.sent_to_it.begin() + static_cast<std::ptrdiff_t>(end.read), end.sent_to_it.end(),
                     [&](const NaiveItem& item) { return is_held(item, path_to(c, side)); });
}

}  // namespace odradek::sim
