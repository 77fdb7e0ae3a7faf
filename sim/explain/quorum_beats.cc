// What is worth telling of the metadata quorum: elections that somebody won or voted in, changes of the
// voters, and the life of the decision that did not stay.
#include <algorithm>
#include <set>
#include <tuple>

#include "sim/explain/beats.h"
#include "sim/explain/quorum_picture.h"

namespace odradek::sim {
namespace {

using raft::RoleKind;

bool is(const io::ChangeRaftRole& role, RoleKind kind) { return role.role == raft::name_of(kind); }

class QuorumPicker {
 public:
  QuorumPicker(const Chronicle& chronicle, const Subject& subject, const Survey& survey)
      : chronicle_(chronicle), subject_(subject), survey_(survey) {
    for (const std::uint32_t place : {survey.from, survey.context}) {
      const Happening& happening = chronicle.happenings[place];
      if (const auto* role = event_in<io::ChangeRaftRole>(happening))
        openings_.insert({happening.node, role->epoch});
    }
  }

  std::vector<Beat> run() {
    for (std::uint32_t i = 0; i <= survey_.until && i < chronicle_.happenings.size(); ++i) {
      const Happening& happening = chronicle_.happenings[i];
      place_ = i;
      before_ = picture_.member(happening.node);
      picture_.apply(happening);
      if (const auto* fault = std::get_if<FaultStruck>(&happening.what)) {
        on_fault(*fault);
      } else {
        std::visit([&](const auto& what) { on(happening, what); }, happening.what);
      }
    }
    drop_lost_elections();
    join_elections();
    join_fenced();
    insert_findings(chronicle_, subject_, told_findings(), beats_);
    return std::move(beats_);
  }

 private:
  struct Election {
    NodeId candidate;
    LeaderEpoch epoch;
    friend auto operator<=>(const Election&, const Election&) = default;
  };

  void add(BeatKind kind) {
    if (place_ != survey_.from && place_ < survey_.context) return;
    beats_.push_back({.kind = kind, .happening = place_});
  }
  /// What belongs to an election that the story begins with is told though it comes before.
  void add(BeatKind kind, const Election& election) {
    if (place_ < survey_.context && !openings_.contains(election)) return;
    beats_.push_back({.kind = kind, .happening = place_});
  }
  [[nodiscard]] bool is_actor(NodeId node) const { return std::ranges::count(survey_.actors, node) != 0; }
  /// True the first time for these parts.
  bool is_first(BeatKind kind, NodeId node, NodeId other = NodeId(), std::int32_t number = 0) {
    return told_.insert({kind, node, other, number}).second;
  }
  [[nodiscard]] bool is_decision(const Entry& entry) const { return survey_.decision == entry; }
  [[nodiscard]] bool covers_decision(Offset base, Offset end) const {
    return survey_.decision && base <= survey_.decision->base && survey_.decision->base < end;
  }

