// ConsumerDriver: an application that reads all partitions of its topics from their beginning.
//
// It has one call open at a time: assign, seek, poll, or ask for the end offsets. When asked to read to the
// end it takes the end offsets of that moment as its goal and polls until it has reached them.
//
// 1. Positions are known only from what was polled: the offset after the last record.
// 2. Every assign and seek stands in the history as a move: order is promised between two moves, not across
// one.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/workload/desk.h"
#include "sim/workload/spec.h"

namespace odradek::sim {

class ConsumerDriver {
 public:
  ConsumerDriver() = default;
  ConsumerDriver(NodeId client, std::vector<io::NamedPartition> partitions, ConsumerSpec spec);

  void begin(const Desk& desk);
  /// These are the partitions to read, with the topics that they belong to. Of a topic that is gone it keeps
  /// its assignment, as an application does that nobody has told.
  void follow(const std::map<io::NamedPartition, TopicId>& partitions);
  /// The open call may still return; no other follows.
  void stop() { goal_ = Goal::kRest; }
  /// Reads on up to the end offsets of now; from the beginning if it may have skipped records on the way, be
  /// it that a topic was created anew: its client may go on where it stood in the old one.
  void read_to_end(const Desk& desk);

  void on_wake(const Desk& desk);
  void on_returned(CallId id, const io::CallResult& result, const Desk& desk);
  void on_crash();
  void on_boot(const Desk& desk);

  [[nodiscard]] std::uint32_t open_calls() const { return open_ ? 1 : 0; }
  /// `read_to_end` was asked for and has come to its end.
  [[nodiscard]] bool is_at_end() const;
  /// Partitions whose end `read_to_end` has reached.
  [[nodiscard]] std::vector<io::NamedPartition> finished() const;
  /// Where it is and where it wants to be, for people.
  [[nodiscard]] std::vector<std::string> missing() const;

  enum class Goal : std::uint8_t { kRest, kRead, kReachEnd };

  struct OpenCall {
    CallId id;
    bool assigns = false;
    std::optional<std::uint32_t> place = {};  ///< in the history; absent for what the history does not know

    FIELDS(id, assigns, place)
    friend bool operator==(const OpenCall&, const OpenCall&) = default;
  };

  FIELDS(client_, partitions_, topics_, is_gone_, spec_, goal_, assigned_, may_have_skipped_, incarnation_,
         next_call_, polls_, due_, open_, seeks_, next_, ends_, first_time_, last_time_)
  friend bool operator==(const ConsumerDriver&, const ConsumerDriver&) = default;

 private:
  void act(const Desk& desk);
  void change_assignment(const std::map<io::NamedPartition, TopicId>& partitions);
  /// It may have left out records that are there, and has to go back for them.
  [[nodiscard]] bool may_lack_records() const { return spec_.reread || may_have_skipped_; }
  void sleep(Duration time, const Desk& desk);
  void call(io::Call call, std::optional<std::variant<SendOp, PollOp, MoveOp>> what, const Desk& desk);
  void on_polled(const io::Polled& polled, PollOp& op);
  void seek_everything_to_the_beginning();
  void maybe_plan_reread(const Desk& desk);
  [[nodiscard]] io::SeekTarget random_target(const io::NamedPartition& partition, const Desk& desk) const;
  [[nodiscard]] Offset next_of(const io::NamedPartition& partition) const;

  NodeId client_;
  std::vector<io::NamedPartition> partitions_;    ///< that it reads
  std::map<io::NamedPartition, TopicId> topics_;  ///< the latest of each name
  bool is_gone_ = false;                          ///< its topic does not exist
  ConsumerSpec spec_;
  Goal goal_ = Goal::kRest;
  bool assigned_ = false;
  bool may_have_skipped_ = false;  ///< records of a topic that was created anew
  std::uint32_t incarnation_ = 0;
  CallId next_call_;
  std::uint64_t polls_ = 0;
  std::optional<Instant> due_;
  std::optional<OpenCall> open_;
  std::deque<io::Seek> seeks_;                                ///< to be made before the next poll
  std::map<io::NamedPartition, Offset> next_;                 ///< after the last record that was read
  std::optional<std::map<io::NamedPartition, Offset>> ends_;  ///< the goal of `read_to_end`
  std::optional<Timestamp> first_time_;                       ///< of the records read
  std::optional<Timestamp> last_time_;
};

}  // namespace odradek::sim
