// The one list of invariants. An invariant is a line here and a function in checks.h or history_checks.h.
//
// I… and J… are the project's own ids; each row cites where the property was first written down. H-shadow
// guards the harness itself: the checkers' picture of the logs against the logs.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace odradek::sim {

enum class Mood : std::uint8_t { kAlways, kEventually, kAtTheEnd };

[[nodiscard]] constexpr std::string_view name_of(Mood mood) {
  switch (mood) {
    case Mood::kAlways: return "always";
    case Mood::kEventually: return "eventually";
    case Mood::kAtTheEnd: return "at-the-end";
  }
  return "always";
}

// X(constant, id, name, mood, client-visible, source, doc, promise), the promise in words for newcomers to
// Kafka
#define ODRADEK_INVARIANTS(X)                                                                                \
  X(kI1, "I1", "OffsetOrder", kAlways, false, "UnifiedLog", "log start <= high watermark <= log end",        \
    "Each replica's log runs from its start to its end, and the high watermark lies between the two: what "  \
    "is committed is there.")                                                                                \
  X(kI2, "I2", "LogShape", kAlways, false, "KIP-98, record batch v2",                                        \
    "the offsets of a log are dense and ascending",                                                          \
    "A log has a record for each offset, each offset once and in ascending order. Offsets are how "          \
    "everybody names records.")                                                                              \
  X(kI3, "I3", "EpochMonotone", kAlways, false, "KIP-101, LeaderEpochFileCache",                             \
    "leader epochs never decrease along a log, and its epoch cache agrees with it",                          \
    "Along a log the leader epochs of its records only grow. A follower compares epochs with its leader to " \
    "find where their logs part; if epochs went back, it would cut in the wrong place.")                     \
  X(kI4, "I4", "EpochOffsetUnique", kAlways, false, "hachikuji/kafka-specification",                         \
    "one (leader epoch, offset) is written by one leader, with one payload",                                 \
    "Only the leader of an epoch writes in that epoch. So epoch and offset together name one record for "    \
    "ever, and logs can be compared by them alone.")                                                         \
  X(kI5, "I5", "LogMatching", kAlways, false, "KIP-966 TLA+, LogMatching",                                   \
    "below their high watermarks all replicas hold the records that were made visible",                      \
    "Below its high watermark every replica holds the very records that were made visible to consumers "     \
    "there. Otherwise what a reader sees depends on whom it asks.")                                          \
  X(kI5Prefix, "I5'", "PrefixByEpoch", kAlways, false, "Raft, Log Matching",                                 \
    "logs that agree on the epoch at an offset agree on everything before it",                               \
    "If two logs have the same leader epoch at some offset, they are equal up to there. Replication rests "  \
    "on this: a follower looks for the last point of agreement and trusts everything before it.")            \
  X(kI6, "I6", "StrongIsr", kAlways, false, "hachikuji/kafka-specification, StrongIsr",                      \
    "the controller's ISR holds every record below the leader's high watermark",                             \
    "Whoever the controller counts as in sync holds everything below the leader's high watermark. The "      \
    "controller chooses the next leader among them without looking into their logs.")                        \
  X(kI6Weak, "I6w", "WeakIsr", kAlways, false, "hachikuji/kafka-specification, WeakIsr",                     \
    "the leader's own ISR holds every record below its high watermark",                                      \
    "Whoever the leader itself counts as in sync holds everything below its high watermark: that is what "   \
    "the leader waits for before it moves it.")                                                              \
  X(kI7, "I7", "LeaderInIsr", kAlways, false, "hachikuji/kafka-specification, LeaderInIsr",                  \
    "a leader is a member of its ISR", "A leader belongs to the in-sync replicas of its partition.")         \
  X(kI8, "I8", "ValidHighWatermark", kAlways, false, "KIP-497, AsyncIsr.tla",                                \
    "a leader's high watermark is at most the log end of all that the controller may count as in sync",      \
    "A leader moves its high watermark only over what each replica has that the controller may count as in " \
    "sync. What lies below it must survive the leader.")                                                     \
  X(kI10, "I10", "LeaderCompleteness", kAlways, false, "KIP-966 TLA+, LeaderCompleteness",                   \
    "a leader that was elected cleanly holds every record that was made visible",                            \
    "A leader that was elected from the in-sync replicas has every record that consumers could already "     \
    "read. Elections lose nothing.")                                                                         \
  X(kI11, "I11", "CandidateCompleteness", kAlways, false, "KIP-966 TLA+, LeaderCandidateCompleteness",       \
    "every member of the controller's ISR and ELR holds every record that was made visible",                 \
    "Every replica that the controller may elect without further questions, each member of the ISR and of "  \
    "the ELR, holds all that consumers could already read. If one lacks a record, the next election can "    \
    "lose it.")                                                                                              \
  X(kI13, "I13", "AckedDurable", kAtTheEnd, true, "Jepsen, lost-write",                                      \
    "a record acknowledged with acks=all is in the final log, at its offset",                                \
    "A record that was acknowledged with acks=all stays in the log, at the offset that the producer was "    \
    "told, whatever single machines do.")                                                                    \
  X(kI14, "I14", "HighWatermarkMonotone", kAlways, false, "KIP-207, KAFKA-3978",                             \
    "the high watermark that consumers may see never goes back",                                             \
    "What was visible stays visible: the high watermark that consumers may see never goes back, also when "  \
    "the leader changes.")                                                                                   \
  X(kI15, "I15", "ConsistentRead", kAlways, true, "KIP-966 TLA+, ConsistentRead",                            \
    "a read at an offset always returns the record first made visible there",                                \
    "Whoever reads an offset, whenever and from whichever leader, gets the same record.")                    \
  X(kI16, "I16", "NoReadAbove", kAlways, true, "KIP-392, KIP-207",                                           \
    "consumers get nothing beyond the high watermark",                                                       \
    "Consumers get only what lies below the high watermark. What lies beyond it is not committed and may "   \
    "yet disappear.")                                                                                        \
  X(kI17, "I17", "FencedNotInIsr", kAlways, false, "KIP-966 TLA+, ValidControllerState",                     \
    "a broker that is fenced or shuts down leads nothing and is in no ISR, unless it is the last one "       \
    "without ELR",                                                                                           \
    "Whom the controller has fenced, or lets go, leads no partition and counts as in sync nowhere. Without " \
    "eligible leader replicas the last member of an ISR stays in it, since nobody else is known to hold "    \
    "everything.")                                                                                           \
  X(kI18, "I18", "IsrElr", kAlways, false, "KIP-966 TLA+, ValidControllerIsrAndElr",                         \
    "ISR and ELR are disjoint, an ISR that suffices leaves nobody in the ELR, an empty one no leader; who "  \
    "recovers is alone in the ISR",                                                                          \
    "The controller's two lists fit together: nobody is in the ISR and in the ELR, the ELR is needed only "  \
    "while the ISR is too small, and a partition without ISR has no leader. A leader that was chosen from "  \
    "outside both is alone in the ISR until it has recovered.")                                              \
  X(kI19, "I19", "EpochsGrow", kAlways, false, "KIP-320, KIP-497, KIP-631",                                  \
    "epochs of leaders, partitions, brokers and controllers, and metadata offsets, never go back",           \
    "Epochs and metadata offsets count up only. They are how a late message of the past is told from one "   \
    "of the present.")                                                                                       \
  X(kI20, "I20", "OneLeaderPerEpoch", kAlways, false, "KIP-101",                                             \
    "at most one broker regards itself as the leader of a leader epoch",                                     \
    "One leader epoch has one leader. Two would both take writes for the same offsets.")                     \
  X(kI21, "I21", "FetcherValid", kAlways, false, "KIP-966 TLA+, ValidFetcherState; AbstractFetcherManager",  \
    "a broker fetches a partition from one leader at most, and from nobody while it leads it",               \
    "A follower copies a partition from one leader, and a leader from nobody. Two fetchers would write to "  \
    "one log at the same time.")                                                                             \
  X(kI22, "I22", "NoUncleanWithoutConfig", kAlways, false, "KIP-966, KIP-106",                               \
    "a leader from outside ISR and ELR is chosen only where settings allow it, or as the last known leader", \
    "Whoever is neither in sync nor eligible may lack records. The controller lets it lead only where "      \
    "unclean.leader.election.enable says so, or when nobody else is left and it was the last to lead.")      \
  X(kI23, "I23", "MinIsrRespected", kAlways, true, "KIP-966, KAFKA-15583",                                   \
    "when acks=all is answered, min.insync.replicas replicas hold the record",                               \
    "An answer to acks=all says that at least min.insync.replicas replicas have the record.")                \
  X(kI24, "I24", "ReassignComplete", kAlways, false, "KIP-455, PartitionReassignmentReplicas",               \
    "a reassignment ends only with all its target replicas in the ISR, or by being taken back",              \
    "A partition moves to other brokers, and the old ones let go of it only once all the new ones are in "   \
    "sync. Until then the move can be called off.")                                                          \
  X(kI25, "I25", "TopicIdentity", kAlways, true, "KIP-516",                                                  \
    "no replica of a topic holds or serves records of another topic that had its name",                      \
    "A topic that was deleted and created again is another topic. What was in the old one never turns up "   \
    "in the new one.")                                                                                       \
  X(kI26, "I26", "ReplicasConverge", kEventually, false, "KIP-966 TLA+",                                     \
    "once faults have ended all replicas are in sync and equal",                                             \
    "Once nothing is broken any more, all replicas catch up, join the ISR and are equal.")                   \
  X(kI27, "I27", "AlterPartitionResolves", kEventually, false, "KIP-966 TLA+, KIP-497",                      \
    "no change of an ISR stays in flight",                                                                   \
    "A leader that has asked the controller for another ISR gets an answer sooner or later; until then it "  \
    "cannot ask for the next one.")                                                                          \
  X(kI28, "I28", "WriteResolves", kEventually, true, "KIP-91",                                               \
    "every send returns within delivery.timeout.ms, and succeeds once faults have ended",                    \
    "Every send returns within delivery.timeout.ms, and in a healthy cluster it succeeds.")                  \
  X(kI29, "I29", "BrokersUnfence", kEventually, false, "KIP-631",                                            \
    "every live broker is unfenced and every partition with a live candidate has a leader",                  \
    "Every broker that runs is let in by the controller, and every partition with a replica that may lead "  \
    "has a leader.")                                                                                         \
  X(kI30, "I30", "MetadataConverges", kEventually, false, "KIP-631, KIP-966 TLA+",                           \
    "all brokers have published the committed metadata log; at any time equal offsets mean equal images",    \
    "All brokers learn all that the controller has committed, and whoever knows the log up to some offset "  \
    "knows the same of the cluster.")                                                                        \
  X(kI31, "I31", "NoPhantom", kAtTheEnd, true, "KIP-98, record batch CRC",                                   \
    "every record read was sent to that partition, bit by bit",                                              \
    "Nobody reads what nobody sent: each record comes out as it went in, bit by bit.")                       \
  X(kI103, "I103", "AckMeansOffset", kAtTheEnd, true, "Jepsen, inconsistent-offsets",                        \
    "an acknowledged offset is where that record became visible",                                            \
    "The offset in an acknowledgement is the place where that record can be read.")                          \
  X(kI50, "I50", "ElectionSafety", kAlways, false, "Raft, Election Safety; KIP-595",                         \
    "an epoch of the metadata quorum has at most one leader",                                                \
    "The controllers elect one of them per epoch. Two leaders of one epoch would both decide.")              \
  X(kI51, "I51", "VoteKept", kAlways, false, "KIP-595, RaftEventSimulationTest",                             \
    "a controller's durable epoch never decreases, nor does its vote in an epoch change",                    \
    "What a controller has saved of its epoch and its vote it keeps, also through a power loss. Whoever "    \
    "votes twice in an epoch can elect two leaders.")                                                        \
  X(kI52, "I52", "MetadataCommitMonotone", kAlways, false, "KIP-595, RaftEventSimulationTest",               \
    "the high watermark of a metadata log never decreases and lies within the log",                          \
    "What a node knows to be committed in the metadata log stays committed, and the node has it.")           \
  X(kI53, "I53", "MajorityHolds", kAlways, false, "KIP-595, RaftEventSimulationTest",                        \
    "a majority of the governing voters durably holds all that is committed in the metadata log",            \
    "A decision of the controller counts once most controllers have it on their disks, so that losing any "  \
    "minority of them loses no decision.")                                                                   \
  X(kI54, "I54", "MetadataLogMatching", kAlways, false, "Raft, Log Matching; KRaft TLA+",                    \
    "metadata logs that agree at an offset and epoch agree on everything before it",                         \
    "All copies of the metadata log are prefixes of one another up to where their epochs part.")             \
  X(kI55, "I55", "MetadataLeaderCompleteness", kAlways, false, "Raft, Leader Completeness; KRaft TLA+",      \
    "a new leader of the metadata quorum holds all that is committed",                                       \
    "Whoever becomes the active controller knows all that was decided before.")                              \
  X(kI56, "I56", "MetadataCommitStable", kAlways, false, "Raft, State Machine Safety; KRaft TLA+",           \
    "a committed metadata record never differs between nodes, nor changes",                                  \
    "A decision that one node acts on is the decision that all nodes act on.")                               \
  X(kI57, "I57", "SnapshotAtStart", kAlways, false, "KIP-630, RaftEventSimulationTest",                      \
    "where a metadata log begins later than 0, a snapshot ends",                                             \
    "A controller forgets the beginning of its log only when a snapshot says what that beginning came to.")  \
  X(kI58, "I58", "SnapshotEquivalence", kAlways, false, "KIP-630; KRaft TLA+",                               \
    "a snapshot is what the log before it adds up to, on every node",                                        \
    "It makes no difference whether a node has read the whole log or a snapshot and the rest.")              \
  X(kI59, "I59", "OneReconfiguration", kAlways, false, "KIP-853; Ongaro 2015",                               \
    "voters change one at a time, and not before a record of the leader's epoch is committed",               \
    "The set of controllers that vote changes in single steps, each committed before the next. Otherwise "   \
    "two majorities need not overlap.")                                                                      \
  X(kI60, "I60", "ValidRoles", kAlways, false, "KIP-595; KRaft TLA+, StatesMatchRoles",                      \
    "only voters stand for election, roles agree with what is saved, and nobody leads an epoch twice",       \
    "A controller's role follows from what it has saved. After a restart it never leads the epoch that it "  \
    "led before, for it may have lost what it wrote then.")                                                  \
  X(kI61, "I61", "LeaderEmerges", kEventually, false, "KIP-595, KIP-996; KRaft TLA+",                        \
    "once faults have ended the controllers that run agree on a leader",                                     \
    "As long as most controllers run and reach each other, one of them is active and the others follow it.") \
  X(kI62, "I62", "DecisionsResolve", kEventually, false, "KRaft TLA+, ValuesEventuallyAcked",                \
    "every request to the controllers is answered once faults have ended",                                   \
    "Whoever asks the controllers to change something hears sooner or later what became of it.")             \
  X(kI63, "I63", "ReconfigurationResolves", kEventually, false, "KIP-853; KRaft TLA+",                       \
    "a change of the voters commits or is undone",                                                           \
    "A change of the set of controllers is not left halfway.")                                               \
  X(kI64, "I64", "NoProspectiveTrap", kEventually, false, "KIP-996; KRaft TLA+",                             \
    "no controller goes on asking for votes while there is a leader",                                        \
    "A controller that asks whether it would be elected gives up when somebody else leads.")                 \
  X(kI65, "I65", "MetadataEquality", kAlways, false, "Raft, State Machine Safety; KRaft TLA+",               \
    "controllers that have applied the metadata log up to one offset are identical",                         \
    "What a controller decides by is what the log says, and nothing else. Whoever becomes the active one "   \
    "therefore goes on where the last one stopped.")                                                         \
  X(kI66, "I66", "MajorityFetches", kAlways, false, "KAFKA-15489, KIP-835",                                  \
    "no leader of the quorum leads on for long without fetches from a majority",                             \
    "An active controller that most others cannot reach steps down, so that brokers do not stay with it.")   \
  X(kJ1, "J1", "inconsistent-offsets", kAtTheEnd, true, "jepsen.tests.kafka",                                \
    "clients see one record at one offset", "All clients that look at one offset see one record there.")     \
  X(kJ2, "J2", "duplicate", kAtTheEnd, true, "jepsen.tests.kafka",                                           \
    "with idempotence clients see one record at one offset only",                                            \
    "An idempotent producer's record stands in the log once, however often it was sent again.")              \
  X(kJ3, "J3", "lost-write", kAtTheEnd, true, "jepsen.tests.kafka",                                          \
    "no reader passes over an acknowledged record that nobody ever reads",                                   \
    "No reader passes over an acknowledged record without seeing it.")                                       \
  X(kJ9, "J9", "poll-skip", kAtTheEnd, true, "jepsen.tests.kafka",                                           \
    "a reader neither goes back nor skips a visible record",                                                 \
    "A reader that just reads on neither goes back nor skips what is visible.")                              \
  X(kJ10, "J10", "nonmonotonic-send", kAtTheEnd, true, "jepsen.tests.kafka",                                 \
    "with one request in flight, offsets grow in the order of sending",                                      \
    "A producer with one request in flight has its records in the log in the order in which it sent them.")  \
  X(kJ11, "J11", "unseen", kAtTheEnd, true, "jepsen.tests.kafka",                                            \
    "final polls to the end return every acknowledged record",                                               \
    "Whoever reads to the end sees every acknowledged record.")                                              \
  X(kConservation, "H7", "Conservation", kAtTheEnd, false, "harness",                                        \
    "every message that was sent has arrived, was dropped, or is under way",                                 \
    "No message vanishes in the simulated network, and none comes from nowhere. A violation is a bug of "    \
    "the simulator, not of the cluster.")                                                                    \
  X(kFamilies, "H-families", "FamiliesAgree", kAtTheEnd, false, "harness",                                   \
    "the oracles that see brokers and those that see clients only say the same where they must",             \
    "What was lost is judged twice: by looking into the brokers, and by what clients were told. Where one "  \
    "verdict must follow from the other and does not, an oracle is wrong, or readers missed what was "       \
    "there.")                                                                                                \
  X(kShadow, "H-shadow", "Shadow", kAlways, false, "harness",                                                \
    "the checkers' picture of logs and metadata agrees with the cluster",                                    \
    "No promise of Kafka's: the checkers' picture of logs and metadata is wrong, so that a check cannot be " \
    "trusted. This is a bug of the simulator.")

enum class Invariant : std::uint8_t {
#define X(constant, ...) constant,
  ODRADEK_INVARIANTS(X)
#undef X
};

struct InvariantInfo {
  std::string_view id;
  std::string_view name;
  Mood mood;
  bool client_visible;
  std::string_view source;
  std::string_view doc;
  std::string_view promise;  ///< what it means, in plain words
};

/// In the order of the enumeration.
[[nodiscard]] std::span<const InvariantInfo> invariants();
[[nodiscard]] const InvariantInfo& info_of(Invariant invariant);
/// Absent for what the harness says by itself, such as "ENSURE".
[[nodiscard]] const InvariantInfo* find_invariant(std::string_view id);

}  // namespace odradek::sim
