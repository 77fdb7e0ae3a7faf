// How a deed is done to both twins, and what is compared after it.
#include "tests/sim/net/twin_networks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>
#include <set>

#include "engine/base/ensure.h"

namespace odradek::sim {
namespace {

constexpr std::uint16_t kHosts = 4;

std::uint16_t host(std::uint32_t n) { return static_cast<std::uint16_t>(n % kHosts); }
NodeId node(std::uint32_t n) { return NodeId(static_cast<std::int32_t>(n % kHosts)); }

/// Each message is like no other.
Digest digest(std::int32_t message) { return {.high = 1, .low = static_cast<std::uint64_t>(message)}; }

api::Request request(std::int32_t message, bool is_fetch) {
  if (is_fetch) return api::FetchRequest{.max_wait_ms = message};
  return api::BrokerHeartbeatRequest{.broker_id = BrokerId(message)};
}

api::Response response(std::int32_t message, bool is_fetch) {
  if (is_fetch) return api::FetchResponse{};
  return api::BrokerHeartbeatResponse{.is_caught_up = message % 2 == 0, .is_fenced = message % 3 == 0};
}

RuleScope scope(const Deed& deed) {
  RuleScope scope;
  if (deed.a % 5 > 0) scope.from = node(deed.a);
  if (deed.b % 5 > 0) scope.to = node(deed.b);
  return scope;
}

template <class Segments>
std::uint64_t messages_in(const Segments& segments) {
  return static_cast<std::uint64_t>(std::ranges::count_if(segments, [](const Segment& segment) {
    return segment.kind == SegmentKind::kRequest || segment.kind == SegmentKind::kResponse;
  }));
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Deed& deed) {
  constexpr std::array kNames = {
#define X(name, calm, storm) std::string_view(#name).substr(1),
      ODRADEK_NETWORK_DEEDS(X)
#undef X
  };
  return out << kNames.at(std::to_underlying(deed.kind)) << ' ' << deed.a << ' ' << deed.b;
}

TwinNetworks::TwinNetworks(const NetworkConfig& config, Key seed)
    : seed_(seed), network_(config), naive_(config, kHosts) {
  for (std::uint16_t each = 0; each < kHosts; ++each) {
    network_.add_host(NodeId(each));
    boot(each);
  }
}

void TwinNetworks::act(const Deed& deed) {
  if (!objection_.empty()) return;
  try {
    dispatch(deed);
    check_counters();
  } catch (const EnsureFailure& failed) {
    object("the network", failed.message);
  }
}

void TwinNetworks::dispatch(const Deed& deed) {
  const Path path{.from = node(deed.a), .to = node(deed.b)};
  switch (deed.kind) {
    case DeedKind::kStep:
      for (std::uint32_t i = 0; i <= deed.a % 4; ++i) step();
      break;
    case DeedKind::kWait: {
      constexpr std::array kWaits = {microseconds(10), microseconds(500), milliseconds(5), milliseconds(50)};
      run_until(now_ + kWaits[deed.a % kWaits.size()]);
      break;
    }
    case DeedKind::kConnect: connect(deed); break;
    case DeedKind::kSend: send(deed); break;
    case DeedKind::kRespond:
    case DeedKind::kFinish:
      if (const auto id = choose(deed.a, [this](const NaiveConnection& c) { return is_served(c); })) {
        if (deed.kind == DeedKind::kRespond) respond(*id);
        finish(*id);
      }
      break;
    case DeedKind::kClose: close(deed); break;
    case DeedKind::kDie:
      if (!naive_.is_up(host(deed.a))) break;
      network_.process_died(host(deed.a), moment());
      naive_.die(host(deed.a), now_);
      break;
    case DeedKind::kCutOff:
      if (naive_.is_cut_off(host(deed.a))) break;
      network_.cut_off_host(host(deed.a), moment());
      naive_.cut_off(host(deed.a), now_);
      break;
    case DeedKind::kBoot: boot(host(deed.a)); break;
    case DeedKind::kBlock:
      network_.block(path);
      naive_.block(path, now_);
      blocked_.push_back(path);
      break;
    case DeedKind::kUnblock: unblock(deed.a); break;
    case DeedKind::kDelay: {
      const Duration extra = milliseconds(1 + deed.b % 8);
      rules_.push_back(network_.delay(scope(deed), extra));
      naive_.delay(rules_.back(), scope(deed), extra);
      break;
    }
    case DeedKind::kHold: hold(deed); break;
    case DeedKind::kLift: lift(deed.a); break;
    case DeedKind::kReset:
      if (const auto id = choose(deed.a, [](const NaiveConnection&) { return true; })) {
        network_.reset(*id, moment());
        naive_.reset(*id, now_);
      }
      break;
    case DeedKind::kResetBetween:
      static_cast<void>(network_.reset_between(path.from, path.to, moment()));
      for (const auto& [id, c] : naive_.connections()) {
        const Path way{.from = node(c.end(Side::kInitiator).host), .to = c.link.peer};
        if (way == path || way == Path{.from = path.to, .to = path.from}) naive_.reset(id, now_);
      }
      break;
  }
}

// Processes -----------------------------------------------------------------------------------------------

template <class Predicate>
std::optional<ConnectionId> TwinNetworks::choose(std::uint32_t n, Predicate suits) const {
  std::vector<ConnectionId> suitable;
  for (const auto& [id, c] : naive_.connections()) {
    if (suits(c)) suitable.push_back(id);
  }
  if (suitable.empty()) return std::nullopt;
  return suitable[n % suitable.size()];
}

/// Its process still has a request in hand, whatever has become of the connection.
bool TwinNetworks::is_served(const NaiveConnection& c) const {
  const NaiveEnd& acceptor = c.end(Side::kAcceptor);
  return c.serving &&
         (!acceptor.over || (acceptor.over == NaiveEnding::kTold && naive_.is_up(acceptor.host)));
}

void TwinNetworks::connect(const Deed& deed) {
  if (!naive_.is_up(host(deed.a))) return;
  const io::Link link{.connection = ConnectionId(++connections_),
                      .peer = node(deed.b),
                      .purpose = deed.a % 3 == 0 ? io::Purpose::kHeartbeat : io::Purpose::kClientData};
  network_.connect(link, host(deed.a), moment());
  naive_.connect(link, host(deed.a), now_);
}

/// Now and then on a connection that is over: a process may send before it reads the news.
void TwinNetworks::send(const Deed& deed) {
  const auto id = choose(deed.a, [&](const NaiveConnection& c) {
    return c.opened && (!c.end(Side::kInitiator).over || deed.b % 16 == 0);
  });
  if (!id) return;
  const NaiveConnection& c = naive_.connections().at(*id);
  const std::int32_t number = ++messages_;
  const io::RequestReceived sent{*id, CorrelationId(number), request(number, deed.b % 2 == 0)};
  network_.send(*id, c.end(Side::kInitiator).host, sent.correlation, sent.request, digest(number), moment());
  naive_.send(*id, sent, digest(number), now_);
  ++expected_.sent;
}

void TwinNetworks::respond(ConnectionId id) {
  const NaiveConnection& c = naive_.connections().at(id);
  const std::int32_t number = ++messages_;
  const io::ResponseReceived sent{c.link, *c.serving, response(number, c.serving->value() % 2 == 0)};
  network_.respond(id, sent.correlation, sent.response, digest(number), moment());
  naive_.respond(id, sent, digest(number), now_);
  ++expected_.sent;
}

void TwinNetworks::finish(ConnectionId id) {
  naive_.finish(id, now_);
  Delivery delivery;
  if (network_.finish_request(id, delivery)) hear(delivery, /*waited=*/true);
}

void TwinNetworks::close(const Deed& deed) {
  const Side side = deed.b % 2 == 0 ? Side::kInitiator : Side::kAcceptor;
  const auto id = choose(deed.a, [&](const NaiveConnection& c) {
    // A host that has dialled itself closes as the initiator: the network is told a host, not a side.
    const bool is_alone = c.end(Side::kInitiator).host == c.end(Side::kAcceptor).host;
    if (is_alone && side == Side::kAcceptor) return false;
    return c.end(side).aware && (!c.end(side).over || deed.b % 16 < 2);
  });
  if (!id) return;
  network_.close(*id, naive_.connections().at(*id).end(side).host, moment());
  naive_.close(*id, side, now_);
}

// Hosts and faults ----------------------------------------------------------------------------------------

void TwinNetworks::boot(std::uint16_t host) {
  if (naive_.is_up(host)) return;
  if (naive_.is_cut_off(host)) network_.restore_host(host, moment());
  network_.set_listening(host, true);
  naive_.boot(host, now_);
}

void TwinNetworks::unblock(std::size_t n) {
  if (blocked_.empty()) return;
  const auto chosen = blocked_.begin() + static_cast<std::ptrdiff_t>(n % blocked_.size());
  network_.unblock(*chosen, moment());
  naive_.unblock(*chosen, now_);
  blocked_.erase(chosen);
}

void TwinNetworks::hold(const Deed& deed) {
  const HeldMessages held{.api = deed.a % 2 == 0 ? api::ApiKey::kFetch : api::ApiKey::kBrokerHeartbeat,
                          .response = deed.b % 2 == 0};
  rules_.push_back(network_.hold(scope(deed), held));
  naive_.hold(rules_.back(), scope(deed), held, now_);
}

void TwinNetworks::lift(std::size_t n) {
  if (rules_.empty()) return;
  const auto chosen = rules_.begin() + static_cast<std::ptrdiff_t>(n % rules_.size());
  network_.lift(*chosen, moment());
  naive_.lift(*chosen, now_);
  rules_.erase(chosen);
}

// Time ----------------------------------------------------------------------------------------------------

void TwinNetworks::go_on_to(Instant instant) {
  if (const std::string late = naive_.overdue(instant); !late.empty()) object("somebody waits", late);
  now_ = instant;
}

void TwinNetworks::step() {
  if (queue_.empty()) return;
  const QueueEntry entry = queue_.pop();
  go_on_to(entry.at);
  if (entry.kind == EventKind::kStallTimeout) return network_.give_up(entry, moment());
  Delivery delivery;
  if (network_.arrive(entry, moment(), delivery)) hear(delivery, /*waited=*/false);
  // That a handshake gets to the acceptor nobody hears; the reference has to be told.
  const ConnectionId id(entry.entity);
  for (const Cow<Connection>& c : network_.connections()) {
    if (c->link.connection != id || !c->accepted || naive_.connections().at(id).accepted) continue;
    if (const std::string no = naive_.accept(id, now_); !no.empty()) object("a handshake", no);
  }
}

void TwinNetworks::run_until(Instant limit) {
  while (!queue_.empty() && queue_.front().at <= limit) step();
  go_on_to(limit);
}

void TwinNetworks::settle() {
  if (!objection_.empty()) return;
  try {
    while (!blocked_.empty()) unblock(0);
    while (!rules_.empty()) lift(0);
    for (std::uint16_t each = 0; each < kHosts; ++each) boot(each);
    const auto served = [this](const NaiveConnection& c) { return is_served(c); };
    for (std::uint32_t i = 0; objection_.empty() && (!queue_.empty() || choose(i, served)); ++i) {
      while (!queue_.empty()) step();
      const auto id = choose(i, served);
      if (!id) continue;
      if (i % 2 == 0) respond(*id);
      finish(*id);
    }
    go_on_to(now_ + seconds(3600));
    check_counters();
    check_what_is_left();
  } catch (const EnsureFailure& failed) {
    object("the network", failed.message);
  }
}

// Comparison ----------------------------------------------------------------------------------------------

void TwinNetworks::object(std::string_view what, const std::string& why) {
  if (objection_.empty()) objection_ = fmt::format("{} ns: {}: {}", now_.ns(), what, why);
}

void TwinNetworks::hear(const Delivery& delivery, bool waited) {
  const std::string objection = naive_.hear(delivery, now_, waited);
  if (!objection.empty()) {
    constexpr std::array kNames = {"opened", "lost", "gone", "request", "response"};
    const std::size_t first = io::Input(io::ConnectionOpened{}).index();
    const std::size_t kind = delivery.input.index() - first;
    object(fmt::format("host {} hears {}", delivery.host, kind < kNames.size() ? kNames[kind] : "?"),
           objection);
  }
  heard_.emplace_back(now_, delivery.input);
  const auto* lost = std::get_if<io::ConnectionLost>(&delivery.input);
  if (lost != nullptr && lost->reason == io::CloseReason::kRefused) ++expected_.refused;
  if (std::holds_alternative<io::ConnectionOpened>(delivery.input)) ++expected_.opened;
  if (std::holds_alternative<io::RequestReceived>(delivery.input)) ++expected_.delivered;
  if (std::holds_alternative<io::ResponseReceived>(delivery.input)) ++expected_.delivered;
}

/// Each message that was sent is delivered, dropped, or still there.
void TwinNetworks::check_counters() {
  const std::uint64_t there = network_.messages_under_way();
  const NetworkCounters& counters = network_.counters();
  if (counters.sent != expected_.sent) object("sent", fmt::format("{}", counters.sent));
  if (counters.delivered != expected_.delivered) object("delivered", fmt::format("{}", counters.delivered));
  if (counters.opened != expected_.opened) object("opened", fmt::format("{}", counters.opened));
  if (counters.refused != expected_.refused) object("refused", fmt::format("{}", counters.refused));
  if (counters.sent != counters.delivered + counters.dropped + there) {
    object("counters", fmt::format("{} sent, {} delivered, {} dropped, {} there", counters.sent,
                                   counters.delivered, counters.dropped, there));
  }
}

void TwinNetworks::check_what_is_left() {
  std::set<ConnectionId> left;
  for (const Cow<Connection>& c : network_.connections()) left.insert(c->link.connection);
  for (const auto& [id, c] : naive_.connections()) {
    const std::optional<bool> is_forgotten = naive_.is_forgotten(id);
    if (is_forgotten && *is_forgotten == left.contains(id))
      object(fmt::format("connection {}", id.value()), *is_forgotten ? "is still there" : "was forgotten");
  }
}

}  // namespace odradek::sim
