#include "engine/client/channel_pool.h"

#include <utility>

namespace odradek::client {
namespace {

void report_lost(NodeId peer, const std::vector<CorrelationId>& lost, Arrivals& arrivals) {
  for (const CorrelationId correlation : lost) {
    arrivals.completions.push_back({.request = {.peer = peer, .correlation = correlation}, .response = {}});
  }
}

}  // namespace

Arrivals ChannelPool::step(const Now& now, const io::Input& input, io::Effects& out) {
  Arrivals arrivals;
  if (const auto* opened = std::get_if<io::ConnectionOpened>(&input)) {
    channel(opened->link.peer).on_opened(opened->link, now, out);
  } else if (const auto* lost = std::get_if<io::ConnectionLost>(&input)) {
    io::Channel& line = channel(lost->link.peer);
    const bool up = line.is_open() || line.is_connecting();
    report_lost(*line.peer(), line.on_lost(lost->link, out), arrivals);
    if (up && line.is_backing_off()) arrivals.disconnected = line.peer();
  } else if (const auto* received = std::get_if<io::ResponseReceived>(&input)) {
    const NodeId peer = received->link.peer;
    if (channel(peer).on_response(received->link, received->correlation, now, out)) {
      arrivals.completions.push_back(
          {.request = {.peer = peer, .correlation = received->correlation}, .response = received->response});
    }
  } else if (const auto* fired = std::get_if<io::TimerFired>(&input)) {
    const auto found = channels_.find(NodeId(static_cast<std::int32_t>(fired->timer.entity)));
    if (found == channels_.end()) return arrivals;
    io::Channel& line = found->second;
    if (fired->timer.kind == io::TimerKind::kChannelBackoff) line.on_backoff_over();
    if (fired->timer.kind == io::TimerKind::kChannelTimeout) {
      const bool up = line.is_open() || line.is_connecting();
      report_lost(*line.peer(), line.on_timeout(now, out), arrivals);
      if (up && line.is_backing_off()) arrivals.disconnected = line.peer();
    }
  }
  return arrivals;
}

bool ChannelPool::ready(NodeId peer, const Now& now, io::Effects& out) {
  io::Channel& line = channel(peer);
  line.connect(now, out);
  return line.can_send();
}

std::optional<NodeId> ChannelPool::least_loaded(std::span<const NodeId> peers, std::uint64_t first,
                                                const Now& now, io::Effects& out) {
  const io::Channel* best = nullptr;
  io::Channel* closed = nullptr;
  bool connecting = false;
  for (std::size_t i = 0; i < peers.size(); ++i) {
    io::Channel& line = channel(peers[(first + i) % peers.size()]);
    if (line.can_send()) {
      if (best == nullptr || line.in_flight() < best->in_flight()) best = &line;
    } else if (line.is_connecting()) {
      connecting = true;
    } else if (!line.is_open() && !line.is_backing_off() && closed == nullptr) {
      closed = &line;
    }
  }
  if (best != nullptr) return best->peer();
  if (!connecting && closed != nullptr) closed->connect(now, out);
  return std::nullopt;
}

bool ChannelPool::all_backing_off(std::span<const NodeId> peers) const {
  for (const NodeId peer : peers) {
    const auto found = channels_.find(peer);
    if (found == channels_.end() || !found->second.is_backing_off()) return false;
  }
  return true;
}

RequestKey ChannelPool::send(const Now& now, NodeId peer, api::Request request, io::Effects& out) {
  return {.peer = peer, .correlation = channel(peer).send(now, std::move(request), out)};
}

void ChannelPool::send_without_response(NodeId peer, api::Request request, io::Effects& out) {
  channel(peer).send_without_response(std::move(request), out);
}

io::Channel& ChannelPool::channel(NodeId peer) {
  const auto id = static_cast<std::uint64_t>(peer.value());
  return channels_.try_emplace(peer, id, peer, config_).first->second;
}

}  // namespace odradek::client
