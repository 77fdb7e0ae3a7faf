// Producer: KafkaProducer as a state machine. Calls SendRecord and Flush; start reading at `step`.
//
// A send waits up to max.block.ms for its topic's metadata and for memory, in the order of the calls, and
// fails for certain after that. Then its record lies in a batch of the `RecordAccumulator`, and the `Sender`
// decides how it ends. Records of one partition keep the order of their calls up to the accumulator.
//
// Without idempotence, as here, more than one request in flight may reorder retried batches, and a retry may
// duplicate a batch whose acknowledgement was lost; that is Kafka's contract for such a configuration.
#pragma once

#include <vector>

#include "engine/assign/partitioner.h"
#include "engine/client/sender.h"
#include "engine/client/setup.h"

namespace odradek::client {

class Producer {
 public:
  Producer() = default;
  explicit Producer(ProducerSetup setup) : Producer(std::move(setup), Key{}) {}

  void step(const Now& now, const io::Input& input, io::Effects& out);

  /// A send that has not reached the accumulator.
  struct ParkedSend {
    CallId id;
    std::string topic;
    std::optional<PartitionId> partition;  ///< absent: the partitioner chooses
    wire::Record record;
    MonotonicTime deadline;
    bool lacks_memory = false;

    FIELDS(id, topic, partition, record, deadline, lacks_memory)
    friend bool operator==(const ParkedSend&, const ParkedSend&) = default;
  };

  struct ParkedFlush {
    CallId id;
    std::vector<CallId> waits_for;  ///< ascending

    FIELDS(id, waits_for)
    friend bool operator==(const ParkedFlush&, const ParkedFlush&) = default;
  };

  FIELDS(setup_, pool_, metadata_, partitioner_, accumulator_, sender_, parked_, flushes_, alarm_)
  friend bool operator==(const Producer&, const Producer&) = default;

 private:
  enum class Admission : std::uint8_t { kDone, kWaitsForMetadata, kWaitsForMemory };

  Producer(ProducerSetup setup, Key key);
  void on_call(const Now& now, const io::ClientCall& call, io::Effects& out);
  void send(const Now& now, CallId id, const io::SendRecord& call, io::Effects& out);
  void flush(CallId id, io::Effects& out);
  void run(const Now& now, std::vector<BatchOutcome> done, io::Effects& out);
  [[nodiscard]] bool admit_parked(const Now& now, io::Effects& out);
  [[nodiscard]] Admission admit(const Now& now, ParkedSend& parked, io::Effects& out);
  [[nodiscard]] std::optional<PartitionId> partition_for(const ParkedSend& send,
                                                         const TopicInfo& topic) const;
  void settle(const std::vector<BatchOutcome>& done, io::Effects& out);
  void return_send(CallId id, io::CallResult result, io::Effects& out);
  void set_alarm(const Now& now, io::Effects& out);
  [[nodiscard]] Sender::Environment environment(std::vector<BatchOutcome>& done, io::Effects& out) {
    return {.accumulator = accumulator_, .metadata = metadata_, .pool = pool_, .done = done, .out = out};
  }

  ProducerSetup setup_;
  ChannelPool pool_;
  ClientMetadata metadata_;
  assign::Partitioner partitioner_;
  RecordAccumulator accumulator_;
  Sender sender_;
  std::vector<ParkedSend> parked_;
  std::vector<ParkedFlush> flushes_;
  Alarm alarm_{io::TimerKind::kProducerWake};
};

}  // namespace odradek::client
