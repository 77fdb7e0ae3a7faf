// Fetcher: fetches records ahead of the consumer's polls and hands them out.
//
// At most one fetch is in flight per broker; it asks for every partition of that broker whose records are not
// waiting to be polled already, in a session (KIP-227), so that it names only those that moved. Records are
// thrown away when they no longer start at the partition's position: it was sought, reset, unassigned, or its
// leader moved and the position must be validated first.
//
// Source: org.apache.kafka.clients.consumer.internals.{AbstractFetch, FetchCollector, CompletedFetch}.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "engine/client/position_finder.h"
#include "engine/io/fetch_session_handler.h"

namespace odradek::client {

class Fetcher {
 public:
  void send_fetches(const Now& now, const ConsumerEnvironment& env);
  void complete(const Now& now, const Completion& completion, const ConsumerEnvironment& env);
  /// Up to `max_records`, in order within each partition; moves the positions past them. Stops before a batch
  /// that cannot be read, and sets the error once nothing precedes it.
  [[nodiscard]] std::vector<io::ConsumerRecord> collect(std::int32_t max_records,
                                                        const ConsumerEnvironment& env);

  struct Asked {
    io::NamedPartition partition;
    TopicId topic_id;
    std::uint64_t version = 0;
    Offset offset;

    FIELDS(partition, topic_id, version, offset)
    friend bool operator==(const Asked&, const Asked&) = default;
  };

  /// Records of one partition from one response, which wait to be polled.
  struct CompletedFetch {
    io::NamedPartition partition;
    TopicId topic_id;
    std::uint64_t version = 0;
    Offset start;  ///< the position that they continue
    std::vector<io::ConsumerRecord> records;
    Offset end;  ///< the position after them
    std::optional<LeaderEpoch> end_epoch;
    std::optional<api::ErrorCode> error;  ///< the batch at `end` cannot be read

    FIELDS(partition, topic_id, version, start, records, end, end_epoch, error)
    friend bool operator==(const CompletedFetch&, const CompletedFetch&) = default;
  };

  FIELDS(in_flight_, sessions_, buffer_, served_last_)
  friend bool operator==(const Fetcher&, const Fetcher&) = default;

 private:
  [[nodiscard]] bool is_pending(NodeId node) const;
  [[nodiscard]] bool is_buffered(const io::NamedPartition& partition, std::uint64_t version) const;
  [[nodiscard]] std::map<NodeId, std::vector<Asked>> fetchable(const Now& now,
                                                               const ConsumerEnvironment& env) const;
  [[nodiscard]] api::FetchRequest next_request(NodeId node, const std::vector<Asked>& asked,
                                               const ConsumerEnvironment& env);
  void on_answer(const Now& now, const Asked& asked, const api::FetchPartitionData& data,
                 const ConsumerEnvironment& env);
  void on_data(const Asked& asked, const api::FetchPartitionData& data, const ConsumerEnvironment& env);
  void on_error(const Now& now, const Asked& asked, api::ErrorCode error, const ConsumerEnvironment& env);

  std::map<RequestKey, std::vector<Asked>> in_flight_;  ///< all that the broker then serves, named or not
  std::map<NodeId, io::FetchSessionHandler> sessions_;
  std::deque<CompletedFetch> buffer_;
  std::optional<io::NamedPartition> served_last_;  ///< the next request starts after it, so that none starves
};

}  // namespace odradek::client
