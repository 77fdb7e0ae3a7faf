// What a process may hear now, given all that was done before.
#include <algorithm>

#include "tests/sim/net/naive_network.h"

namespace odradek::sim {
namespace {

using io::CloseReason;

/// At no moment from `from` to `until` it was otherwise.
bool is_within(const std::vector<Span>& spans, Instant from, Instant until) {
  return std::ranges::any_of(spans,
                             [&](const Span& span) { return span.since < from && until < span.until; });
}

bool touches(const std::vector<Span>& spans, Instant from, Instant until) {
  return std::ranges::any_of(spans,
                             [&](const Span& span) { return span.since <= until && from <= span.until; });
}

struct Hearer {
  ConnectionId id;
  Side side{};
  std::optional<CloseReason> reason;
};

std::optional<Hearer> hearer_of(const io::Input& input) {
  if (const auto* opened = std::get_if<io::ConnectionOpened>(&input))
    return Hearer{opened->link.connection, Side::kInitiator, {}};
  if (const auto* response = std::get_if<io::ResponseReceived>(&input))
    return Hearer{response->link.connection, Side::kInitiator, {}};
  if (const auto* request = std::get_if<io::RequestReceived>(&input))
    return Hearer{request->connection, Side::kAcceptor, {}};
  if (const auto* lost = std::get_if<io::ConnectionLost>(&input))
    return Hearer{lost->link.connection, Side::kInitiator, lost->reason};
  if (const auto* gone = std::get_if<io::PeerGone>(&input))
    return Hearer{gone->connection, Side::kAcceptor, gone->reason};
  return std::nullopt;
}

}  // namespace

std::string NaiveNetwork::accept(ConnectionId id, Instant now) {
  NaiveConnection& c = connections_.at(id);
  NaiveEnd& acceptor = c.end(Side::kAcceptor);
  const auto over = c.end(Side::kInitiator).over;
  if (!hosts_[acceptor.host].up) return "nobody listens";
  if (c.failure) return "the connection has failed";
  if (over && over != NaiveEnding::kCutOff) return "nobody waits for it any more";
  if (acceptor.read > 0) return "it was accepted before";
  std::string objection = objection_to_arrival(c, Side::kAcceptor, acceptor.sent_to_it.front(), now);
  ++acceptor.read;
  c.accepted = true;
  put(c, Side::kInitiator, {.kind = NaiveKind::kSynAck, .input = io::ConnectionOpened{c.link}}, now);
  return objection;
}

std::string NaiveNetwork::hear(const Delivery& heard, Instant now, bool waited) {
  const auto hearer = hearer_of(heard.input);
  if (!hearer) return "the network does not tell this";
  const auto found = connections_.find(hearer->id);
  if (found == connections_.end()) return "there is no such connection";
  NaiveConnection& c = found->second;
  const NaiveEnd& end = c.end(hearer->side);
  if (heard.host != end.host) return "it is meant for another host";
  if (end.over) return "the connection is over for this process";
  if (hearer->reason) return hear_end(c, hearer->side, *hearer->reason, now, waited);
  return hear_message(c, hearer->side, heard, now, waited);
}

std::string NaiveNetwork::objection_to_arrival(const NaiveConnection& c, Side side, const NaiveItem& item,
                                               Instant now) const {
  if (now < item.earliest) return "it cannot be there yet";
  if (way_to(c, side).blockades > 0) return "the path is blocked";
  if (is_held(item, path_to(c, side))) return "it is held";
  return "";
}

/// What was sent, all of it, once, in its order, one request at a time.
std::string NaiveNetwork::hear_message(NaiveConnection& c, Side side, const Delivery& heard, Instant now,
                                       bool waited) {
  NaiveEnd& end = c.end(side);
  const NaiveItem* next = end.next();
  if (c.failure) return "the connection has failed";
  if (next == nullptr || next->input != heard.input || next->digest != heard.body)
    return "something else was sent next";
  if (side == Side::kAcceptor && c.serving) return "another request is in service";
  if (waited && now < next->earliest) return "it cannot have waited";
  if (std::string no = waited ? "" : objection_to_arrival(c, side, *next, now); !no.empty()) return no;
  ++end.read;
  end.aware = true;
  if (next->kind == NaiveKind::kSynAck) c.opened = true;
  if (const auto* request = std::get_if<io::RequestReceived>(&heard.input)) c.serving = request->correlation;
  return "";
}

std::string NaiveNetwork::hear_end(NaiveConnection& c, Side side, CloseReason reason, Instant now,
                                   bool waited) {
  if (!c.end(side).aware) return "this process does not know of the connection";
  if (c.failure && c.failure != reason) return "the connection ended otherwise";
  if (!c.failure) {
    switch (reason) {
      case CloseReason::kFin:
        if (!may_hear_fin(c, side, now, waited)) return "no FIN can be read now";
        break;
      case CloseReason::kReset:
        if (!may_hear_reset(c, side, now)) return "nobody has reset it";
        break;
      case CloseReason::kRefused:
        if (!may_hear_refusal(c, side, now)) return "nobody has refused it";
        break;
      case CloseReason::kTimeout:
        if (!may_time_out(c, now)) return "nothing was stopped for so long";
        fail(c, reason, now);
    }
  }
  c.end(side).over = NaiveEnding::kTold;
  c.end(side).over_since = now;
  return "";
}

bool NaiveNetwork::may_hear_fin(const NaiveConnection& c, Side side, Instant now, bool waited) const {
  const NaiveItem* next = c.end(side).next();
  if (next == nullptr || !next->may_be_fin || (side == Side::kAcceptor && c.serving)) return false;
  return waited ? next->earliest <= now : objection_to_arrival(c, side, *next, now).empty();
}

/// When the host of the other end can have answered something from this one: nobody has that port any more.
std::optional<Instant> NaiveNetwork::earliest_answer(const NaiveConnection& c, Side side) const {
  const NaiveEnd& gone = c.end(other(side));
  for (std::size_t i = gone.read; gone.over && i < gone.sent_to_it.size(); ++i) {
    if (gone.sent_to_it[i].kind == NaiveKind::kMessage)
      return std::max(gone.sent_to_it[i].earliest, gone.over_since);
  }
  return std::nullopt;
}

bool NaiveNetwork::may_hear_reset(const NaiveConnection& c, Side side, Instant now) const {
  const NaiveEnd& end = c.end(side);
  const NaiveItem* next = end.next();
  if (way_to(c, side).blockades > 0) return false;
  if (next != nullptr && next->may_be_reset && next->earliest <= now) return true;
  // It travels behind all that was sent, but is seen before what waits unread.
  const auto is_passed = [&](const NaiveItem& item) { return item.earliest <= now; };
  if (side == Side::kInitiator ? next != nullptr : !std::ranges::all_of(end.sent_to_it, is_passed))
    return false;
  const auto answer = earliest_answer(c, side);
  return answer && *answer + quickest(c) <= now &&
         !is_within(way_to(c, other(side)).blocked, *answer, now - quickest(c));
}

bool NaiveNetwork::may_hear_refusal(const NaiveConnection& c, Side side, Instant now) const {
  if (side != Side::kInitiator || c.accepted || way_to(c, side).blockades > 0) return false;
  const NaiveEnd& acceptor = c.end(Side::kAcceptor);
  const Instant from = acceptor.sent_to_it.front().earliest;
  const Instant until = now - quickest(c);
  return from <= until && touches(hosts_[acceptor.host].down, from, until) &&
         !is_within(way_to(c, Side::kAcceptor).blocked, from, until);
}

/// When anything that TCP does not retransmit without limit can have come to be stopped on its way.
std::vector<Instant> NaiveNetwork::stallable(const NaiveConnection& c, Side side) const {
  std::vector<Instant> instants;
  const NaiveEnd& end = c.end(side);
  for (std::size_t i = end.read; i < end.sent_to_it.size(); ++i) {
    const bool shakes_hands =
        end.sent_to_it[i].kind == NaiveKind::kSyn || end.sent_to_it[i].kind == NaiveKind::kSynAck;
    if (!shakes_hands) instants.push_back(end.sent_to_it[i].earliest);
  }
  if (const auto answer = earliest_answer(c, side)) instants.push_back(*answer + quickest(c));
  if (side == Side::kInitiator && !c.accepted) {  // a refusal
    const Instant from = c.end(Side::kAcceptor).sent_to_it.front().earliest;
    for (const Span& down : hosts_[c.end(Side::kAcceptor).host].down) {
      if (from <= down.until) instants.push_back(std::max(from, down.since) + quickest(c));
    }
  }
  return instants;
}

bool NaiveNetwork::may_time_out(const NaiveConnection& c, Instant now) const {
  for (const Side side : {Side::kInitiator, Side::kAcceptor}) {
    for (const Instant from : stallable(c, side)) {
      for (const Span& blocked : way_to(c, side).blocked) {
        const bool is_long = std::max(blocked.since, from) + config_.tcp_timeout_min <= now;
        if (is_long && now <= blocked.until) return true;
      }
    }
  }
  return false;
}

}  // namespace odradek::sim
