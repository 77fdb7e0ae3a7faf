#include "sim/explain/narrator.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/explain/words.h"

namespace odradek::sim {
namespace {

/// After these a reader wants to know where the logs stand.
bool changes_logs(const StoryStep& step) {
  switch (step.kind) {
    case BeatKind::kWritten:
    case BeatKind::kCopied:
    case BeatKind::kCommitted:
    case BeatKind::kCut:
    case BeatKind::kElected:
    case BeatKind::kLeads:
    case BeatKind::kDied:
    case BeatKind::kBack:
    case BeatKind::kGivenUp:
    case BeatKind::kLeadsQuorum:
    case BeatKind::kVoters:
    case BeatKind::kEntry:
    case BeatKind::kEntryCommitted:
    case BeatKind::kEntryCut:
    case BeatKind::kReturns: return true;
    case BeatKind::kFault: return !step.who.empty();
    case BeatKind::kAcked:
    case BeatKind::kRead:
    case BeatKind::kDiverged:
    case BeatKind::kInSync:
    case BeatKind::kFenced:
    case BeatKind::kFaultEnds:
    case BeatKind::kOver:
    case BeatKind::kFound:
    case BeatKind::kStands:
    case BeatKind::kVote:
    case BeatKind::kResigns:
    case BeatKind::kEntryCopied:
    case BeatKind::kActedOn:
    case BeatKind::kSnapshot: return false;
  }
  return false;
}

}  // namespace

Narrator::Narrator(const Chronicle& chronicle, const Subject& subject, const Slice& slice,
                   const Scenario& scenario)
    : chronicle_(chronicle),
      subject_(subject),
      slice_(slice),
      scenario_(scenario),
      before_(subject.tp),
      after_(subject.tp) {}

std::vector<StoryStep> Narrator::steps() {
  std::vector<StoryStep> steps;
  for (std::uint32_t i = 0; i < slice_.beats.size(); ++i) {
    const Beat& beat = slice_.beats[i];
    advance(beat.happening);
    if (next_ == beat.happening) {
      before_ = after_;
      quorum_before_ = quorum_;
      advance(beat.happening + 1);
      if (subject_.quorum) advance_through(at(beat.happening));
    }
    steps.push_back(tell(beat));
    const std::uint32_t later = i + 1 < slice_.beats.size() ? slice_.beats[i + 1].happening : ~0U;
    if (beat.kind == BeatKind::kElected && beat.also && *beat.also < later) advance(*beat.also + 1);
    while (beat.kind == BeatKind::kFault && next_ < chronicle_.happenings.size() &&
           std::holds_alternative<NodeDied>(at(next_).what)) {
      advance(next_ + 1);
    }
    if (changes_logs(steps.back())) steps.back().logs = logs();
  }
  return steps;
}

/// Up to this place, and without it.
void Narrator::advance(std::uint32_t place) {
  for (; next_ < place; ++next_) {
    after_.apply(chronicle_, at(next_));
    if (subject_.quorum) quorum_.apply(at(next_));
  }
}

/// To the end of this step of a node, where it is seen what it has made of the metadata log.
void Narrator::advance_through(const Happening& step) {
  const auto is_same = [&step](const Happening& other) {
    const bool emitted =
        std::holds_alternative<io::Event>(other.what) || std::holds_alternative<MetadataSeen>(other.what);
    return emitted && other.step == step.step && other.node == step.node;
  };
  if (!is_same(step)) return;
  while (next_ < chronicle_.happenings.size() && is_same(at(next_))) advance(next_ + 1);
}

StoryStep Narrator::tell(const Beat& beat) {
  const Happening& happening = at(beat.happening);
  StoryStep step{.at = happening.at, .event = happening.step, .kind = beat.kind};
  for (const std::uint32_t earlier : beat.follows) step.follows.push_back(earlier + 1);
  if (happening.node != NodeId()) step.who = {happening.node};
  switch (beat.kind) {
    case BeatKind::kWritten: tell_written(step, happening, *event_in<io::AppendLog>(happening)); break;
    case BeatKind::kCopied: tell_copied(step, happening, *event_in<io::AppendLog>(happening)); break;
    case BeatKind::kCommitted:
      tell_committed(step, happening, *event_in<io::AdvanceHighWatermark>(happening));
      break;
    case BeatKind::kAcked: tell_acked(step, happening, *event_in<io::AckProduce>(happening)); break;
    case BeatKind::kRead: tell_read(step, happening, *event_in<io::ServeFetch>(happening)); break;
    case BeatKind::kCut: tell_cut(step, happening, *event_in<io::TruncateLog>(happening)); break;
    case BeatKind::kDiverged:
      tell_diverged(step, happening, *event_in<io::AnswerDivergence>(happening));
      break;
    case BeatKind::kElected: tell_elected(step, beat, *event_in<io::ChangePartition>(happening)); break;
    case BeatKind::kLeads: tell_leads(step, happening, *event_in<io::BecomeLeader>(happening)); break;
    case BeatKind::kInSync: tell_in_sync(step, beat, *event_in<io::ChangePartition>(happening)); break;
    case BeatKind::kFenced: tell_fenced(step, beat); break;
    case BeatKind::kFault: tell_fault(step, beat, std::get<FaultStruck>(happening.what)); break;
    case BeatKind::kFaultEnds: tell_fault_end(step, std::get<FaultEnded>(happening.what)); break;
    case BeatKind::kDied: tell_died(step, happening, std::get<NodeDied>(happening.what)); break;
    case BeatKind::kBack: tell_back(step, happening, *event_in<io::OpenLog>(happening)); break;
    case BeatKind::kGivenUp: tell_given_up(step, happening, *event_in<io::DeleteLog>(happening)); break;
    case BeatKind::kOver:
      step.text = "All faults end here; the cluster gets time to settle.";
      step.label = "all faults end";
      break;
    case BeatKind::kFound: tell_found(step, beat); break;
    case BeatKind::kStands:
    case BeatKind::kVote:
    case BeatKind::kLeadsQuorum:
    case BeatKind::kResigns:
    case BeatKind::kVoters:
    case BeatKind::kEntry:
    case BeatKind::kEntryCopied:
    case BeatKind::kEntryCommitted:
    case BeatKind::kActedOn:
    case BeatKind::kEntryCut:
    case BeatKind::kReturns:
    case BeatKind::kSnapshot: tell_quorum(step, beat); break;
  }
  return step;
}

/// Where each replica stands now; nothing if that was said already.
std::vector<std::string> Narrator::logs() {
  std::vector<std::string> now = subject_.quorum ? quorum_logs() : partition_logs();
  if (now == shown_) return {};
  shown_ = now;
  return now;
}

std::vector<std::string> Narrator::partition_logs() const {
  std::vector<std::string> now;
  for (const auto& [broker, replica] : after_.replicas()) {
    if (replica.given_up) continue;
    std::string text = fmt::format("broker {} {}ends at {}", broker.value(), replica.up ? "" : "(down) ",
                                   replica.log_end.value());
    if (replica.high_watermark) text += fmt::format(", high watermark {}", replica.high_watermark->value());
    const bool is_past = after_.committed() && replica.leader_epoch < after_.committed()->leader_epoch;
    if (replica.leads)
      text += fmt::format(", {} in epoch {}", is_past ? "still believes that it leads" : "leads",
                          replica.leader_epoch.value());
    if (slice_.record && slice_.record->origin < after_.origins().size()) {
      const auto origin = replica.origin_at(slice_.record->offset);
      text += !origin                 ? ", lacks the record"
              : is_the_record(origin) ? ", has the record"
                                      : ", has another record there";
    }
    now.push_back(std::move(text));
  }
  return now;
}

bool Narrator::is_the_record(std::optional<std::uint32_t> origin) const {
  return slice_.record && origin == slice_.record->origin;
}

std::string Narrator::what_stands(NodeId broker) const {
  if (!subject_.offset) return "";
  const auto origin = after_.replica(broker).origin_at(*subject_.offset);
  if (is_the_record(origin)) return "the record";
  if (!origin) return "nothing";
  const Origin& from = after_.origins()[*origin];
  return fmt::format("another record (broker {}'s, of leader epoch {})", from.leader.value(),
                     from.epoch.value());
}

std::string Narrator::who_has_it(const Picture& picture) const {
  const std::vector<BrokerId> holders = picture.holders(*slice_.record);
  if (holders.empty()) return "Nobody has it any more.";
  return fmt::format("{} {} it.", capital(people(holders)), holders.size() == 1 ? "has" : "have");
}

std::string Narrator::partition() const {
  if (subject_.quorum) return "the metadata log";
  return subject_.tp == TopicPartition() ? "all partitions" : partition_text(subject_.tp, chronicle_.topics);
}

}  // namespace odradek::sim