  void on_fault(const FaultStruck& fault) {
    const auto end = end_of_fault(chronicle_, place_);
    if (end && *end < survey_.context) return;
    if (!info_of(fault.fault).lasts && place_ < survey_.context) return;
    const bool is_deed = std::visit([]<class Kind>(const Kind&) { return is_action<Kind>; }, fault.fault);
    if (is_deed) return;
    Beat beat{.kind = BeatKind::kFault, .happening = place_, .aside = is_mild(fault.fault)};
    if (!fault.paths.empty()) {
      const Instant since = chronicle_.happenings[survey_.context].at;
      const Delay delay = delay_by(chronicle_, place_, survey_.actors, since);
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
  void on(const Happening&, const FaultsOver&) { add(BeatKind::kOver); }
  void on(const Happening&, const NodeStarted&) {}
  void on(const Happening& happening, const NodeDied& died) {
    if (!is_actor(happening.node) && died.ending != Ending::kExit) return;
    const bool told = std::ranges::any_of(beats_, [&](const Beat& beat) {
      const Happening& other = chronicle_.happenings[beat.happening];
      const auto* fault = std::get_if<FaultStruck>(&other.what);
      return fault != nullptr && other.at == happening.at &&
             std::ranges::count(fault->nodes, happening.node) != 0;
    });
    if (!told) add(BeatKind::kDied);
  }

  /// What lies in the logs.
  void on(const Happening& happening, const MetadataSeen& seen) {
    if (seen.restarted) {
      if (lived_.insert(happening.node).second) return;  // the first start of all
      if (is_actor(happening.node)) add(BeatKind::kReturns);
      return;
    }
    for (const Entry& entry : seen.appended) {
      if (!covers_decision(entry.base, entry.end)) continue;
      if (seen.role == RoleKind::kLeader && entry.epoch == seen.epoch) {
        const bool told = !beats_.empty() && beats_.back().kind == BeatKind::kVoters &&
                          chronicle_.happenings[beats_.back().happening].step == happening.step;
        if (!told) add(BeatKind::kEntry);
      } else if (is_decision(entry) && is_actor(happening.node) &&
                 is_first(BeatKind::kEntryCopied, happening.node)) {
        add(BeatKind::kEntryCopied);
      }
    }
  }

  void on(const Happening& happening, const io::Event& event) {
    std::visit([&](const auto& e) { pick(happening, e); }, event);
  }
  template <class Event>
  void pick(const Happening&, const Event&) {}  // of brokers, partitions and clients

  void pick(const Happening& happening, const io::ChangeRaftRole& role) {
    if (!is_actor(happening.node)) return;
    if (is(role, RoleKind::kCandidate)) add(BeatKind::kStands, {happening.node, role.epoch});
    if (is(role, RoleKind::kLeader)) {
      elected_.insert({happening.node, role.epoch});
      add(BeatKind::kLeadsQuorum, {happening.node, role.epoch});
    }
    if (is(role, RoleKind::kResigned)) add(BeatKind::kResigns);
  }
  void pick(const Happening& happening, const io::GrantVote& vote) {
    if (vote.pre_vote || elected_.contains({vote.candidate, vote.epoch})) return;
    if (is_first(BeatKind::kVote, happening.node, vote.candidate, vote.epoch.value()))
      add(BeatKind::kVote, {vote.candidate, vote.epoch});
  }
  void pick(const Happening&, const io::ChangeVoters& change) {
    if (before_.seen.voters != change.voters) add(BeatKind::kVoters);
  }
  void pick(const Happening& happening, const io::CommitMetadata& e) {
    if (!covers_decision(e.from, e.to)) return;
    const bool the_decision = before_.has(*survey_.decision);
    if (committed_.insert({happening.node, e.epoch, the_decision}).second) add(BeatKind::kEntryCommitted);
  }
  void pick(const Happening& happening, const io::PublishMetadata& e) {
    const bool acts = survey_.decision && survey_.decision->end <= e.offset && before_.has(*survey_.decision);
    if (acts && is_first(BeatKind::kActedOn, happening.node)) add(BeatKind::kActedOn);
  }
  void pick(const Happening& happening, const io::TruncateMetadata& e) {
    if (!survey_.decision || survey_.decision->base < e.end || !before_.has(*survey_.decision)) return;
    add(BeatKind::kEntryCut);
    told_.erase({BeatKind::kEntryCopied, happening.node, NodeId(), 0});  // it may get it again
  }
  void pick(const Happening& happening, const io::WriteSnapshot& e) { on_snapshot(happening, e.end_offset); }
  void pick(const Happening& happening, const io::LoadSnapshot& e) { on_snapshot(happening, e.end_offset); }
  void on_snapshot(const Happening& happening, Offset end) {
    if (is_actor(happening.node) && covers_decision(Offset(0), end)) add(BeatKind::kSnapshot);
  }
  /// How a cluster fares whose quorum has lost nothing yet and does not work.
  void pick(const Happening&, const io::FenceBroker&) {
    if (!survey_.decision && before_.leads()) add(BeatKind::kFenced);
  }

  [[nodiscard]] std::optional<Election> election_of(const Beat& beat) const {
    const Happening& happening = chronicle_.happenings[beat.happening];
    if (beat.kind == BeatKind::kStands || beat.kind == BeatKind::kLeadsQuorum)
      return Election{happening.node, event_in<io::ChangeRaftRole>(happening)->epoch};
    if (beat.kind != BeatKind::kVote) return std::nullopt;
    const auto& vote = *event_in<io::GrantVote>(happening);
    return Election{vote.candidate, vote.epoch};
  }

  /// Who stands again and again and gets no vote decides nothing.
  void drop_lost_elections() {
    std::set<Election> voted;
    for (const Beat& beat : beats_) {
      if (beat.kind == BeatKind::kVote || beat.kind == BeatKind::kLeadsQuorum)
        voted.insert(*election_of(beat));
    }
    std::erase_if(beats_, [&](const Beat& beat) {
      return beat.kind == BeatKind::kStands && !voted.contains(*election_of(beat));
    });
  }

  /// Candidacy, votes and victory with nothing between them are one beat: the last of them.
  void join_elections() {
    std::vector<Beat> joined;
    for (Beat& beat : beats_) {
      const auto election = election_of(beat);
      const bool goes_on = election && beat.kind != BeatKind::kStands;
      while (goes_on && !joined.empty() && joined.back().kind != BeatKind::kLeadsQuorum &&
             election_of(joined.back()) == election) {
        std::vector<std::uint32_t> parts = std::move(joined.back().parts);
        parts.push_back(joined.back().happening);
        beat.parts.insert(beat.parts.begin(), parts.begin(), parts.end());
        joined.pop_back();
      }
      joined.push_back(std::move(beat));
    }
    beats_ = std::move(joined);
  }

  /// Brokers that one controller shuts out one after the other are one beat.
  void join_fenced() {
    std::vector<Beat> joined;
    for (Beat& beat : beats_) {
      const auto author = [this](const Beat& b) { return chronicle_.happenings[b.happening].node; };
      const bool joins = beat.kind == BeatKind::kFenced && !joined.empty() &&
                         joined.back().kind == BeatKind::kFenced && author(joined.back()) == author(beat);
      if (joins) {
        joined.back().parts.push_back(beat.happening);
      } else {
        joined.push_back(std::move(beat));
      }
    }
    beats_ = std::move(joined);
  }

  [[nodiscard]] std::vector<std::uint32_t> told_findings() const {
    std::vector<std::uint32_t> told = findings_told(subject_);
    std::erase_if(told, [this](std::uint32_t f) {
      return f > 0 && waits_for_the_end(subject_.findings[f], chronicle_);
    });
    return told;
  }

  const Chronicle& chronicle_;
  const Subject& subject_;
  const Survey& survey_;
  QuorumPicture picture_;
  MemberPicture before_;  ///< the node of this happening, before it
  std::uint32_t place_ = 0;
  std::vector<Beat> beats_;
  std::set<std::uint32_t> active_;  ///< entries of faults whose end is worth telling
  std::set<NodeId> lived_;
  std::set<Election> openings_;
  std::set<Election> elected_;
  std::set<std::tuple<NodeId, LeaderEpoch, bool>> committed_;  ///< by whom; true: the decision itself
  std::set<std::tuple<BeatKind, NodeId, NodeId, std::int32_t>> told_;
};

}  // namespace

std::vector<Beat> quorum_beats_between(const Chronicle& chronicle, const Subject& subject,
                                       const Survey& survey) {
  return QuorumPicker(chronicle, subject, survey).run();
}

}  // namespace odradek::sim
