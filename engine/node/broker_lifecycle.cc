#include "engine/node/broker_lifecycle.h"

#include <utility>

#include "engine/metadata/features.h"

namespace odradek::node {
namespace {

constexpr Duration kRetryBackoff = milliseconds(100);
/// When a controlled shutdown can be quick, the second question already gets leave.
constexpr Duration kSecondQuestion = milliseconds(50);
/// BrokerServer.shutdown waits as long for the controller.
constexpr Duration kControlledShutdownTimeout = seconds(300);

}  // namespace

BrokerLifecycle::BrokerLifecycle(BrokerId broker, Uuid cluster_id, std::optional<std::string> rack,
                                 const io::BrokerConfig& config)
    : broker_(broker),
      cluster_id_(cluster_id),
      rack_(std::move(rack)),
      heartbeat_interval_(milliseconds(config.broker_heartbeat_interval_ms)),
      channel_(kChannelId, {.purpose = io::Purpose::kHeartbeat,
                            .request_timeout = milliseconds(config.controller_socket_timeout_ms)}) {}

void BrokerLifecycle::on_controller(std::optional<NodeId> controller, const Now& now, io::Effects& out) {
  // What the last one did not answer is asked of the next.
  if (!channel_.retarget(controller, out).empty()) due_ = true;
  maybe_send(now, out);
}

void BrokerLifecycle::on_boot(const Now& now, Incarnation incarnation, io::Effects& out) {
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

api::BrokerRegistrationRequest BrokerLifecycle::registration() const {
  api::BrokerRegistrationRequest request{.broker_id = broker_,
                                         .cluster_id = cluster_id_,
                                         .incarnation_id = incarnation_.id,
                                         .previous_broker_epoch = incarnation_.previous_broker_epoch,
                                         .features = {},
                                         .rack = rack_,
                                         .log_dirs = {{incarnation_.directory_id}}};
  for (const metadata::SupportedFeature& feature : metadata::kSupportedFeatures) {
    request.features.push_back({.name = std::string(feature.name),
                                .min_supported_version = feature.min,
                                .max_supported_version = feature.max});
  }
  return request;
}

void BrokerLifecycle::maybe_send(const Now& now, io::Effects& out) {
  if (!due_ || !channel_.is_idle() || should_shut_down()) return;
  if (!channel_.can_send()) return channel_.connect(now, out);
  due_ = false;
  if (!broker_epoch_) {
    channel_.send(now, registration(), out);
  } else {
    channel_.send(
        now,
        api::BrokerHeartbeatRequest{.broker_id = broker_,
                                    .broker_epoch = *broker_epoch_,
                                    .current_metadata_offset = metadata_offset_,
                                    .want_fence = !is_caught_up(),
                                    .want_shut_down = state_ == BrokerState::kPendingControlledShutdown},
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
    on_heartbeat(std::get<api::BrokerHeartbeatResponse>(received.response), now, out);
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

void BrokerLifecycle::on_heartbeat(const api::BrokerHeartbeatResponse& response, const Now& now,
                                   io::Effects& out) {
  if (should_shut_down()) return;
  if (response.error_code != api::ErrorCode::kNone) return on_heartbeat_failed(response.error_code, out);
  if (response.is_fenced != fenced_) {
    fenced_ = response.is_fenced;
    out.emit(io::LearnFencing{fenced_, *broker_epoch_});
  }
  if (state_ == BrokerState::kPendingControlledShutdown) {
    if (!response.should_shut_down) return ask_for_leave_again(now, out);
    state_ = BrokerState::kShuttingDown;
    return;
  }
  if (!fenced_) state_ = BrokerState::kRunning;
  communicate_after(heartbeat_interval_, out);
}

void BrokerLifecycle::on_heartbeat_failed(api::ErrorCode error_code, io::Effects& out) {
  if (error_code == api::ErrorCode::kStaleBrokerEpoch) {
    // A registration that this broker's dead predecessor had sent arrived after its own and took its place.
    // Or an administrator has unregistered it. Whoever is about to leave does not register again, and goes:
    // under that epoch it leads nothing any more. Kafka's broker waits until its five minutes are over.
    sometimes(out, Probe::kStaleBrokerEpoch);
    if (state_ == BrokerState::kPendingControlledShutdown) {
      state_ = BrokerState::kShuttingDown;
      return;
    }
    broker_epoch_.reset();
  }
  communicate_after(kRetryBackoff, out);
}

void BrokerLifecycle::ask_for_leave_again(const Now& now, io::Effects& out) {
  if (due_) return maybe_send(now, out);  // this answers a heartbeat from before the request to shut down
  communicate_after(leave_refused_ ? heartbeat_interval_ : kSecondQuestion, out);
  leave_refused_ = true;
}

void BrokerLifecycle::on_shutdown_requested(const Now& now, io::Effects& out) {
  if (state_ < BrokerState::kRunning) state_ = BrokerState::kShuttingDown;
  if (state_ != BrokerState::kRunning) return;
  state_ = BrokerState::kPendingControlledShutdown;
  out.set_timer({.kind = io::TimerKind::kControlledShutdownTimeout, .entity = 0}, kControlledShutdownTimeout);
  due_ = true;
  maybe_send(now, out);
}

void BrokerLifecycle::on_controlled_shutdown_timeout() {
  if (state_ == BrokerState::kPendingControlledShutdown) state_ = BrokerState::kShuttingDown;
}

void BrokerLifecycle::on_metadata_applied(Offset offset, const Now& now, io::Effects& out) {
  metadata_offset_ = offset;
  if (state_ != BrokerState::kStarting || !is_caught_up()) return;
  state_ = BrokerState::kRecovery;  // say so at once: the sooner unfenced, the sooner useful
  due_ = true;
  maybe_send(now, out);
}

}  // namespace odradek::node
