// Peers: a replica's lines to the other members of the quorum, one connection and one request each at a time.
//
// After a request failed, a peer is left alone for controller.quorum.retry.backoff.ms. A role that ends
// forgets what it had asked (`forget_requests`): the answer is still awaited on the wire, for the peer serves
// one request at a time, but nobody listens to it.
//
// Source: org.apache.kafka.raft.RequestManager, KafkaNetworkChannel.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "engine/base/random.h"
#include "engine/io/channel.h"
#include "engine/io/config.h"

namespace odradek::raft {

class Peers {
 public:
  /// Channels are numbered from here on, by node.
  static constexpr std::uint64_t kFirstChannelId = 2'000'000;

  Peers() = default;
  Peers(NodeId self, const std::vector<NodeId>& bootstrap, const io::QuorumConfig& config);

  [[nodiscard]] static bool owns(std::uint64_t channel) { return channel >= kFirstChannelId; }

  /// Sends if it can; otherwise sees to it that it can later.
  bool maybe_send(NodeId to, Timestamp time, const Now& now, io::Effects& out, auto&& request) {
    Peer& peer = peer_of(to);
    if (!is_ready(peer, time)) return false;
    if (!peer.channel.can_send()) {
      peer.channel.connect(now, out);
      return false;
    }
    peer.awaited = peer.channel.send(now, request(), out);
    return true;
  }

  /// An answer is awaited from somebody.
  [[nodiscard]] bool any_in_flight() const;
  [[nodiscard]] bool is_backing_off(NodeId node, Timestamp time) const;
  /// Some bootstrap server that may be asked: the one chosen before while it will do, or else one at random.
  [[nodiscard]] std::optional<NodeId> choose_bootstrap(Timestamp time, const Draw& draw);
  void forget_requests();

  void on_opened(const io::Link& link, const Now& now, io::Effects& out);
  void on_lost(const io::Link& link, Timestamp time, io::Effects& out);
  void on_timer(const io::Timer& timer, Timestamp time, const Now& now, io::Effects& out);
  /// True when somebody waits for this answer.
  [[nodiscard]] bool on_response(const io::ResponseReceived& received, const Now& now, io::Effects& out);
  /// The answer was of no use.
  void back_off(NodeId node, Timestamp time);
  /// When the next peer may be asked again; absent when none is left alone.
  [[nodiscard]] std::optional<Timestamp> next_backoff_end(Timestamp time) const;

  struct Peer {
    io::Channel channel;
    std::optional<CorrelationId> awaited;
    Timestamp not_before;

    FIELDS(channel, awaited, not_before)
    friend bool operator==(const Peer&, const Peer&) = default;
  };

  FIELDS(self_, config_, bootstrap_, peers_, chosen_)
  friend bool operator==(const Peers&, const Peers&) = default;

 private:
  [[nodiscard]] Peer& peer_of(NodeId node);
  [[nodiscard]] static bool is_ready(const Peer& peer, Timestamp time) {
    return !peer.awaited && time >= peer.not_before;
  }
  void fail(Peer& peer, Timestamp time);

  NodeId self_;
  io::QuorumConfig config_;
  std::vector<NodeId> bootstrap_;
  std::map<NodeId, Peer> peers_;
  std::optional<NodeId> chosen_;
};

}  // namespace odradek::raft
