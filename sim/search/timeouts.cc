#include "sim/search/timeouts.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "engine/base/duration_text.h"
#include "engine/wire/record_batch.h"
#include "sim/workload/workload.h"

namespace odradek::sim {
namespace {

/// How a request's time adds up when nothing is wrong.
struct Answer {
  Duration round_trip;  ///< of the request
  Duration served;      ///< how long the other end may keep it
};

class Survey {
 public:
  Survey(const Topology& topology, const World<node::Process>& world) : topology_(topology), world_(world) {}

  /// To the farthest of them and back, without jitter: it takes no less.
  [[nodiscard]] Duration round_trip(NodeId from, std::span<const NodeId> to) const {
    Duration longest;
    for (const NodeId other : to) {
      if (other == from) continue;
      const Network& network = world_.network();
      longest = std::max(longest, network.base_latency(from, other, world_.seed()) +
                                      network.base_latency(other, from, world_.seed()));
    }
    return longest;
  }

  void hold(NodeId node, std::string_view setting, std::int64_t timeout_ms, const Answer& answer) {
    const Duration needed = answer.round_trip + answer.served;
    if (milliseconds(timeout_ms) > needed) return;
    excuse(setting, fmt::format("{} of {} is {} ms, but an answer takes up to {} with nothing wrong", setting,
                                node_name(node), timeout_ms, duration_text(needed)));
  }
  void excuse(std::string_view setting, std::string message) {
    found_.push_back(
        {.setting = std::string(setting), .tp = {}, .at = world_.now(), .message = std::move(message)});
  }

  [[nodiscard]] const Topology& topology() const { return topology_; }
  [[nodiscard]] std::vector<Permission> take() { return std::move(found_); }

 private:
  const Topology& topology_;
  const World<node::Process>& world_;
  std::vector<Permission> found_;
};

/// Where an answer has no room for two batches of the metadata log, each fetch brings one. Whoever has fallen
/// behind must fetch twice as fast as the log grows by itself, or takes longer to catch up than it was away.
void survey_metadata_fetches(Survey& survey, NodeId node, const ClusterSpec& cluster) {
  constexpr std::string_view kSetting = "controller.quorum.fetch.max.bytes";
  const std::int32_t room = cluster.quorum.controller_quorum_fetch_max_bytes;
  const Duration round_trip = survey.round_trip(node, survey.topology().controllers);
  const Duration growth = milliseconds(cluster.controller.metadata_max_idle_interval_ms);
  if (room >= 2 * static_cast<std::int32_t>(wire::kBatchOverhead) || round_trip * 2 < growth) return;
  survey.excuse(kSetting,
                fmt::format("{} of {} is {}: one batch in {}, of a log that grows each {}", kSetting,
                            node_name(node), room, duration_text(round_trip), duration_text(growth)));
}

void survey_broker(Survey& survey, NodeId broker, const ClusterSpec& cluster) {
  const Topology& topology = survey.topology();
  const Duration to_brokers = survey.round_trip(broker, topology.brokers);
  const Duration to_controllers = survey.round_trip(broker, topology.controllers);
  survey.hold(broker, "replica.socket.timeout.ms", cluster.broker.replica_socket_timeout_ms,
              {.round_trip = to_brokers, .served = milliseconds(cluster.broker.replica_fetch_wait_max_ms)});
  survey.hold(broker, "controller.socket.timeout.ms", cluster.broker.controller_socket_timeout_ms,
              {.round_trip = to_controllers, .served = {}});
  survey.hold(
      broker, "broker.session.timeout.ms", cluster.controller.broker_session_timeout_ms,
      {.round_trip = to_controllers, .served = milliseconds(cluster.broker.broker_heartbeat_interval_ms)});
  survey.hold(broker, "replica.lag.time.max.ms", cluster.broker.replica_lag_time_max_ms,
              {.round_trip = to_brokers, .served = milliseconds(cluster.broker.replica_fetch_wait_max_ms)});
}

/// A fetch of the metadata log is parked for at most half a second (KafkaRaftClient.MAX_FETCH_WAIT_MS).
void survey_controller(Survey& survey, NodeId controller, const ClusterSpec& cluster) {
  const Duration round_trip = survey.round_trip(controller, survey.topology().controllers);
  const Answer vote{.round_trip = round_trip, .served = {}};
  const Answer fetch{
      .round_trip = round_trip,
      .served = milliseconds(std::min<std::int64_t>(500, cluster.controller.metadata_max_idle_interval_ms))};
  survey.hold(controller, "controller.quorum.election.timeout.ms",
              cluster.quorum.controller_quorum_election_timeout_ms, vote);
  survey.hold(controller, "controller.quorum.fetch.timeout.ms",
              cluster.quorum.controller_quorum_fetch_timeout_ms, fetch);
  survey.hold(controller, "controller.quorum.request.timeout.ms",
              cluster.quorum.controller_quorum_request_timeout_ms, fetch);
}

void survey_client(Survey& survey, NodeId client, const ClientSpec& spec) {
  const Topology& topology = survey.topology();
  const Duration to_brokers = survey.round_trip(client, topology.brokers);
  survey.hold(
      client, "socket.connection.setup.timeout.ms",
      std::visit([](const auto& kind) { return kind.config.socket_connection_setup_timeout_ms; }, spec.kind),
      {.round_trip = to_brokers, .served = {}});
  if (const auto* producer = std::get_if<ProducerSpec>(&spec.kind)) {
    // With acks=all the followers fetch the records, and then say so by fetching again.
    Duration among_brokers;
    for (const NodeId broker : topology.brokers)
      among_brokers = std::max(among_brokers, survey.round_trip(broker, topology.brokers));
    const bool waits = producer->config.acks == -1;
    survey.hold(client, "request.timeout.ms", producer->config.request_timeout_ms,
                {.round_trip = to_brokers, .served = waits ? among_brokers : Duration()});
  } else {
    const io::ConsumerConfig& config = std::get<ConsumerSpec>(spec.kind).config;
    survey.hold(client, "request.timeout.ms", config.request_timeout_ms,
                {.round_trip = to_brokers, .served = milliseconds(config.fetch_max_wait_ms)});
  }
}

}  // namespace

std::vector<Permission> timeouts_too_short(const Scenario& scenario, const Topology& topology,
                                           const World<node::Process>& world) {
  Survey survey(topology, world);
  for (const NodeId broker : topology.brokers) {
    survey_broker(survey, broker, scenario.cluster);
    survey_metadata_fetches(survey, broker, scenario.cluster);
  }
  if (topology.controllers.size() > 1) {
    for (const NodeId controller : topology.controllers) {
      survey_controller(survey, controller, scenario.cluster);
      survey_metadata_fetches(survey, controller, scenario.cluster);
    }
  }
  for (const auto& [client, spec] : clients_of(scenario.clients)) survey_client(survey, client, spec);
  return survey.take();
}

}  // namespace odradek::sim
