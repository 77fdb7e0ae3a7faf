#include "sim/search/bounds.h"

#include <algorithm>

namespace odradek::sim {
namespace {

/// The longest delivery.timeout.ms and the longest request.timeout.ms of all clients.
struct ClientTimeouts {
  std::int64_t delivery_ms = 0;
  std::int64_t request_ms = 0;
};

ClientTimeouts longest_of(const std::vector<ClientSpec>& clients) {
  ClientTimeouts longest;
  for (const ClientSpec& client : clients) {
    if (const auto* producer = std::get_if<ProducerSpec>(&client.kind)) {
      longest.delivery_ms = std::max(longest.delivery_ms, producer->config.delivery_timeout_ms);
      longest.request_ms = std::max(longest.request_ms, producer->config.request_timeout_ms);
    } else {
      const auto& consumer = std::get<ConsumerSpec>(client.kind);
      longest.request_ms = std::max(longest.request_ms, consumer.config.request_timeout_ms);
    }
  }
  return longest;
}

/// The longest time after which a node notices that another is gone, or that it lags behind.
Duration longest_notice(const Scenario& scenario) {
  const io::BrokerConfig& broker = scenario.cluster.broker;
  return milliseconds(
      std::max({scenario.cluster.controller.broker_session_timeout_ms, broker.replica_lag_time_max_ms,
                broker.replica_socket_timeout_ms, broker.controller_socket_timeout_ms,
                scenario.cluster.quorum.controller_quorum_request_timeout_ms,
                longest_of(scenario.clients).request_ms}));
}

/// A leader of the metadata quorum is missed, and the voters may split their votes a few times.
Duration quorum_election(const Scenario& scenario) {
  if (scenario.cluster.controllers == 1) return {};
  constexpr std::int64_t kRounds = 4;
  const io::QuorumConfig& quorum = scenario.cluster.quorum;
  return milliseconds(quorum.controller_quorum_fetch_timeout_ms * 3 / 2 +
                      2 * kRounds * quorum.controller_quorum_election_timeout_ms);
}

}  // namespace

Duration settle_bound(const Scenario& scenario) { return scenario.settle.value_or(canary_bound(scenario)); }

Duration canary_bound(const Scenario& scenario) {
  return longest_notice(scenario) * 3 + quorum_election(scenario) +
         milliseconds(longest_of(scenario.clients).delivery_ms);
}

}  // namespace odradek::sim
