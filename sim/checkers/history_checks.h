// What is checked at the end, over the operations of clients.
//
// Two kinds. I13, I15, I31 and I103 hold the history against the ledger and the final log. The J family
// judges from the history alone, after the model of jepsen.tests.kafka: a second implementation that knows
// nothing of brokers. Both ask `Permissions` before they call something lost.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/checkers/checkers.h"

namespace odradek::sim {

/// A record that a poll returned.
struct Read {
  const ReadRecord* record = nullptr;  ///< in the history
  std::uint32_t place = 0;             ///< of the poll in the history
  std::optional<std::uint32_t> send;   ///< place of the send that carried just this to this partition
};

/// All that clients did on one partition of one topic, in the order of invocation. A topic that was created
/// again under the same name is another one.
struct PartitionHistory {
  io::NamedPartition partition;
  TopicPartition tp;
  const PartitionState* state = nullptr;   ///< null when no broker has spoken of it
  bool is_successor = false;               ///< a topic that was deleted had its name before
  std::vector<std::uint32_t> acked;        ///< places of sends that returned ok with an offset
  std::vector<std::uint32_t> unconfirmed;  ///< places of sends that returned ok without one: acks=0
  std::vector<Read> reads;                 ///< of polls that returned ok

  [[nodiscard]] std::string name() const;
  [[nodiscard]] bool is_deleted() const { return state != nullptr && state->deleted; }
};

/// The history of a run, sorted by partition.
class HistoryIndex {
 public:
  HistoryIndex(const CheckersState& state, const History& history);

  using Partitions = std::map<std::pair<io::NamedPartition, TopicId>, PartitionHistory>;

  [[nodiscard]] const Partitions& partitions() const { return partitions_; }
  [[nodiscard]] const Op& op(std::uint32_t place) const { return history_.at(place); }
  [[nodiscard]] const SendOp& send(std::uint32_t place) const {
    return std::get<SendOp>(history_.at(place).what);
  }
  /// Places of assigns and seeks.
  [[nodiscard]] const std::vector<std::uint32_t>& moves() const { return moves_; }
  /// True when some poll has returned what the send at `place` carried.
  [[nodiscard]] bool was_read(std::uint32_t place) const { return was_read_[place]; }

 private:
  void add_send(std::uint32_t place, const Op& op, const SendOp& send);
  void add_poll(std::uint32_t place, const PollOp& poll);
  PartitionHistory& at(const io::NamedPartition& partition, TopicId topic_id);
  /// The send, whatever became of it, that carried this to this partition.
  [[nodiscard]] std::optional<std::uint32_t> find_send(const io::NamedPartition& partition,
                                                       const ReadRecord& record) const;

  const CheckersState& state_;
  const History& history_;
  Partitions partitions_;
  std::map<NodeId, std::vector<std::uint32_t>> sends_;  ///< of each client: their places, by number
  std::vector<std::uint32_t> moves_;
  std::vector<bool> was_read_;  ///< by place
  PartitionHistory* latest_ = nullptr;
};

/// How a client came to know that a record stands at an offset. A lost acknowledgement excuses only the
/// latter.
enum class Witness : std::uint8_t { kRead, kAck };

struct HistoryScope {
  Sighting now;
  const EndObservation& end;
  const HistoryIndex& index;
  Findings& findings;
  Permissions& permissions;

  /// True when the loss of this record at this offset is permitted.
  [[nodiscard]] bool is_excused(const PartitionHistory& p, Offset offset, const Digest& content,
                                Witness witness) const;
  void violate(Invariant invariant, const PartitionHistory& p, const std::string& message,
               std::string_view witness, Offset offset) const;
};

/// "record 1001/42".
[[nodiscard]] std::string name_of(RecordId id);

void check_acks_at_end(const HistoryScope&, const PartitionHistory&);       // I13, I103, acks_at_end.cc
void check_reads_at_end(const HistoryScope&, const PartitionHistory&);      // I15, I31, reads_at_end.cc
void check_offsets(const HistoryScope&, const PartitionHistory&);           // J1, J2, history_offsets.cc
void check_polls_and_losses(const HistoryScope&, const PartitionHistory&);  // J3, J9, J11, history_polls.cc
void check_send_order(const HistoryScope&, const PartitionHistory&);        // J10, history_sends.cc
void check_families_agree(const HistoryScope&, const PartitionHistory&);    // H-families, disagreement.cc

/// All of them. First those that know the ledger: they find out which acknowledgements were lost as
/// permitted.
void check_history(CheckersState& state, const EndObservation& end);

}  // namespace odradek::sim
