// What happens to records and logs, in sentences.
#include <fmt/format.h>

#include <algorithm>

#include "sim/explain/narrator.h"
#include "sim/explain/words.h"

namespace odradek::sim {
namespace {

std::string range_text(Offset base, Offset end) {
  return end - base == 1 ? fmt::format("offset {}", base.value())
                         : fmt::format("offsets {} to {}", base.value(), (end - 1).value());
}

}  // namespace

void Narrator::tell_written(StoryStep& step, const Happening& happening, const io::AppendLog& e) const {
  const ChronicleStep& spur = chronicle_.spur_of(happening.step);
  const bool sent = spur.spur == Spur::kMessage && spur.cause != 0;
  const NodeId client = sent ? chronicle_.step(spur.cause).node : NodeId();
  const bool the_record = is_the_record(after_.replica(happening.node).origin_at(*subject_.offset));
  const std::string what =
      e.end - e.base == 1 ? "a record" : count_text(static_cast<std::uint64_t>(e.end - e.base), "record");
  step.text =
      fmt::format("{} sends {}; {}, which leads in leader epoch {}, appends {} at {}.",
                  sent ? capital(person(client)) : "A client", what, person(happening.node),
                  e.leader_epoch.value(), e.end - e.base == 1 ? "it" : "them", range_text(e.base, e.end));
  if (slice_.record && slice_.record->origin >= after_.origins().size()) {
    step.text += fmt::format(" The record that the story is about comes later, to the same offset {}.",
                             subject_.offset->value());
  } else if (!the_record) {
    step.text += fmt::format(" So another record stands at offset {} of its log.", subject_.offset->value());
  } else if (e.end - e.base == 1) {
    step.text += " This is the record that the story is about.";
  } else {
    step.text +=
        fmt::format(" The one at offset {} is the record that the story is about.", subject_.offset->value());
  }
  step.label = fmt::format("{}{} at {}", the_record ? "" : "other ",
                           e.end - e.base == 1 ? "record" : "records", range_text(e.base, e.end));
  if (sent) step.arrow = Arrow{.from = client, .to = happening.node};
}

void Narrator::tell_copied(StoryStep& step, const Happening& happening, const io::AppendLog& e) const {
  const ChronicleStep& spur = chronicle_.spur_of(happening.step);
  const bool sent = spur.spur == Spur::kMessage && spur.cause != 0;
  const NodeId leader = sent ? chronicle_.step(spur.cause).node : NodeId();
  step.text = fmt::format("{} fetches {} from {} and appends {}: at offset {} it now has {}.",
                          capital(person(happening.node)), range_text(e.base, e.end),
                          sent ? person(leader) : "its leader", e.end - e.base == 1 ? "it" : "them",
                          subject_.offset->value(), what_stands(happening.node));
  step.label = "fetched " + range_text(e.base, e.end);
  if (sent) step.arrow = Arrow{.from = leader, .to = happening.node};
}

void Narrator::tell_committed(StoryStep& step, const Happening& happening,
                              const io::AdvanceHighWatermark& e) const {
  const bool the_record = is_the_record(after_.replica(happening.node).origin_at(*subject_.offset));
  step.text = fmt::format("{} moves its high watermark from {} to {}, past {}: consumers may read it.",
                          capital(person(happening.node)), e.from.value(), e.to.value(),
                          the_record ? "the record" : "the other record at that offset");
  const auto& committed = after_.committed();
  if (the_record && committed) {
    std::vector<BrokerId> lacking;
    for (const BrokerId member : committed->isr) {
      if (!is_the_record(after_.replica(member).origin_at(*subject_.offset))) lacking.push_back(member);
    }
    step.text += lacking.empty()
                     ? fmt::format(" All of the ISR {} have the record.", set_text(committed->isr))
                     : fmt::format(" But of the ISR {}, {} {} not have the record.", set_text(committed->isr),
                                   people(lacking), lacking.size() == 1 ? "does" : "do");
    const std::int32_t minimum = min_insync_replicas(scenario_, committed->topic);
    if (std::ssize(committed->isr) < minimum)
      step.text += fmt::format(" And the ISR is smaller than min.insync.replicas, which is {}.", minimum);
  }
  step.label = fmt::format("high watermark {} to {}", e.from.value(), e.to.value());
}

void Narrator::tell_acked(StoryStep& step, const Happening& happening, const io::AckProduce& e) const {
  const auto origin = after_.replica(happening.node).origin_at(*subject_.offset);
  const bool the_record = is_the_record(origin);
  std::optional<NodeId> client;
  if (origin) {
    const ChronicleStep& spur = chronicle_.spur_of(after_.origins()[*origin].step);
    if (spur.spur == Spur::kMessage && spur.cause != 0) client = chronicle_.step(spur.cause).node;
  }
  step.text =
      fmt::format("{} tells {} that {} at {} {} stored (acks={}).", capital(person(happening.node)),
                  client ? person(*client) : "the producer",
                  e.end - e.base == 1 ? (the_record ? "the record" : "the other record") : "the records",
                  range_text(e.base, e.end), e.end - e.base == 1 ? "is" : "are",
                  e.acks == -1 ? std::string("all") : std::to_string(e.acks));
  if (the_record && e.acks == -1) {
    step.text += subject_.permitted.empty() ? " From here on Kafka promises to keep it."
                                            : " From here on the producer takes it for safe.";
  }
  if (the_record && e.acks == 1) step.text += " With acks=1 that promises only that the leader has it.";
  step.label = fmt::format("acknowledged {}", range_text(e.base, e.end));
  if (client) step.arrow = Arrow{.from = happening.node, .to = *client};
}

void Narrator::tell_read(StoryStep& step, const Happening& happening, const io::ServeFetch&) const {
  step.text = fmt::format("A consumer gets {} at offset {} from {}.", what_stands(happening.node),
                          subject_.offset->value(), person(happening.node));
  step.label = fmt::format("a consumer reads offset {}", subject_.offset->value());
}

void Narrator::tell_cut(StoryStep& step, const Happening& happening, const io::TruncateLog& e) const {
  const ReplicaPicture& replica = before_.replica(happening.node);
  const ChronicleStep& spur = chronicle_.spur_of(happening.step);
  const bool told = spur.spur == Spur::kMessage && spur.response && spur.cause != 0 &&
                    (spur.api == api::ApiKey::kFetch || spur.api == api::ApiKey::kOffsetForLeaderEpoch) &&
                    before_.replicas().contains(chronicle_.step(spur.cause).node);
  std::string becomes;
  for (const Happening& other : chronicle_.happenings) {
    if (other.step != happening.step || other.node != happening.node) continue;
    const auto* follows = event_in<io::BecomeFollower>(other);
    if (follows == nullptr || follows->tp != subject_.tp) continue;
    becomes =
        fmt::format("becomes a follower{} in leader epoch {} and ",
                    follows->leader ? " of " + person(*follows->leader) : "", follows->leader_epoch.value());
  }
  step.text = fmt::format("{} {}cuts its log from offset {} back to {}", capital(person(happening.node)),
                          becomes, e.from.value(), e.end.value());
  if (told) {
    const NodeId leader = chronicle_.step(spur.cause).node;
    step.text += fmt::format(", where {} has told it that their logs part", person(leader));
    step.arrow = Arrow{.from = leader, .to = happening.node};
  } else if (e.end == replica.high_watermark) {
    step.text += ", which is its own high watermark";
  }
  step.text += ".";
  step.label = fmt::format("log cut from {} to {}", e.from.value(), e.end.value());
  if (!subject_.offset) return;
  const bool lost = is_the_record(replica.origin_at(*subject_.offset));
  if (lost) {
    step.text += " With that the record is gone from its log. " + who_has_it(after_);
  } else if (replica.origin_at(*subject_.offset)) {
    step.text += fmt::format(" What it had at offset {} was another record.", subject_.offset->value());
  }
}

void Narrator::tell_diverged(StoryStep& step, const Happening& happening,
                             const io::AnswerDivergence& e) const {
  step.text = fmt::format(
      "{} fetches from {}, which sees that their logs differ: leader epoch {} ends at offset {} here, so {} "
      "has to cut "
      "its log back to there.",
      capital(person(e.replica)), person(happening.node), e.epoch.value(), e.end_offset.value(),
      person(e.replica));
  step.label = fmt::format("logs part at {}", e.end_offset.value());
  step.arrow = Arrow{.from = happening.node, .to = e.replica};
}

void Narrator::tell_back(StoryStep& step, const Happening& happening, const io::OpenLog& e) const {
  const ReplicaPicture& replica = before_.replica(happening.node);
  step.text = fmt::format("{} is back and opens its log, which ends at offset {}",
                          capital(person(happening.node)), e.log_end.value());
  if (e.log_end < replica.log_end) {
    step.text += fmt::format("; before it had ended at {}, and what its disk had not kept is gone",
                             replica.log_end.value());
  }
  step.text += ".";
  step.label = fmt::format("back, log ends at {}", e.log_end.value());
  if (!subject_.offset || !slice_.record) return;
  const bool had = is_the_record(replica.origin_at(*subject_.offset));
  const bool has = is_the_record(after_.replica(happening.node).origin_at(*subject_.offset));
  if (has) step.text += " It has the record.";
  if (had && !has) step.text += " It has lost the record. " + who_has_it(after_);
}

void Narrator::tell_given_up(StoryStep& step, const Happening& happening, const io::DeleteLog& e) const {
  const auto& committed = after_.committed();
  const bool moved = committed && std::ranges::count(committed->replicas, happening.node) == 0;
  step.text = fmt::format(
      "{} hears that {} and deletes its log, which ended at offset {}.", capital(person(happening.node)),
      moved ? "the partition has moved to others" : "the topic is gone", e.log_end.value());
  step.label = fmt::format("gives up its replica, which ended at {}", e.log_end.value());
  if (!subject_.offset) return;
  if (is_the_record(before_.replica(happening.node).origin_at(*subject_.offset)))
    step.text += " With that the record is gone from there. " + who_has_it(after_);
}

}  // namespace odradek::sim
