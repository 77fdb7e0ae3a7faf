#include "sim/explain/story.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/base/ensure.h"
#include "engine/metadata/topic_config.h"
#include "sim/checkers/permissions.h"
#include "sim/checkers/registry.h"
#include "sim/explain/glossary.h"
#include "sim/explain/narrator.h"
#include "sim/explain/quorum_picture.h"
#include "sim/explain/words.h"
#include "sim/workload/workload.h"

namespace odradek::sim {
namespace {

std::string title_of(const Scenario& scenario, const RunResult& result) {
  const std::string run = fmt::format("{}, seed {}", result.scenario, result.seed);
  return scenario.title.empty() ? run : run + ": " + scenario.title;
}

/// Who takes part, as far as the partition goes.
class Casting {
 public:
  Casting(const Chronicle& chronicle, const Subject& subject, const Slice& slice, const Scenario& scenario)
      : subject_(subject), slice_(slice), scenario_(scenario), picture_(subject.tp) {
    for (const Happening& happening : chronicle.happenings) {
      picture_.apply(chronicle, happening);
      quorum_.apply(happening);
      if (event_in<io::ElectController>(happening) != nullptr && controllers_.empty())
        controllers_.push_back(happening.node);
      if (const auto* seen = std::get_if<MetadataSeen>(&happening.what))
        voters_.insert(seen->voters.begin(), seen->voters.end());
      note_author(happening);
    }
  }

  std::vector<Character> cast() {
    if (subject_.quorum) return quorum_cast();
    if (picture_.committed()) add_partition(*picture_.committed());
    for (const NodeId controller : controllers_) {
      add(person(controller),
          "decides who leads each partition and writes down who is in sync; brokers follow its metadata log");
    }
    if (picture_.committed()) add_clients(picture_.committed()->topic);
    add_record();
    return std::move(cast_);
  }

 private:
  void note_author(const Happening& happening) {
    const auto* seen = std::get_if<MetadataSeen>(&happening.what);
    if (author_ || !slice_.decision || seen == nullptr || seen->role != raft::RoleKind::kLeader) return;
    if (std::ranges::count(seen->appended, *slice_.decision) != 0) author_ = happening.node;
  }

  std::vector<Character> quorum_cast() {
    const std::vector<NodeId> voters(voters_.begin(), voters_.end());
    std::vector<NodeId> observers;
    for (const auto& [node, member] : quorum_.members()) {
      if (!voters_.contains(node)) observers.push_back(node);
    }
    add("the metadata log",
        "a log of all that controllers decide, numbered by offsets from 0 on; each node has a copy");
    add(people(voters), voters.size() == 1
                            ? "the only voter of the metadata quorum: it appends to the metadata log"
                            : "the voters of the metadata quorum: one of them leads and appends to the "
                              "metadata log, the others "
                              "fetch from it; what a majority has is committed");
    if (!observers.empty()) {
      add(people(observers), observers.size() == 1
                                 ? "fetches the metadata log too, and acts on what is committed"
                                 : "fetch the metadata log too, and act on what is committed");
    }
    if (slice_.decision) {
      const Entry& decision = *slice_.decision;
      const bool several = decision.end - decision.base > 1;
      add("the record",
          fmt::format("the {} that {} appended at offset{} {}{} in epoch {}; another record may stand there "
                      "elsewhere",
                      decision.records.empty() ? "batch" : decision.records,
                      author_ ? person(*author_) : "a leader", several ? "s" : "", decision.base.value(),
                      several ? fmt::format(" to {}", (decision.end - 1).value()) : "",
                      decision.epoch.value()));
    }
    return std::move(cast_);
  }

  void add(std::string name, std::string text) { cast_.push_back({std::move(name), std::move(text)}); }

  void add_partition(const io::ChangePartition& p) {
    std::vector<BrokerId> replicas = p.replicas;
    std::ranges::sort(replicas);  // total order: equal ids are the same
    const std::int32_t partition = subject_.tp.partition.value();
    add(fmt::format("{}-{}", p.topic, partition),
        fmt::format("partition {} of topic {}: a log of records, numbered by their offsets from 0 on; its "
                    "min.insync.replicas is {}",
                    partition, p.topic, min_insync_replicas(scenario_, p.topic)));
    add(people(replicas),
        replicas.size() == 1
            ? "holds its only replica"
            : "hold its replicas: one leads and takes all writes, the others fetch from it and follow");
  }

