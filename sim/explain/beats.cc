#include "sim/explain/beats.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace odradek::sim {
namespace {

bool same_members(const std::vector<BrokerId>& a, const std::vector<BrokerId>& b) {
  return std::set(a.begin(), a.end()) == std::set(b.begin(), b.end());
}

/// Goes through the stretch with the picture at hand, and picks.
class Picker {
 public:
  Picker(const Chronicle& chronicle, const Subject& subject, const Survey& survey)
      : chronicle_(chronicle), subject_(subject), survey_(survey), picture_(subject.tp) {}

  std::vector<Beat> run() {
    for (std::uint32_t i = 0; i <= survey_.until && i < chronicle_.happenings.size(); ++i) {
      const Happening& happening = chronicle_.happenings[i];
      place_ = i;
      if (const auto* fault = std::get_if<FaultStruck>(&happening.what)) {
        on_fault(*fault);
      } else if (i >= survey_.from) {
        std::visit([&](const auto& what) { on(happening, what); }, happening.what);
      }
      picture_.apply(chronicle_, happening);
    }
    insert_findings(chronicle_, subject_, findings_told(subject_), beats_);
    return std::move(beats_);
  }

 private:
  /// When the record is gone, only what stands in its place matters still.
  void add(BeatKind kind, bool aside = false) {
    if (place_ != survey_.from && place_ < survey_.context) return;
    beats_.push_back(
        {.kind = kind, .happening = place_, .aside = aside || (is_gone() && kind != BeatKind::kWritten)});
  }
  [[nodiscard]] bool is_actor(NodeId node) const {
    return survey_.actors.empty() || std::ranges::count(survey_.actors, node) != 0;
  }
  [[nodiscard]] bool is_replica(NodeId node) const {
    const bool anybody = subject_.tp == TopicPartition();
    return anybody ? is_actor(node) : picture_.replicas().contains(node);
  }
  /// True the first time for these parts.
  bool is_first(BeatKind kind, NodeId node, std::uint32_t number) {
    return told_.insert({kind, node, number}).second;
  }

  void on_fault(const FaultStruck& fault) {
    const auto end = end_of_fault(chronicle_, place_);
    if (end && *end < survey_.context) return;
    if (!info_of(fault.fault).lasts && place_ < survey_.context) return;
    const bool is_deed = std::visit([]<class Kind>(const Kind&) { return is_action<Kind>; }, fault.fault);
    if (is_deed) return;
    Beat beat{.kind = BeatKind::kFault, .happening = place_, .aside = is_mild(fault.fault) || is_gone()};
    if (!fault.paths.empty()) {
      const Delay delay = delay_by(chronicle_, place_, survey_.actors);
      if (delay.messages == 0) return;
      beat.messages = delay.messages;
      beat.lost = delay.lost;
      beat.last_arrival = delay.last_arrival;
    } else if (fault.nodes.empty() ||
               !std::ranges::all_of(fault.nodes, [this](NodeId n) { return is_actor(n); })) {
      return;
    }
    beats_.push_back(beat);
    if (!fault.paths.empty()) active_.insert(fault.entry);
  }

  void on(const Happening&, const FaultStruck&) {}
  void on(const Happening&, const FaultEnded& ended) {
    if (active_.contains(ended.entry)) add(BeatKind::kFaultEnds);
  }
  void on(const Happening& happening, const NodeDied&) {
    if (!is_replica(happening.node) && !is_actor(happening.node)) return;
    const bool told = !beats_.empty() && beats_.back().kind == BeatKind::kFault &&
                      chronicle_.happenings[beats_.back().happening].at == happening.at;
    if (told) {
      const auto& fault = std::get<FaultStruck>(chronicle_.happenings[beats_.back().happening].what);
      if (std::ranges::count(fault.nodes, happening.node) != 0) return;
    }
    add(BeatKind::kDied);
  }
  void on(const Happening&, const NodeStarted&) {}
  void on(const Happening&, const FaultsOver&) { add(BeatKind::kOver); }
  void on(const Happening&, const MetadataSeen&) {}

  void on(const Happening& happening, const io::Event& event) {
    if (const auto* fenced = std::get_if<io::FenceBroker>(&event)) {
      if (subject_.tp == TopicPartition() && is_actor(fenced->broker)) add(BeatKind::kFenced);
      return;
    }
    std::visit(
        [&](const auto& e) {
          if constexpr (requires { e.tp; }) {
            if (e.tp == subject_.tp) pick(happening.node, e);
          }
        },
        event);
  }

