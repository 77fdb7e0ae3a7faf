// ChannelPool: a client's channels, one per node that it talks to, as Kafka's NetworkClient keeps them.
//
// The owner gives every input to `step`, which answers with the requests that ended: with a response, or lost
// together with their connection. A lost request may have been executed.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "engine/io/channel.h"

namespace odradek::client {

/// Names one request for the life of the pool.
struct RequestKey {
  NodeId peer;
  CorrelationId correlation;

  FIELDS(peer, correlation)
  friend auto operator<=>(const RequestKey&, const RequestKey&) = default;
};

/// A request that ended.
struct Completion {
  RequestKey request;
  std::optional<api::Response>
      response;  ///< absent: the connection was lost, or closed at request.timeout.ms
};

/// What one input did to the connections.
struct Arrivals {
  std::vector<Completion> completions;
  std::optional<NodeId> disconnected;  ///< the connection to this node was lost or could not be opened
};

class ChannelPool {
 public:
  ChannelPool() = default;
  explicit ChannelPool(io::ChannelConfig config) : config_(config) {}

  [[nodiscard]] Arrivals step(const Now& now, const io::Input& input, io::Effects& out);

  /// True when a request can be sent to `peer` now; otherwise begins to connect if that is allowed.
  [[nodiscard]] bool ready(NodeId peer, const Now& now, io::Effects& out);
  /// The ready node with the fewest requests in flight, looked for from `first` on. When none is ready,
  /// begins to connect to one of them unless a connection is being opened already. Source:
  /// NetworkClient.leastLoadedNode.
  [[nodiscard]] std::optional<NodeId> least_loaded(std::span<const NodeId> peers, std::uint64_t first,
                                                   const Now& now, io::Effects& out);
  /// True while every one of them was lost a moment ago and may not be tried again yet.
  [[nodiscard]] bool all_backing_off(std::span<const NodeId> peers) const;

  /// REQUIRES: ready(peer).
  RequestKey send(const Now& now, NodeId peer, api::Request request, io::Effects& out);
  /// For a request without a response (produce with acks=0). REQUIRES: ready(peer).
  void send_without_response(NodeId peer, api::Request request, io::Effects& out);

  FIELDS(config_, channels_)
  friend bool operator==(const ChannelPool&, const ChannelPool&) = default;

 private:
  [[nodiscard]] io::Channel& channel(NodeId peer);

  io::ChannelConfig config_;
  std::map<NodeId, io::Channel> channels_;  ///< a channel's id is its peer's node id
};

}  // namespace odradek::client