  void add_clients(const std::string& topic) {
    std::vector<NodeId> consumers;
    for (const auto& [node, client] : clients_of(scenario_.clients)) {
      if (client.topic != topic) continue;
      if (const auto* producer = std::get_if<ProducerSpec>(&client.kind)) {
        const std::int16_t acks = producer->config.acks;
        add(person(node), fmt::format("sends records to {}, with acks={}", topic,
                                      acks == -1 ? "all" : std::to_string(acks)));
      } else {
        consumers.push_back(node);
      }
    }
    for (const NodeId consumer : consumers) add(person(consumer), "reads " + topic);
  }

  void add_record() {
    if (!slice_.record || slice_.record->origin >= picture_.origins().size()) return;
    const Origin& origin = picture_.origins()[slice_.record->origin];
    std::string text = fmt::format("what {} wrote at offset {} in leader epoch {}", person(origin.leader),
                                   slice_.record->offset.value(), origin.epoch.value());
    if (origin.end - origin.base > 1) {
      text += fmt::format(", one of {} that were appended together", origin.end - origin.base);
    }
    add("the record", text + "; another one may stand at that offset elsewhere");
  }

  const Subject& subject_;
  const Slice& slice_;
  const Scenario& scenario_;
  Picture picture_;
  QuorumPicture quorum_;
  std::set<NodeId> voters_;
  std::optional<NodeId> author_;  ///< of the decision
  std::vector<NodeId> controllers_;
  std::vector<Character> cast_;
};

void add_promise(Story& story, const Subject& subject) {
  if (!subject.findings.empty()) {
    const Violation& first = subject.findings.front();
    const InvariantInfo* info = find_invariant(first.invariant);
    story.promise = info == nullptr ? fmt::format("{}: no promise of Kafka's, but the simulator's own check.",
                                                  first.invariant)
                                    : fmt::format("{}: {}", name_of(first), info->promise);
    story.source = info == nullptr ? "" : info->source;
    return;
  }
  story.promise = "Nothing that this cluster promises was broken.";
  std::set<std::string> told;
  for (const Permission& permission : subject.permitted) {
    if (!told.insert(permission.setting).second) continue;
    const auto setting = std::ranges::find(kPermittingSettings, permission.setting, &SettingInfo::setting);
    const bool known = setting != kPermittingSettings.end();
    story.promise += fmt::format(" {} permits what was seen. {}", permission.setting,
                                 known ? std::string(setting->meaning) : capital(permission.message) + ".");
    if (known) story.source += (story.source.empty() ? "" : "; ") + std::string(setting->source);
  }
}

/// The earliest, and what clients saw: of each kind once.
void add_broke(Story& story, const Subject& subject) {
  for (const Permission& lost : subject.permitted) {
    const bool one = lost.end - lost.begin == 1;
    const std::string what =
        lost.begin == lost.end ? ""
        : one                  ? fmt::format("offset {}, ", lost.begin.value())
              : fmt::format("offsets {} to {}, ", lost.begin.value(), (lost.end - 1).value());
    story.broke.push_back(fmt::format("{}by {}: {}", what, lost.setting, lost.message));
  }
  if (subject.findings.empty()) return;
  const Violation& first = subject.findings.front();
  const auto say = [&story](std::string_view lead, const Violation& finding) {
    story.broke.push_back(fmt::format("{}: {}: {} ({}, event {})", lead, name_of(finding), finding.message,
                                      time_text(finding.at), finding.event));
  };
  say(first.client_visible ? "first, and seen by clients" : "first, inside the cluster", first);
  std::set<std::string> told = {first.invariant};
  for (const Violation& finding : subject.findings) {
    if (finding.client_visible && told.insert(finding.invariant).second) say("then seen by clients", finding);
  }
  if (std::ranges::none_of(subject.findings, &Violation::client_visible))
    story.broke.emplace_back("no client saw anything wrong of it in this run");
}

/// Where the record is in the end.
void add_ending(Story& story, const Chronicle& chronicle, const Record& record, const TopicPartition& tp) {
  Picture picture(tp);
  for (const Happening& happening : chronicle.happenings) picture.apply(chronicle, happening);
  const std::vector<BrokerId> holders = picture.holders(record);
  story.broke.push_back(fmt::format("at the end of the run {} {} the record", people(holders),
                                    holders.size() > 1 ? "have" : "has"));
}

void add_ending(Story& story, const Chronicle& chronicle, const Entry& decision) {
  QuorumPicture picture;
  for (const Happening& happening : chronicle.happenings) picture.apply(happening);
  const std::vector<NodeId> holders = picture.holders(decision);
  story.broke.push_back(fmt::format("at the end of the run {} {} the record in the metadata log",
                                    people(holders), holders.size() > 1 ? "have" : "has"));
}

/// The last step before the first promise broke at which a node did something: what it decided there.
std::optional<std::size_t> decision(const Story& story) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < story.steps.size() && !story.steps[i].breaks; ++i) {
    if (story.steps[i].kind != BeatKind::kFault && !story.steps[i].who.empty()) found = i;
  }
  return found;
}

