// Who takes part in a run, and by which node id: what plans, workloads and traces need to know of a cluster.
//
// Brokers count from 1, controllers from 101, the workload's clients from 1001; the harness has an admin
// client, a producer and a consumer of its own, which faults never hit. A server that is broker and
// controller at once (process.roles) has one id for both, that of a broker.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/fields.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"
#include "engine/io/call.h"

namespace odradek::sim {

inline constexpr std::int32_t kFirstBroker = 1;
inline constexpr std::int32_t kFirstController = 101;
inline constexpr NodeId kAdmin{900};           ///< creates topics, moves leaders
inline constexpr NodeId kCanaryProducer{901};  ///< writes to every partition after the faults
inline constexpr NodeId kCanaryConsumer{902};  ///< reads every partition from its beginning to its end
inline constexpr std::int32_t kFirstClient = 1001;

/// The n-th controller, from 0, of a cluster in which so many servers are both: the first brokers are the
/// first controllers.
[[nodiscard]] constexpr NodeId controller_id(std::int32_t n, std::int32_t combined) {
  return NodeId((n < combined ? kFirstBroker : kFirstController) + n);
}

/// "b2" (a broker, whatever else it is), "k101" (a KRaft controller), "c1001"; the harness's own clients by
/// what they do.
[[nodiscard]] std::string node_name(NodeId node);

/// Nodes that stand together: near to each other, and cut off together.
struct Rack {
  std::string name;
  std::string region;  ///< empty: none
  std::vector<NodeId> nodes;

  FIELDS(name, region, nodes)
  friend bool operator==(const Rack&, const Rack&) = default;
};

struct Topology {
  std::vector<NodeId> brokers;
  std::vector<NodeId> controllers;
  std::vector<NodeId> clients;  ///< of the workload
  std::vector<NodeId> harness;  ///< the harness's own clients
  std::vector<Rack> racks;
  std::vector<std::vector<NodeId>>
      hosts;  ///< nodes that share one power supply and one disk; others stand alone
  std::vector<io::NamedPartition> partitions;
  Duration session_timeout = seconds(9);  ///< broker.session.timeout.ms: how long a failure goes unnoticed

  [[nodiscard]] bool is_broker(NodeId node) const;
  [[nodiscard]] bool is_controller(NodeId node) const;
  [[nodiscard]] bool is_client(NodeId node) const;
  /// A broker and a controller at once.
  [[nodiscard]] bool is_combined(NodeId node) const { return is_broker(node) && is_controller(node); }
  /// Brokers and controllers, each once.
  [[nodiscard]] std::vector<NodeId> servers() const;
  /// Servers, clients, the harness.
  [[nodiscard]] std::vector<NodeId> everybody() const;
  [[nodiscard]] std::vector<NodeId> nodes_of_rack(std::string_view rack) const;
  [[nodiscard]] std::vector<NodeId> nodes_of_region(std::string_view region) const;
  /// These nodes, and all that share a host with one of them.
  [[nodiscard]] std::vector<NodeId> with_host_mates(const std::vector<NodeId>& nodes) const;

  FIELDS(brokers, controllers, clients, harness, racks, hosts, partitions, session_timeout)
  friend bool operator==(const Topology&, const Topology&) = default;
};

}  // namespace odradek::sim
