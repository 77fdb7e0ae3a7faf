// A scenario with every value decided: what one seed runs. Files with ranges and their drawing belong to the
// scenarios layer; here nothing is random any more except what the run itself draws from its seed.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/time.h"
#include "engine/io/config.h"
#include "sim/faults/plan.h"
#include "sim/faults/topology.h"
#include "sim/kernel/seed.h"
#include "sim/net/network.h"
#include "sim/workload/spec.h"

namespace odradek::sim {

struct ClusterSpec {
  std::int32_t brokers = 3;      ///< node ids 1..brokers
  std::int32_t controllers = 1;  ///< the voters of the metadata quorum; see `controller_id`
  std::int32_t combined = 0;     ///< of both: servers with process.roles=broker,controller
  io::BrokerConfig broker;
  io::ControllerConfig controller;
  io::QuorumConfig quorum;
  io::TopicConfig topic_defaults;
  io::Flaws flaws;
  std::vector<std::vector<NodeId>> hosts;  ///< nodes that share one power supply and one disk

  FIELDS(brokers, controllers, combined, broker, controller, quorum, topic_defaults, flaws, hosts)
  friend bool operator==(const ClusterSpec&, const ClusterSpec&) = default;
};

struct TopicSpec {
  std::string name;
  std::int32_t partitions = 1;
  std::int16_t replication_factor = 3;
  std::map<std::string, std::string> configs;  ///< topic overrides under Kafka's names

  FIELDS(name, partitions, replication_factor, configs)
  friend bool operator==(const TopicSpec&, const TopicSpec&) = default;
};

/// How wrong clocks may be; what each node's are is drawn per seed.
struct ClockSpec {
  Duration skew;               ///< a wall clock is at most so far ahead or behind
  std::int32_t drift_ppm = 0;  ///< both clocks gain or lose at most so many microseconds per second

  FIELDS(skew, drift_ppm)
  friend bool operator==(const ClockSpec&, const ClockSpec&) = default;
};

/// What the others have to get along without, where not everything heals.
enum class LeftBehind : std::uint8_t { kAny, kDeadBroker, kDeadController, kCutOffBroker, kCutOffController };
inline constexpr std::array<std::string_view, 5> kLeftBehindNames{"any", "dead-broker", "dead-controller",
                                                                  "cut-off-broker", "cut-off-controller"};

struct Scenario {
  std::string name;
  std::string title;
  ClusterSpec cluster;
  std::vector<TopicSpec> topics;
  NetworkConfig network;
  std::vector<Rack> racks;
  ClockSpec clocks;
  std::vector<ClientSpec> clients;
  std::vector<PlanEntry> script;    ///< scripted faults and administration
  std::vector<RandomFault> faults;  ///< expanded into entries before the first event
  FaultBudget budget;
  Duration faults_until = seconds(20);  ///< end of the safety phase, counted from the cluster's readiness
  std::optional<Duration> settle;       ///< bound of the liveness phase; absent: `settle_bound`
  bool core_only = false;               ///< one server stays broken while the others have to settle
  LeftBehind left_behind = LeftBehind::kAny;  ///< which one, and how, with `core_only`
  Calm calm;                                  ///< what the run does not draw but has as dull as can be
  bool expect_violation = false;              ///< museum scenarios: the run is meant to end in one
  std::vector<std::string>
      expect_permitted;  ///< settings that this scenario is meant to show as permitting a loss

  FIELDS(name, title, cluster, topics, network, racks, clocks, clients, script, faults, budget, faults_until,
         settle, core_only, left_behind, calm, expect_violation, expect_permitted)
  friend bool operator==(const Scenario&, const Scenario&) = default;
};

}  // namespace odradek::sim
