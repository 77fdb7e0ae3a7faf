// BrokerLifecycle: a broker's standing with the controller, from registration through heartbeats.
//
//   STARTING    registered or about to be; metadata not yet caught up to the own registration
//   RECOVERY    caught up; asks to be unfenced
//   RUNNING     has been unfenced once: the listeners are open
//
// A broker that is fenced later keeps running; its next heartbeat asks to be unfenced again.
// Source: kafka.server.BrokerLifecycleManager, KIP-631.
#pragma once

#include <optional>

#include "engine/base/random.h"
#include "engine/io/channel.h"
#include "engine/io/config.h"

namespace odradek::node {

enum class BrokerState : std::uint8_t { kStarting, kRecovery, kRunning };

class BrokerLifecycle {
 public:
  static constexpr std::uint64_t kChannelId = 1'000'002;

  BrokerLifecycle() = default;
  BrokerLifecycle(BrokerId broker, NodeId controller, Uuid cluster_id, const io::BrokerConfig& config);

  void on_boot(const Now& now, Uuid incarnation, io::Effects& out);
  void on_timer(const Now& now, io::Effects& out);  ///< kHeartbeat or kRegistrationRetry
  void on_opened(const io::Link& link, const Now& now, io::Effects& out);
  void on_lost(const io::Link& link, io::Effects& out);
  void on_channel_timeout(const Now& now, io::Effects& out);
  void on_channel_backoff(const Now& now, io::Effects& out);
  void on_response(const io::ResponseReceived& received, const Now& now, io::Effects& out);
  /// The broker has applied the metadata log up to `offset` (exclusive).
  void on_metadata_applied(Offset offset, const Now& now, io::Effects& out);

  [[nodiscard]] BrokerState state() const { return state_; }
  /// Absent until the registration was accepted.
  [[nodiscard]] std::optional<BrokerEpoch> broker_epoch() const { return broker_epoch_; }
  [[nodiscard]] bool is_fenced() const { return fenced_; }

  FIELDS(broker_, cluster_id_, heartbeat_interval_, channel_, incarnation_, state_, broker_epoch_, fenced_,
         due_, metadata_offset_)
  friend bool operator==(const BrokerLifecycle&, const BrokerLifecycle&) = default;

 private:
  void maybe_send(const Now& now, io::Effects& out);
  void communicate_after(Duration delay, io::Effects& out);
  void on_registered(const api::BrokerRegistrationResponse& response, const Now& now, io::Effects& out);
  void on_heartbeat(const api::BrokerHeartbeatResponse& response, io::Effects& out);
  [[nodiscard]] bool is_caught_up() const;

  BrokerId broker_;
  Uuid cluster_id_;
  Duration heartbeat_interval_;
  io::Channel channel_;
  Uuid incarnation_;
  BrokerState state_ = BrokerState::kStarting;
  std::optional<BrokerEpoch> broker_epoch_;
  bool fenced_ = true;
  bool due_ = false;  ///< something is to be said to the controller as soon as the channel allows
  Offset metadata_offset_;
};

}  // namespace odradek::node
