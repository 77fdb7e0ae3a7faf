#include "engine/node/broker_node.h"

#include <fmt/core.h>

#include <utility>

#include "engine/node/handlers/metadata.h"
#include "engine/node/log_directory.h"
#include "engine/node/meta_properties.h"

namespace odradek::node {
namespace {

enum class Purpose : std::uint16_t { kIncarnation };

}  // namespace

BrokerNode::BrokerNode(BrokerSpec spec) : spec_(spec) {}

void BrokerNode::step(const Now& now, const io::Input& input, io::Disk& disk, io::Effects& out) {
  if (shutdown_ && !std::holds_alternative<io::FsyncFinished>(input)) return;
  LogDirectory directory(disk);
  const Io io{now, directory, out};
  std::visit([&](const auto& i) { on(i, io); }, input);
  if (lifecycle_.should_shut_down() && !shutdown_) begin_shutdown(io);
  if (const auto failure = directory.failure())
    out.exit(fmt::format("all log directories have failed: {}", name_of(*failure)));
}

void BrokerNode::on(const io::Booted& booted, const Io& io) {
  const BrokerSpec spec = spec_;
  *this = BrokerNode(spec);  // a process starts with nothing but its configuration and its disk
  key_ = booted.key;
  if (const auto refusal = refuse_log_directory(io.disk, {spec.cluster_id, spec.broker}))
    return io.out.exit(*refusal);
  lifecycle_ = BrokerLifecycle(spec.broker, spec.controller, spec.cluster_id, spec.config);
  observer_ = raft::Observer(spec.broker, {spec.controller}, spec.config);
  const Uuid id = draw(key_, Purpose::kIncarnation, {}).uuid();
  replicas_ = replica::ReplicaManager({.broker = spec.broker,
                                       .incarnation = id,
                                       .broker_config = spec.config,
                                       .topic_defaults = spec.topic_defaults,
                                       .flaws = spec.flaws},
                                      spec.controller);
  const auto previous_epoch = take_clean_shutdown(io.disk, io.out);
  replicas_.on_boot(context(io));
  observer_.on_boot(io.now, io.disk, io.out);
  lifecycle_.on_boot(io.now, {.id = id, .previous_broker_epoch = previous_epoch}, io.out);
  maybe_schedule_publish(io);
}

void BrokerNode::on(const io::FsyncFinished& finished, const Io& io) {
  // A failed fsync drops what it should have written, and the next one succeeds: there is no way on.
  if (!finished.ok) return io.out.exit("all log directories have failed: an fsync failed");
  replicas_.on_fsync(finished, context(io));
  if (!shutdown_) return;
  (void)shutdown_->on_fsync(finished, io.disk, io.out);
  if (shutdown_->is_done()) io.out.exit("controlled shutdown");
}

void BrokerNode::begin_shutdown(const Io& io) {
  const auto epoch = lifecycle_.broker_epoch();
  if (!epoch) return io.out.exit("shutdown before it was registered");
  shutdown_ = CleanShutdown(*epoch, replicas_.flush(context(io)));
  (void)shutdown_->advance(io.disk, io.out);
}

void BrokerNode::on(const io::TimerFired& fired, const Io& io) {
  switch (fired.timer.kind) {
    case io::TimerKind::kHeartbeat:
    case io::TimerKind::kRegistrationRetry: return lifecycle_.on_timer(io.now, io.out);
    case io::TimerKind::kControlledShutdownTimeout: return lifecycle_.on_controlled_shutdown_timeout();
    case io::TimerKind::kMetadataFetchRetry: return observer_.on_timer(fired.timer, io.now, io.out);
    case io::TimerKind::kChannelTimeout:
    case io::TimerKind::kChannelBackoff: return on_channel_timer(fired.timer, io);
    default: return replicas_.on_timer(fired.timer, context(io));
  }
}

void BrokerNode::on_channel_timer(const io::Timer& timer, const Io& io) {
  const bool timeout = timer.kind == io::TimerKind::kChannelTimeout;
  if (timer.entity == BrokerLifecycle::kChannelId) {
    return timeout ? lifecycle_.on_channel_timeout(io.now, io.out)
                   : lifecycle_.on_channel_backoff(io.now, io.out);
  }
  if (observer_.owns(timer.entity)) return observer_.on_timer(timer, io.now, io.out);
  if (timeout) return replicas_.on_channel_timeout(timer.entity, context(io));
  replicas_.on_channel_backoff(timer.entity, context(io));
}

void BrokerNode::on(const io::WorkDue& due, const Io& io) {
  switch (due.work) {
    case io::Work::kPublishMetadata: return publish_metadata(io);
    case io::Work::kApplyMetadata: return apply_metadata(io);
  }
}

void BrokerNode::on(const io::ConnectionOpened& opened, const Io& io) {
  switch (opened.link.purpose) {
    case io::Purpose::kHeartbeat: return lifecycle_.on_opened(opened.link, io.now, io.out);
    case io::Purpose::kMetadataFetch: return observer_.on_opened(opened.link, io.now, io.out);
    default: return replicas_.on_opened(opened.link, context(io));
  }
}

void BrokerNode::on(const io::ConnectionLost& lost, const Io& io) {
  switch (lost.link.purpose) {
    case io::Purpose::kHeartbeat: return lifecycle_.on_lost(lost.link, io.out);
    case io::Purpose::kMetadataFetch: return observer_.on_lost(lost.link, io.now, io.out);
    default: return replicas_.on_lost(lost.link, context(io));
  }
}

void BrokerNode::on(const io::PeerGone& gone, const Io& io) {
  replicas_.on_peer_gone(gone.connection, context(io));
}

void BrokerNode::on(const io::RequestReceived& received, const Io& io) {
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

void BrokerNode::on(const io::ResponseReceived& received, const Io& io) {
  switch (received.link.purpose) {
    case io::Purpose::kHeartbeat:
      lifecycle_.on_response(received, io.now, io.out);
      return adopt_broker_epoch();
    case io::Purpose::kMetadataFetch:
      observer_.on_response(received, io.now, io.disk, io.out);
      return maybe_schedule_publish(io);
    default: return replicas_.on_response(received, context(io));
  }
}

void BrokerNode::adopt_broker_epoch() {
  const auto epoch = lifecycle_.broker_epoch();
  if (!epoch) return;
  replicas_.set_broker_epoch(epoch);
  observer_.set_replica_epoch(*epoch);
}

void BrokerNode::maybe_schedule_publish(const Io& io) {
  if (publish_scheduled_ || observer_.is_drained()) return;
  publish_scheduled_ = true;
  io.out.continue_with(io::Work::kPublishMetadata);
}

void BrokerNode::publish_metadata(const Io& io) {
  publish_scheduled_ = false;
  for (const metadata::RecordBatch& batch : observer_.take_committed(io.disk, io.out))
    image_.replay(batch, unapplied_);
  io.out.emit(io::PublishMetadata{image_.end_offset()});
  if (apply_scheduled_) return;
  apply_scheduled_ = true;
  io.out.continue_with(io::Work::kApplyMetadata);
}

void BrokerNode::apply_metadata(const Io& io) {
  apply_scheduled_ = false;
  // Deltas merge: a partition that moved twice since the last slice is seen once, in its latest state.
  const metadata::ImageDelta delta = std::exchange(unapplied_, {});
  replicas_.apply(delta.changed_partitions, context(io));
  lifecycle_.on_metadata_applied(image_.end_offset(), io.now, io.out);
}

}  // namespace odradek::node