  void pick(NodeId, const io::ChangePartition& change) {
    if (!picture_.is_news(change)) return;
    const auto& before = picture_.committed();
    if (change.leader_changed || !before) {
      add(BeatKind::kElected);
    } else if (!same_members(change.isr, before->isr)) {
      add(BeatKind::kInSync);
    } else if (!same_members(change.elr, before->elr)) {
      add(BeatKind::kInSync, /*aside=*/true);
    }
  }
  void pick(NodeId node, const io::BecomeLeader& e) {
    const auto elected = std::ranges::find_if(
        beats_.rbegin(), beats_.rend(), [](const Beat& beat) { return beat.kind == BeatKind::kElected; });
    const bool expected = elected != beats_.rend() && !elected->also;
    const auto* change =
        expected ? event_in<io::ChangePartition>(chronicle_.happenings[elected->happening]) : nullptr;
    if (change != nullptr && change->leader == node && change->leader_epoch == e.leader_epoch) {
      elected->also = place_;
    } else {
      add(BeatKind::kLeads);
    }
  }
  void pick(NodeId node, const io::OpenLog&) {
    if (picture_.replicas().contains(node)) add(BeatKind::kBack);
  }
  void pick(NodeId node, const io::TruncateLog& e) {
    const bool counts = subject_.offset ? e.end <= *subject_.offset && *subject_.offset < e.from : true;
    if (counts) add(BeatKind::kCut);
    if (counts && subject_.offset) forget(node);
  }
  void pick(NodeId node, const io::AnswerDivergence& e) {
    const bool counts = !subject_.offset || (e.end_offset <= *subject_.offset &&
                                             *subject_.offset < picture_.replica(e.replica).log_end);
    if (counts && is_first(BeatKind::kDiverged, node, static_cast<std::uint32_t>(e.replica.value())))
      add(BeatKind::kDiverged);
  }
  void pick(NodeId node, const io::AppendLog& e) {
    if (!subject_.offset || *subject_.offset < e.base || e.end <= *subject_.offset) return;
    if (e.as_leader) {
      add(BeatKind::kWritten);
    } else if (!is_gone() && is_first(BeatKind::kCopied, node, 0)) {
      add(BeatKind::kCopied);
    }
  }
  void pick(NodeId node, const io::AdvanceHighWatermark& e) {
    if (!e.as_leader || is_gone() || !subject_.offset || *subject_.offset < e.from ||
        e.to <= *subject_.offset)
      return;
    if (is_first(BeatKind::kCommitted, node, origin_at(node))) add(BeatKind::kCommitted);
  }
  void pick(NodeId node, const io::AckProduce& e) {
    if (e.acks == 0 || !subject_.offset || *subject_.offset < e.base || e.end <= *subject_.offset) return;
    if (is_first(BeatKind::kAcked, node, origin_at(node))) add(BeatKind::kAcked);
  }
  void pick(NodeId node, const io::ServeFetch& e) {
    if (e.replica || !subject_.offset || *subject_.offset < e.from || e.end <= *subject_.offset) return;
    if (is_first(BeatKind::kRead, NodeId(), origin_at(node))) add(BeatKind::kRead);
  }
  void pick(NodeId, const io::BecomeFollower&) {}
  void pick(NodeId, const io::ProposeIsr&) {}
  void pick(NodeId, const io::ShrinkIsr&) {}
  void pick(NodeId, const io::ExpandIsr&) {}
  void pick(NodeId, const io::RejectProduce&) {}
  void pick(NodeId, const io::ResetPosition&) {}
  void pick(NodeId, const io::RemoveTopic&) {}
  void pick(NodeId, const io::DeleteLog&) { add(BeatKind::kGivenUp); }

  /// Nobody has the record any more: what others do at its offset matters for what clients see only.
  [[nodiscard]] bool is_gone() const { return survey_.gone && place_ > *survey_.gone; }
  [[nodiscard]] std::uint32_t origin_at(NodeId node) const {
    return picture_.replica(node).origin_at(*subject_.offset).value_or(~0U);
  }
  /// What the replica gets at the offset next is worth telling again.
  void forget(NodeId node) { told_.erase({BeatKind::kCopied, node, 0}); }

  const Chronicle& chronicle_;
  const Subject& subject_;
  const Survey& survey_;
  Picture picture_;
  std::uint32_t place_ = 0;
  std::vector<Beat> beats_;
  std::set<std::uint32_t> active_;  ///< entries of faults whose end is worth telling
  std::set<std::tuple<BeatKind, NodeId, std::uint32_t>> told_;
};

}  // namespace

bool is_mild(const Fault& fault) {
  return !info_of(fault).lasts || std::holds_alternative<DelayFault>(fault);
}

std::vector<std::uint32_t> findings_told(const Subject& subject) {
  constexpr std::uint32_t kInternalMax = 3;
  constexpr Duration kApart = milliseconds(50);
  const auto is_about_it = [&subject](const Violation& finding) {
    const OffsetRange& records = finding.records;
    return !subject.offset || (records.begin <= *subject.offset && *subject.offset < records.end);
  };
  std::vector<std::uint32_t> told;
  std::uint32_t internal = 0;
  bool seen = false;
  std::optional<Instant> last;
  for (std::uint32_t f = 0; f < subject.findings.size(); ++f) {
    const Violation& finding = subject.findings[f];
    const bool repeats = last && finding.at - *last < kApart;
    if (f > 0 && !is_about_it(finding)) continue;
    if (finding.client_visible ? seen : (repeats || ++internal > kInternalMax)) continue;
    seen = seen || finding.client_visible;
    last = finding.at;
    told.push_back(f);
  }
  return told;
}

void insert_findings(const Chronicle& chronicle, const Subject& subject,
                     const std::vector<std::uint32_t>& told, std::vector<Beat>& beats) {
  for (const std::uint32_t f : told) {
    const Violation& finding = subject.findings[f];
    const std::uint32_t before = place_at(chronicle, finding.at, finding.event);
    const auto after =
        std::ranges::find_if(beats, [before](const Beat& beat) { return beat.happening > before; });
    beats.insert(after, {.kind = BeatKind::kFound, .happening = before, .finding = f});
  }
}

std::vector<Beat> beats_between(const Chronicle& chronicle, const Subject& subject, const Survey& survey) {
  return Picker(chronicle, subject, survey).run();
}

}  // namespace odradek::sim
