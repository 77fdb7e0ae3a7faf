#include "engine/raft/peers.h"

#include <algorithm>

namespace odradek::raft {

Peers::Peers(NodeId self, const std::vector<NodeId>& bootstrap, const io::QuorumConfig& config)
    : self_(self), config_(config) {
  for (const NodeId node : bootstrap) {
    if (node != self) bootstrap_.push_back(node);
  }
}

Peers::Peer& Peers::peer_of(NodeId node) {
  const auto found = peers_.find(node);
  if (found != peers_.end()) return found->second;
  const io::ChannelConfig channel{
      .purpose = io::Purpose::kRaft,
      .max_in_flight = 1,
      .request_timeout = milliseconds(config_.controller_quorum_request_timeout_ms),
      .connect_timeout = milliseconds(config_.controller_quorum_request_timeout_ms),
      .connect_timeout_max = milliseconds(config_.controller_quorum_request_timeout_ms),
      .reconnect_backoff_max = milliseconds(500)};
  const std::uint64_t id = kFirstChannelId + static_cast<std::uint64_t>(node.value());
  return peers_
      .emplace(node, Peer{.channel = io::Channel(id, node, channel), .awaited = {}, .not_before = {}})
      .first->second;
}

bool Peers::any_in_flight() const {
  return std::ranges::any_of(peers_, [](const auto& entry) { return entry.second.awaited.has_value(); });
}

bool Peers::is_backing_off(NodeId node, Timestamp time) const {
  const auto found = peers_.find(node);
  if (found == peers_.end()) return false;
  return found->second.channel.is_backing_off() || time < found->second.not_before;
}

std::optional<NodeId> Peers::choose_bootstrap(Timestamp time, const Draw& draw) {
  if (chosen_ && !is_backing_off(*chosen_, time)) return chosen_;
  chosen_.reset();
  const auto count = static_cast<std::uint64_t>(bootstrap_.size());
  if (count == 0) return chosen_;
  const std::uint64_t first = draw.below(count);
  for (std::uint64_t i = 0; i < count && !chosen_; ++i) {
    const NodeId node = bootstrap_[(first + i) % count];
    if (!is_backing_off(node, time)) chosen_ = node;
  }
  return chosen_;
}

void Peers::forget_requests() {
  for (auto& [node, peer] : peers_) {
    peer.awaited.reset();
    peer.not_before = Timestamp(0);
  }
  chosen_.reset();
}

void Peers::on_opened(const io::Link& link, const Now& now, io::Effects& out) {
  peer_of(link.peer).channel.on_opened(link, now, out);
}

void Peers::on_lost(const io::Link& link, Timestamp time, io::Effects& out) {
  Peer& peer = peer_of(link.peer);
  (void)peer.channel.on_lost(link, out);
  if (peer.channel.is_backing_off()) fail(peer, time);
}

void Peers::on_timer(const io::Timer& timer, Timestamp time, const Now& now, io::Effects& out) {
  Peer& peer = peer_of(NodeId(static_cast<std::int32_t>(timer.entity - kFirstChannelId)));
  if (timer.kind == io::TimerKind::kChannelBackoff) return peer.channel.on_backoff_over();
  (void)peer.channel.on_timeout(now, out);
  if (peer.channel.is_backing_off()) fail(peer, time);
}

void Peers::fail(Peer& peer, Timestamp time) {
  if (!peer.awaited) return;
  peer.awaited.reset();
  peer.not_before = time + config_.controller_quorum_retry_backoff_ms;
}

bool Peers::on_response(const io::ResponseReceived& received, const Now& now, io::Effects& out) {
  Peer& peer = peer_of(received.link.peer);
  if (!peer.channel.on_response(received.link, received.correlation, now, out)) return false;
  if (peer.awaited != received.correlation) return false;
  peer.awaited.reset();
  return true;
}

void Peers::back_off(NodeId node, Timestamp time) {
  peer_of(node).not_before = time + config_.controller_quorum_retry_backoff_ms;
}

std::optional<Timestamp> Peers::next_backoff_end(Timestamp time) const {
  std::optional<Timestamp> next;
  for (const auto& [node, peer] : peers_) {
    if (peer.not_before > time) next = next ? std::min(*next, peer.not_before) : peer.not_before;
  }
  return next;
}

}  // namespace odradek::raft
