// Elections of the metadata quorum and changes of its voters, in sentences.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "sim/explain/beats.h"
#include "sim/explain/narrator.h"
#include "sim/explain/words.h"

namespace odradek::sim {
namespace {

using raft::RoleKind;

bool is(const io::ChangeRaftRole& role, RoleKind kind) { return role.role == raft::name_of(kind); }

/// What a replica was before it began to ask for votes.
struct Root {
  RoleKind role = RoleKind::kUnattached;
  LeaderEpoch epoch;
  std::optional<NodeId> leader;
  std::uint32_t place = 0;  ///< since when
  bool restarted = false;   ///< since its process was started
};

/// `candidacy`: the place of a ChangeRaftRole to Candidate.
Root root_of(const Chronicle& chronicle, std::uint32_t candidacy) {
  const NodeId node = chronicle.happenings[candidacy].node;
  for (std::uint32_t i = candidacy; i-- > 0;) {
    const Happening& happening = chronicle.happenings[i];
    if (happening.node != node) continue;
    if (const auto* seen = std::get_if<MetadataSeen>(&happening.what); seen != nullptr && seen->restarted)
      return {
          .role = seen->role, .epoch = seen->epoch, .leader = seen->leader, .place = i, .restarted = true};
    const auto* role = event_in<io::ChangeRaftRole>(happening);
    if (role == nullptr || is(*role, RoleKind::kProspective) || is(*role, RoleKind::kCandidate)) continue;
    const auto kind = std::ranges::find(raft::kRoleNames, role->role);
    return {.role = static_cast<RoleKind>(kind - raft::kRoleNames.begin()),
            .epoch = role->epoch,
            .leader = role->leader,
            .place = i};
  }
  return {};
}

/// Whose pre-votes let it stand, in the order in which they were given.
std::vector<NodeId> pre_votes_for(const Chronicle& chronicle, std::uint32_t candidacy) {
  const Happening& stands = chronicle.happenings[candidacy];
  std::vector<NodeId> voters;
  for (std::uint32_t i = candidacy; i-- > 0;) {
    const Happening& happening = chronicle.happenings[i];
    if (happening.node == stands.node && event_in<io::ChangeRaftRole>(happening) != nullptr) break;
    const auto* vote = event_in<io::GrantVote>(happening);
    if (vote != nullptr && vote->pre_vote && vote->candidate == stands.node &&
        std::ranges::count(voters, happening.node) == 0)
      voters.insert(voters.begin(), happening.node);
  }
  return voters;
}

bool is_down(const Chronicle& chronicle, NodeId node, std::uint32_t place) {
  for (std::uint32_t i = place; i-- > 0;) {
    const Happening& happening = chronicle.happenings[i];
    if (happening.node != node) continue;
    if (std::holds_alternative<NodeStarted>(happening.what)) return false;
    if (std::holds_alternative<NodeDied>(happening.what)) return true;
  }
  return false;
}

/// A request of this kind from `from` came in since.
bool has_heard(const Chronicle& chronicle, NodeId node, NodeId from, api::ApiKey api, Instant since,
               Instant until) {
  return std::ranges::any_of(chronicle.steps, [&](const ChronicleStep& step) {
    return step.node == node && step.at >= since && step.at <= until && step.spur == Spur::kMessage &&
           step.api == api && !step.response && step.cause != 0 && chronicle.step(step.cause).node == from;
  });
}

bool keeps_apart(const FaultStruck& fault, NodeId a, NodeId b) {
  const auto* hold = std::get_if<HoldFault>(&fault.fault);
  if (hold != nullptr && hold->api != api::ApiKey::kFetch) return false;
  if (std::ranges::count(fault.nodes, a) != 0 || std::ranges::count(fault.nodes, b) != 0)
    return !fault.paths.empty();
  return std::ranges::count(fault.paths, Path{.from = a, .to = b}) != 0 ||
         std::ranges::count(fault.paths, Path{.from = b, .to = a}) != 0;
}

/// Where a log ends: "51 with a record of epoch 4".
std::string end_text(const MemberPicture& member) {
  const auto epoch = member.last_epoch();
  return fmt::format("{}{}", member.seen.log_end.value(),
                     epoch ? fmt::format(" with a record of epoch {}", epoch->value()) : "");
}

}  // namespace

void Narrator::tell_quorum(StoryStep& step, const Beat& beat) const {
  const Happening& happening = at(beat.happening);
  switch (beat.kind) {
    case BeatKind::kStands: return tell_stands(step, beat);
    case BeatKind::kVote: return tell_votes(step, beat);
    case BeatKind::kLeadsQuorum: return tell_leads_quorum(step, beat);
    case BeatKind::kResigns: return tell_resigns(step, happening);
    case BeatKind::kVoters: return tell_voters(step, happening, *event_in<io::ChangeVoters>(happening));
    case BeatKind::kEntry: return tell_entry(step, happening);
    case BeatKind::kEntryCopied: return tell_entry_copied(step, happening);
    case BeatKind::kEntryCommitted:
      return tell_entry_committed(step, happening, *event_in<io::CommitMetadata>(happening));
    case BeatKind::kActedOn: return tell_acted_on(step, happening, *event_in<io::PublishMetadata>(happening));
    case BeatKind::kEntryCut:
      return tell_entry_cut(step, happening, *event_in<io::TruncateMetadata>(happening));
    case BeatKind::kReturns: return tell_returns(step, happening, std::get<MetadataSeen>(happening.what));
    case BeatKind::kSnapshot: return tell_snapshot(step, happening);
    default: return;  // what partitions have as well
  }
}

/// What keeps a node from hearing of its leader: ", which is down (step 4),".
std::string Narrator::why_silent(NodeId node, NodeId leader, std::uint32_t place) const {
  const bool down = is_down(chronicle_, leader, place);
  for (std::uint32_t i = place; i-- > 0;) {
    const auto* fault = std::get_if<FaultStruck>(&at(i).what);
    if (fault == nullptr) continue;
    const auto end = end_of_fault(chronicle_, i);
    const bool apart = (!end || *end > place) && keeps_apart(*fault, node, leader);
    const bool killed = down && std::ranges::count(fault->nodes, leader) != 0;
    if (!(down ? killed : apart)) continue;
    const auto beat = std::ranges::find_if(
        slice_.beats, [i](const Beat& b) { return b.kind == BeatKind::kFault && b.happening == i; });
    const std::string step =
        beat == slice_.beats.end() ? "" : fmt::format(" (step {})", beat - slice_.beats.begin() + 1);
    const bool held = std::holds_alternative<HoldFault>(fault->fault);
    return fmt::format(", {}{},",
                       down   ? "which is down"
                       : held ? "with what they send each other held back"
                              : "from which it is cut off",
                       step);
  }
  return down ? ", which is down," : "";
}

std::string Narrator::why_it_stands(std::uint32_t place) const {
  const NodeId node = at(place).node;
  const Root root = root_of(chronicle_, place);
  const std::string who = capital(person(node));
  const io::QuorumConfig& quorum = scenario_.cluster.quorum;
  switch (root.role) {
    case RoleKind::kFollower: {
      const NodeId leader = *root.leader;
      const Instant since = at(root.place).at;
      if (has_heard(chronicle_, node, leader, api::ApiKey::kEndQuorumEpoch, since, at(place).at))
        return fmt::format("{} hears that {}, its leader, resigns.", who, person(leader));
      return fmt::format(
          "{} has had no answer from its leader in epoch {}, {}{} for controller.quorum.fetch.timeout.ms "
          "({}).",
          who, root.epoch.value(), person(leader), why_silent(node, leader, place),
          span_text(milliseconds(quorum.controller_quorum_fetch_timeout_ms)));
    }
    case RoleKind::kResigned:
      return fmt::format("{} {}, and nobody has taken over within an election timeout.", who,
                         root.restarted
                             ? fmt::format("led epoch {} before it was restarted", root.epoch.value())
                             : fmt::format("has resigned in epoch {}", root.epoch.value()));
    default:
      return fmt::format(
          "{} {} knows of no leader, and an election timeout "
          "(controller.quorum.election.timeout.ms, {}, and up to twice as long) has passed.",
          who, root.restarted ? "has been started," : fmt::format("is in epoch {},", root.epoch.value()),
          span_text(milliseconds(quorum.controller_quorum_election_timeout_ms)));
  }
}

/// Epochs since the last leader in which nobody was elected: "In epoch 2 controllers 102 and 103 stood, and
/// nobody was elected."
std::string Narrator::failed_elections(std::uint32_t place, LeaderEpoch epoch) const {
  LeaderEpoch last;  // in which somebody was elected
  std::map<LeaderEpoch, std::vector<NodeId>> candidates;
  for (std::uint32_t i = 0; i < place; ++i) {
    const auto* role = event_in<io::ChangeRaftRole>(at(i));
    if (role == nullptr) continue;
    if (is(*role, RoleKind::kLeader)) last = std::max(last, role->epoch);
    if (is(*role, RoleKind::kCandidate) && std::ranges::count(candidates[role->epoch], at(i).node) == 0)
      candidates[role->epoch].push_back(at(i).node);
  }
  std::string text;
  for (const auto& [failed, nodes] : candidates) {
    if (last < failed && failed < epoch)
      text += fmt::format("In epoch {} {} stood, and nobody was elected. ", failed.value(), people(nodes));
  }
  return text;
}

std::string Narrator::candidacy(std::uint32_t place, std::optional<LeaderEpoch> won) const {
  const LeaderEpoch epoch = event_in<io::ChangeRaftRole>(at(place))->epoch;
  std::string text = why_it_stands(place) + " ";
  if (won) text += failed_elections(place, epoch);
  const std::vector<NodeId> pre_votes = pre_votes_for(chronicle_, place);
  if (!pre_votes.empty()) text += fmt::format("Asked first, {} would vote for it. ", people(pre_votes));
  return text + fmt::format("So it stands for election in epoch {}.", epoch.value());
}

/// GrantVote, one sentence for all; their logs are what lets them vote so.
std::string Narrator::votes(const std::vector<std::uint32_t>& places) const {
  if (places.empty()) return "";
  std::vector<NodeId> voters;
  std::vector<std::string> ends;
  std::string before;
  for (const std::uint32_t place : places) {
    voters.push_back(at(place).node);
    ends.push_back(end_text(quorum_before_.member(voters.back())));
    before += earlier_vote(place);
  }
  if (std::ranges::count(ends, ends.front()) == std::ssize(ends)) ends.resize(1);
  const auto& vote = *event_in<io::GrantVote>(at(places.front()));
  const bool one = voters.size() == 1;
  return fmt::format("{}, whose {} at {}, {} for it in epoch {}.{}", capital(people(voters)),
                     one ? "log ends" : "logs end", and_list(ends), one ? "votes" : "vote",
                     vote.epoch.value(), before);
}

std::string Narrator::earlier_vote(std::uint32_t place) const {
  const auto& vote = *event_in<io::GrantVote>(at(place));
  for (std::uint32_t i = 0; i < place; ++i) {
    const auto* other = event_in<io::GrantVote>(at(i));
    const bool differs = other != nullptr && !other->pre_vote && at(i).node == at(place).node &&
                         other->epoch == vote.epoch && other->candidate != vote.candidate;
    if (differs)
      return fmt::format(" But {} has voted for {} in this epoch before, at {}.", person(at(place).node),
                         person(other->candidate), moment_text(at(i).at));
  }
  return "";
}

/// When it became the active controller, if it did while it led.
std::string Narrator::when_active(std::uint32_t elected, LeaderEpoch epoch) const {
  for (std::uint32_t i = elected; i < chronicle_.happenings.size(); ++i) {
    const auto* active = event_in<io::ElectController>(at(i));
    if (active != nullptr && at(i).node == at(elected).node && active->controller_epoch == epoch)
      return fmt::format(" At {}, with a record of its epoch committed, it is the active controller.",
                         moment_text(at(i).at));
  }
  return " It never becomes the active controller, for no record of its epoch is committed.";
}

void Narrator::tell_stands(StoryStep& step, const Beat& beat) const {
  const LeaderEpoch epoch = event_in<io::ChangeRaftRole>(at(beat.happening))->epoch;
  step.text = candidacy(beat.happening, std::nullopt);
  step.label = fmt::format("stands for epoch {}", epoch.value());
}

void Narrator::tell_votes(StoryStep& step, const Beat& beat) const {
  const Happening& happening = at(beat.happening);
  const auto& vote = *event_in<io::GrantVote>(happening);
  std::vector<std::uint32_t> given;
  for (const std::uint32_t part : beat.parts) {
    if (event_in<io::GrantVote>(at(part)) != nullptr) {
      given.push_back(part);
    } else {
      step.text = candidacy(part, std::nullopt) + " ";
    }
  }
  given.push_back(beat.happening);
  const bool is_told = !step.text.empty();
  std::string text = votes(given);
  if (!is_told) {
    text = fmt::format("{} votes for {} in epoch {}.{}", capital(person(happening.node)),
                       person(vote.candidate), vote.epoch.value(), earlier_vote(beat.happening));
  }
  step.text += text;
  step.label = fmt::format("vote for epoch {}", vote.epoch.value());
  step.arrow = Arrow{.from = happening.node, .to = vote.candidate};
}

void Narrator::tell_leads_quorum(StoryStep& step, const Beat& beat) const {
  const Happening& happening = at(beat.happening);
  const NodeId node = happening.node;
  const LeaderEpoch epoch = event_in<io::ChangeRaftRole>(happening)->epoch;
  std::vector<std::uint32_t> given;
  for (const std::uint32_t part : beat.parts) {
    if (event_in<io::GrantVote>(at(part)) != nullptr) {
      given.push_back(part);
    } else {
      step.text = candidacy(part, epoch) + " ";
    }
  }
  if (!given.empty()) step.text += votes(given) + " ";
  const MemberPicture& member = quorum_.member(node);
  std::vector<NodeId> granting = {node};  // it votes for itself
  for (std::uint32_t i = 0; i < beat.happening; ++i) {
    const auto* vote = event_in<io::GrantVote>(at(i));
    if (vote != nullptr && !vote->pre_vote && vote->candidate == node && vote->epoch == epoch &&
        std::ranges::count(granting, at(i).node) == 0)
      granting.push_back(at(i).node);
  }
  std::ranges::sort(granting);  // total order: equal ids are the same
  const std::string voters = set_text(member.seen.voters);
  step.text +=
      given.empty()
          ? fmt::format("{} has the votes of {}, {} of its {} voters {}, and leads epoch {}.",
                        step.text.empty() ? capital(person(node)) : "It", people(granting), granting.size(),
                        member.seen.voters.size(), voters, epoch.value())
          : fmt::format("With its own it has the votes of {} of its {} voters {} and leads epoch {}.",
                        granting.size(), member.seen.voters.size(), voters, epoch.value());
  step.text += fmt::format(" Its log ends at {}.", end_text(quorum_before_.member(node)));
  step.text += what_it_has(node) + when_active(beat.happening, epoch);
  step.label = fmt::format("leads epoch {}", epoch.value());
  if (given.size() == 1) {
    step.label = fmt::format("vote, so {} leads epoch {}", node.value(), epoch.value());
    step.arrow = Arrow{.from = at(given.front()).node, .to = node};
  }
}

void Narrator::tell_resigns(StoryStep& step, const Happening& happening) const {
  const auto& role = *event_in<io::ChangeRaftRole>(happening);
  const auto& voters = quorum_.member(happening.node).seen.voters;
  const bool removed = std::ranges::count(voters, happening.node) == 0;
  step.text = fmt::format(
      "{} resigns as leader of epoch {}: {}.", capital(person(happening.node)), role.epoch.value(),
      removed ? "it is no voter any more"
              : "it shuts down, or no majority of the voters has fetched from it for one and "
                "a half fetch timeouts");
  const ChronicleStep& spur = chronicle_.spur_of(happening.step);
  if (!removed && spur.spur == Spur::kTimer) {
    step.text = fmt::format(
        "{} resigns as leader of epoch {}: for one and a half fetch timeouts no majority of the "
        "voters {} has fetched from it.",
        capital(person(happening.node)), role.epoch.value(), set_text(voters));
  }
  step.label = fmt::format("resigns in epoch {}", role.epoch.value());
}

void Narrator::tell_voters(StoryStep& step, const Happening& happening, const io::ChangeVoters& e) const {
  const MemberPicture& before = quorum_before_.member(happening.node);
  const auto without = [](const std::vector<NodeId>& list, const std::vector<NodeId>& other) {
    std::vector<NodeId> left;
    std::ranges::copy_if(list, std::back_inserter(left),
                         [&other](NodeId node) { return std::ranges::count(other, node) == 0; });
    return left;
  };
  const std::vector<NodeId> removed = without(before.seen.voters, e.voters);
  const std::vector<NodeId> added = without(e.voters, before.seen.voters);
  step.text = reason_of(happening);
  step.text += fmt::format("{}, which leads epoch {}, appends another set of voters at offset {}: {}",
                           capital(person(happening.node)), quorum_.member(happening.node).seen.epoch.value(),
                           e.offset.value(), set_text(e.voters));
  if (!removed.empty()) step.text += ", without " + people(removed);
  if (!added.empty()) step.text += ", with " + people(added);
  step.text += fmt::format(". It goes by them from now on: {} of these {} are a majority.",
                           e.voters.size() / 2 + 1, e.voters.size());
  if (!has_begun(quorum_.member(happening.node), before.seen.high_watermark))
    step.text += fmt::format(" Nothing of epoch {} was committed before.",
                             quorum_.member(happening.node).seen.epoch.value());
  if (slice_.decision && slice_.decision->base <= e.offset && e.offset < slice_.decision->end &&
      quorum_.member(happening.node).has(*slice_.decision))
    step.text += " This is the record that the story is about.";
  step.label = fmt::format("voters {} at offset {}", set_text(e.voters), e.offset.value());
}

std::vector<std::string> Narrator::quorum_logs() const {
  std::vector<std::string> now;
  std::vector<NodeId> voters;
  for (const auto& [node, member] : quorum_.members()) {
    for (const NodeId voter : member.seen.voters) {
      if (std::ranges::count(voters, voter) == 0) voters.push_back(voter);
    }
  }
  const bool differ = std::ranges::any_of(voters, [&](NodeId node) {
    return quorum_.member(node).seen.voters != quorum_.member(voters.front()).seen.voters;
  });
  for (const auto& [node, member] : quorum_.members()) {
    if (std::ranges::count(voters, node) == 0) continue;
    const MetadataSeen& seen = member.seen;
    std::string text =
        fmt::format("{} {}ends at {}", person(node), member.up ? "" : "(down) ", seen.log_end.value());
    if (seen.durable_end < seen.log_end) text += fmt::format(", on disk up to {}", seen.durable_end.value());
    if (seen.high_watermark > Offset(0))
      text += fmt::format(", high watermark {}", seen.high_watermark.value());
    text += fmt::format(", {}epoch {}", member.leads() ? "leads " : "", seen.epoch.value());
    if (differ) text += fmt::format(", voters {}", set_text(seen.voters));
    if (slice_.decision) {
      const Entry* own = member.at(slice_.decision->base);
      text += own == nullptr                 ? ", lacks the record"
              : member.has(*slice_.decision) ? ", has the record"
                                             : ", has another record there";
    }
    now.push_back(std::move(text));
  }
  return now;
}

}  // namespace odradek::sim
