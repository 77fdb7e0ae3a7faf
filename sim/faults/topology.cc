#include "sim/faults/topology.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace odradek::sim {

std::string node_name(NodeId node) {
  if (node == kAdmin) return "admin";
  if (node == kCanaryProducer) return "canary-producer";
  if (node == kCanaryConsumer) return "canary-consumer";
  if (node.value() >= kFirstClient) return fmt::format("c{}", node.value());
  if (node.value() >= kFirstController) return fmt::format("k{}", node.value());
  return fmt::format("b{}", node.value());
}

bool Topology::is_broker(NodeId node) const { return std::ranges::count(brokers, node) != 0; }
bool Topology::is_controller(NodeId node) const { return std::ranges::count(controllers, node) != 0; }
bool Topology::is_client(NodeId node) const { return std::ranges::count(clients, node) != 0; }

std::vector<NodeId> Topology::servers() const {
  std::vector<NodeId> all = brokers;
  std::ranges::copy_if(controllers, std::back_inserter(all),
                       [this](NodeId node) { return !is_broker(node); });
  return all;
}

std::vector<NodeId> Topology::everybody() const {
  std::vector<NodeId> all = servers();
  for (const auto& others : {clients, harness}) all.insert(all.end(), others.begin(), others.end());
  return all;
}

std::vector<NodeId> Topology::nodes_of_rack(std::string_view rack) const {
  const auto found = std::ranges::find(racks, rack, &Rack::name);
  return found == racks.end() ? std::vector<NodeId>{} : found->nodes;
}

std::vector<NodeId> Topology::nodes_of_region(std::string_view region) const {
  std::vector<NodeId> all;
  for (const Rack& rack : racks) {
    if (rack.region == region) all.insert(all.end(), rack.nodes.begin(), rack.nodes.end());
  }
  return all;
}

std::vector<NodeId> Topology::with_host_mates(const std::vector<NodeId>& nodes) const {
  std::vector<NodeId> all = nodes;
  for (const std::vector<NodeId>& host : hosts) {
    const bool hit =
        std::ranges::any_of(host, [&nodes](NodeId mate) { return std::ranges::count(nodes, mate) != 0; });
    for (const NodeId mate : host) {
      if (hit && std::ranges::count(all, mate) == 0) all.push_back(mate);
    }
  }
  return all;
}

}  // namespace odradek::sim
