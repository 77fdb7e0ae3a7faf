// Slice: of all that happened in a run, what led to one finding.
//
// It starts from the partition and the record that the finding is about. Kept are the record's own life on
// every replica, whatever else stood at its offset, who was elected and why anybody could think they were in
// sync; and of the faults those that killed a replica or kept a message between the partition's nodes
// waiting. What remains is ordered as it happened, and each beat knows the earlier ones that it follows from.
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
  std::optional<Offset> offset;       ///< of the record; absent: no record in particular
  std::vector<Violation> findings;    ///< those on this partition, the earliest first; empty if none
  std::vector<Permission> permitted;  ///< when nothing was violated: losses on this partition

  FIELDS(tp, offset, findings, permitted)
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
  kFound     ///< a check failed
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
  std::vector<std::uint32_t> follows;   ///< earlier beats, ascending

  FIELDS(kind, happening, finding, messages, lost, last_arrival, aside, merged, also, follows)
  friend bool operator==(const Beat&, const Beat&) = default;
};

struct Slice {
  std::optional<Record> record;  ///< the one that was promised, if it is known
  std::vector<Beat> beats;

  FIELDS(record, beats)
  friend bool operator==(const Slice&, const Slice&) = default;
};

/// At most about `beats_max` beats: the less a kind of beat tells, the sooner it is left out.
[[nodiscard]] Slice slice(const Chronicle& chronicle, const Subject& subject, std::uint32_t beats_max = 25);

}  // namespace odradek::sim
