// How a slice finds its beats: first the record in question and the stretch of the chronicle that matters,
// then what in that stretch is about them. Internal to slice.h.
#pragma once

#include <optional>
#include <vector>

#include "sim/explain/slice.h"

namespace odradek::sim {

/// What a slice is about, and between which places of the chronicle it lies.
struct Survey {
  std::optional<Record> record;
  std::vector<NodeId> actors;         ///< the partition's replicas and the controllers; empty: everybody
  std::uint32_t from = 0;             ///< the election of whoever wrote first at the offset
  std::uint32_t context = 0;          ///< from here on everything may matter; between the two nothing does
  std::uint32_t until = 0;            ///< the last one
  std::optional<std::uint32_t> gone;  ///< where the record's last copy went
  std::optional<Entry> decision;      ///< of the metadata quorum

  FIELDS(record, actors, from, context, until, gone, decision)
  friend bool operator==(const Survey&, const Survey&) = default;
};

/// The last place of the chronicle that is not after this moment.
[[nodiscard]] std::uint32_t place_at(const Chronicle& chronicle, Instant at, std::uint64_t step);

[[nodiscard]] Survey survey_of(const Chronicle& chronicle, const Subject& subject);

[[nodiscard]] std::vector<Beat> beats_between(const Chronicle& chronicle, const Subject& subject,
                                              const Survey& survey);

// The same for a finding about the metadata quorum.
[[nodiscard]] Survey quorum_survey_of(const Chronicle& chronicle, const Subject& subject);
[[nodiscard]] std::vector<Beat> quorum_beats_between(const Chronicle& chronicle, const Subject& subject,
                                                     const Survey& survey);

/// Places in Subject::findings, ascending: the earliest, the next ones inside the cluster unless they only
/// repeat it, and the first that clients saw.
[[nodiscard]] std::vector<std::uint32_t> findings_told(const Subject& subject);
/// It was found by looking back over the whole run.
[[nodiscard]] bool waits_for_the_end(const Violation& violation, const Chronicle& chronicle);
/// Puts these findings among the beats, where they were seen.
void insert_findings(const Chronicle& chronicle, const Subject& subject,
                     const std::vector<std::uint32_t>& told, std::vector<Beat>& beats);

/// What a fault kept waiting between nodes.
struct Delay {
  std::uint64_t messages = 0;
  std::uint64_t lost = 0;               ///< of these, what never arrived
  std::optional<Instant> last_arrival;  ///< of the rest

  FIELDS(messages, lost, last_arrival)
  friend bool operator==(const Delay&, const Delay&) = default;
};
/// Of what was sent between `actors` (all if none are given) from `since` on.
[[nodiscard]] Delay delay_by(const Chronicle& chronicle, std::uint32_t struck,
                             const std::vector<NodeId>& actors, Instant since = Instant());

/// By itself such a fault rarely decides anything.
[[nodiscard]] bool is_mild(const Fault& fault);

/// The place where the fault that struck there ends; absent if it never does.
[[nodiscard]] std::optional<std::uint32_t> end_of_fault(const Chronicle& chronicle, std::uint32_t struck);

}  // namespace odradek::sim
