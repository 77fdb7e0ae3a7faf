#include "engine/io/channel.h"

#include <algorithm>
#include <utility>

#include "engine/base/ensure.h"

namespace odradek::io {

bool Channel::can_send() const {
  return state_ == State::kOpen && static_cast<std::int32_t>(in_flight_.size()) < config_.max_in_flight;
}

void Channel::connect(const Now& now, Effects& out) {
  if (state_ != State::kClosed || !peer_) return;
  link_ = out.connect(*peer_, config_.purpose);
  state_ = State::kConnecting;
  connect_deadline_ = now.monotonic + time_to_connect();
  out.set_timer(timer(TimerKind::kChannelTimeout), time_to_connect());
}

/// Twice as long after each time in vain. Source: ClusterConnectionStates.
Duration Channel::time_to_connect() const {
  const Duration doubled = config_.connect_timeout * (std::int64_t{1} << std::min(failed_connects_, 16));
  return std::min(doubled, std::max(config_.connect_timeout, config_.connect_timeout_max));
}

CorrelationId Channel::send(const Now& now, api::Request request, Effects& out) {
  ENSURE(can_send(), "channel {} has {} requests in flight", id_, in_flight_.size());
  const CorrelationId correlation = next_correlation_;
  ++next_correlation_;
  if (in_flight_.empty()) out.set_timer(timer(TimerKind::kChannelTimeout), config_.request_timeout);
  in_flight_.push_back({correlation, now.monotonic + config_.request_timeout});
  out.send(link_->connection, correlation, std::move(request));
  return correlation;
}

void Channel::send_without_response(api::Request request, Effects& out) {
  ENSURE(state_ == State::kOpen, "channel {} is not open", id_);
  const CorrelationId correlation = next_correlation_;
  ++next_correlation_;
  out.send(link_->connection, correlation, std::move(request));
}

std::vector<CorrelationId> Channel::retarget(std::optional<NodeId> peer, Effects& out) {
  if (peer == peer_) return {};
  std::vector<CorrelationId> lost = close(out);
  peer_ = peer;
  failures_ = 0;
  failed_connects_ = 0;
  if (state_ == State::kBackingOff) {
    out.cancel_timer(timer(TimerKind::kChannelBackoff));
    state_ = State::kClosed;
  }
  return lost;
}

std::vector<CorrelationId> Channel::close(Effects& out) {
  if (state_ == State::kClosed || state_ == State::kBackingOff) return {};
  out.close(link_->connection);
  link_.reset();
  state_ = State::kClosed;
  return take_in_flight(out);
}

void Channel::on_opened(const Link& link, const Now&, Effects& out) {
  if (!link_ || link_->connection != link.connection) return;
  state_ = State::kOpen;
  failures_ = 0;
  failed_connects_ = 0;
  out.cancel_timer(timer(TimerKind::kChannelTimeout));
}

std::vector<CorrelationId> Channel::on_lost(const Link& link, Effects& out) {
  if (!link_ || link_->connection != link.connection) return {};
  link_.reset();
  back_off(out);
  return take_in_flight(out);
}

bool Channel::on_response(const Link& link, CorrelationId correlation, const Now& now, Effects& out) {
  if (!link_ || link_->connection != link.connection) return false;
  const auto found = std::ranges::find(in_flight_, correlation, &InFlight::correlation);
  ENSURE(found != in_flight_.end(), "response {} on channel {} answers no request", correlation.value(), id_);
  in_flight_.erase(found);
  if (in_flight_.empty()) {
    out.cancel_timer(timer(TimerKind::kChannelTimeout));
  } else {
    out.set_timer(timer(TimerKind::kChannelTimeout), in_flight_.front().deadline - now.monotonic);
  }
  return true;
}

std::vector<CorrelationId> Channel::on_timeout(const Now& now, Effects& out) {
  const bool connecting = state_ == State::kConnecting && connect_deadline_ <= now.monotonic;
  const bool overdue = !in_flight_.empty() && in_flight_.front().deadline <= now.monotonic;
  if (!connecting && !overdue) return {};
  if (overdue) sometimes(out, Probe::kRequestTimedOut);
  out.close(link_->connection);
  link_.reset();
  back_off(out);
  return take_in_flight(out);
}

void Channel::on_backoff_over() {
  if (state_ == State::kBackingOff) state_ = State::kClosed;
}

void Channel::back_off(Effects& out) {
  if (state_ == State::kConnecting) ++failed_connects_;
  state_ = State::kBackingOff;
  const Duration doubled = config_.reconnect_backoff * (std::int64_t{1} << std::min(failures_, 16));
  ++failures_;
  out.set_timer(timer(TimerKind::kChannelBackoff), std::min(doubled, config_.reconnect_backoff_max));
}

std::vector<CorrelationId> Channel::take_in_flight(Effects& out) {
  std::vector<CorrelationId> lost;
  for (const InFlight& request : in_flight_) lost.push_back(request.correlation);
  in_flight_.clear();
  out.cancel_timer(timer(TimerKind::kChannelTimeout));
  return lost;
}

}  // namespace odradek::io
