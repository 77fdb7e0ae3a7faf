// Typed events, named after the actions of the protocol. The engine logs nothing: these are its trace, its
// coverage, the checkers' input and the material for explanations.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/api/error_code.h"
#include "engine/base/ids.h"

namespace odradek::io {

/// A replica's log was opened or recovered; it holds records in [log_start, log_end).
struct OpenLog {
  TopicPartition tp;
  Offset log_start;
  Offset log_end;
  FIELDS(tp, log_start, log_end)
  friend bool operator==(const OpenLog&, const OpenLog&) = default;
};

/// A broker gave up a replica, whose topic was deleted or which a reassignment took from it: nobody serves
/// the log any more, which ended at `log_end`.
struct DeleteLog {
  TopicPartition tp;
  Offset log_end;
  FIELDS(tp, log_end)
  friend bool operator==(const DeleteLog&, const DeleteLog&) = default;
};

/// Records [base, end) reached a replica's log; from the leader's own clients when `as_leader`.
struct AppendLog {
  TopicPartition tp;
  Offset base;
  Offset end;
  LeaderEpoch leader_epoch;  ///< the appending replica's current leader epoch
  bool as_leader = false;
  FIELDS(tp, base, end, leader_epoch, as_leader)
  friend bool operator==(const AppendLog&, const AppendLog&) = default;
};

/// A replica's log now ends at `end`; it ended at `from` before.
struct TruncateLog {
  TopicPartition tp;
  Offset from;
  Offset end;
  LeaderEpoch leader_epoch;
  FIELDS(tp, from, end, leader_epoch)
  friend bool operator==(const TruncateLog&, const TruncateLog&) = default;
};

struct BecomeLeader {
  TopicPartition tp;
  LeaderEpoch leader_epoch;
  PartitionEpoch partition_epoch;
  Offset high_watermark;
  Offset log_end;
  FIELDS(tp, leader_epoch, partition_epoch, high_watermark, log_end)
  friend bool operator==(const BecomeLeader&, const BecomeLeader&) = default;
};

struct BecomeFollower {
  TopicPartition tp;
  LeaderEpoch leader_epoch;
  std::optional<BrokerId> leader;
  Offset high_watermark;
  Offset log_end;
  FIELDS(tp, leader_epoch, leader, high_watermark, log_end)
  friend bool operator==(const BecomeFollower&, const BecomeFollower&) = default;
};

/// A replica's high watermark moved: forward on a leader; on a follower possibly back, after a truncation.
struct AdvanceHighWatermark {
  TopicPartition tp;
  Offset from;
  Offset to;
  LeaderEpoch leader_epoch;
  bool as_leader = false;
  FIELDS(tp, from, to, leader_epoch, as_leader)
  friend bool operator==(const AdvanceHighWatermark&, const AdvanceHighWatermark&) = default;
};

/// The leader asks the controller for another ISR.
struct ProposeIsr {
  TopicPartition tp;
  LeaderEpoch leader_epoch;
  PartitionEpoch partition_epoch;
  std::vector<BrokerId> isr;
  FIELDS(tp, leader_epoch, partition_epoch, isr)
  friend bool operator==(const ProposeIsr&, const ProposeIsr&) = default;
};

/// The leader learnt that its ISR lost members.
struct ShrinkIsr {
  TopicPartition tp;
  PartitionEpoch partition_epoch;
  std::vector<BrokerId> isr;
  FIELDS(tp, partition_epoch, isr)
  friend bool operator==(const ShrinkIsr&, const ShrinkIsr&) = default;
};

/// The leader learnt that its ISR gained members.
struct ExpandIsr {
  TopicPartition tp;
  PartitionEpoch partition_epoch;
  std::vector<BrokerId> isr;
  FIELDS(tp, partition_epoch, isr)
  friend bool operator==(const ExpandIsr&, const ExpandIsr&) = default;
};

/// A produce to [base, end) was answered without error.
struct AckProduce {
  TopicPartition tp;
  Offset base;
  Offset end;
  std::int16_t acks = -1;
  std::int32_t isr_size = 0;  ///< committed ISR at the answer
  FIELDS(tp, base, end, acks, isr_size)
  friend bool operator==(const AckProduce&, const AckProduce&) = default;
};

struct RejectProduce {
  TopicPartition tp;
  api::ErrorCode error{};
  FIELDS(tp, error)
  friend bool operator==(const RejectProduce&, const RejectProduce&) = default;
};

/// A fetch was answered with records [from, end); `upper_bound` is what the fetcher may see.
struct ServeFetch {
  TopicPartition tp;
  std::optional<BrokerId> replica;  ///< absent: a consumer
  Offset from;
  Offset end;
  Offset high_watermark;
  Offset upper_bound;
  FIELDS(tp, replica, from, end, high_watermark, upper_bound)
  friend bool operator==(const ServeFetch&, const ServeFetch&) = default;
};

/// The leader told a fetcher where its log diverges.
struct AnswerDivergence {
  TopicPartition tp;
  BrokerId replica;
  LeaderEpoch epoch;
  Offset end_offset;
  FIELDS(tp, replica, epoch, end_offset)
  friend bool operator==(const AnswerDivergence&, const AnswerDivergence&) = default;
};

/// A broker's published metadata image reached this offset (exclusive).
struct PublishMetadata {
  Offset offset;
  FIELDS(offset)
  friend bool operator==(const PublishMetadata&, const PublishMetadata&) = default;
};

/// A broker learnt from the controller that it is unfenced, or fenced again.
struct LearnFencing {
  bool fenced = true;
  BrokerEpoch broker_epoch;
  FIELDS(fenced, broker_epoch)
  friend bool operator==(const LearnFencing&, const LearnFencing&) = default;
};

/// The controller leads the metadata quorum from this epoch on.
struct ElectController {
  LeaderEpoch controller_epoch;
  FIELDS(controller_epoch)
  friend bool operator==(const ElectController&, const ElectController&) = default;
};

/// Committed: a broker registered a new incarnation.
struct RegisterBroker {
  BrokerId broker;
  BrokerEpoch broker_epoch;  ///< the record's offset in the metadata log
  Uuid incarnation;
  FIELDS(broker, broker_epoch, incarnation)
  friend bool operator==(const RegisterBroker&, const RegisterBroker&) = default;
};

struct FenceBroker {
  BrokerId broker;
  BrokerEpoch broker_epoch;
  Offset metadata_offset;  ///< of the record that says so
  FIELDS(broker, broker_epoch, metadata_offset)
  friend bool operator==(const FenceBroker&, const FenceBroker&) = default;
};

struct UnfenceBroker {
  BrokerId broker;
  BrokerEpoch broker_epoch;
  Offset metadata_offset;  ///< of the record that says so
  FIELDS(broker, broker_epoch, metadata_offset)
  friend bool operator==(const UnfenceBroker&, const UnfenceBroker&) = default;
};

/// Committed in the metadata log: a partition's state as of `partition_epoch`.
struct ChangePartition {
  TopicPartition tp;
  Offset metadata_offset;  ///< of the record that says so
  std::string topic;
  std::vector<BrokerId> replicas;
  std::vector<BrokerId> isr;
  std::vector<BrokerId> elr;              ///< eligible leader replicas (KIP-966)
  std::vector<BrokerId> last_known_elr;   ///< the last leader of a partition whose ISR is empty
  std::vector<BrokerId> adding_replicas;  ///< by a reassignment that has not ended
  std::vector<BrokerId> removing_replicas;
  std::optional<BrokerId> leader;
  LeaderEpoch leader_epoch;
  PartitionEpoch partition_epoch;
  bool leader_changed = false;
  bool unclean = false;  ///< the leader was chosen outside ISR and ELR
  FIELDS(tp, metadata_offset, topic, replicas, isr, elr, last_known_elr, adding_replicas, removing_replicas,
         leader, leader_epoch, partition_epoch, leader_changed, unclean)
  friend bool operator==(const ChangePartition&, const ChangePartition&) = default;
};

/// Committed in the metadata log: a topic was deleted.
struct RemoveTopic {
  TopicId topic_id;
  std::string name;
  Offset metadata_offset;  ///< of the record that says so
  FIELDS(topic_id, name, metadata_offset)
  friend bool operator==(const RemoveTopic&, const RemoveTopic&) = default;
};

/// A consumer set its position by auto.offset.reset or an explicit seek.
struct ResetPosition {
  TopicPartition tp;
  Offset offset;
  FIELDS(tp, offset)
  friend bool operator==(const ResetPosition&, const ResetPosition&) = default;
};

/// A replica of the metadata log took another role.
struct ChangeRaftRole {
  std::string role;  ///< "Candidate", "Leader" …
  LeaderEpoch epoch;
  std::optional<NodeId> leader;
  FIELDS(role, epoch, leader)
  friend bool operator==(const ChangeRaftRole&, const ChangeRaftRole&) = default;
};

/// A voter granted its vote, or said that it would (pre-vote, KIP-996).
struct GrantVote {
  NodeId candidate;
  LeaderEpoch epoch;
  bool pre_vote = false;
  FIELDS(candidate, epoch, pre_vote)
  friend bool operator==(const GrantVote&, const GrantVote&) = default;
};

/// A replica cut off the end of its metadata log, from `from` down to `end`.
struct TruncateMetadata {
  Offset from;
  Offset end;
  LeaderEpoch epoch;
  FIELDS(from, end, epoch)
  friend bool operator==(const TruncateMetadata&, const TruncateMetadata&) = default;
};

/// The leader of the quorum moved the high watermark of the metadata log.
struct CommitMetadata {
  Offset from;
  Offset to;
  LeaderEpoch epoch;
  FIELDS(from, to, epoch)
  friend bool operator==(const CommitMetadata&, const CommitMetadata&) = default;
};

/// The leader of the quorum appended another set of voters, which counts from now on (KIP-853).
struct ChangeVoters {
  Offset offset;
  std::vector<NodeId> voters;
  FIELDS(offset, voters)
  friend bool operator==(const ChangeVoters&, const ChangeVoters&) = default;
};

/// A replica of the metadata log began to write a snapshot of all before `end_offset`.
struct WriteSnapshot {
  Offset end_offset;
  LeaderEpoch epoch;
  FIELDS(end_offset, epoch)
  friend bool operator==(const WriteSnapshot&, const WriteSnapshot&) = default;
};

/// A node took its metadata from a snapshot.
struct LoadSnapshot {
  Offset end_offset;
  LeaderEpoch epoch;
  FIELDS(end_offset, epoch)
  friend bool operator==(const LoadSnapshot&, const LoadSnapshot&) = default;
};

using Event =
    std::variant<OpenLog, DeleteLog, AppendLog, TruncateLog, BecomeLeader, BecomeFollower,
                 AdvanceHighWatermark, ProposeIsr, ShrinkIsr, ExpandIsr, AckProduce, RejectProduce,
                 ServeFetch, AnswerDivergence, PublishMetadata, LearnFencing, ElectController, RegisterBroker,
                 FenceBroker, UnfenceBroker, ChangePartition, RemoveTopic, ResetPosition, ChangeRaftRole,
                 GrantVote, TruncateMetadata, CommitMetadata, ChangeVoters, WriteSnapshot, LoadSnapshot>;

/// Names in the order of the variant, as scenarios and traces spell them.
inline constexpr std::array<std::string_view, std::variant_size_v<Event>> kEventNames = {
    "OpenLog",
    "DeleteLog",
    "AppendLog",
    "TruncateLog",
    "BecomeLeader",
    "BecomeFollower",
    "AdvanceHighWatermark",
    "ProposeIsr",
    "ShrinkIsr",
    "ExpandIsr",
    "AckProduce",
    "RejectProduce",
    "ServeFetch",
    "AnswerDivergence",
    "PublishMetadata",
    "LearnFencing",
    "ElectController",
    "RegisterBroker",
    "FenceBroker",
    "UnfenceBroker",
    "ChangePartition",
    "RemoveTopic",
    "ResetPosition",
    "ChangeRaftRole",
    "GrantVote",
    "TruncateMetadata",
    "CommitMetadata",
    "ChangeVoters",
    "WriteSnapshot",
    "LoadSnapshot"};

[[nodiscard]] inline std::string_view name_of(const Event& event) { return kEventNames[event.index()]; }

}  // namespace odradek::io
