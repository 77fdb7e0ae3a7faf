// PositionFinder: brings every partition of a consumer to FETCHING.
//
// It looks up positions that await a reset (ListOffsets), and asks the leader whether the position still lies
// in its log when the leader moved (OffsetForLeaderEpoch, KIP-320): if the epoch of the last record read ends
// before the position, the log was truncated there.
//
// Source: org.apache.kafka.clients.consumer.internals.OffsetFetcher.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "engine/client/offset_requests.h"

namespace odradek::client {

/// What the parts of a consumer work with; one step long.
struct ConsumerEnvironment {
  const io::ConsumerConfig& config;
  SubscriptionState& subscription;
  ClientMetadata& metadata;
  ChannelPool& pool;
  std::optional<api::ErrorCode>& error;  ///< sink: what the next poll fails with
  io::Effects& out;
};

class PositionFinder {
 public:
  /// Moves every partition as far as metadata allows, and sends the requests that are due.
  void run(const Now& now, const ConsumerEnvironment& env);
  /// A request ended, maybe one of ours.
  void complete(const Now& now, const Completion& completion, const ConsumerEnvironment& env);

  /// A question about a partition, with the state that it was asked in.
  struct Asked {
    io::NamedPartition partition;
    std::uint64_t version = 0;
    FetchPosition position;

    FIELDS(partition, version, position)
    friend bool operator==(const Asked&, const Asked&) = default;
  };

  FIELDS(in_flight_)
  friend bool operator==(const PositionFinder&, const PositionFinder&) = default;

 private:
  using Batch = std::map<NodeId, std::vector<Asked>>;

  void initialise(PartitionState& partition, const ConsumerEnvironment& env) const;
  [[nodiscard]] Batch due(const Now& now, FetchState state, const ConsumerEnvironment& env) const;
  void send_resets(const Now& now, const ConsumerEnvironment& env);
  void send_validations(const Now& now, const ConsumerEnvironment& env);
  void on_reset(const Now& now, PartitionState& partition, const api::ListOffsetsPartitionResponse& answer,
                const ConsumerEnvironment& env);
  void on_validation(const Now& now, PartitionState& partition,
                     const api::OffsetForLeaderPartitionResponse& answer, const ConsumerEnvironment& env);
  void on_truncation(const Now& now, PartitionState& partition,
                     const api::OffsetForLeaderPartitionResponse& answer, const ConsumerEnvironment& env);

  std::map<RequestKey, std::vector<Asked>> in_flight_;
};

}  // namespace odradek::client
