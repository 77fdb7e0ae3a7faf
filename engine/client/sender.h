// Sender: moves batches from the accumulator to the brokers, and judges how each attempt ended.
//
// A failed attempt is retried after retry.backoff.ms while the error is retriable, attempts are left
// (retries) and delivery.timeout.ms has not passed. The verdict on a batch:
//
// 1. ok when an attempt was acknowledged;
// 2. failed for certain only when every attempt ended with an error that is answered before an append
//    (`ErrorInfo::definite`), or when there was no attempt;
// 3. otherwise unknown: a lost connection, a timeout, or an error that may follow an append left it in doubt.
//
// Source: org.apache.kafka.clients.producer.internals.Sender. Not built: idempotence (KIP-98).
#pragma once

#include <map>
#include <vector>

#include "engine/client/record_accumulator.h"

namespace odradek::client {

class Sender {
 public:
  Sender() = default;
  explicit Sender(const io::ProducerConfig& config) : config_(config) {}

  /// What the sender works with; one step long.
  struct Environment {
    RecordAccumulator& accumulator;
    ClientMetadata& metadata;
    ChannelPool& pool;
    std::vector<BatchOutcome>& done;  ///< sink
    io::Effects& out;
  };

  /// A produce request ended.
  void complete(const Now& now, const Completion& completion, const Environment& env);
  /// Fails what is too old, and sends whatever can be sent now. With `hurry` no batch lingers.
  void run(const Now& now, bool hurry, const Environment& env);
  /// Adds the calls whose batches are in flight.
  void collect_calls(std::vector<CallId>& calls) const;
  void consider_due(Earliest& earliest) const;

  struct InFlightBatch {
    TopicId topic_id;
    ProducerBatch batch;
    bool expired =
        false;  ///< its calls have returned already; only the memory waits for the end of the request

    FIELDS(topic_id, batch, expired)
    friend bool operator==(const InFlightBatch&, const InFlightBatch&) = default;
  };

  FIELDS(config_, in_flight_)
  friend bool operator==(const Sender&, const Sender&) = default;

 private:
  void expire(const Now& now, const Environment& env);
  void send(const Now& now, NodeId node, std::vector<ProducerBatch> batches, const Environment& env);
  void end_attempt(const Now& now, InFlightBatch sent, const api::PartitionProduceResponse& answer,
                   const Environment& env);

  io::ProducerConfig config_;
  std::map<RequestKey, std::vector<InFlightBatch>> in_flight_;
};

}  // namespace odradek::client
