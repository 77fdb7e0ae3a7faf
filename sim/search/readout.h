// Read-outs: a cluster at one moment of a run, as Kafka's own tools would describe it.
//
//   topics     kafka-topics.sh --describe, and what each replica holds
//   brokers    how the controller has registered each broker, and how its process fares
//   quorum     kafka-metadata-quorum.sh describe
//
// What is decided comes from what the controllers have committed, and is known while none of them runs; what
// is held comes from the processes. Nobody sends a message for it: unlike an administrator's, a read-out is
// of one moment.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/describe_quorum.h"
#include "engine/metadata/image.h"
#include "engine/node/broker_lifecycle.h"
#include "sim/checkers/view.h"
#include "sim/kernel/node_slot.h"
#include "sim/kernel/virtual_time.h"
#include "sim/search/simulation.h"

namespace odradek::sim {

struct PartitionReadout {
  PartitionId id;
  metadata::PartitionRegistration committed;
  std::map<BrokerId, ReplicaView> held;  ///< by the replicas whose brokers run and have opened the log

  FIELDS(id, committed, held)
  friend bool operator==(const PartitionReadout&, const PartitionReadout&) = default;
};

struct TopicReadout {
  std::string name;
  TopicId id;
  std::map<std::string, std::string> configs;  ///< those that the topic overrides
  std::vector<PartitionReadout> partitions;

  FIELDS(name, id, configs, partitions)
  friend bool operator==(const TopicReadout&, const TopicReadout&) = default;
};

struct BrokerReadout {
  BrokerId id;
  std::string rack;                                          ///< empty: none
  std::optional<metadata::BrokerRegistration> registration;  ///< absent: it has never registered
  NodeState process = NodeState::kDown;
  std::optional<node::BrokerState> state;  ///< as the process sees itself; absent while it is down
  std::optional<Offset> metadata_offset;   ///< up to where it has published the metadata log; likewise

  FIELDS(id, rack, registration, process, state, metadata_offset)
  friend bool operator==(const BrokerReadout&, const BrokerReadout&) = default;
};

struct QuorumReadout {
  Uuid cluster_id;
  api::DescribeQuorumPartitionData partition;

  FIELDS(cluster_id, partition)
  friend bool operator==(const QuorumReadout&, const QuorumReadout&) = default;
};

struct Readout {
  Instant at;
  std::uint64_t event = 0;
  Phase phase = Phase::kBoot;
  std::optional<Duration> since_ready;  ///< absent: the cluster was not ready yet
  Offset committed;                     ///< the end of the metadata log as far as it is committed
  std::vector<TopicReadout> topics;     ///< by name
  std::vector<BrokerReadout> brokers;   ///< by id
  QuorumReadout quorum;

  FIELDS(at, event, phase, since_ready, committed, topics, brokers, quorum)
  friend bool operator==(const Readout&, const Readout&) = default;
};

[[nodiscard]] Readout read_out(const Simulation& run);

/// What the leader of the metadata quorum knows of its replicas.
[[nodiscard]] QuorumReadout read_out_quorum(const Simulation& run);

}  // namespace odradek::sim
