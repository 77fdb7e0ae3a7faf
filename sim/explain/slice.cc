#include "sim/explain/slice.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <utility>

#include "sim/checkers/registry.h"
#include "sim/explain/beats.h"

namespace odradek::sim {
namespace {

bool is_about(const TopicPartition& tp, const OffsetRange& records, const TopicPartition& subject) {
  return tp == subject && records.begin < records.end;
}

/// It is about the controllers as voters and what they write down, and not about any partition.
bool is_of_quorum(const Violation& violation) {
  using enum Invariant;
  constexpr std::array kOfQuorum = {kI50, kI51, kI52, kI53, kI54, kI55, kI56, kI57,
                                    kI58, kI59, kI60, kI61, kI63, kI64, kI66};
  return violation.tp == TopicPartition() &&
         std::ranges::any_of(kOfQuorum, [&violation](Invariant invariant) {
           return info_of(invariant).id == violation.invariant;
         });
}

/// How much a beat tells.
std::uint32_t weight(const Beat& beat) {
  if (beat.aside) return 40;
  switch (beat.kind) {
    case BeatKind::kFound: return 100;
    case BeatKind::kWritten:
    case BeatKind::kCommitted:
    case BeatKind::kAcked:
    case BeatKind::kCut: return 90;
    case BeatKind::kElected: return 85;
    case BeatKind::kGivenUp: return 84;
    case BeatKind::kDied: return 80;
    case BeatKind::kCopied:
    case BeatKind::kDiverged: return 75;
    case BeatKind::kFault: return beat.messages == 0 ? 78 : 65;
    case BeatKind::kInSync: return 82;
    case BeatKind::kBack:
    case BeatKind::kRead:
    case BeatKind::kFenced: return 50;
    case BeatKind::kLeads: return 45;
    case BeatKind::kOver: return 30;
    case BeatKind::kFaultEnds: return 20;
    case BeatKind::kVoters: return 92;
    case BeatKind::kEntry:
    case BeatKind::kEntryCommitted:
    case BeatKind::kEntryCut: return 90;
    case BeatKind::kLeadsQuorum: return 88;
    case BeatKind::kActedOn: return 84;
    case BeatKind::kVote: return 80;
    case BeatKind::kReturns: return 76;
    case BeatKind::kEntryCopied: return 75;
    case BeatKind::kResigns: return 70;
    case BeatKind::kStands: return 60;
    case BeatKind::kSnapshot: return 45;
  }
  return 0;
}

/// Changes of ISR and ELR with nothing between them are one beat.
void merge(std::vector<Beat>& beats) {
  std::vector<Beat> merged;
  for (Beat& beat : beats) {
    const bool joins =
        beat.kind == BeatKind::kInSync && !merged.empty() && merged.back().kind == BeatKind::kInSync;
    if (!joins) {
      merged.push_back(std::move(beat));
      continue;
    }
    Beat& before = merged.back();
    if (!before.also) before.also = before.happening;
    before.happening = beat.happening;
    before.merged += beat.merged + 1;  // it may be several itself: what lay between is gone
    before.aside = before.aside && beat.aside;
  }
  beats = std::move(merged);
}

/// The one that tells least: of several the earliest, for what is late is nearer to the end of the story; but
/// of faults the last, for what is early has had more consequences.
std::vector<Beat>::iterator least_telling(std::vector<Beat>& beats) {
  const auto earliest = std::ranges::min_element(beats, {}, weight);
  if (earliest->kind != BeatKind::kFault) return earliest;
  const auto last = std::ranges::find_if(beats.rbegin(), beats.rend(), [&earliest](const Beat& beat) {
    return beat.kind == BeatKind::kFault && weight(beat) == weight(*earliest);
  });
  return std::prev(last.base());
}

/// What tells least is left out first; what tells little, as soon as there are more beats than one likes to
/// hear.
void thin_out(std::vector<Beat>& beats, std::uint32_t beats_max) {
  constexpr std::uint32_t kComfortable = 18;
  constexpr std::uint32_t kLittle = 45;
  while (beats.size() > std::min(beats_max, kComfortable)) {
    const auto least = least_telling(beats);
    const bool stays = beats.size() <= beats_max && weight(*least) >= kLittle;
    if (stays || least->kind == BeatKind::kFound) return;
    beats.erase(least);
    merge(beats);
  }
}

/// Joins each beat with the earlier ones that its step goes back to: through the message, timer or fsync that
/// made the node take it, and through what the same node did in the same step.
void link(const Chronicle& chronicle, std::vector<Beat>& beats) {
  constexpr std::uint32_t kFarthest = 12;  // steps; what is farther away has other causes as well
  std::map<std::uint64_t, std::vector<std::uint32_t>> at_step;
  for (std::uint32_t i = 0; i < beats.size(); ++i) {
    Beat& beat = beats[i];
    const Happening& happening = chronicle.happenings[beat.happening];
    if (beat.kind == BeatKind::kFound) {
      if (i > 0) beat.follows = {i - 1};
      continue;
    }
    if (!std::holds_alternative<io::Event>(happening.what)) continue;
    std::uint64_t step = happening.step;
    for (std::uint32_t hop = 0; step != 0 && hop < kFarthest; ++hop) {
      const auto found = at_step.find(step);
      if (found != at_step.end()) {
        beat.follows = {found->second.back()};
        break;
      }
      step = chronicle.step(step).cause;
    }
    at_step[happening.step].push_back(i);
  }
}

}  // namespace

std::optional<Subject> subject_of(const RunResult& result) {
  if (!result.violations.empty()) {
    Subject subject{.tp = result.violations.front().tp, .quorum = is_of_quorum(result.violations.front())};
    for (const Violation& violation : result.violations) {
      if (violation.tp != subject.tp) continue;
      subject.findings.push_back(violation);
      if (!subject.offset && is_about(violation.tp, violation.records, subject.tp))
        subject.offset = violation.records.begin;
    }
    return subject;
  }
  if (result.permitted.empty()) return std::nullopt;
  const auto of_records = std::ranges::find_if(
      result.permitted, [](const Permission& p) { return is_about(p.tp, {p.begin, p.end}, p.tp); });
  const Permission& told = of_records != result.permitted.end() ? *of_records : result.permitted.front();
  Subject subject{.tp = told.tp};
  if (told.begin < told.end) subject.offset = told.begin;
  for (const Permission& permission : result.permitted) {
    if (permission.tp == told.tp) subject.permitted.push_back(permission);
  }
  return subject;
}

Slice slice(const Chronicle& chronicle, const Subject& subject, std::uint32_t beats_max) {
  const Survey survey = subject.quorum ? quorum_survey_of(chronicle, subject) : survey_of(chronicle, subject);
  Slice result{.record = survey.record,
               .decision = survey.decision,
               .beats = subject.quorum ? quorum_beats_between(chronicle, subject, survey)
                                       : beats_between(chronicle, subject, survey)};
  merge(result.beats);
  thin_out(result.beats, beats_max);
  link(chronicle, result.beats);
  return result;
}

}  // namespace odradek::sim
