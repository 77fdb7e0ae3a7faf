// Slice: of all that happened in a run, what led to one finding.
//
// It starts from the partition and the record that the finding is about. Kept are the record's own life on
// every replica, whatever else stood at its offset, who was elected and why anybody could think they were in
// sync; and of the faults those that killed a replica or kept a message between the partition's nodes
// waiting. What remains is ordered as it happened, and each beat knows the earlier ones that it follows from.
//
// A finding about the metadata quorum has a decision in place of the record: what was committed in the
// metadata log and did not stay. Kept are its life in the logs of the controllers, and who was elected by
// whom since the first leader of an epoch that the logs do not agree about.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/explain/chronicle.h"
#include "sim/explain/picture.h"
#include "sim/search/result.h"

namespace odradek::sim {

/// What is to be explained: a violation, or a loss that a setting permits.
struct Subject {
  TopicPartition tp;                  ///< default: no partition in particular
  bool quorum = false;                ///< it is the metadata quorum's
  std::optional<Offset> offset;       ///< of the record; absent: no record in particular
  std::vector<Violation> findings;    ///< those on this partition, the earliest first; empty if none
  std::vector<Permission> permitted;  ///< when nothing was violated: losses on this partition

  FIELDS(tp, quorum, offset, findings, permitted)
  friend bool operator==(const Subject&, const Subject&) = default;
};

/// The earliest violation and what else was seen on its partition; else the first loss that was permitted.
[[nodiscard]] std::optional<Subject> subject_of(const RunResult& result);

enum class BeatKind : std::uint8_t {
  kWritten,    ///< a leader appended at the offset
  kCopied,     ///< a follower fetched what stands at the offset
  kCommitted,  ///< a leader's high watermark passed the offset
  kAcked,      ///< the producer was told of success
  kRead,       ///< a consumer got it
  kCut,        ///< a log lost what stood at the offset
  kDiverged,   ///< a leader told a follower that their logs part
  kElected,    ///< the controller changed the leader
  kLeads,      ///< a broker took over
  kInSync,     ///< the controller changed ISR or ELR
  kFenced,     ///< the controller shut a broker out; where no partition is meant
  kFault,      ///< a fault struck
  kFaultEnds,
  kDied,
  kBack,     ///< a replica's log was opened again
  kGivenUp,  ///< a broker deleted its replica
  kOver,     ///< all faults have ended
  kFound,    ///< a check failed
  // Of the metadata quorum:
  kStands,          ///< a voter stands for election
  kVote,            ///< a voter votes for another
  kLeadsQuorum,     ///< it is elected
  kResigns,         ///< a leader gives up
  kVoters,          ///< a leader changes the set of voters
  kEntry,           ///< a leader appends at the decision's offset
  kEntryCopied,     ///< another voter has the decision
  kEntryCommitted,  ///< a leader's high watermark passes the decision's offset
  kActedOn,         ///< a broker acts on the decision
  kEntryCut,        ///< a metadata log loses the decision
  kReturns,         ///< a controller was started again
  kSnapshot         ///< a controller writes or loads a snapshot
};

struct Beat {
  BeatKind kind{};
  std::uint32_t happening = 0;          ///< place in the chronicle; for kFound, what came last before it
  std::uint32_t finding = 0;            ///< kFound: place in Subject::findings
  std::uint64_t messages = 0;           ///< kFault: what it kept waiting between the partition's nodes
  std::uint64_t lost = 0;               ///< kFault: of these, what never arrived
  std::optional<Instant> last_arrival;  ///< kFault: of the rest
  bool aside = false;                   ///< it tells less than others of its kind
  std::uint32_t merged = 0;             ///< kInSync: further changes, told as one
  std::optional<std::uint32_t> also;    ///< kElected: the taking over; kInSync: the first of the merged
  std::vector<std::uint32_t> parts;     ///< kVote, kLeadsQuorum: candidacy and votes that are told with it;
                                        ///< kFenced: further brokers
  std::vector<std::uint32_t> follows;   ///< earlier beats, ascending

  FIELDS(kind, happening, finding, messages, lost, last_arrival, aside, merged, also, parts, follows)
  friend bool operator==(const Beat&, const Beat&) = default;
};

struct Slice {
  std::optional<Record> record;   ///< the one that was promised, if it is known
  std::optional<Entry> decision;  ///< of the metadata quorum: what was committed and did not stay
  std::vector<Beat> beats;

  FIELDS(record, decision, beats)
  friend bool operator==(const Slice&, const Slice&) = default;
};

/// At most about `beats_max` beats: the less a kind of beat tells, the sooner it is left out.
[[nodiscard]] Slice slice(const Chronicle& chronicle, const Subject& subject, std::uint32_t beats_max = 25);

}  // namespace odradek::sim
