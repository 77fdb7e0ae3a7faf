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

// X(constant, id, name, mood, client-visible, source, doc)
#define ODRADEK_INVARIANTS(X)                                                                           \
  X(kI1, "I1", "OffsetOrder", kAlways, false, "UnifiedLog", "log start <= high watermark <= log end")   \
  X(kI2, "I2", "LogShape", kAlways, false, "KIP-98, record batch v2",                                   \
    "the offsets of a log are dense and ascending")                                                     \
  X(kI3, "I3", "EpochMonotone", kAlways, false, "KIP-101, LeaderEpochFileCache",                        \
    "leader epochs never decrease along a log, and its epoch cache agrees with it")                     \
  X(kI4, "I4", "EpochOffsetUnique", kAlways, false, "hachikuji/kafka-specification",                    \
    "one (leader epoch, offset) is written by one leader, with one payload")                            \
  X(kI5, "I5", "LogMatching", kAlways, false, "KIP-966 TLA+, LogMatching",                              \
    "below their high watermarks all replicas hold the records that were made visible")                 \
  X(kI5Prefix, "I5'", "PrefixByEpoch", kAlways, false, "Raft, Log Matching",                            \
    "logs that agree on the epoch at an offset agree on everything before it")                          \
  X(kI6, "I6", "StrongIsr", kAlways, false, "hachikuji/kafka-specification, StrongIsr",                 \
    "the controller's ISR holds every record below the leader's high watermark")                        \
  X(kI6Weak, "I6w", "WeakIsr", kAlways, false, "hachikuji/kafka-specification, WeakIsr",                \
    "the leader's own ISR holds every record below its high watermark")                                 \
  X(kI7, "I7", "LeaderInIsr", kAlways, false, "hachikuji/kafka-specification, LeaderInIsr",             \
    "a leader is a member of its ISR")                                                                  \
  X(kI8, "I8", "ValidHighWatermark", kAlways, false, "KIP-497, AsyncIsr.tla",                           \
    "a leader's high watermark is at most the log end of all that the controller may count as in sync") \
  X(kI10, "I10", "LeaderCompleteness", kAlways, false, "KIP-966 TLA+, LeaderCompleteness",              \
    "a leader that was elected cleanly holds every record that was made visible")                       \
  X(kI11, "I11", "CandidateCompleteness", kAlways, false, "KIP-966 TLA+, LeaderCandidateCompleteness",  \
    "every member of the controller's ISR and ELR holds every record that was made visible")            \
  X(kI13, "I13", "AckedDurable", kAtTheEnd, true, "Jepsen, lost-write",                                 \
    "a record acknowledged with acks=all is in the final log, at its offset")                           \
  X(kI14, "I14", "HighWatermarkMonotone", kAlways, false, "KIP-207, KAFKA-3978",                        \
    "the high watermark that consumers may see never goes back")                                        \
  X(kI15, "I15", "ConsistentRead", kAlways, true, "KIP-966 TLA+, ConsistentRead",                       \
    "a read at an offset always returns the record first made visible there")                           \
  X(kI16, "I16", "NoReadAbove", kAlways, true, "KIP-392, KIP-207",                                      \
    "consumers get nothing beyond the high watermark")                                                  \
  X(kI18, "I18", "IsrElr", kAlways, false, "KIP-966 TLA+, ValidControllerIsrAndElr",                    \
    "ISR and ELR are disjoint, an ISR that suffices leaves nobody in the ELR, an empty one no leader")  \
  X(kI19, "I19", "EpochsGrow", kAlways, false, "KIP-320, KIP-497, KIP-631",                             \
    "epochs of leaders, partitions, brokers and controllers, and metadata offsets, never go back")      \
  X(kI20, "I20", "OneLeaderPerEpoch", kAlways, false, "KIP-101",                                        \
    "at most one broker regards itself as the leader of a leader epoch")                                \
  X(kI23, "I23", "MinIsrRespected", kAlways, true, "KIP-966, KAFKA-15583",                              \
    "when acks=all is answered, min.insync.replicas replicas hold the record")                          \
  X(kI26, "I26", "ReplicasConverge", kEventually, false, "KIP-966 TLA+",                                \
    "once faults have ended all replicas are in sync and equal")                                        \
  X(kI27, "I27", "AlterPartitionResolves", kEventually, false, "KIP-966 TLA+, KIP-497",                 \
    "no change of an ISR stays in flight")                                                              \
  X(kI28, "I28", "WriteResolves", kEventually, true, "KIP-91",                                          \
    "every send returns within delivery.timeout.ms, and succeeds once faults have ended")               \
  X(kI29, "I29", "BrokersUnfence", kEventually, false, "KIP-631",                                       \
    "every live broker is unfenced and every partition with a live candidate has a leader")             \
  X(kI30, "I30", "MetadataConverges", kEventually, false, "KIP-631, KIP-966 TLA+",                      \
    "all brokers have published the whole committed metadata log")                                      \
  X(kI31, "I31", "NoPhantom", kAtTheEnd, true, "KIP-98, record batch CRC",                              \
    "every record read was sent to that partition, bit by bit")                                         \
  X(kI103, "I103", "AckMeansOffset", kAtTheEnd, true, "Jepsen, inconsistent-offsets",                   \
    "an acknowledged offset is where that record became visible")                                       \
  X(kJ1, "J1", "inconsistent-offsets", kAtTheEnd, true, "jepsen.tests.kafka",                           \
    "clients see one record at one offset")                                                             \
  X(kJ2, "J2", "duplicate", kAtTheEnd, true, "jepsen.tests.kafka",                                      \
    "with idempotence clients see one record at one offset only")                                       \
  X(kJ3, "J3", "lost-write", kAtTheEnd, true, "jepsen.tests.kafka",                                     \
    "no reader passes over an acknowledged record that nobody ever reads")                              \
  X(kJ9, "J9", "poll-skip", kAtTheEnd, true, "jepsen.tests.kafka",                                      \
    "a reader neither goes back nor skips a visible record")                                            \
  X(kJ10, "J10", "nonmonotonic-send", kAtTheEnd, true, "jepsen.tests.kafka",                            \
    "with one request in flight, offsets grow in the order of sending")                                 \
  X(kJ11, "J11", "unseen", kAtTheEnd, true, "jepsen.tests.kafka",                                       \
    "final polls to the end return every acknowledged record")                                          \
  X(kShadow, "H-shadow", "Shadow", kAlways, false, "harness",                                           \
    "the checkers' picture of logs and metadata agrees with the cluster")

enum class Invariant : std::uint8_t {
#define X(constant, id, name, mood, visible, source, doc) constant,
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
};

/// In the order of the enumeration.
[[nodiscard]] std::span<const InvariantInfo> invariants();
[[nodiscard]] const InvariantInfo& info_of(Invariant invariant);

}  // namespace odradek::sim
