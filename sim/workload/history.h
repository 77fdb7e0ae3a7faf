// History: what clients invoked and what came back. Checkers of family J see this and nothing else.
//
// A record's identity is what the workload wrote in its value: `RecordId`, client and operation number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/cow.h"
#include "engine/base/ids.h"
#include "engine/io/call.h"
#include "engine/wire/record_batch.h"
#include "sim/kernel/virtual_time.h"

namespace odradek::sim {

/// The n-th record that a client sent in this run.
struct RecordId {
  NodeId client;
  std::uint32_t number = 0;

  FIELDS(client, number)
  friend constexpr auto operator<=>(const RecordId&, const RecordId&) = default;
};

/// "1001/42", padded with dots: what stands in a record's value.
[[nodiscard]] Bytes encode_record_value(RecordId id, std::int32_t value_bytes);
/// Absent when the value was not written by a workload.
[[nodiscard]] std::optional<RecordId> decode_record_value(ByteSpan value);

/// What a record says: of its key, value and headers. One function for what is sent, what lies in a log and
/// what is read.
[[nodiscard]] Digest content_of(const std::optional<Bytes>& key, const std::optional<Bytes>& value,
                                const std::vector<wire::Header>& headers);
[[nodiscard]] Digest content_of(const wire::RecordView& record);

struct SendOp {
  RecordId id;
  io::NamedPartition partition;  ///< where it went; the partition is -1 until it is known
  TopicId topic_id = {};         ///< from the acknowledgement, as is the offset
  std::optional<Offset> offset;
  Digest content;  ///< of key, value and headers as sent
  std::int16_t acks = -1;

  FIELDS(id, partition, topic_id, offset, content, acks)
  friend bool operator==(const SendOp&, const SendOp&) = default;
};

struct ReadRecord {
  Offset offset;
  std::optional<RecordId> id;
  Digest content;

  FIELDS(offset, id, content)
  friend bool operator==(const ReadRecord&, const ReadRecord&) = default;
};

struct PartitionReads {
  io::NamedPartition partition;
  TopicId topic_id;
  std::vector<ReadRecord> records;

  FIELDS(partition, topic_id, records)
  friend bool operator==(const PartitionReads&, const PartitionReads&) = default;
};

struct PollOp {
  std::vector<PartitionReads> reads;
  FIELDS(reads)
  friend bool operator==(const PollOp&, const PollOp&) = default;
};

/// Assign or seek: reads of a process start anew on these partitions.
struct MoveOp {
  std::vector<io::NamedPartition> partitions;
  FIELDS(partitions)
  friend bool operator==(const MoveOp&, const MoveOp&) = default;
};

struct Op {
  NodeId process;                 ///< the client
  std::uint32_t incarnation = 0;  ///< of the client: a restarted client is another process
  Instant invoked;
  std::optional<Instant> returned;  ///< absent: still open, or lost with its client
  io::CallStatus status = io::CallStatus::kUnknown;
  api::ErrorCode error{};
  std::variant<SendOp, PollOp, MoveOp> what;

  FIELDS(process, incarnation, invoked, returned, status, error, what)
  friend bool operator==(const Op&, const Op&) = default;
};

/// Append-only list of operations in the order of their invocation; copies share what is old.
class History {
 public:
  static constexpr std::size_t kChunk = 256;

  /// Returns the operation's place, by which it is completed later.
  std::uint32_t invoke(Op op);
  [[nodiscard]] Op& open(std::uint32_t place);  ///< for completing it
  [[nodiscard]] const Op& at(std::uint32_t place) const { return (*chunks_[place / kChunk])[place % kChunk]; }
  [[nodiscard]] std::uint32_t size() const { return size_; }

  FIELDS(chunks_, size_)
  friend bool operator==(const History&, const History&) = default;

 private:
  std::vector<Cow<std::vector<Op>>> chunks_;
  std::uint32_t size_ = 0;
};

}  // namespace odradek::sim
