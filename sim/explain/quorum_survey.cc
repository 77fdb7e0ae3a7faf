// Which decision of the metadata quorum did not stay, and since when everything matters.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "sim/explain/beats.h"
#include "sim/explain/quorum_picture.h"

namespace odradek::sim {
namespace {

/// What nobody acted on when the finding was made may follow within this time: brokers are shut out,
/// processes end.
constexpr Duration kAftermath = seconds(1);

/// Of several the first that changes anything; else the last.
const Entry& most_telling(const std::vector<Entry>& entries) {
  const auto decides = std::ranges::find_if(entries, &Entry::decides);
  return decides == entries.end() ? entries.back() : *decides;
}

/// Goes through the chronicle with what was ever committed, until somebody disagrees.
class Decisions {
 public:
  void apply(const Happening& happening) {
    const auto* seen = std::get_if<MetadataSeen>(&happening.what);
    const MemberPicture before = seen == nullptr ? MemberPicture() : picture_.member(happening.node);
    picture_.apply(happening);
    if (seen == nullptr) return;
    const MemberPicture& now = picture_.member(happening.node);
    const bool begins = now.leads() && (!before.leads() || before.seen.epoch != now.seen.epoch);
    if (begins) miss(now);
    commit(now, seen->restarted ? Offset(0) : before.seen.high_watermark);
  }

  /// The first that somebody lacked or contradicted; absent if nobody did.
  [[nodiscard]] const std::optional<Entry>& lost() const { return lost_; }
  /// The earlier epoch of the two whose records stand where the logs part first.
  [[nodiscard]] LeaderEpoch parting_epoch() const { return parting_; }

 private:
  void commit(const MemberPicture& member, Offset from) {
    std::vector<Entry> replaced;
    for (const Entry& entry : member.log) {
      if (entry.base < from || entry.end > member.seen.high_watermark) continue;
      const auto [known, is_new] = committed_.try_emplace(entry.base, entry);
      if (known->second != entry) replaced.push_back(known->second);
    }
    lose(replaced, member);
  }

  /// A leader that lacks what earlier epochs have committed.
  void miss(const MemberPicture& leader) {
    std::vector<Entry> missing;
    for (const auto& [base, entry] : committed_) {
      if (entry.epoch < leader.seen.epoch && base >= leader.seen.log_start && !leader.has(entry))
        missing.push_back(entry);
    }
    lose(missing, leader);
  }

  void lose(const std::vector<Entry>& entries, const MemberPicture& other) {
    if (lost_ || entries.empty()) return;
    lost_ = most_telling(entries);
    const Entry& first = entries.front();
    const Entry* instead = other.at(first.base);
    parting_ = instead == nullptr ? first.epoch : std::min(first.epoch, instead->epoch);
  }

  QuorumPicture picture_;
  std::map<Offset, Entry> committed_;  ///< by base offset
  std::optional<Entry> lost_;
  LeaderEpoch parting_;
};

std::vector<NodeId> voters_of(const Chronicle& chronicle) {
  std::set<NodeId> voters;
  for (const Happening& happening : chronicle.happenings) {
    if (const auto* seen = std::get_if<MetadataSeen>(&happening.what))
      voters.insert(seen->voters.begin(), seen->voters.end());
  }
  return {voters.begin(), voters.end()};
}

/// Where a node became leader: the first time in this epoch; absent if nobody did.
std::optional<std::uint32_t> election_of(const Chronicle& chronicle, LeaderEpoch epoch) {
  for (std::uint32_t i = 0; i < chronicle.happenings.size(); ++i) {
    const auto* role = event_in<io::ChangeRaftRole>(chronicle.happenings[i]);
    if (role != nullptr && role->role == raft::name_of(raft::RoleKind::kLeader) && role->epoch == epoch)
      return i;
  }
  return std::nullopt;
}

/// The latest epoch in which somebody was elected before the finding, other than at its very step.
std::optional<LeaderEpoch> epoch_before(const Chronicle& chronicle, const Violation& finding) {
  std::optional<LeaderEpoch> epoch;
  const NodeId node = finding.event == 0 ? NodeId() : chronicle.step(finding.event).node;
  std::optional<LeaderEpoch> own;
  for (const Happening& happening : chronicle.happenings) {
    if (happening.step >= finding.event) break;
    const auto* role = event_in<io::ChangeRaftRole>(happening);
    if (role == nullptr || role->role != raft::name_of(raft::RoleKind::kLeader)) continue;
    epoch = role->epoch;
    if (happening.node == node) own = role->epoch;
  }
  return own ? own : epoch;
}

/// Where the last broker was shut out soon after the finding.
std::optional<std::uint32_t> last_fenced(const Chronicle& chronicle, const Violation& finding) {
  std::optional<std::uint32_t> place;
  for (std::uint32_t i = 0; i < chronicle.happenings.size(); ++i) {
    const Happening& happening = chronicle.happenings[i];
    const bool soon = happening.at >= finding.at && happening.at - finding.at <= kAftermath;
    if (soon && event_in<io::FenceBroker>(happening) != nullptr) place = i;
  }
  return place;
}

}  // namespace

Survey quorum_survey_of(const Chronicle& chronicle, const Subject& subject) {
  const Violation& first = subject.findings.front();
  Survey survey{.actors = voters_of(chronicle)};
  for (const std::uint32_t f : findings_told(subject)) {
    const Violation& finding = subject.findings[f];
    if (f > 0 && waits_for_the_end(finding, chronicle)) continue;
    survey.until = std::max(survey.until, place_at(chronicle, finding.at, finding.event));
  }
  Decisions decisions;
  for (std::uint32_t i = 0; i <= survey.until && i < chronicle.happenings.size(); ++i)
    decisions.apply(chronicle.happenings[i]);
  survey.decision = decisions.lost();

  const std::optional<LeaderEpoch> began = epoch_before(chronicle, first);
  const std::optional<LeaderEpoch> parting =
      survey.decision ? std::optional(decisions.parting_epoch()) : began;
  survey.context = parting ? election_of(chronicle, *parting).value_or(0) : 0;
  survey.from = survey.context;
  // What is found early has a leader of its own, from long before the decision in question.
  const bool early = place_at(chronicle, first.at, first.event) < survey.context;
  if (early && began) survey.from = std::min(survey.context, election_of(chronicle, *began).value_or(0));
  survey.from = std::min(survey.from, survey.until);
  survey.context = std::min(survey.context, survey.until);
  if (!survey.decision) survey.until = std::max(survey.until, last_fenced(chronicle, first).value_or(0));
  return survey;
}

}  // namespace odradek::sim
