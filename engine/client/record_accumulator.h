// RecordAccumulator: where a producer's records wait in batches, one queue per partition.
//
// A batch is sendable when it is full, has waited linger.ms, or somebody is in a hurry (flush, memory
// exhausted), unless it backs off from a failure. Once one batch for a broker is sendable, a request takes
// the first batch of every partition that the broker leads, at most max.request.size in all; which partition
// comes first rotates.
//
// 1. With max.in.flight.requests.per.connection = 1 a partition is muted while a batch of it is in flight,
// and
//    a batch that is retried goes back to the front: the order of a partition's records holds.
// 2. The batches' memory never exceeds buffer.memory.
//
// Source: org.apache.kafka.clients.producer.internals.RecordAccumulator.
#pragma once

#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "engine/client/alarm.h"
#include "engine/client/client_metadata.h"
#include "engine/client/producer_batch.h"
#include "engine/io/config.h"

namespace odradek::client {

class RecordAccumulator {
 public:
  RecordAccumulator() = default;
  explicit RecordAccumulator(const io::ProducerConfig& config) : config_(config) {}

  /// False when there is no memory left for the record.
  [[nodiscard]] bool append(const Now& now, const io::NamedPartition& partition, CallId call,
                            const wire::Record& record);

  /// The leaders of sendable batches, ascending. Unknown leaders of partitions that have a batch, sendable or
  /// not, are asked for.
  [[nodiscard]] std::vector<NodeId> ready_nodes(const Now& now, bool hurry, ClientMetadata& metadata) const;

  struct DrainRequest {
    NodeId node;
    bool hurry = false;
  };
  /// Batches for one request, at most one per partition that the node leads; none when none is sendable. They
  /// are closed.
  [[nodiscard]] std::vector<ProducerBatch> drain(const Now& now, const DrainRequest& request,
                                                 const ClientMetadata& metadata);

  /// A drained batch came back: its partition may be drained again.
  void unmute(const io::NamedPartition& partition);
  /// Puts a batch back in front of its queue.
  void requeue(ProducerBatch batch);
  /// A batch that was drained is gone for good: its memory is free.
  void release(const ProducerBatch& batch);
  /// Takes out the batches that are older than delivery.timeout.ms; their memory is free.
  [[nodiscard]] std::vector<ProducerBatch> take_expired(const Now& now);

  /// Adds the calls whose batches wait here.
  void collect_calls(std::vector<CallId>& calls) const;

  /// When something will be due that is not due now.
  void consider_due(Earliest& earliest) const;

  struct Queue {
    std::deque<ProducerBatch> batches;
    bool muted = false;

    FIELDS(batches, muted)
    friend bool operator==(const Queue&, const Queue&) = default;
  };

  FIELDS(config_, queues_, memory_used_, drained_last_)
  friend bool operator==(const RecordAccumulator&, const RecordAccumulator&) = default;

 private:
  [[nodiscard]] bool is_sendable(const Now& now, const Queue& queue, bool hurry) const;
  [[nodiscard]] bool has_room(const ProducerBatch& batch, const wire::Record& record) const {
    return !batch.is_closed() && std::cmp_less_equal(batch.open.size_with(record), config_.batch_size);
  }

  io::ProducerConfig config_;
  std::map<io::NamedPartition, Queue> queues_;
  std::int64_t memory_used_ = 0;
  std::map<NodeId, io::NamedPartition> drained_last_;  ///< where each node's next turn starts: after this one
};

}  // namespace odradek::client
