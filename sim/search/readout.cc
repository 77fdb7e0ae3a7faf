#include "sim/search/readout.h"

#include <algorithm>

namespace odradek::sim {
namespace {

PartitionReadout partition_readout(const TopicPartition& tp, const metadata::PartitionRegistration& committed,
                                   const WorldView& view) {
  PartitionReadout readout{.id = tp.partition, .committed = committed, .held = {}};
  for (const BrokerId broker : committed.replicas) {
    if (const auto held = view.replica(broker, tp)) readout.held.emplace(broker, *held);
  }
  return readout;
}

TopicReadout topic_readout(const metadata::TopicImage& topic, const WorldView& view) {
  TopicReadout readout{.name = topic.name, .id = topic.id, .configs = topic.configs, .partitions = {}};
  for (const auto& [id, partition] : topic.partitions)
    readout.partitions.push_back(partition_readout({topic.id, id}, partition, view));
  return readout;
}

BrokerReadout broker_readout(BrokerId id, const Simulation& run) {
  BrokerReadout readout{.id = id, .process = run.world().state(id)};
  for (const Rack& rack : run.topology().racks) {
    if (std::ranges::find(rack.nodes, id) != rack.nodes.end()) readout.rack = rack.name;
  }
  if (const auto* registration = run.truth().image().broker(id)) readout.registration = *registration;
  if (readout.process == NodeState::kDown) return readout;
  const node::BrokerNode& broker = *run.world().process(id).broker();
  readout.state = broker.lifecycle().state();
  readout.metadata_offset = broker.image().end_offset();
  return readout;
}

}  // namespace

Readout read_out(const Simulation& run) {
  Readout readout{.at = run.now(), .event = run.events(), .phase = run.phase()};
  if (run.ready()) readout.since_ready = run.now() - *run.ready();
  readout.committed = run.truth().image().end_offset();
  for (const auto& [id, topic] : run.truth().image().topics())
    readout.topics.push_back(topic_readout(*topic, run.view()));
  std::ranges::sort(readout.topics, {}, &TopicReadout::name);  // total order: names are distinct
  for (const BrokerId broker : run.topology().brokers) readout.brokers.push_back(broker_readout(broker, run));
  readout.quorum = read_out_quorum(run);
  return readout;
}

}  // namespace odradek::sim
