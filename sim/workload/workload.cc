#include "sim/workload/workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/faults/topology.h"

namespace odradek::sim {
namespace {

/// Like the scenario's first producer, since that has the scenario's timeouts, but with acks=all.
ProducerSpec canary_producer(std::span<const ClientSpec> specs) {
  ProducerSpec spec;
  for (const ClientSpec& client : specs) {
    if (const auto* producer = std::get_if<ProducerSpec>(&client.kind)) {
      spec.config = producer->config;
      break;
    }
  }
  spec.config.acks = -1;
  return spec;
}

ConsumerSpec canary_consumer(std::span<const ClientSpec> specs) {
  ConsumerSpec spec;
  for (const ClientSpec& client : specs) {
    if (const auto* consumer = std::get_if<ConsumerSpec>(&client.kind)) {
      spec.config = consumer->config;
      break;
    }
  }
  spec.config.auto_offset_reset = io::OffsetReset::kEarliest;
  return spec;
}

bool is_canary(NodeId client) { return client == kCanaryProducer || client == kCanaryConsumer; }

/// Whether this client writes to the partition, or reads it.
bool is_of(NodeId client, const ClientSpec& spec, const io::NamedPartition& partition) {
  if (is_canary(client)) return true;
  const auto* consumer = std::get_if<ConsumerSpec>(&spec.kind);
  const bool everywhere = consumer == nullptr || consumer->partitions.empty();
  return partition.topic == spec.topic &&
         (everywhere || std::ranges::count(consumer->partitions, partition.partition) != 0);
}

}  // namespace

std::map<NodeId, ClientSpec> clients_of(std::span<const ClientSpec> specs) {
  std::map<NodeId, ClientSpec> clients;
  std::int32_t next = kFirstClient;
  for (const ClientSpec& spec : specs) {
    for (std::int32_t i = 0; i < spec.count; ++i) clients.emplace(NodeId(next++), spec);
  }
  clients.emplace(kCanaryProducer, ClientSpec{.kind = canary_producer(specs)});
  clients.emplace(kCanaryConsumer, ClientSpec{.kind = canary_consumer(specs)});
  return clients;
}

Workload::Workload(std::span<const ClientSpec> clients, std::span<const io::NamedPartition> partitions,
                   const Key& key)
    : key_(key), specs_(clients_of(clients)), partitions_(partitions.begin(), partitions.end()) {
  for (const auto& [node, spec] : specs_) {
    std::vector<io::NamedPartition> own = partitions_;
    std::erase_if(own, [&](const auto& partition) { return !is_of(node, spec, partition); });
    if (const auto* producer = std::get_if<ProducerSpec>(&spec.kind)) {
      drivers_.emplace(node,
                       ProducerDriver(node, spec.topic, static_cast<std::int32_t>(own.size()), *producer));
    } else {
      drivers_.emplace(node, ConsumerDriver(node, std::move(own), std::get<ConsumerSpec>(spec.kind)));
    }
  }
}

void Workload::follow(const std::map<io::NamedPartition, TopicId>& existing) {
  partitions_.clear();
  for (const auto& [partition, topic] : existing) partitions_.push_back(partition);
  for (auto& [node, driver] : drivers_) {
    std::map<io::NamedPartition, TopicId> own = existing;
    std::erase_if(own, [&](const auto& entry) { return !is_of(node, specs_.at(node), entry.first); });
    if (auto* producer = std::get_if<ProducerDriver>(&driver)) {
      producer->follow(static_cast<std::int32_t>(own.size()));
    } else {
      std::get<ConsumerDriver>(driver).follow(own);
    }
  }
}

void Workload::begin(ClientPort& port) {
  for (auto& [node, driver] : drivers_) {
    if (!is_canary(node)) std::visit([&](auto& d) { d.begin(desk(port)); }, driver);
  }
}

void Workload::stop() {
  for (auto& [node, driver] : drivers_) std::visit([](auto& d) { d.stop(); }, driver);
}

void Workload::send_canaries(ClientPort& port) {
  auto& canary = std::get<ProducerDriver>(drivers_.at(kCanaryProducer));
  for (const auto& partition : partitions_) canary.send_to(partition, 1, desk(port));
}

void Workload::read_to_end(ClientPort& port) {
  for (auto& [node, driver] : drivers_) {
    if (auto* consumer = std::get_if<ConsumerDriver>(&driver)) consumer->read_to_end(desk(port));
  }
}

bool Workload::send_records(const io::NamedPartition& to, std::int32_t records, ClientPort& port) {
  for (auto& [node, driver] : drivers_) {
    auto* producer = std::get_if<ProducerDriver>(&driver);
    if (producer == nullptr || is_canary(node) || !port.runs(node)) continue;
    producer->send_to(to, records, desk(port));
    return true;
  }
  return false;
}

void Workload::on_wake(NodeId client, ClientPort& port) {
  std::visit([&](auto& driver) { driver.on_wake(desk(port)); }, drivers_.at(client));
}

void Workload::on_returned(NodeId client, CallId id, const io::CallResult& result, ClientPort& port) {
  const auto found = drivers_.find(client);
  if (found == drivers_.end()) return;
  std::visit([&](auto& driver) { driver.on_returned(id, result, desk(port)); }, found->second);
}

void Workload::on_crash(NodeId client) {
  const auto found = drivers_.find(client);
  if (found != drivers_.end()) std::visit([](auto& driver) { driver.on_crash(); }, found->second);
}

void Workload::on_boot(NodeId client, ClientPort& port) {
  const auto found = drivers_.find(client);
  if (found != drivers_.end()) std::visit([&](auto& driver) { driver.on_boot(desk(port)); }, found->second);
}

std::vector<std::string> Workload::open_calls() const {
  std::vector<std::string> out;
  for (const auto& [node, driver] : drivers_) {
    const std::uint32_t calls = std::visit([](const auto& d) { return d.open_calls(); }, driver);
    if (calls > 0) out.push_back(fmt::format("{} waits for {} calls", node_name(node), calls));
  }
  return out;
}

std::vector<io::NamedPartition> Workload::fully_read() const {
  return std::get<ConsumerDriver>(drivers_.at(kCanaryConsumer)).finished();
}

std::vector<std::string> Workload::unread() const {
  std::vector<std::string> out;
  for (const auto& [node, driver] : drivers_) {
    const auto* consumer = std::get_if<ConsumerDriver>(&driver);
    if (consumer == nullptr) continue;
    for (const std::string& what : consumer->missing())
      out.push_back(fmt::format("{} {}", node_name(node), what));
  }
  return out;
}

}  // namespace odradek::sim
