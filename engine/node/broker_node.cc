#include "engine/node/broker_node.h"

#include <fmt/core.h>

#include <utility>

#include "engine/metadata/snapshot.h"
#include "engine/node/handlers/metadata.h"

namespace odradek::node {
namespace {

enum class Purpose : std::uint16_t { kIncarnation };

}  // namespace

BrokerNode::BrokerNode(BrokerSpec spec) : spec_(std::move(spec)) {}

void BrokerNode::on_boot(const Key& key, const Uuid& directory_id, const PartContext& io) {
  const BrokerSpec& spec = spec_;
  key_ = key;
  lifecycle_ = BrokerLifecycle(spec.broker, spec.cluster_id, spec.rack, spec.config);
  const Uuid id = draw(key_, Purpose::kIncarnation, {}).uuid();
  replicas_ = replica::ReplicaManager(replica::ReplicaConfig{.broker = spec.broker,
                                                             .incarnation = id,
                                                             .broker_config = spec.config,
                                                             .topic_defaults = spec.topic_defaults,
                                                             .flaws = spec.flaws});
  const auto previous_epoch = take_clean_shutdown(io.disk, io.out);
  replicas_.on_boot(context(io));
  lifecycle_.on_boot(
      io.now, {.id = id, .directory_id = directory_id, .previous_broker_epoch = previous_epoch}, io.out);
}

void BrokerNode::on_controller(std::optional<NodeId> controller, const PartContext& io) {
  lifecycle_.on_controller(controller, io.now, io.out);
  replicas_.on_controller(controller, context(io));
}

void BrokerNode::on_fsync(const io::FsyncFinished& finished, const PartContext& io) {
  replicas_.on_fsync(finished, context(io));
  if (!shutdown_) return;
  (void)shutdown_->on_fsync(finished, io.disk, io.out);
  if (shutdown_->is_done() && replicas_.has_saved_high_watermarks()) io.out.exit("controlled shutdown");
}

void BrokerNode::maybe_begin_shutdown(const PartContext& io) {
  if (!lifecycle_.should_shut_down() || shutdown_) return;
  const auto epoch = lifecycle_.broker_epoch();
  if (!epoch) return io.out.exit("shutdown before it was registered");
  shutdown_ = CleanShutdown(*epoch, replicas_.flush(context(io)));
  (void)shutdown_->advance(io.disk, io.out);
}

void BrokerNode::on_timer(const io::Timer& timer, const PartContext& io) {
  switch (timer.kind) {
    case io::TimerKind::kHeartbeat:
    case io::TimerKind::kRegistrationRetry: return lifecycle_.on_timer(io.now, io.out);
    case io::TimerKind::kControlledShutdownTimeout: return lifecycle_.on_controlled_shutdown_timeout();
    case io::TimerKind::kChannelTimeout:
    case io::TimerKind::kChannelBackoff: return on_channel_timer(timer, io);
    default: return replicas_.on_timer(timer, context(io));
  }
}

void BrokerNode::on_channel_timer(const io::Timer& timer, const PartContext& io) {
  const bool timeout = timer.kind == io::TimerKind::kChannelTimeout;
  if (timer.entity == BrokerLifecycle::kChannelId) {
    return timeout ? lifecycle_.on_channel_timeout(io.now, io.out)
                   : lifecycle_.on_channel_backoff(io.now, io.out);
  }
  if (timeout) return replicas_.on_channel_timeout(timer.entity, context(io));
  replicas_.on_channel_backoff(timer.entity, context(io));
}

void BrokerNode::on_work(io::Work work, raft::QuorumReplica& raft, const PartContext& io) {
  switch (work) {
    case io::Work::kPublishMetadata: return publish_metadata(raft, io);
    case io::Work::kApplyMetadata: return apply_metadata(io);
  }
}

void BrokerNode::on_opened(const io::Link& link, const PartContext& io) {
  if (link.purpose == io::Purpose::kHeartbeat) return lifecycle_.on_opened(link, io.now, io.out);
  replicas_.on_opened(link, context(io));
}

void BrokerNode::on_lost(const io::Link& link, const PartContext& io) {
  if (link.purpose == io::Purpose::kHeartbeat) return lifecycle_.on_lost(link, io.out);
  replicas_.on_lost(link, context(io));
}

void BrokerNode::on_peer_gone(ConnectionId connection, const PartContext& io) {
  replicas_.on_peer_gone(connection, context(io));
}

void BrokerNode::on_request(const io::RequestReceived& received, const PartContext& io) {
  // Until the broker was unfenced for the first time its listeners are closed: an elected leader with closed
  // ports is normal while it boots.
  if (!lifecycle_.is_serving()) return io.out.close(received.connection);
  const replica::ReplyTo to{.connection = received.connection, .correlation = received.correlation};
  const replica::Context ctx = context(io);
  if (const auto* produce = std::get_if<api::ProduceRequest>(&received.request)) {
    replicas_.handle_produce(to, *produce, ctx);
  } else if (const auto* fetch = std::get_if<api::FetchRequest>(&received.request)) {
    replicas_.handle_fetch(to, *fetch, ctx);
  } else if (const auto* offsets = std::get_if<api::ListOffsetsRequest>(&received.request)) {
    replicas_.handle_list_offsets(to, *offsets, ctx);
  } else if (const auto* epoch = std::get_if<api::OffsetForLeaderEpochRequest>(&received.request)) {
    replicas_.handle_offset_for_leader_epoch(to, *epoch, ctx);
  } else if (const auto* metadata = std::get_if<api::MetadataRequest>(&received.request)) {
    io.out.respond(to.connection, to.correlation, handle_metadata(*metadata, image_));
  } else {
    io.out.close(received.connection);  // not an API of brokers: as Kafka does, hang up
  }
}

void BrokerNode::on_response(const io::ResponseReceived& received, const PartContext& io) {
  if (received.link.purpose != io::Purpose::kHeartbeat) return replicas_.on_response(received, context(io));
  lifecycle_.on_response(received, io.now, io.out);
  if (const auto epoch = lifecycle_.broker_epoch()) replicas_.set_broker_epoch(epoch);
}

void BrokerNode::maybe_schedule_publish(const raft::QuorumReplica& raft, io::Effects& out) {
  if (publish_scheduled_ || raft.is_drained(listener_)) return;
  publish_scheduled_ = true;
  out.continue_with(io::Work::kPublishMetadata);
}

void BrokerNode::publish_metadata(raft::QuorumReplica& raft, const PartContext& io) {
  publish_scheduled_ = false;
  const auto raft_ctx = io.as<raft::Context>();
  if (const auto snapshot = raft.take_snapshot(listener_, raft_ctx)) {
    metadata::MetadataImage loaded = metadata::from_records(snapshot->records, snapshot->id);
    unapplied_.add(metadata::difference(image_, loaded));
    image_ = std::move(loaded);
  }
  for (const metadata::RecordBatch& batch : raft.take_committed(listener_, raft_ctx))
    image_.replay(batch, unapplied_);
  io.out.emit(io::PublishMetadata{image_.end_offset()});
  if (apply_scheduled_) return;
  apply_scheduled_ = true;
  io.out.continue_with(io::Work::kApplyMetadata);
}

void BrokerNode::apply_metadata(const PartContext& io) {
  apply_scheduled_ = false;
  // Deltas merge: a partition that moved twice since the last slice is seen once, in its latest state.
  const metadata::ImageDelta delta = std::exchange(unapplied_, {});
  replicas_.apply(delta, context(io));
  lifecycle_.on_metadata_applied(image_.end_offset(), io.now, io.out);
}

}  // namespace odradek::node
