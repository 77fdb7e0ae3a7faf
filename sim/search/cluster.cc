#include "sim/search/cluster.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/log/durable_file.h"
#include "engine/node/meta_properties.h"
#include "engine/raft/snapshot_content.h"
#include "sim/disk/peek.h"
#include "sim/faults/expand.h"
#include "sim/kernel/purpose.h"
#include "sim/workload/workload.h"

namespace odradek::sim {
namespace {

/// As `kafka-storage random-uuid` might have drawn it; one cluster is like another.
constexpr Uuid kClusterId{.high = 0x6F64'7261'6465'6B00u, .low = 1};

std::vector<NodeId> ids(std::int32_t first, std::int32_t count) {
  std::vector<NodeId> out;
  for (std::int32_t i = 0; i < count; ++i) out.emplace_back(first + i);
  return out;
}

node::Process client_process(NodeId node, const ClientSpec& spec, const std::vector<NodeId>& brokers) {
  const std::string client_id = node_name(node);
  if (const auto* producer = std::get_if<ProducerSpec>(&spec.kind)) {
    io::ProducerConfig config = producer->config;
    if (producer->partitioning == Partitioning::kRoundRobin)
      config.partitioner_class = io::Partitioner::kRoundRobin;
    return node::Process(client::Producer(client::ProducerSetup{node, client_id, brokers, config}));
  }
  const auto& config = std::get<ConsumerSpec>(spec.kind).config;
  return node::Process(client::Consumer(client::ConsumerSetup{node, client_id, brokers, config}));
}

/// Null: it stands in none.
const Rack* rack_of(NodeId node, const std::vector<Rack>& racks) {
  const auto rack = std::ranges::find_if(
      racks, [node](const Rack& each) { return std::ranges::count(each.nodes, node) != 0; });
  return rack == racks.end() ? nullptr : &*rack;
}

/// Racks and regions are numbered in the order in which they are named.
HostPlace place_of(NodeId node, const std::vector<Rack>& racks) {
  const Rack* rack = rack_of(node, racks);
  if (rack == nullptr) return {};
  HostPlace place{.rack = static_cast<std::uint16_t>(rack - racks.data() + 1)};
  if (rack->region.empty()) return place;
  const auto first = std::ranges::find(racks, rack->region, &Rack::region);
  place.region = static_cast<std::uint16_t>(first - racks.begin() + 1);
  return place;
}

/// The harness's own clients stand nowhere and have good clocks.
NodeOptions options_of(NodeId node, const Scenario& scenario, const Seed& seed) {
  NodeOptions options{.place = place_of(node, scenario.racks)};
  if (node == kAdmin || node == kCanaryProducer || node == kCanaryConsumer) return options;
  const auto entity = static_cast<std::uint64_t>(node.value());
  const ClockSpec& clocks = scenario.clocks;
  options.clock_skew =
      draw(seed, Purpose::kClockSkew, {.entity = entity}).between(Duration() - clocks.skew, clocks.skew);
  constexpr std::int64_t kMillion = 1'000'000;
  const std::int64_t drift =
      draw(seed, Purpose::kClockRate, {.entity = entity}).between(-clocks.drift_ppm, clocks.drift_ppm);
  if (drift != 0) options.clock_rate = {.numerator = kMillion + drift, .denominator = kMillion};
  return options;
}

}  // namespace

Topology topology_of(const Scenario& scenario) {
  Topology topology{.brokers = ids(kFirstBroker, scenario.cluster.brokers),
                    .controllers = ids(kFirstController, scenario.cluster.controllers),
                    .harness = {kAdmin, kCanaryProducer, kCanaryConsumer},
                    .racks = scenario.racks,
                    .hosts = scenario.cluster.hosts,
                    .session_timeout = milliseconds(scenario.cluster.controller.broker_session_timeout_ms)};
  for (const auto& [node, spec] : clients_of(scenario.clients)) {
    if (node.value() >= kFirstClient) topology.clients.push_back(node);
  }
  for (const TopicSpec& topic : scenario.topics) {
    for (std::int32_t p = 0; p < topic.partitions; ++p) {
      topology.partitions.push_back({.topic = topic.name, .partition = PartitionId(p)});
    }
  }
  return topology;
}

std::vector<PlanEntry> plan_of(const Scenario& scenario, const Topology& topology, const Key& key) {
  std::vector<PlanEntry> plan = scenario.script;
  for (PlanEntry& entry : expand(scenario.faults, scenario.budget, key, topology, scenario.faults_until)) {
    plan.push_back(std::move(entry));
  }
  return plan;
}

std::map<NodeId, node::Process> processes_of(const Scenario& scenario) {
  const ClusterSpec& cluster = scenario.cluster;
  const Topology topology = topology_of(scenario);
  std::map<NodeId, node::Process> processes;
  const node::ServerSpec common{.cluster_id = kClusterId,
                                .controllers = topology.controllers,
                                .quorum = cluster.quorum,
                                .topic_defaults = cluster.topic_defaults,
                                .flaws = cluster.flaws};
  for (const NodeId id : topology.controllers) {
    node::ServerSpec spec = common;
    spec.id = id;
    spec.controller = cluster.controller;
    processes.emplace(id, node::Server(std::move(spec)));
  }
  for (const BrokerId id : topology.brokers) {
    node::ServerSpec spec = common;
    spec.id = id;
    spec.broker = cluster.broker;
    if (const Rack* rack = rack_of(id, scenario.racks)) spec.rack = rack->name;
    processes.emplace(id, node::Server(std::move(spec)));
  }
  for (const auto& [id, spec] : clients_of(scenario.clients)) {
    processes.emplace(id, client_process(id, spec, topology.brokers));
  }
  // The harness must not wait half a minute for a controller that was killed: it asks again soon.
  const io::AdminConfig patience{.request_timeout_ms = 1'000, .default_api_timeout_ms = 60'000};
  processes.emplace(
      kAdmin, client::Admin(client::AdminSetup{kAdmin, node_name(kAdmin), topology.controllers, patience}));
  return processes;
}

void add_nodes(World<node::Process>& world, const Scenario& scenario, const Topology& topology) {
  raft::VoterSet::Nodes voters;
  for (const NodeId id : topology.controllers)
    voters.emplace(id, raft::VoterNode{.directory_id = directory_id_of(world.seed(), id, 0)});
  const bool names_voters = scenario.cluster.quorum.kraft_version > 0;
  for (auto& [id, process] : processes_of(scenario)) {
    world.add_node(id, process, options_of(id, scenario, world.seed()));
    if (!topology.is_broker(id) && !topology.is_controller(id)) continue;
    Format format{.directory_id = directory_id_of(world.seed(), id, 0), .voters = {}};
    if (names_voters && topology.is_controller(id)) format.voters = raft::VoterSet(voters);
    world.disturb(id, [&, node = id](SimDisk& disk) { format_disk(disk, node, format); });
  }
}

Uuid directory_id_of(const Seed& seed, NodeId node, std::uint32_t incarnations) {
  return draw(seed, Purpose::kDirectoryId,
              {.entity = static_cast<std::uint64_t>(node.value()), .ordinal = incarnations})
      .uuid();
}

void format_disk(SimDisk& disk, NodeId node, const Format& format) {
  const auto write = [&](const std::string& path, const Bytes& content) {
    const bool written = disk.append(path, content).has_value();
    ENSURE(written, "no room to format the disk of node {}", node.value());
    for (const std::string& what : {path, log::directory_of(path)}) {
      disk.begin_fsync(FsyncTicket(0), what, io::Lane::kScheduler);
      disk.finish_fsync(FsyncTicket(0));
    }
  };
  const node::MetaProperties properties{
      .cluster_id = kClusterId, .node = node, .directory_id = format.directory_id};
  write(std::string(node::kMetaPropertiesFile), Bytes(to_text(properties)));
  if (!format.voters) return;
  const raft::SnapshotContent content{.kraft_version = 1, .voters = format.voters, .records = {}};
  write(raft::snapshot_path(raft::kMetadataDirectory, raft::kBootstrapSnapshot),
        raft::encode_snapshot(raft::kBootstrapSnapshot, content, Timestamp(0)));
}

std::optional<Uuid> directory_on(const SimDisk& disk, NodeId node) {
  const Result<Uuid> directory = node::claim_log_directory(Peek(disk), kClusterId, node);
  return directory ? std::optional(*directory) : std::nullopt;
}

api::CreateTopicsRequest create_topics_request(const Scenario& scenario) {
  api::CreateTopicsRequest request;
  for (const TopicSpec& topic : scenario.topics) {
    api::CreatableTopic created{.name = topic.name,
                                .num_partitions = topic.partitions,
                                .replication_factor = topic.replication_factor};
    for (const auto& [name, value] : topic.configs) created.configs.push_back({.name = name, .value = value});
    request.topics.push_back(std::move(created));
  }
  return request;
}

}  // namespace odradek::sim