void add_next(Story& story, const Subject& subject, const Scenario& scenario) {
  const auto decided = decision(story);
  if (decided && !subject.findings.empty()) {
    const StoryStep& step = story.steps[*decided];
    story.next.push_back(
        fmt::format("step {} ({}, event {}), just before the first promise breaks: what did {} know "
                    "there, and what should it have asked?",
                    *decided + 1, time_text(step.at), step.event, people(step.who)));
  }
  for (const io::FlawInfo& flaw : io::kFlaws) {
    if (!(scenario.cluster.flaws.*flaw.flag)) continue;
    std::string_view name;
    for_each_field(scenario.cluster.flaws, [&](std::string_view field, const bool& flag) {
      if (&flag == &(scenario.cluster.flaws.*flaw.flag)) name = field;
    });
    story.next.push_back(
        fmt::format("the flaw {} is on: {} ({}). The engine reads the switch {} at one place.", flaw.exhibit,
                    flaw.doc, flaw.source, name));
  }
  if (!subject.findings.empty()) story.look_at = subject.findings.front().at;
}

}  // namespace

std::int32_t min_insync_replicas(const Scenario& scenario, const std::string& topic) {
  const io::TopicConfig& defaults = scenario.cluster.topic_defaults;
  const auto spec = std::ranges::find(scenario.topics, topic, &TopicSpec::name);
  if (spec == scenario.topics.end()) return defaults.min_insync_replicas;
  return metadata::parse_topic_config(spec->configs, defaults).value_or(defaults).min_insync_replicas;
}

Story tell_held(const Scenario& scenario, const RunResult& result) {
  Story story{.title = title_of(scenario, result)};
  if (result.verdict == Verdict::kInconclusive) {
    story.promise = "The run was stopped before its end, and until then nothing was violated.";
    return story;
  }
  const auto checked = std::ranges::count_if(invariants(), [&result](const InvariantInfo& info) {
    const auto cases = result.exercised.find(std::string(info.id));
    return cases != result.exercised.end() && cases->second > 0;
  });
  story.promise = fmt::format(
      "Everything held: there were cases of {} invariants, and none was violated. There is "
      "nothing to explain.",
      checked);
  return story;
}

Story tell(const Chronicle& chronicle, const Subject& subject, const Scenario& scenario,
           const RunResult& result) {
  ENSURE(!chronicle.steps.empty(), "the story of a run that nobody has followed");
  const Slice sliced = slice(chronicle, subject);
  Story story{.title = title_of(scenario, result)};
  story.cast = Casting(chronicle, subject, sliced, scenario).cast();
  story.steps = Narrator(chronicle, subject, sliced, scenario).steps();
  Glossary glossary = subject.quorum ? Glossary(kQuorumGlossary) : Glossary();
  for (Character& character : story.cast) character.text = glossary.explain(character.text + ".");
  for (StoryStep& step : story.steps) step.text = glossary.explain(step.text);
  add_promise(story, subject);
  add_broke(story, subject);
  if (sliced.record) add_ending(story, chronicle, *sliced.record, subject.tp);
  if (sliced.decision) add_ending(story, chronicle, *sliced.decision);
  add_next(story, subject, scenario);
  return story;
}

}  // namespace odradek::sim
