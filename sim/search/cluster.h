// A scenario's cluster: who is in it, and each of its processes before it starts.
#pragma once

#include <map>

#include "engine/base/random.h"
#include "engine/node/process.h"
#include "engine/raft/voter_set.h"
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

/// As kafka-storage format leaves a disk: meta.properties, with a fresh directory id, and, on the disk of a
/// controller that the cluster begins with, the snapshot that names the voters (KIP-853). A disk that comes
/// later has none: whoever has it is no voter until it is added.
struct Format {
  Uuid directory_id;
  std::optional<raft::VoterSet> voters;
};
void format_disk(SimDisk& disk, NodeId node, const Format& format);
/// The id of the log directory that a node gets when it is formatted after so many of its processes.
[[nodiscard]] Uuid directory_id_of(const Seed& seed, NodeId node, std::uint32_t incarnations);
/// The log directory that lies there; absent when it is not this node's, but another one's whose disk it has
/// got.
[[nodiscard]] std::optional<Uuid> directory_on(const SimDisk& disk, NodeId node);
[[nodiscard]] inline bool owns_disk(const SimDisk& disk, NodeId node) {
  return directory_on(disk, node).has_value();
}

}  // namespace odradek::sim
