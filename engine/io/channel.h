// Channel: a node's line to one peer for one purpose, over one TCP connection at a time.
//
// It connects on demand, backs off exponentially after a failure, matches responses to requests, and closes
// the connection when the oldest request is overdue, as Kafka's NetworkClient does: every request in flight
// is then lost, and each may or may not have been executed.
//
// The owner forwards the inputs of its links and the two channel timers (entity = `id`), and afterwards asks
// `can_send` again. Example:
//
//   if (channel.can_send()) pending = channel.send(now, request, out); else channel.connect(now, out);
//
// 1. At most `max_in_flight` requests are unanswered.
// 2. A correlation id is used once in the life of a channel.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "engine/io/effects.h"

namespace odradek::io {

struct ChannelConfig {
  Purpose purpose{};
  std::int32_t max_in_flight = 1;
  Duration request_timeout = seconds(30);         ///< request.timeout.ms
  Duration connect_timeout = seconds(10);         ///< socket.connection.setup.timeout.ms (KIP-601)
  Duration connect_timeout_max = seconds(30);     ///< socket.connection.setup.timeout.max.ms
  Duration reconnect_backoff = milliseconds(50);  ///< reconnect.backoff.ms
  Duration reconnect_backoff_max = seconds(1);    ///< reconnect.backoff.max.ms

  FIELDS(purpose, max_in_flight, request_timeout, connect_timeout, connect_timeout_max, reconnect_backoff,
         reconnect_backoff_max)
  friend bool operator==(const ChannelConfig&, const ChannelConfig&) = default;
};

class Channel {
 public:
  Channel() = default;
  /// `id` is unique among the node's channels.
  Channel(std::uint64_t id, NodeId peer, ChannelConfig config) : id_(id), peer_(peer), config_(config) {}
  /// To nobody yet (`retarget`).
  Channel(std::uint64_t id, ChannelConfig config) : id_(id), config_(config) {}

  /// Connected, and room for one more request.
  [[nodiscard]] bool can_send() const;
  [[nodiscard]] bool is_open() const { return state_ == State::kOpen; }
  [[nodiscard]] bool is_connecting() const { return state_ == State::kConnecting; }
  /// Lost its connection a moment ago, and may not open another yet.
  [[nodiscard]] bool is_backing_off() const { return state_ == State::kBackingOff; }
  [[nodiscard]] bool is_idle() const { return in_flight_.empty(); }
  [[nodiscard]] std::int32_t in_flight() const { return static_cast<std::int32_t>(in_flight_.size()); }
  [[nodiscard]] std::uint64_t id() const { return id_; }
  [[nodiscard]] std::optional<NodeId> peer() const { return peer_; }

  /// Opens a connection unless there is one, one is being opened, the backoff has not passed, or there is
  /// nobody to connect to.
  void connect(const Now& now, Effects& out);
  /// REQUIRES: can_send().
  CorrelationId send(const Now& now, api::Request request, Effects& out);
  /// Like `send`, for a request that is never answered (produce with acks=0).
  void send_without_response(api::Request request, Effects& out);
  /// Leads to another peer from now on, or to nobody. Returns the requests that were in flight to the old
  /// one.
  [[nodiscard]] std::vector<CorrelationId> retarget(std::optional<NodeId> peer, Effects& out);
  /// Drops the connection, if any; returns the requests that were in flight.
  std::vector<CorrelationId> close(Effects& out);

  void on_opened(const Link& link, const Now& now, Effects& out);
  /// Returns the requests that were in flight.
  [[nodiscard]] std::vector<CorrelationId> on_lost(const Link& link, Effects& out);
  /// True when this is the answer to a request of ours that is still awaited.
  [[nodiscard]] bool on_response(const Link& link, CorrelationId correlation, const Now& now, Effects& out);
  /// kChannelTimeout: returns the requests that were in flight when the oldest was overdue (then the
  /// connection is closed), otherwise none.
  [[nodiscard]] std::vector<CorrelationId> on_timeout(const Now& now, Effects& out);
  /// kChannelBackoff: the channel may connect again.
  void on_backoff_over();

  enum class State : std::uint8_t { kClosed, kBackingOff, kConnecting, kOpen };

  struct InFlight {
    CorrelationId correlation;
    MonotonicTime deadline;
    FIELDS(correlation, deadline)
    friend bool operator==(const InFlight&, const InFlight&) = default;
  };

  FIELDS(id_, peer_, config_, state_, failures_, failed_connects_, link_, connect_deadline_,
         next_correlation_, in_flight_)
  friend bool operator==(const Channel&, const Channel&) = default;

 private:
  [[nodiscard]] Duration time_to_connect() const;
  [[nodiscard]] Timer timer(TimerKind kind) const { return {.kind = kind, .entity = id_}; }
  void back_off(Effects& out);
  [[nodiscard]] std::vector<CorrelationId> take_in_flight(Effects& out);

  std::uint64_t id_ = 0;
  std::optional<NodeId> peer_;
  ChannelConfig config_;
  State state_ = State::kClosed;
  std::int32_t failures_ = 0;         ///< in a row, to connect or to stay so
  std::int32_t failed_connects_ = 0;  ///< in a row
  std::optional<Link> link_;
  MonotonicTime connect_deadline_;
  CorrelationId next_correlation_;
  std::deque<InFlight> in_flight_;
};

}  // namespace odradek::io
