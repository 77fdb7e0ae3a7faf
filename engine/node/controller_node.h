// ControllerNode: one controller process, a voter of the metadata quorum and the controller's state machine
// over its log. The two do not know each other; they meet here, batch by batch.
#pragma once

#include <vector>

#include "engine/controller/quorum_controller.h"
#include "engine/io/flaws.h"
#include "engine/raft/voter.h"

namespace odradek::node {

/// What is known of a controller before it starts.
struct ControllerNodeConfig {
  NodeId id;
  std::vector<NodeId> voters;
  io::ControllerConfig config;
  io::TopicConfig defaults;
  Uuid cluster_id;
  io::Flaws flaws;

  FIELDS(id, voters, config, defaults, cluster_id, flaws)
  friend bool operator==(const ControllerNodeConfig&, const ControllerNodeConfig&) = default;
};

class ControllerNode {
 public:
  ControllerNode() = default;
  explicit ControllerNode(ControllerNodeConfig config);

  void step(const Now& now, const io::Input& input, io::Disk& disk, io::Effects& out);

  [[nodiscard]] const ControllerNodeConfig& config() const { return config_; }
  [[nodiscard]] bool is_active() const { return controller_.is_active(); }
  [[nodiscard]] LeaderEpoch controller_epoch() const { return voter_.epoch(); }
  [[nodiscard]] const metadata::MetadataImage& committed_image() const {
    return controller_.committed_image();
  }
  [[nodiscard]] const metadata::MetadataImage& active_image() const { return controller_.active_image(); }
  [[nodiscard]] const log::Log& metadata_log() const { return voter_.log(); }
  [[nodiscard]] const raft::Voter& voter() const { return voter_; }

  FIELDS(config_, key_, voter_, controller_)
  friend bool operator==(const ControllerNode&, const ControllerNode&) = default;

 private:
  struct Io {
    const Now& now;
    io::Disk& disk;
    io::Effects& out;
  };

  void on(const io::Booted& booted, const Io& io);
  void on(const io::TimerFired& fired, const Io& io);
  void on(const io::RequestReceived& received, const Io& io);
  void on(const io::FsyncFinished& finished, const Io& io);
  void on(const io::PeerGone& gone, const Io& io);
  void on(const io::ShutdownRequested&, const Io& io) { io.out.exit("shutdown"); }
  // A controller opens no connections, makes no calls and has no background work, so far.
  void on(const io::WorkDue&, const Io&) {}
  void on(const io::ConnectionOpened&, const Io&) {}
  void on(const io::ConnectionLost&, const Io&) {}
  void on(const io::ResponseReceived&, const Io&) {}
  void on(const io::ClientCall&, const Io&) {}

  /// False when the disk failed, and the process ends.
  [[nodiscard]] bool propose(controller::Records records, const Io& io);

  ControllerNodeConfig config_;
  Key key_;
  raft::Voter voter_;
  controller::QuorumController controller_;
};

}  // namespace odradek::node
