// Workload: all drivers of a run and the history that they write. Start here.
//
// It lives outside the simulated machines: it calls clients, and learns of the cluster only through what they
// return. At the end of a run it plays the canary: a record to every partition with acks=all, and a reader
// that reads every partition from its beginning to its end.
#pragma once

#include <map>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "sim/workload/consumer_driver.h"
#include "sim/workload/desk.h"
#include "sim/workload/producer_driver.h"
#include "sim/workload/spec.h"

namespace odradek::sim {

/// Every client of a scenario, with its node; the canary's two clients are among them.
[[nodiscard]] std::map<NodeId, ClientSpec> clients_of(std::span<const ClientSpec> specs);

class Workload {
 public:
  using Driver = std::variant<ProducerDriver, ConsumerDriver>;

  Workload() = default;
  Workload(std::span<const ClientSpec> clients, std::span<const io::NamedPartition> partitions,
           const Key& key);

  /// The clients start to work.
  void begin(ClientPort& port);
  /// They finish what they have begun.
  void stop();
  /// These are the partitions that exist from now on, with the topics that they belong to. Applications hear
  /// of it at once, their clients by and by.
  void follow(const std::map<io::NamedPartition, TopicId>& existing);
  /// One record to every partition that exists, by the harness's own producer.
  void send_canaries(ClientPort& port);
  /// All consumers read to the end offsets of this moment, the harness's own one from the beginning.
  void read_to_end(ClientPort& port);
  /// By the first producer that runs; false when there is none.
  [[nodiscard]] bool send_records(const io::NamedPartition& to, std::int32_t records, ClientPort& port);

  void on_wake(NodeId client, ClientPort& port);
  void on_returned(NodeId client, CallId id, const io::CallResult& result, ClientPort& port);
  void on_crash(NodeId client);
  void on_boot(NodeId client, ClientPort& port);

  [[nodiscard]] const History& history() const { return history_; }
  /// Calls that have not returned, per client, for people. Empty when all have.
  [[nodiscard]] std::vector<std::string> open_calls() const;
  /// Partitions that the harness's consumer has read from the beginning to the end.
  [[nodiscard]] std::vector<io::NamedPartition> fully_read() const;
  /// What `read_to_end` still lacks; empty when all consumers have come to the end.
  [[nodiscard]] std::vector<std::string> unread() const;

  FIELDS(key_, specs_, partitions_, drivers_, history_)
  friend bool operator==(const Workload&, const Workload&) = default;

 private:
  [[nodiscard]] Desk desk(ClientPort& port) { return {.key = key_, .history = history_, .port = port}; }

  Key key_;
  std::map<NodeId, ClientSpec> specs_;
  std::vector<io::NamedPartition> partitions_;  ///< that exist
  std::map<NodeId, Driver> drivers_;
  History history_;
};

}  // namespace odradek::sim
