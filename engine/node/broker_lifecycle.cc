#include "engine/node/broker_lifecycle.h"

namespace odradek::node {
namespace {

constexpr Duration kRetryBackoff = milliseconds(100);

}  // namespace

BrokerLifecycle::BrokerLifecycle(BrokerId broker, NodeId controller, Uuid cluster_id,
                                 const io::BrokerConfig& config)
    : broker_(broker),
      cluster_id_(cluster_id),
      heartbeat_interval_(milliseconds(config.broker_heartbeat_interval_ms)),
      channel_(kChannelId, controller,
               {.purpose = io::Purpose::kHeartbeat,
                .request_timeout = milliseconds(config.controller_socket_timeout_ms)}) {}

void BrokerLifecycle::on_boot(const Now& now, Uuid incarnation, io::Effects& out) {
  incarnation_ = incarnation;
  due_ = true;
  maybe_send(now, out);
}

void BrokerLifecycle::on_timer(const Now& now, io::Effects& out) {
  due_ = true;
  maybe_send(now, out);
}

void BrokerLifecycle::on_opened(const io::Link& link, const Now& now, io::Effects& out) {
  channel_.on_opened(link, now, out);
  maybe_send(now, out);
}

void BrokerLifecycle::on_lost(const io::Link& link, io::Effects& out) {
  (void)channel_.on_lost(link, out);
  due_ = true;
}

void BrokerLifecycle::on_channel_timeout(const Now& now, io::Effects& out) {
  (void)channel_.on_timeout(now, out);
  due_ = true;
}

void BrokerLifecycle::on_channel_backoff(const Now& now, io::Effects& out) {
  channel_.on_backoff_over();
  maybe_send(now, out);
}

bool BrokerLifecycle::is_caught_up() const {
  return broker_epoch_ && metadata_offset_.value() > broker_epoch_->value();
}

void BrokerLifecycle::maybe_send(const Now& now, io::Effects& out) {
  if (!due_ || !channel_.is_idle()) return;
  if (!channel_.can_send()) return channel_.connect(now, out);
  due_ = false;
  if (!broker_epoch_) {
    channel_.send(now, api::BrokerRegistrationRequest{broker_, cluster_id_, incarnation_}, out);
  } else {
    channel_.send(now,
                  api::BrokerHeartbeatRequest{.broker_id = broker_,
                                              .broker_epoch = *broker_epoch_,
                                              .current_metadata_offset = metadata_offset_,
                                              .want_fence = !is_caught_up(),
                                              .want_shut_down = false},
                  out);
  }
}

void BrokerLifecycle::communicate_after(Duration delay, io::Effects& out) {
  const auto kind = broker_epoch_ ? io::TimerKind::kHeartbeat : io::TimerKind::kRegistrationRetry;
  out.set_timer({.kind = kind, .entity = 0}, delay);
}

void BrokerLifecycle::on_response(const io::ResponseReceived& received, const Now& now, io::Effects& out) {
  if (!channel_.on_response(received.link, received.correlation, now, out)) return;
  if (const auto* registered = std::get_if<api::BrokerRegistrationResponse>(&received.response)) {
    on_registered(*registered, now, out);
  } else {
    on_heartbeat(std::get<api::BrokerHeartbeatResponse>(received.response), out);
  }
}

void BrokerLifecycle::on_registered(const api::BrokerRegistrationResponse& response, const Now& now,
                                    io::Effects& out) {
  if (response.error_code != api::ErrorCode::kNone) {
    if (response.error_code == api::ErrorCode::kDuplicateBrokerRegistration) {
      sometimes(out,
                Probe::kDuplicateRegistration);  // the session of the incarnation before must run out first
    }
    return communicate_after(kRetryBackoff, out);
  }
  broker_epoch_ = response.broker_epoch;
  due_ = true;
  maybe_send(now, out);
}

void BrokerLifecycle::on_heartbeat(const api::BrokerHeartbeatResponse& response, io::Effects& out) {
  if (response.error_code != api::ErrorCode::kNone) {
    if (response.error_code == api::ErrorCode::kStaleBrokerEpoch) {
      // A registration that this broker's dead predecessor had sent arrived after its own and took its place.
      sometimes(out, Probe::kStaleBrokerEpoch);
      broker_epoch_.reset();
    }
    return communicate_after(kRetryBackoff, out);
  }
  if (response.is_fenced != fenced_) {
    fenced_ = response.is_fenced;
    out.emit(io::LearnFencing{fenced_, *broker_epoch_});
  }
  if (!fenced_) state_ = BrokerState::kRunning;
  communicate_after(heartbeat_interval_, out);
}

void BrokerLifecycle::on_metadata_applied(Offset offset, const Now& now, io::Effects& out) {
  metadata_offset_ = offset;
  if (state_ != BrokerState::kStarting || !is_caught_up()) return;
  state_ = BrokerState::kRecovery;  // say so at once: the sooner unfenced, the sooner useful
  due_ = true;
  maybe_send(now, out);
}

}  // namespace odradek::node
