// Server: one process of a cluster, a broker, a controller, or both (process.roles). Start here.
//
// What the two share is a replica of the metadata log: a controller's may be a voter of the quorum, a
// broker's only observes. The parts do not know each other and meet here: the log's leader is the active
// controller, what is committed reaches the controller at once and the broker's metadata cache a little
// later.
//
// Source: kafka.server.KafkaRaftServer, SharedServer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/node/broker_node.h"
#include "engine/node/controller_node.h"
#include "engine/raft/quorum_replica.h"

namespace odradek::node {

/// What is known of a process before it starts.
struct ServerSpec {
  NodeId id;
  Uuid cluster_id;
  std::vector<NodeId> controllers;  ///< controller.quorum.bootstrap.servers, or controller.quorum.voters
  io::QuorumConfig quorum;
  io::TopicConfig topic_defaults;
  io::Flaws flaws;
  std::optional<io::BrokerConfig> broker;          ///< it is a broker
  std::optional<std::string> rack;                 ///< broker.rack
  std::optional<io::ControllerConfig> controller;  ///< it is a controller

  FIELDS(id, cluster_id, controllers, quorum, topic_defaults, flaws, broker, rack, controller)
  friend bool operator==(const ServerSpec&, const ServerSpec&) = default;
};

class Server {
 public:
  Server() = default;
  /// REQUIRES: it is a broker or a controller.
  explicit Server(ServerSpec spec);

  void step(const Now& now, const io::Input& input, io::Disk& disk, io::Effects& out);

  /// Requests take the lane of the part that serves them; otherwise the input says which.
  [[nodiscard]] io::Lane lane_of(const io::Input& input) const;

  [[nodiscard]] const ServerSpec& spec() const { return spec_; }
  [[nodiscard]] const raft::QuorumReplica& raft() const { return raft_; }
  /// Null unless it is a broker.
  [[nodiscard]] const BrokerNode* broker() const { return broker_ ? &*broker_ : nullptr; }
  /// Null unless it is a controller.
  [[nodiscard]] const ControllerNode* controller() const { return controller_ ? &*controller_ : nullptr; }

  FIELDS(spec_, raft_, broker_, controller_, told_leader_, shutting_down_)
  friend bool operator==(const Server&, const Server&) = default;

 private:
  struct Io {
    const Now& now;
    io::Disk& disk;
    io::Effects& out;
  };

  void on(const io::Booted& booted, const Io& io);
  void on(const io::TimerFired& fired, const Io& io);
  void on(const io::WorkDue& due, const Io& io);
  void on(const io::ConnectionOpened& opened, const Io& io);
  void on(const io::ConnectionLost& lost, const Io& io);
  void on(const io::PeerGone& gone, const Io& io);
  void on(const io::RequestReceived& received, const Io& io);
  void on(const io::ResponseReceived& received, const Io& io);
  void on(const io::FsyncFinished& finished, const Io& io);
  void on(const io::ClientCall&, const Io&) {}
  void on(const io::ShutdownRequested&, const Io& io);

  /// Who serves a request.
  enum class Part : std::uint8_t { kRaft, kController, kBroker };
  [[nodiscard]] Part part_for(const api::Request& request) const;
  [[nodiscard]] static raft::Context raft_context(const Io& io) { return {io.now, io.disk, io.out}; }
  void follow_up(const Io& io);
  void tell_leader(const Io& io);
  void maybe_write_snapshot(const Io& io);
  void maybe_finish_shutdown(const Io& io);

  ServerSpec spec_;
  raft::QuorumReplica raft_;
  std::optional<BrokerNode> broker_;
  std::optional<ControllerNode> controller_;
  std::optional<NodeId> told_leader_;  ///< whom the broker takes for the active controller
  bool shutting_down_ = false;         ///< a controller that hands over before it goes
};

}  // namespace odradek::node
