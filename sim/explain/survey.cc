#include <algorithm>
#include <set>

#include "sim/explain/beats.h"

namespace odradek::sim {
namespace {

/// The record's life, by places in the chronicle.
class Biography {
 public:
  Biography(const Chronicle& chronicle, const Subject& subject) : picture_(subject.tp) {
    for (std::uint32_t i = 0; i < chronicle.happenings.size(); ++i) {
      const Happening& happening = chronicle.happenings[i];
      if (const auto* change = event_in<io::ChangePartition>(happening);
          change != nullptr && change->tp == subject.tp)
        note_change(*change, i);
      const auto append = event_in<io::AppendLog>(happening);
      const bool written = append != nullptr && append->tp == subject.tp && append->as_leader &&
                           subject.offset && append->base <= *subject.offset && *subject.offset < append->end;
      if (written && !first_written_) {
        first_written_ = i;
        first_epoch_ = append->leader_epoch;
      }
      note_promise(happening, subject);
      picture_.apply(chronicle, happening);
      if (written && !candidate_) candidate_ = static_cast<std::uint32_t>(picture_.origins().size() - 1);
      if (!promised_) continue;
      const bool held = !picture_.holders(*promised_).empty();
      if (had_ && !held) gone_ = i;
      had_ = held;
    }
    if (!promised_ && candidate_) promised_ = Record{.offset = *subject.offset, .origin = *candidate_};
  }

  [[nodiscard]] const std::optional<Record>& record() const { return promised_; }
  /// Where its last copy went; absent while there is one.
  [[nodiscard]] std::optional<std::uint32_t> gone() const { return had_ ? std::nullopt : gone_; }
  [[nodiscard]] const Picture& picture() const { return picture_; }

  struct Beginning {
    std::uint32_t from = 0;
    std::uint32_t context = 0;
  };
  /// The story begins with the election of whoever wrote first at the offset, and goes on where he wrote, or
  /// where the ISR that he had then began to shrink.
  [[nodiscard]] Beginning beginning() const {
    if (!first_written_) return {.from = created_.value_or(0), .context = created_.value_or(0)};
    Beginning found{.from = *first_written_, .context = *first_written_};
    std::optional<std::uint32_t> shrinking;
    for (const Change& change : changes_) {
      if (change.place > *first_written_) break;
      if (change.elects && change.epoch == first_epoch_) found.from = change.place;
      if (change.complete) {
        shrinking.reset();
      } else if (!shrinking) {
        shrinking = change.place;
      }
    }
    found.context = shrinking.value_or(found.context);
    found.from = std::min(found.from, found.context);
    return found;
  }

 private:
  struct Change {
    std::uint32_t place = 0;
    LeaderEpoch epoch;
    bool elects = false;
    bool complete = false;
  };

  void note_change(const io::ChangePartition& change, std::uint32_t place) {
    if (!picture_.is_news(change)) return;
    if (!created_) created_ = place;
    changes_.push_back(
        {.place = place,
         .epoch = change.leader_epoch,
         .elects = !picture_.committed() || change.leader_epoch != picture_.committed()->leader_epoch,
         .complete = change.isr.size() == change.replicas.size()});
  }

  /// The first record at the offset that was acknowledged or became visible is the one that must stay.
  void note_promise(const Happening& happening, const Subject& subject) {
    if (promised_ || !subject.offset) return;
    const auto* advanced = event_in<io::AdvanceHighWatermark>(happening);
    const auto* acked = event_in<io::AckProduce>(happening);
    const bool committed = advanced != nullptr && advanced->tp == subject.tp && advanced->as_leader &&
                           advanced->from <= *subject.offset && *subject.offset < advanced->to;
    const bool answered = acked != nullptr && acked->acks != 0 && acked->tp == subject.tp &&
                          acked->base <= *subject.offset && *subject.offset < acked->end;
    if (!committed && !answered) return;
    const auto origin = picture_.replica(happening.node).origin_at(*subject.offset);
    if (origin) promised_ = Record{.offset = *subject.offset, .origin = *origin};
  }

  Picture picture_;
  std::vector<Change> changes_;
  std::optional<std::uint32_t> created_;
  std::optional<std::uint32_t> first_written_;
  LeaderEpoch first_epoch_;
  std::optional<std::uint32_t> candidate_;  ///< the origin of what was first written there
  std::optional<Record> promised_;
  std::optional<std::uint32_t> gone_;
  bool had_ = false;
};

std::vector<NodeId> actors_of(const Chronicle& chronicle, const Picture& picture) {
  if (!picture.committed()) return {};
  std::vector<NodeId> actors = picture.committed()->replicas;
  std::set<NodeId> controllers;
  for (const Happening& happening : chronicle.happenings) {
    if (event_in<io::ChangePartition>(happening) != nullptr) controllers.insert(happening.node);
  }
  actors.insert(actors.end(), controllers.begin(), controllers.end());
  return actors;
}

}  // namespace

bool waits_for_the_end(const Violation& violation, const Chronicle& chronicle) {
  return violation.event >= chronicle.steps.size();
}

std::uint32_t place_at(const Chronicle& chronicle, Instant at, std::uint64_t step) {
  std::uint32_t place = 0;
  for (std::uint32_t i = 0; i < chronicle.happenings.size(); ++i) {
    const Happening& happening = chronicle.happenings[i];
    if (happening.at <= at && happening.step <= step) place = i;
  }
  return place;
}

Survey survey_of(const Chronicle& chronicle, const Subject& subject) {
  const Biography life(chronicle, subject);
  Survey survey{.record = life.record(),
                .actors = actors_of(chronicle, life.picture()),
                .from = life.beginning().from,
                .context = life.beginning().context,
                .until = life.gone().value_or(0),
                .gone = life.gone()};
  for (const Violation& finding : subject.findings) {
    const bool first = &finding == &subject.findings.front();
    const bool seen = finding.client_visible && !waits_for_the_end(finding, chronicle);
    if ((first && !(waits_for_the_end(finding, chronicle) && life.gone())) || seen)
      survey.until = std::max(survey.until, place_at(chronicle, finding.at, finding.event));
    if (seen) break;
  }
  if (!subject.permitted.empty() && survey.until == 0)
    survey.until = place_at(chronicle, subject.permitted.front().at, chronicle.steps.size());
  survey.from = std::min(survey.from, survey.until);
  survey.context = std::min(survey.context, survey.until);
  return survey;
}

}  // namespace odradek::sim
