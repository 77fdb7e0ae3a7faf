// ProducerDriver: an application that sends records, at drawn moments, to one topic.
//
// A record's value names its sender and number, so that it is recognised wherever it turns up. Sends do not
// wait for each other. When the client's process dies, its open sends stay open in the history: nobody knows
// how they ended.
//
// 1. Numbers are used once in a run, across restarts of the client.
// 2. Every send stands in the history before it is called, and its call's id is its place there.
#pragma once

#include <optional>
#include <string>

#include "sim/workload/desk.h"
#include "sim/workload/spec.h"

namespace odradek::sim {

class ProducerDriver {
 public:
  ProducerDriver() = default;
  ProducerDriver(NodeId client, std::string topic, std::int32_t partitions, ProducerSpec spec);

  /// Starts sending by itself; until then it sends only what it is told to.
  void begin(const Desk& desk);
  void stop() { working_ = false; }
  /// Its topic has so many partitions now.
  void follow(std::int32_t partitions) { partitions_ = partitions; }
  void send_to(const io::NamedPartition& to, std::int32_t records, const Desk& desk);

  void on_wake(const Desk& desk);
  void on_returned(CallId id, const io::CallResult& result, const Desk& desk);
  void on_crash();
  void on_boot(const Desk&) {}

  [[nodiscard]] std::uint32_t open_calls() const { return open_calls_; }
  [[nodiscard]] std::uint32_t records_sent() const { return next_record_; }

  FIELDS(client_, topic_, partitions_, spec_, working_, incarnation_, next_record_, wakes_, due_, open_calls_)
  friend bool operator==(const ProducerDriver&, const ProducerDriver&) = default;

 private:
  void sleep(const Desk& desk);
  void send(io::SendRecord record, const Desk& desk);
  [[nodiscard]] io::SendRecord next_record(const Desk& desk) const;

  NodeId client_;
  std::string topic_;
  std::int32_t partitions_ = 1;
  ProducerSpec spec_;
  bool working_ = false;
  std::uint32_t incarnation_ = 0;
  std::uint32_t next_record_ = 0;
  std::uint64_t wakes_ = 0;
  std::optional<Instant> due_;  ///< of the wake-up that counts
  std::uint32_t open_calls_ = 0;
};

}  // namespace odradek::sim
