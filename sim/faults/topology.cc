#include "sim/faults/topology.h"

#include <fmt/format.h>

#include <algorithm>

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

std::vector<NodeId> Topology::everybody() const {
  std::vector<NodeId> all = brokers;
  for (const auto& others : {controllers, clients, harness})
    all.insert(all.end(), others.begin(), others.end());
  return all;
}

}  // namespace odradek::sim
