// Elections, who is in sync, deaths, and what checks found, in sentences.
#include <fmt/format.h>

#include <algorithm>

#include "sim/checkers/registry.h"
#include "sim/explain/narrator.h"
#include "sim/explain/words.h"

namespace odradek::sim {
namespace {

/// What `list` has and `other` lacks.
std::vector<BrokerId> without(const std::vector<BrokerId>& list, const std::vector<BrokerId>& other) {
  std::vector<BrokerId> left;
  for (const BrokerId broker : list) {
    if (std::ranges::count(other, broker) == 0) left.push_back(broker);
  }
  return left;
}

std::string has_or_not(std::size_t n, bool has) {
  return has ? (n == 1 ? "has" : "have") : (n == 1 ? "does not have" : "do not have");
}

/// What the same step of the controller said of a broker.
template <class Event>
const Event* said_in(const Chronicle& chronicle, const Happening& happening) {
  for (const Happening& other : chronicle.happenings) {
    if (other.step != happening.step || other.node != happening.node) continue;
    if (const auto* event = event_in<Event>(other)) return event;
  }
  return nullptr;
}

}  // namespace

std::string Narrator::why(const Happening& happening, const std::vector<BrokerId>& removed) const {
  const ChronicleStep& spur = chronicle_.spur_of(happening.step);
  if (const auto* fenced = said_in<io::FenceBroker>(chronicle_, happening)) {
    const bool silent = spur.spur == Spur::kTimer && spur.timer == io::TimerKind::kSessionCheck;
    return fmt::format("{} {} fenced.", capital(person(fenced->broker)),
                       silent ? "has not been heard of for broker.session.timeout.ms and is" : "is");
  }
  if (const auto* registered = said_in<io::RegisterBroker>(chronicle_, happening))
    return fmt::format("{} registers as a new process.", capital(person(registered->broker)));
  if (const auto* unfenced = said_in<io::UnfenceBroker>(chronicle_, happening))
    return fmt::format("{} is let in again.", capital(person(unfenced->broker)));
  if (spur.spur == Spur::kTimer && spur.timer == io::TimerKind::kLeaderImbalanceCheck)
    return "The controller gives leadership back to preferred leaders.";
  if (spur.spur != Spur::kMessage || spur.response || spur.cause == 0) return "";
  const NodeId asker = chronicle_.step(spur.cause).node;
  switch (spur.api) {
    case api::ApiKey::kElectLeaders:
      return fmt::format("{} has asked for the preferred leader.", capital(person(asker)));
    case api::ApiKey::kBrokerHeartbeat: return fmt::format("{} wants to shut down.", capital(person(asker)));
    case api::ApiKey::kAlterPartition:
      return removed.empty()
                 ? fmt::format("{}, the leader, says that its followers keep up.", capital(person(asker)))
                 : fmt::format("{}, the leader, says that {} {} fallen behind for replica.lag.time.max.ms.",
                               capital(person(asker)), people(removed), removed.size() == 1 ? "has" : "have");
    default: return "";
  }
}

void Narrator::tell_elected(StoryStep& step, const Beat& beat, const io::ChangePartition& e) const {
  const Happening& happening = at(beat.happening);
  const std::vector<BrokerId> removed =
      before_.committed() ? without(before_.committed()->isr, e.isr) : std::vector<BrokerId>{};
  const std::string reason = why(happening, removed);
  if (!reason.empty()) step.text = reason + " ";
  if (!e.leader) {
    step.text += fmt::format(
        "The controller leaves {} without a leader: nobody who may lead is there (ISR {}, ELR {}).",
        partition(), set_text(e.isr), set_text(e.elr));
    step.label = "no leader";
    return;
  }
  const bool was_in_elr = before_.committed() && std::ranges::count(before_.committed()->elr, *e.leader) != 0;
  step.text += fmt::format("The controller makes {} leader of {} in leader epoch {} (ISR {}).",
                           person(*e.leader), partition(), e.leader_epoch.value(), set_text(e.isr));
  if (e.unclean) step.text += " It was neither in the ISR nor in the ELR: this is an unclean election.";
  if (was_in_elr) step.text += " It was eligible, as a member of the ELR.";
  if (beat.also) {
    const auto& leads = *event_in<io::BecomeLeader>(at(*beat.also));
    step.text += fmt::format(" It takes over with a log that ends at offset {} and with high watermark {}.",
                             leads.log_end.value(), leads.high_watermark.value());
  }
  if (slice_.record && std::ssize(after_.origins()) > slice_.record->origin) {
    const auto origin = after_.replica(*e.leader).origin_at(slice_.record->offset);
    step.text += is_the_record(origin) ? " It has the record."
                 : !origin             ? " It does not have the record."
                                       : " In place of the record it has " + what_stands(*e.leader) + ".";
  }
  step.label = fmt::format("lead {} in epoch {}", partition(), e.leader_epoch.value());
  step.arrow = Arrow{.from = happening.node, .to = *e.leader};
}

void Narrator::tell_leads(StoryStep& step, const Happening& happening, const io::BecomeLeader& e) const {
  step.text = fmt::format(
      "{} takes over as leader in leader epoch {}, with a log that ends at offset {} and high "
      "watermark {}.",
      capital(person(happening.node)), e.leader_epoch.value(), e.log_end.value(), e.high_watermark.value());
  step.label = fmt::format("leads in epoch {}", e.leader_epoch.value());
}

void Narrator::tell_in_sync(StoryStep& step, const Beat& beat, const io::ChangePartition& e) const {
  const Happening& happening = at(beat.happening);
  const auto& before =
      beat.also ? std::optional(*event_in<io::ChangePartition>(at(*beat.also))) : before_.committed();
  const std::vector<BrokerId> added = before ? without(e.isr, before->isr) : e.isr;
  const std::vector<BrokerId> removed = before ? without(before->isr, e.isr) : std::vector<BrokerId>{};
  const std::string reason = beat.merged > 0 ? "" : why(happening, removed);
  if (!reason.empty()) step.text = reason + " ";
  if (beat.merged > 0) {
    step.text =
        fmt::format("In {} changes the ISR of {} becomes {}", beat.merged + 1, partition(), set_text(e.isr));
  } else if (!removed.empty()) {
    step.text += fmt::format("The controller takes {} out of the ISR of {}: it is {} now", people(removed),
                             partition(), set_text(e.isr));
  } else if (!added.empty()) {
    step.text += fmt::format("The controller lets {} into the ISR of {}: it is {} now", people(added),
                             partition(), set_text(e.isr));
  } else {
    step.text += fmt::format("The ISR of {} stays {}", partition(), set_text(e.isr));
  }
  const bool elr_changed = before && before->elr != e.elr;
  if (elr_changed || !e.elr.empty())
    step.text +=
        e.elr.empty() ? ", and nobody is in the ELR" : fmt::format(", and the ELR {}", set_text(e.elr));
  step.text += ".";
  if (slice_.record && std::ssize(after_.origins()) > slice_.record->origin && !added.empty() &&
      beat.merged == 0) {
    std::vector<BrokerId> lacking;
    for (const BrokerId broker : added) {
      if (!is_the_record(after_.replica(broker).origin_at(slice_.record->offset))) lacking.push_back(broker);
    }
    const std::vector<BrokerId>& named = lacking.empty() ? added : lacking;
    step.text +=
        fmt::format(" {} {} the record.", capital(people(named)), has_or_not(named.size(), lacking.empty()));
  }
  step.label = fmt::format("ISR {}", set_text(e.isr));
  const ChronicleStep& spur = chronicle_.spur_of(happening.step);
  if (spur.spur != Spur::kMessage || spur.api != api::ApiKey::kAlterPartition || spur.cause == 0) return;
  step.who = {chronicle_.step(spur.cause).node};
  step.arrow = Arrow{.from = step.who.front(), .to = happening.node};
}

void Narrator::tell_fenced(StoryStep& step, const Beat& beat) const {
  const Happening& happening = at(beat.happening);
  std::vector<BrokerId> brokers = {event_in<io::FenceBroker>(happening)->broker};
  for (const std::uint32_t part : beat.parts) brokers.push_back(event_in<io::FenceBroker>(at(part))->broker);
  const bool one = brokers.size() == 1;
  step.text = fmt::format("{} shuts {} out: {} fenced.", capital(person(happening.node)), people(brokers),
                          one ? "it is" : "they are");
  step.label = people(brokers) + " fenced";
  const auto leader = quorum_.member(brokers.front()).seen.leader;
  const bool elsewhere =
      leader && *leader != happening.node && std::ranges::all_of(brokers, [&](BrokerId broker) {
        return quorum_.member(broker).seen.leader == leader;
      });
  if (elsewhere)
    step.text += fmt::format(" {} {}.", one ? "It still follows" : "They still follow", person(*leader));
}

void Narrator::tell_died(StoryStep& step, const Happening& happening, const NodeDied& e) const {
  const std::string who = capital(person(happening.node));
  switch (e.ending) {
    case Ending::kPowerLoss:
      step.text =
          fmt::format("{} loses power in the middle of a step; what it had not flushed may be gone.", who);
      break;
    case Ending::kMidStep: step.text = fmt::format("{} dies in the middle of a step.", who); break;
    case Ending::kExit: step.text = fmt::format("{} ends its process: {}.", who, e.reason); break;
    case Ending::kNone:
    case Ending::kBetween: step.text = fmt::format("{} dies.", who); break;
  }
  if (before_.replica(happening.node).leads) step.text += fmt::format(" It was leading {}.", partition());
  if (const MemberPicture& member = quorum_before_.member(happening.node); member.leads())
    step.text += fmt::format(" It was leading epoch {}.", member.seen.epoch.value());
  step.label = "dies";
}

void Narrator::tell_found(StoryStep& step, const Beat& beat) const {
  const Violation& finding = subject_.findings[beat.finding];
  const std::string name = name_of(finding);
  step.at = finding.at;
  step.event = finding.event;
  step.who.clear();
  step.breaks = beat.finding == 0;
  const std::string_view lead = step.breaks              ? "Here the first promise breaks"
                                : finding.client_visible ? "Now clients can see it"
                                                         : "Another promise breaks";
  step.text = fmt::format("{}: {}. {}.", lead, name, capital(finding.message));
  step.label = "breaks " + name;
}

}  // namespace odradek::sim
