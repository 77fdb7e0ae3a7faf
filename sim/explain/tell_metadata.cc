// The life of a decision in the metadata logs, in sentences.
#include <fmt/format.h>

#include <algorithm>

#include "sim/explain/narrator.h"
#include "sim/explain/words.h"

namespace odradek::sim {
namespace {

/// "PartitionRecord at offset 16", "2 NoOpRecords at offsets 16 to 17".
std::string entry_text(const Entry& entry) {
  const std::string where = entry.end - entry.base == 1 ? fmt::format("offset {}", entry.base.value())
                                                        : fmt::format("offsets {} to {}", entry.base.value(),
                                                                      (entry.end - 1).value());
  return fmt::format("{} at {}", entry.records.empty() ? "a batch" : entry.records, where);
}

}  // namespace

std::string Narrator::reason_of(const Happening& happening) const {
  const ChronicleStep& spur = chronicle_.spur_of(happening.step);
  if (spur.spur == Spur::kMessage && !spur.response && spur.cause != 0 && spur.api != api::ApiKey::kFetch &&
      spur.api != api::ApiKey::kVote)
    return fmt::format("{} sends {}. ", capital(person(chronicle_.step(spur.cause).node)),
                       api::name_of(spur.api));
  return "";
}

std::string Narrator::what_it_has(NodeId node) const {
  if (!slice_.decision) return "";
  const bool exists = std::ranges::any_of(
      quorum_.members(), [this](const auto& member) { return member.second.has(*slice_.decision); });
  const MemberPicture& member = quorum_.member(node);
  if (member.has(*slice_.decision)) return " It has the record.";
  if (!exists) return "";  // nobody has written it yet, or nobody has it any more
  const Entry* other = member.at(slice_.decision->base);
  return other == nullptr ? " It does not have the record."
                          : fmt::format(" In place of the record it has {} of epoch {}.", other->records,
                                        other->epoch.value());
}

std::string Narrator::who_has_the_decision() const {
  const std::vector<NodeId> holders = quorum_.holders(*slice_.decision);
  if (holders.empty()) return "Nobody has it any more.";
  std::vector<std::string> names;
  for (const NodeId node : holders)
    names.push_back(person(node) + (quorum_.member(node).up ? "" : " (down)"));
  return fmt::format("{} still {} it.", capital(and_list(names)), names.size() == 1 ? "has" : "have");
}

void Narrator::tell_entry(StoryStep& step, const Happening& happening) const {
  const auto& seen = std::get<MetadataSeen>(happening.what);
  const auto entry = std::ranges::find_if(seen.appended, [this](const Entry& e) {
    return e.base <= slice_.decision->base && slice_.decision->base < e.end;
  });
  const bool the_record = *entry == *slice_.decision;
  const bool same_epoch = entry->epoch == slice_.decision->epoch;
  step.text = reason_of(happening);
  step.text += fmt::format("{}, which leads epoch {}, appends {} to its metadata log.",
                           capital(person(happening.node)), seen.epoch.value(), entry_text(*entry));
  step.text += the_record
                   ? " This is the record that the story is about."
                   : fmt::format(" So another record stands at offset {} of its log{}.",
                                 slice_.decision->base.value(), same_epoch ? ", in the same epoch" : "");
  step.label = fmt::format("{}{}", the_record ? "" : "other, ", entry_text(*entry));
}

void Narrator::tell_entry_copied(StoryStep& step, const Happening& happening) const {
  const ChronicleStep& spur = chronicle_.spur_of(happening.step);
  const bool sent = spur.spur == Spur::kMessage && spur.cause != 0;
  const NodeId leader = sent ? chronicle_.step(spur.cause).node : NodeId();
  step.text = fmt::format("{} fetches the record from {} and appends it to its log.",
                          capital(person(happening.node)), sent ? person(leader) : "its leader");
  step.label = "fetched the record";
  if (sent) step.arrow = Arrow{.from = leader, .to = happening.node};
}

void Narrator::tell_entry_committed(StoryStep& step, const Happening& happening,
                                    const io::CommitMetadata& e) const {
  const Entry& decision = *slice_.decision;
  const MemberPicture& leader = quorum_.member(happening.node);
  const bool the_record = leader.has(decision);
  const Entry* entry = leader.at(decision.base);
  step.text = fmt::format(
      "{} moves the high watermark of the metadata log from {} to {}, past {}: it counts "
      "as committed.",
      capital(person(happening.node)), e.from.value(), e.to.value(),
      the_record ? "the record" : "the other record at that offset");
  step.label = fmt::format("high watermark {} to {}", e.from.value(), e.to.value());
  if (entry == nullptr) return;
  const std::vector<NodeId>& voters = leader.seen.voters;
  std::vector<NodeId> holders;
  std::vector<NodeId> on_disk;
  for (const NodeId voter : voters) {
    const MemberPicture& member = quorum_.member(voter);
    if (member.has(*entry)) holders.push_back(voter);
    if (member.has_on_disk(*entry)) on_disk.push_back(voter);
  }
  const auto plural = [](const std::vector<NodeId>& nodes) { return nodes.size() > 1 ? "s" : ""; };
  step.text +=
      fmt::format(" Of the voters {} it is in the log{} of {}, and on the disk{} of {}.", set_text(voters),
                  plural(holders), people(holders), plural(on_disk),
                  on_disk == holders ? (holders.size() > 1 ? "all of these" : "this one") : people(on_disk));
  if (entry->epoch < leader.seen.epoch && !has_begun(leader, e.to)) {
    step.text += fmt::format(
        " It is of epoch {}, and nothing of epoch {} is committed yet: who lacks the record and has one of "
        "an "
        "epoch in between can still be elected.",
        entry->epoch.value(), leader.seen.epoch.value());
  }
}

/// A record of its own epoch lies before what is committed.
bool Narrator::has_begun(const MemberPicture& leader, Offset committed) const {
  return std::ranges::any_of(leader.log, [&](const Entry& entry) {
    return entry.epoch == leader.seen.epoch && entry.end <= committed;
  });
}

void Narrator::tell_acted_on(StoryStep& step, const Happening& happening,
                             const io::PublishMetadata& e) const {
  step.text = fmt::format(
      "{} hears that the record is committed and acts on it: it has taken in the metadata log up "
      "to {}.",
      capital(person(happening.node)), e.offset.value());
  for (const Happening& other : chronicle_.happenings) {
    const auto* opened = event_in<io::OpenLog>(other);
    if (opened == nullptr || other.node != happening.node || other.step < happening.step) continue;
    if (other.at - happening.at > milliseconds(1)) break;
    step.text += fmt::format(" It opens a log for {}.", partition_text(opened->tp, chronicle_.topics));
  }
  step.label = "acts on the record";
}

void Narrator::tell_entry_cut(StoryStep& step, const Happening& happening,
                              const io::TruncateMetadata& e) const {
  const ChronicleStep& spur = chronicle_.spur_of(happening.step);
  const bool told = spur.spur == Spur::kMessage && spur.response && spur.cause != 0;
  step.text = fmt::format("{} cuts its metadata log from {} back to {}", capital(person(happening.node)),
                          e.from.value(), e.end.value());
  if (told) {
    const NodeId leader = chronicle_.step(spur.cause).node;
    step.text += fmt::format(", where {}, the leader of epoch {}, has told it that their logs part",
                             person(leader), e.epoch.value());
    step.arrow = Arrow{.from = leader, .to = happening.node};
  }
  step.text += ". With that the record is gone from there. " + who_has_the_decision();
  step.label = fmt::format("metadata log cut from {} to {}", e.from.value(), e.end.value());
}

void Narrator::tell_returns(StoryStep& step, const Happening& happening, const MetadataSeen& seen) const {
  const MemberPicture& before = quorum_before_.member(happening.node);
  step.text = fmt::format("{} is back. Its metadata log ends at {}", capital(person(happening.node)),
                          seen.log_end.value());
  if (seen.log_end < before.seen.log_end)
    step.text += fmt::format("; before it had ended at {}, and what its disk had not kept is gone",
                             before.seen.log_end.value());
  step.text += ".";
  if (slice_.decision && before.has(*slice_.decision)) {
    step.text += quorum_.member(happening.node).has(*slice_.decision)
                     ? " It has the record."
                     : " It has lost the record. " + who_has_the_decision();
  }
  if (seen.epoch < before.seen.epoch) {
    step.text += fmt::format(" It is in epoch {} and has forgotten epoch {}", seen.epoch.value(),
                             before.seen.epoch.value());
    step.text += before.seen.voted
                     ? fmt::format(", and that it voted for {} there.", person(*before.seen.voted))
                     : ".";
  }
  switch (seen.role) {
    case raft::RoleKind::kLeader:
      step.text += fmt::format(" It leads epoch {} again, without an election.", seen.epoch.value());
      break;
    case raft::RoleKind::kFollower:
      step.text += fmt::format(" It follows {}, by what it has saved of epoch {}.", person(*seen.leader),
                               seen.epoch.value());
      break;
    case raft::RoleKind::kResigned:
      step.text += fmt::format(" It had led epoch {} and does not lead it again.", seen.epoch.value());
      break;
    case raft::RoleKind::kUnattached:
    case raft::RoleKind::kProspective:
    case raft::RoleKind::kCandidate: step.text += " It knows of no leader."; break;
  }
  step.label = fmt::format("back, log ends at {}, epoch {}", seen.log_end.value(), seen.epoch.value());
}

void Narrator::tell_snapshot(StoryStep& step, const Happening& happening) const {
  const auto* written = event_in<io::WriteSnapshot>(happening);
  const auto* loaded = event_in<io::LoadSnapshot>(happening);
  const Offset end = written != nullptr ? written->end_offset : loaded->end_offset;
  step.text = fmt::format("{} {} a snapshot that stands for all of the metadata log before {}.",
                          capital(person(happening.node)),
                          written != nullptr ? "writes" : "takes its metadata from", end.value());
  step.label = fmt::format("{} a snapshot up to {}", written != nullptr ? "writes" : "loads", end.value());
}

}  // namespace odradek::sim
