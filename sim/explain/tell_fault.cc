// Faults, in sentences. What a fault does in general stands in its list (sim/faults/plan.h).
#include <fmt/format.h>

#include <algorithm>

#include "sim/explain/narrator.h"
#include "sim/explain/words.h"

namespace odradek::sim {
namespace {

/// Whom it is about: whom it hit, else the ends of what it blocks.
std::vector<NodeId> whom(const FaultStruck& fault) {
  constexpr std::size_t kNamed = 4;
  std::vector<NodeId> nodes = fault.nodes;
  for (const Path path : fault.paths) {
    if (!fault.nodes.empty()) break;
    for (const NodeId node : {path.from, path.to}) {
      if (std::ranges::count(nodes, node) == 0) nodes.push_back(node);
    }
  }
  if (nodes.size() > kNamed) nodes.clear();
  return nodes;
}

/// They all begin at one node, or all end at one.
bool share(const std::vector<Path>& paths, NodeId Path::* end) {
  return std::ranges::all_of(paths, [&](Path path) { return path.*end == paths.front().*end; });
}

std::string between(const FaultStruck& fault) {
  if (fault.paths.size() > 1 && share(fault.paths, &Path::from))
    return person(fault.paths[0].from) + " to others";
  if (fault.paths.size() > 1 && share(fault.paths, &Path::to))
    return "others to " + person(fault.paths[0].to);
  if (fault.paths.size() != 1) return count_text(fault.paths.size(), "path");
  return fmt::format("{} to {}", person(fault.paths[0].from), person(fault.paths[0].to));
}

std::string held_text(const HoldFault& hold, const FaultStruck& fault) {
  return fmt::format("{}{} requests from {}", hold.response ? "answers to " : "", api::name_of(hold.api),
                     between(fault));
}

}  // namespace

std::string fault_text(const FaultStruck& fault) {
  const FaultInfo& info = info_of(fault.fault);
  const std::string how_long =
      fault.duration ? fmt::format(" for {}", span_text(*fault.duration)) : std::string();
  if (const auto* hold = std::get_if<HoldFault>(&fault.fault)) {
    return fmt::format("{} are held back{}.", held_text(*hold, fault), how_long);
  }
  if (const auto* delay = std::get_if<DelayFault>(&fault.fault)) {
    return fmt::format("every message from {} takes {} longer{}.", between(fault), span_text(delay->extra),
                       how_long);
  }
  const std::vector<NodeId> hit = whom(fault);
  if (const auto* partition = std::get_if<PartitionFault>(&fault.fault);
      partition != nullptr && hit.size() == 2) {
    return fmt::format("no traffic {}{}.",
                       fault.paths.size() == 1 ? "from " + between(fault) : "between " + people(hit),
                       how_long);
  }
  return fmt::format("{}{}{}: {}.", info.name, hit.empty() ? "" : " of " + people(hit), how_long, info.doc);
}

/// What it did to messages, as far as the partition's nodes go.
std::string Narrator::kept_waiting(const Beat& beat, const FaultStruck& fault) const {
  const std::string among = fault.paths.size() == 1 ? ""
                            : subject_.quorum       ? " among the voters"
                            : subject_.tp == TopicPartition()
                                ? ""
                                : fmt::format(" among the replicas of {} and the controller", partition());
  std::string text = fmt::format(" {}{} {} kept waiting", count_text(beat.messages, "message"), among,
                                 beat.messages == 1 ? "is" : "are");
  if (beat.lost == beat.messages)
    return text + fmt::format(" and never {}.", beat.lost == 1 ? "arrives" : "arrive");
  if (beat.last_arrival) {
    text += fmt::format("; {} at {}", beat.messages == 1 ? "it arrives" : "the last that arrives does so",
                        moment_text(*beat.last_arrival));
  }
  if (beat.lost > 0) text += fmt::format(", and {} never {}", beat.lost, beat.lost == 1 ? "does" : "do");
  return text + ".";
}

/// What replicas do not learn while fetches between them are held; who is not elected without votes.
std::string Narrator::meanwhile(const HoldFault& hold, const FaultStruck& fault) const {
  if (subject_.quorum && hold.api == api::ApiKey::kVote && !hold.response && share(fault.paths, &Path::from))
    return fmt::format(" So nobody hears {} when it asks for votes.", person(fault.paths[0].from));
  if (hold.api != api::ApiKey::kFetch || fault.paths.size() != 1) return "";
  const NodeId fetcher = hold.response ? fault.paths[0].to : fault.paths[0].from;
  const NodeId source = hold.response ? fault.paths[0].from : fault.paths[0].to;
  if (subject_.quorum) {
    return fmt::format(
        " Meanwhile {} gets no records from {}{}.", person(fetcher), person(source),
        hold.response ? ""
                      : fmt::format(", and {} does not see what {} has", person(source), person(fetcher)));
  }
  if (!after_.replicas().contains(fetcher) || !after_.replicas().contains(source)) return "";
  std::string text = fmt::format(
      " Meanwhile {} gets nothing new from {}: no records, and no word of a higher high "
      "watermark",
      person(fetcher), person(source));
  const auto own = after_.replica(fetcher).high_watermark;
  text += own ? fmt::format(" (its own is {}).", own->value()) : ".";
  if (!hold.response) text += fmt::format(" And {} cannot see what {} has.", person(source), person(fetcher));
  return text;
}

void Narrator::tell_fault(StoryStep& step, const Beat& beat, const FaultStruck& fault) const {
  step.text = "Fault: " + fault_text(fault);
  step.who = fault.nodes;
  step.label = std::string(info_of(fault.fault).name);
  if (beat.messages > 0) step.text += kept_waiting(beat, fault);
  if (const auto* hold = std::get_if<HoldFault>(&fault.fault)) step.text += meanwhile(*hold, fault);
  for (const NodeId node : fault.nodes) {
    if (before_.committed() && before_.committed()->leader == node)
      step.text += fmt::format(" {} was leading {}.", capital(person(node)), partition());
    if (const MemberPicture& member = quorum_before_.member(node); member.leads())
      step.text += fmt::format(" {} was leading epoch {}.", capital(person(node)), member.seen.epoch.value());
  }
  const auto* many = std::get_if<HoldFault>(&fault.fault);
  if (many != nullptr && fault.paths.size() > 1) step.label = held_text(*many, fault) + " held";
  const bool one_pair = fault.paths.size() == 2 && whom(fault).size() == 2;
  if (fault.paths.size() == 1 || one_pair) {
    step.arrow = Arrow{.from = fault.paths[0].from, .to = fault.paths[0].to, .arrives = false};
    const auto* hold = std::get_if<HoldFault>(&fault.fault);
    if (hold != nullptr)
      step.label =
          fmt::format("{} {} held", api::name_of(hold->api), hold->response ? "answers" : "requests");
  }
}

void Narrator::tell_fault_end(StoryStep& step, const FaultEnded& ended) const {
  for (const Happening& happening : chronicle_.happenings) {
    const auto* struck = std::get_if<FaultStruck>(&happening.what);
    if (struck == nullptr || struck->entry != ended.entry) continue;
    const auto* hold = std::get_if<HoldFault>(&struck->fault);
    step.text = hold == nullptr ? fmt::format("The {} that began at {} is over.", info_of(struck->fault).name,
                                              moment_text(happening.at))
                                : fmt::format("Nothing holds back {} any more.", held_text(*hold, *struck));
    step.label = fmt::format("{} ends", info_of(struck->fault).name);
    return;
  }
}

}  // namespace odradek::sim
