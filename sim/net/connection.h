// Connection: one TCP connection, with all that is under way in it.
//
// Each direction is a queue of segments: the handshake, requests or responses, and the end. Handshake, data
// and end travel alike, so latency, order, partitions and delays hold for all of them, and "closing does not
// recall what was sent" needs no rule of its own.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <variant>

#include "engine/api/messages.h"
#include "engine/base/hash.h"
#include "engine/io/input.h"
#include "sim/kernel/fifo.h"
#include "sim/kernel/virtual_time.h"
#include "sim/net/rules.h"

namespace odradek::sim {

enum class SegmentKind : std::uint8_t { kSyn, kSynAck, kRequest, kResponse, kEnd };

struct Segment {
  Instant arrival;  ///< not before
  std::uint32_t tie = 0;
  SegmentKind kind{};
  io::CloseReason reason{};  ///< of an end
  bool local = false;        ///< an end that the receiver's own host raises: nothing has to travel
  CorrelationId correlation;
  Digest digest;  ///< of the body; taken once, when it was sent
  std::variant<std::monostate, api::Request, api::Response> body;

  [[nodiscard]] bool is_message() const { return !std::holds_alternative<std::monostate>(body); }
  FIELDS(arrival, tie, kind, reason, local, correlation, digest, body)
  friend bool operator==(const Segment&, const Segment&) = default;
};

/// Who is at an end, and where the segments go that it receives.
enum class Side : std::uint8_t { kInitiator, kAcceptor };

[[nodiscard]] constexpr Side other(Side side) {
  return side == Side::kInitiator ? Side::kAcceptor : Side::kInitiator;
}

/// Segments on their way to one side.
///
/// 1. If anything is in flight, exactly one of these holds: an arrival is scheduled for the first segment, or
/// the
///    first segment is stalled by a blocked path, or it is held by a rule.
struct Direction {
  Fifo<Segment> in_flight;
  std::uint64_t stream = 0;         ///< entity of all draws about this direction
  std::uint64_t sent = 0;           ///< ordinal of the next segment's draw
  std::uint64_t stalls = 0;         ///< how often a blocked path has stopped it
  Duration latency;                 ///< of the link, without jitter
  std::uint64_t arrival = 0;        ///< sequence number of the scheduled arrival; 0: none
  std::uint64_t stall_timeout = 0;  ///< sequence number of the scheduled end of patience; 0: none
  std::optional<RuleId> held_by;
  bool stalled = false;
  bool blocked = false;  ///< the path is blocked just now
  bool lost = false;     ///< no segment arrives any more, whatever the path
  bool closed = false;   ///< the receiving process has closed, was told of the end, or is dead

  FIELDS(in_flight, stream, sent, stalls, latency, arrival, stall_timeout, held_by, stalled, blocked, lost,
         closed)
  friend bool operator==(const Direction&, const Direction&) = default;
};

struct Connection {
  io::Link link;
  std::array<std::uint16_t, 2> hosts{};  ///< places of the two sides' hosts
  std::array<Direction, 2> to;           ///< by receiving side
  Fifo<Segment> unread;                  ///< arrived at the acceptor while a request was in service
  std::optional<CorrelationId> serving;  ///< the request in service: nothing is read until it is finished
  bool accepted = false;                 ///< the acceptor's host has completed its part of the handshake
  bool opened = false;                   ///< the initiator's host has
  bool used = false;                     ///< the accepting process has received a request, so it knows of it

  [[nodiscard]] Direction& towards(Side side) { return to[static_cast<std::size_t>(side)]; }
  [[nodiscard]] const Direction& towards(Side side) const { return to[static_cast<std::size_t>(side)]; }
  [[nodiscard]] std::uint16_t host(Side side) const { return hosts[static_cast<std::size_t>(side)]; }
  [[nodiscard]] bool is_closed(Side side) const { return towards(side).closed; }
  /// A process talks to itself, as a broker does to the controller that it is, too.
  [[nodiscard]] bool is_loopback() const { return hosts[0] == hosts[1]; }

  FIELDS(link, hosts, to, unread, serving, accepted, opened, used)
  friend bool operator==(const Connection&, const Connection&) = default;
};

}  // namespace odradek::sim
