// ControllerNode: the controller of a process, the state machine over the metadata log that its replica is
// one of. It is active while the replica leads the quorum and all of the log before is committed here.
//
// A process may be a broker, too: the replica belongs to both, and `Server` holds it.
#pragma once

#include "engine/controller/quorum_controller.h"
#include "engine/node/part_context.h"
#include "engine/raft/quorum_replica.h"

namespace odradek::node {

class ControllerNode {
 public:
  ControllerNode() = default;
  explicit ControllerNode(controller::QuorumControllerConfig config) : controller_(std::move(config)) {}

  void on_boot(const Key& key) { key_ = key; }
  /// Takes what is committed; becomes active, or resigns.
  void follow(raft::QuorumReplica& raft, const PartContext& ctx);
  /// The replica may have resigned at the end of the step.
  void maybe_resign(const raft::QuorumReplica& raft, io::Effects& out);
  void on_timer(const io::Timer& timer, raft::QuorumReplica& raft, const PartContext& ctx);
  void on_request(const io::RequestReceived& received, raft::QuorumReplica& raft, const PartContext& ctx);
  void on_peer_gone(ConnectionId connection) { controller_.on_peer_gone(connection); }

  [[nodiscard]] bool is_active() const { return controller_.is_active(); }
  /// The epoch that it is active in, or was last.
  [[nodiscard]] LeaderEpoch controller_epoch() const { return epoch_; }
  [[nodiscard]] const metadata::MetadataImage& committed_image() const {
    return controller_.committed_image();
  }
  [[nodiscard]] const metadata::MetadataImage& active_image() const { return controller_.active_image(); }
  [[nodiscard]] raft::Listener& listener() { return listener_; }

  FIELDS(key_, listener_, controller_, epoch_)
  friend bool operator==(const ControllerNode&, const ControllerNode&) = default;

 private:
  void upgrade_kraft_version(const api::UpdateFeaturesRequest& request, raft::QuorumReplica& raft,
                             const PartContext& ctx, controller::Outcome& outcome);
  /// False when the disk failed, and the process ends.
  [[nodiscard]] bool propose(controller::Records records, raft::QuorumReplica& raft, const PartContext& ctx);

  Key key_;
  raft::Listener listener_;
  controller::QuorumController controller_;
  LeaderEpoch epoch_;
};

}  // namespace odradek::node
