#include "engine/node/server.h"

#include <fmt/core.h>

#include <utility>

#include "engine/base/ensure.h"
#include "engine/io/lane_of.h"
#include "engine/metadata/features.h"
#include "engine/metadata/snapshot.h"
#include "engine/node/log_directory.h"
#include "engine/node/meta_properties.h"

namespace odradek::node {
namespace {

/// SharedServer waits as long for another leader.
constexpr Duration kShutdownTimeout = seconds(5);
constexpr io::Timer kShutdownTimer{.kind = io::TimerKind::kRaftShutdownTimeout, .entity = 0};

}  // namespace

Server::Server(ServerSpec spec) : spec_(std::move(spec)) {
  ENSURE(spec_.broker || spec_.controller, "node {} has no role", spec_.id.value());
  raft_ = raft::QuorumReplica({.id = spec_.id,
                               .cluster_id = spec_.cluster_id,
                               .controllers = spec_.controllers,
                               .can_be_voter = spec_.controller.has_value(),
                               .quorum = spec_.quorum,
                               .flaws = spec_.flaws});
  if (spec_.broker) {
    broker_ = BrokerNode({.broker = spec_.id,
                          .cluster_id = spec_.cluster_id,
                          .rack = spec_.rack,
                          .config = *spec_.broker,
                          .topic_defaults = spec_.topic_defaults,
                          .flaws = spec_.flaws});
  }
  if (spec_.controller) {
    controller_ = ControllerNode(
        {.controller = *spec_.controller, .defaults = spec_.topic_defaults, .cluster_id = spec_.cluster_id});
  }
}

void Server::step(const Now& now, const io::Input& input, io::Disk& disk, io::Effects& out) {
  if (broker_ && broker_->is_shutting_down() && !std::holds_alternative<io::FsyncFinished>(input)) return;
  if (!raft_.is_open() && !std::holds_alternative<io::Booted>(input)) return;
  LogDirectory directory(disk);
  const Io io{now, directory, out};
  std::visit([&](const auto& i) { on(i, io); }, input);
  follow_up(io);
  if (const auto failure = directory.failure())
    out.exit(fmt::format("all log directories have failed: {}", name_of(*failure)));
}

void Server::on(const io::Booted& booted, const Io& io) {
  *this = Server(std::move(spec_));  // a process starts with nothing but its configuration and its disk
  const Result<Uuid> directory = claim_log_directory(io.disk, spec_.cluster_id, spec_.id);
  if (!directory) return io.out.exit(directory.error().message);
  raft_.on_boot(booted.key, *directory, raft_context(io));
  if (controller_) controller_->on_boot(booted.key);
  if (broker_) broker_->on_boot(booted.key, *directory, {io.now, io.disk, io.out});
}

/// After each input: what is committed goes to the parts, and only then anybody else hears of it.
void Server::follow_up(const Io& io) {
  if (!raft_.is_open()) return;
  if (controller_) controller_->follow(raft_, {io.now, io.disk, io.out});
  raft_.poll(raft_context(io));
  if (controller_) controller_->maybe_resign(raft_, io.out);
  tell_leader(io);
  if (broker_) broker_->maybe_schedule_publish(raft_, io.out);
  maybe_write_snapshot(io);
  if (broker_) broker_->maybe_begin_shutdown({io.now, io.disk, io.out});
  if (shutting_down_) maybe_finish_shutdown(io);
}

void Server::tell_leader(const Io& io) {
  if (!broker_ || told_leader_ == raft_.leader()) return;
  told_leader_ = raft_.leader();
  broker_->on_controller(told_leader_, {io.now, io.disk, io.out});
}

/// One publisher of the process writes snapshots: the broker's cache if there is one.
void Server::maybe_write_snapshot(const Io& io) {
  raft::Listener& listener = broker_ ? broker_->listener() : controller_->listener();
  if (!raft_.is_snapshot_due(listener)) return;
  const metadata::MetadataImage& image = broker_ ? broker_->image() : controller_->committed_image();
  raft_.write_snapshot(listener, metadata::to_records(image), raft_context(io));
}

void Server::on(const io::TimerFired& fired, const Io& io) {
  switch (fired.timer.kind) {
    case io::TimerKind::kRaftPoll: return raft_.on_timer(fired.timer, raft_context(io));
    case io::TimerKind::kRaftShutdownTimeout: return io.out.exit("shutdown");
    case io::TimerKind::kNoOpRecord:
    case io::TimerKind::kSessionCheck:
    case io::TimerKind::kLeaderImbalanceCheck:
      return controller_->on_timer(fired.timer, raft_, {io.now, io.disk, io.out});
    case io::TimerKind::kChannelTimeout:
    case io::TimerKind::kChannelBackoff:
      if (raft::Peers::owns(fired.timer.entity)) return raft_.on_timer(fired.timer, raft_context(io));
      [[fallthrough]];
    default: return broker_->on_timer(fired.timer, {io.now, io.disk, io.out});
  }
}

void Server::on(const io::WorkDue& due, const Io& io) {
  broker_->on_work(due.work, raft_, {io.now, io.disk, io.out});
}

void Server::on(const io::ConnectionOpened& opened, const Io& io) {
  if (opened.link.purpose == io::Purpose::kRaft) return raft_.on_opened(opened.link, raft_context(io));
  broker_->on_opened(opened.link, {io.now, io.disk, io.out});
}

void Server::on(const io::ConnectionLost& lost, const Io& io) {
  if (lost.link.purpose == io::Purpose::kRaft) return raft_.on_lost(lost.link, raft_context(io));
  broker_->on_lost(lost.link, {io.now, io.disk, io.out});
}

void Server::on(const io::PeerGone& gone, const Io& io) {
  raft_.on_peer_gone(gone.connection);
  if (controller_) controller_->on_peer_gone(gone.connection);
  if (broker_) broker_->on_peer_gone(gone.connection, {io.now, io.disk, io.out});
}

Server::Part Server::part_for(const api::Request& request) const {
  if (raft::QuorumReplica::handles(request)) return Part::kRaft;
  const bool is_for_controller = controller_ && (!broker_ || controller::QuorumController::handles(request));
  return is_for_controller ? Part::kController : Part::kBroker;
}

void Server::on(const io::RequestReceived& received, const Io& io) {
  if (std::holds_alternative<api::ApiVersionsRequest>(received.request)) {
    api::ApiVersionsResponse response;
    for (const metadata::SupportedFeature& feature : metadata::kSupportedFeatures) {
      response.supported_features.push_back(
          {.name = std::string(feature.name), .min_version = feature.min, .max_version = feature.max});
    }
    return io.out.respond(received.connection, received.correlation, std::move(response));
  }
  switch (part_for(received.request)) {
    case Part::kRaft:
      return raft_.on_request({.connection = received.connection, .correlation = received.correlation},
                              received.request, raft_context(io));
    case Part::kController: return controller_->on_request(received, raft_, {io.now, io.disk, io.out});
    case Part::kBroker: return broker_->on_request(received, {io.now, io.disk, io.out});
  }
}

void Server::on(const io::ResponseReceived& received, const Io& io) {
  if (received.link.purpose == io::Purpose::kRaft) return raft_.on_response(received, raft_context(io));
  broker_->on_response(received, {io.now, io.disk, io.out});
}

void Server::on(const io::FsyncFinished& finished, const Io& io) {
  // A failed fsync drops what it should have written, and the next one succeeds: there is no way on.
  if (!finished.ok) return io.out.exit("all log directories have failed: an fsync failed");
  raft_.on_fsync(finished, raft_context(io));
  if (broker_) broker_->on_fsync(finished, {io.now, io.disk, io.out});
}

void Server::on(const io::ShutdownRequested&, const Io& io) {
  if (broker_) return broker_->on_shutdown_requested({io.now, io.disk, io.out});
  shutting_down_ = true;
  raft_.resign();
  io.out.set_timer(kShutdownTimer, kShutdownTimeout);
}

/// KafkaRaftClient.maybeCompleteShutdown: whoever leads waits until somebody else does.
void Server::maybe_finish_shutdown(const Io& io) {
  const bool is_free = !raft_.is_voter() || raft_.voters().is_only_voter(raft_.self()) ||
                       (raft_.leader() && raft_.leader() != spec_.id);
  if (is_free) io.out.exit("shutdown");
}

io::Lane Server::lane_of(const io::Input& input) const {
  if (const auto* received = std::get_if<io::RequestReceived>(&input)) {
    switch (part_for(received->request)) {
      case Part::kRaft: return io::Lane::kRaft;
      case Part::kController: return io::Lane::kController;
      case Part::kBroker: return io::Lane::kRequestHandler;
    }
  }
  const bool is_controller_only = !broker_ && std::holds_alternative<io::PeerGone>(input);
  return is_controller_only ? io::Lane::kController : io::default_lane_of(input);
}

}  // namespace odradek::node
