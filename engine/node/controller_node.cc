#include "engine/node/controller_node.h"

#include <optional>
#include <utility>

#include "engine/node/meta_properties.h"

namespace odradek::node {

ControllerNode::ControllerNode(ControllerNodeConfig config)
    : config_(std::move(config)),
      voter_(config_.id, config_.voters),
      controller_(
          {.controller = config_.config, .defaults = config_.defaults, .cluster_id = config_.cluster_id}) {}

void ControllerNode::step(const Now& now, const io::Input& input, io::Disk& disk, io::Effects& out) {
  std::visit([&](const auto& i) { on(i, Io{now, disk, out}); }, input);
}

void ControllerNode::on(const io::Booted& booted, const Io& io) {
  key_ = booted.key;
  voter_ = raft::Voter(config_.id, config_.voters);
  controller_ = controller::QuorumController(
      {.controller = config_.config, .defaults = config_.defaults, .cluster_id = config_.cluster_id});
  if (const auto refusal = refuse_log_directory(io.disk, {config_.cluster_id, config_.id}))
    return io.out.exit(*refusal);
  voter_.on_boot(io.now, io.disk, io.out);
}

void ControllerNode::on(const io::TimerFired& fired, const Io& io) {
  if (fired.timer.kind == io::TimerKind::kMetadataParkedFetch) {
    voter_.on_timer(fired.timer, io.disk, io.out);
  } else {
    (void)propose(controller_.on_timer(io.now, fired.timer, io.out), io);
  }
}

void ControllerNode::on(const io::RequestReceived& received, const Io& io) {
  if (const auto* fetch = std::get_if<api::FetchRequest>(&received.request)) {
    voter_.handle_fetch({.connection = received.connection, .correlation = received.correlation}, *fetch,
                        io.disk, io.out);
    return;
  }
  controller::Outcome outcome = controller_.handle(io.now, received.request, io.out);
  if (!propose(std::move(outcome.records), io)) return;
  controller_.respond_when_committed({.connection = received.connection,
                                      .correlation = received.correlation,
                                      .response = std::move(outcome.response)},
                                     io.out);
}

void ControllerNode::on(const io::FsyncFinished& finished, const Io& io) {
  voter_.on_fsync(io.now, finished, io.disk, io.out);
  for (const metadata::RecordBatch& batch : voter_.take_committed(io.disk, io.out))
    controller_.commit(batch, io.out);
  // Last, so that nobody hears of a record before the controller has told of it, wherever the step is cut
  // off.
  voter_.complete_fetches(io.disk, io.out);
  const bool is_loaded =
      voter_.is_active() && controller_.committed_image().end_offset() == voter_.high_watermark();
  if (is_loaded && !controller_.is_active()) controller_.claim(io.now, voter_.epoch(), key_, io.out);
}

void ControllerNode::on(const io::PeerGone& gone, const Io& io) {
  voter_.on_peer_gone(gone.connection, io.out);
  controller_.on_peer_gone(gone.connection);
}

bool ControllerNode::propose(controller::Records records, const Io& io) {
  if (records.empty()) return true;
  const std::optional<metadata::RecordBatch> batch =
      voter_.append(io.now, std::move(records), io.disk, io.out);
  if (batch) controller_.replay(io.now, *batch, io.out);
  return batch.has_value();
}

}  // namespace odradek::node
