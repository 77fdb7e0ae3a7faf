// BrokerNode: one broker process. Inputs come in here and go to the part that they concern; the parts do not
// know each other and meet only in this class.
//
// Metadata is a pipeline, as in Kafka: committed records reach the metadata cache first (`publish_metadata`),
// the partitions take their new roles in a later slice (`apply_metadata`), and requests may come between the
// two.
#pragma once

#include <optional>

#include "engine/metadata/image.h"
#include "engine/node/broker_lifecycle.h"
#include "engine/node/clean_shutdown.h"
#include "engine/raft/observer.h"
#include "engine/replica/replica_manager.h"

namespace odradek::node {

/// What is known of a broker before it starts.
struct BrokerSpec {
  BrokerId broker;
  NodeId controller;
  Uuid cluster_id;
  io::BrokerConfig config;
  io::TopicConfig topic_defaults;
  io::Flaws flaws;

  FIELDS(broker, controller, cluster_id, config, topic_defaults, flaws)
  friend bool operator==(const BrokerSpec&, const BrokerSpec&) = default;
};

class BrokerNode {
 public:
  BrokerNode() = default;
  explicit BrokerNode(BrokerSpec spec);

  void step(const Now& now, const io::Input& input, io::Disk& disk, io::Effects& out);

  [[nodiscard]] const BrokerSpec& spec() const { return spec_; }
  [[nodiscard]] const metadata::MetadataImage& image() const { return image_; }
  [[nodiscard]] const replica::ReplicaManager& replicas() const { return replicas_; }
  [[nodiscard]] const BrokerLifecycle& lifecycle() const { return lifecycle_; }
  [[nodiscard]] const raft::Observer& observer() const { return observer_; }
  /// The partitions have taken the roles of the published image.
  [[nodiscard]] bool is_metadata_applied() const { return !apply_scheduled_ && !publish_scheduled_; }

  FIELDS(spec_, key_, lifecycle_, observer_, replicas_, image_, unapplied_, publish_scheduled_,
         apply_scheduled_, shutdown_)
  friend bool operator==(const BrokerNode&, const BrokerNode&) = default;

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
  void on(const io::ShutdownRequested&, const Io& io) { lifecycle_.on_shutdown_requested(io.now, io.out); }

  [[nodiscard]] replica::Context context(const Io& io) const { return {io.now, io.disk, io.out, image_}; }
  void on_channel_timer(const io::Timer& timer, const Io& io);
  void adopt_broker_epoch();
  /// The controller has let it go: flushes, says so on the disk, and exits.
  void begin_shutdown(const Io& io);
  void maybe_schedule_publish(const Io& io);
  void publish_metadata(const Io& io);
  void apply_metadata(const Io& io);

  BrokerSpec spec_;
  Key key_;
  BrokerLifecycle lifecycle_;
  raft::Observer observer_;
  replica::ReplicaManager replicas_;
  metadata::MetadataImage image_;   ///< the metadata cache: what requests are answered by
  metadata::ImageDelta unapplied_;  ///< published, but not yet seen by the partitions
  bool publish_scheduled_ = false;
  bool apply_scheduled_ = false;
  std::optional<CleanShutdown> shutdown_;  ///< while it goes down: nothing but fsyncs is heard any more
};

}  // namespace odradek::node
