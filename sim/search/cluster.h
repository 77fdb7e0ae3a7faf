// A scenario's cluster: who is in it, and each of its processes before it starts.
#pragma once

#include <map>

#include "engine/base/random.h"
#include "engine/node/process.h"
#include "sim/faults/topology.h"
#include "sim/kernel/world.h"
#include "sim/search/scenario.h"

namespace odradek::sim {

/// The root of all that a run draws.
[[nodiscard]] constexpr Key make_key(std::uint64_t seed) { return {.high = 0, .low = seed}; }

[[nodiscard]] Topology topology_of(const Scenario& scenario);

/// Scripted entries, and behind them what the random faults of the scenario expand to under this key.
[[nodiscard]] std::vector<PlanEntry> plan_of(const Scenario& scenario, const Topology& topology,
                                             const Key& key);

/// All nodes of the run: brokers, controllers, clients, and the harness's own clients.
[[nodiscard]] std::map<NodeId, node::Process> processes_of(const Scenario& scenario);
/// Adds all of them, each in its place and with its clocks; brokers and controllers with a formatted disk.
void add_nodes(World<node::Process>& world, const Scenario& scenario, const Topology& topology);

/// The request that creates all topics of the scenario.
[[nodiscard]] api::CreateTopicsRequest create_topics_request(const Scenario& scenario);

/// As kafka-storage format leaves the disk of a broker or a controller: nothing on it but meta.properties.
void format_disk(SimDisk& disk, NodeId node);
/// What lies there was written by this node, and not by another one whose disk it has got.
[[nodiscard]] bool owns_disk(const SimDisk& disk, NodeId node);

}  // namespace odradek::sim
