// BrokerLifecycle: a broker's standing with the controller, from registration through heartbeats to the end.
//
//   STARTING    registered or about to be; metadata not yet caught up to the own registration
//   RECOVERY    caught up; asks to be unfenced
//   RUNNING     has been unfenced once: the listeners are open
//   PENDING_CONTROLLED_SHUTDOWN  asks for leave, and serves until the controller has moved its leaderships
//   SHUTTING_DOWN  may stop; says nothing more to the controller
//
// A broker that is fenced later keeps running; its next heartbeat asks to be unfenced again. One that is
// asked to shut down before it runs, or that gets no leave for five minutes, shuts down without. Source:
// kafka.server.BrokerLifecycleManager, BrokerServer.shutdown; KIP-631.
#pragma once

#include <optional>
#include <string>

#include "engine/base/random.h"
#include "engine/io/channel.h"
#include "engine/io/config.h"

namespace odradek::node {

enum class BrokerState : std::uint8_t {
  kStarting,
  kRecovery,
  kRunning,
  kPendingControlledShutdown,
  kShuttingDown
};

/// One life of the process.
struct Incarnation {
  Uuid id;
  Uuid directory_id;  ///< of its log directory, as meta.properties says
  /// Of the life before, when that ended with its logs flushed (KIP-966).
  std::optional<BrokerEpoch> previous_broker_epoch;

  FIELDS(id, directory_id, previous_broker_epoch)
  friend bool operator==(const Incarnation&, const Incarnation&) = default;
};

class BrokerLifecycle {
 public:
  static constexpr std::uint64_t kChannelId = 1'000'002;

  BrokerLifecycle() = default;
  BrokerLifecycle(BrokerId broker, Uuid cluster_id, std::optional<std::string> rack,
                  const io::BrokerConfig& config);

  void on_boot(const Now& now, Incarnation incarnation, io::Effects& out);
  /// The metadata quorum has another leader, or none that is known.
  void on_controller(std::optional<NodeId> controller, const Now& now, io::Effects& out);
  void on_timer(const Now& now, io::Effects& out);  ///< kHeartbeat or kRegistrationRetry
  void on_opened(const io::Link& link, const Now& now, io::Effects& out);
  void on_lost(const io::Link& link, io::Effects& out);
  void on_channel_timeout(const Now& now, io::Effects& out);
  void on_channel_backoff(const Now& now, io::Effects& out);
  void on_response(const io::ResponseReceived& received, const Now& now, io::Effects& out);
  /// The broker has applied the metadata log up to `offset` (exclusive).
  void on_metadata_applied(Offset offset, const Now& now, io::Effects& out);
  void on_shutdown_requested(const Now& now, io::Effects& out);
  void on_controlled_shutdown_timeout();  ///< kControlledShutdownTimeout

  [[nodiscard]] BrokerState state() const { return state_; }
  /// Absent until the registration was accepted.
  [[nodiscard]] std::optional<BrokerEpoch> broker_epoch() const { return broker_epoch_; }
  [[nodiscard]] bool is_fenced() const { return fenced_; }
  /// The listeners are open, a controlled shutdown included: leaderships take a while to move.
  [[nodiscard]] bool is_serving() const {
    return state_ == BrokerState::kRunning || state_ == BrokerState::kPendingControlledShutdown;
  }
  [[nodiscard]] bool should_shut_down() const { return state_ == BrokerState::kShuttingDown; }

  FIELDS(broker_, cluster_id_, rack_, heartbeat_interval_, channel_, incarnation_, state_, broker_epoch_,
         fenced_, due_, leave_refused_, metadata_offset_)
  friend bool operator==(const BrokerLifecycle&, const BrokerLifecycle&) = default;

 private:
  void maybe_send(const Now& now, io::Effects& out);
  [[nodiscard]] api::BrokerRegistrationRequest registration() const;
  void communicate_after(Duration delay, io::Effects& out);
  void on_registered(const api::BrokerRegistrationResponse& response, const Now& now, io::Effects& out);
  void on_heartbeat(const api::BrokerHeartbeatResponse& response, const Now& now, io::Effects& out);
  void on_heartbeat_failed(api::ErrorCode error_code, io::Effects& out);
  void ask_for_leave_again(const Now& now, io::Effects& out);
  [[nodiscard]] bool is_caught_up() const;

  BrokerId broker_;
  Uuid cluster_id_;
  std::optional<std::string> rack_;  ///< broker.rack
  Duration heartbeat_interval_;
  io::Channel channel_;
  Incarnation incarnation_;
  BrokerState state_ = BrokerState::kStarting;
  std::optional<BrokerEpoch> broker_epoch_;
  bool fenced_ = true;
  bool due_ = false;            ///< something is to be said to the controller as soon as the channel allows
  bool leave_refused_ = false;  ///< the controller has answered once that it is too early to shut down
  Offset metadata_offset_;
};

}  // namespace odradek::node
