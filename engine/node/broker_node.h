// BrokerNode: the broker of a process. Inputs come in here and go to the part that they concern; the parts do
// not know each other and meet only in this class. The replica of the metadata log is the process's
// (`Server`).
//
// Metadata is a pipeline, as in Kafka: committed records reach the metadata cache first (`publish_metadata`),
// the partitions take their new roles in a later slice (`apply_metadata`), and requests may come between the
// two.
#pragma once

#include <optional>
#include <string>

#include "engine/metadata/image.h"
#include "engine/node/broker_lifecycle.h"
#include "engine/node/clean_shutdown.h"
#include "engine/node/part_context.h"
#include "engine/raft/quorum_replica.h"
#include "engine/replica/replica_manager.h"

namespace odradek::node {

/// What is known of a broker before it starts.
struct BrokerSpec {
  BrokerId broker;
  Uuid cluster_id;
  std::optional<std::string> rack;  ///< broker.rack
  io::BrokerConfig config;
  io::TopicConfig topic_defaults;
  io::Flaws flaws;

  FIELDS(broker, cluster_id, rack, config, topic_defaults, flaws)
  friend bool operator==(const BrokerSpec&, const BrokerSpec&) = default;
};

class BrokerNode {
 public:
  BrokerNode() = default;
  explicit BrokerNode(BrokerSpec spec);

  void on_boot(const Key& key, const Uuid& directory_id, const PartContext& io);
  void on_timer(const io::Timer& timer, const PartContext& io);
  void on_work(io::Work work, raft::QuorumReplica& raft, const PartContext& io);
  void on_opened(const io::Link& link, const PartContext& io);
  void on_lost(const io::Link& link, const PartContext& io);
  void on_peer_gone(ConnectionId connection, const PartContext& io);
  void on_request(const io::RequestReceived& received, const PartContext& io);
  void on_response(const io::ResponseReceived& received, const PartContext& io);
  void on_fsync(const io::FsyncFinished& finished, const PartContext& io);
  void on_shutdown_requested(const PartContext& io) { lifecycle_.on_shutdown_requested(io.now, io.out); }
  /// The metadata quorum has another leader, or none that is known.
  void on_controller(std::optional<NodeId> controller, const PartContext& io);
  /// There may be something committed to publish.
  void maybe_schedule_publish(const raft::QuorumReplica& raft, io::Effects& out);
  /// When the controller has let it go: flushes, says so on the disk, and exits.
  void maybe_begin_shutdown(const PartContext& io);

  /// Nothing but fsyncs is heard any more.
  [[nodiscard]] bool is_shutting_down() const { return shutdown_.has_value(); }
  [[nodiscard]] raft::Listener& listener() { return listener_; }
  [[nodiscard]] const BrokerSpec& spec() const { return spec_; }
  [[nodiscard]] const metadata::MetadataImage& image() const { return image_; }
  [[nodiscard]] const replica::ReplicaManager& replicas() const { return replicas_; }
  [[nodiscard]] const BrokerLifecycle& lifecycle() const { return lifecycle_; }
  /// The partitions have taken the roles of the published image.
  [[nodiscard]] bool is_metadata_applied() const { return !apply_scheduled_ && !publish_scheduled_; }

  FIELDS(spec_, key_, lifecycle_, listener_, replicas_, image_, unapplied_, publish_scheduled_,
         apply_scheduled_, shutdown_)
  friend bool operator==(const BrokerNode&, const BrokerNode&) = default;

 private:
  [[nodiscard]] replica::Context context(const PartContext& io) const {
    return {io.now, io.disk, io.out, image_};
  }
  void on_channel_timer(const io::Timer& timer, const PartContext& io);
  void publish_metadata(raft::QuorumReplica& raft, const PartContext& io);
  void apply_metadata(const PartContext& io);

  BrokerSpec spec_;
  Key key_;
  BrokerLifecycle lifecycle_;
  raft::Listener listener_;  ///< of the metadata log
  replica::ReplicaManager replicas_;
  metadata::MetadataImage image_;   ///< the metadata cache: what requests are answered by
  metadata::ImageDelta unapplied_;  ///< published, but not yet seen by the partitions
  bool publish_scheduled_ = false;
  bool apply_scheduled_ = false;
  std::optional<CleanShutdown> shutdown_;  ///< while it goes down: nothing but fsyncs is heard any more
};

}  // namespace odradek::node
