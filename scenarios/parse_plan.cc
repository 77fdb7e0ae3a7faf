// The timeline: random faults, their budget, and scripted entries.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/api/api_key.h"
#include "engine/base/duration_text.h"
#include "engine/io/event.h"
#include "scenarios/parse_deed.h"
#include "scenarios/units.h"
#include "sim/faults/event_condition.h"
#include "sim/faults/expand.h"
#include "sim/faults/topology.h"

namespace odradek::scenarios {
namespace {

constexpr DurationBounds kFaultDuration = {.least = milliseconds(1), .most = seconds(600)};

std::vector<std::string> strings(const auto& names) { return {names.begin(), names.end()}; }

bool is_subject(sim::EventSubject subject, NodeId node, const Roster& roster) {
  const auto among = [node](std::int32_t first, std::int32_t count) {
    return node.value() >= first && node.value() < first + count;
  };
  switch (subject) {
    case sim::EventSubject::kBroker: return among(sim::kFirstBroker, roster.brokers);
    case sim::EventSubject::kController:
      return among(sim::kFirstBroker, roster.combined) ||
             among(sim::kFirstController + roster.combined, roster.controllers - roster.combined);
    case sim::EventSubject::kClient: return among(sim::kFirstClient, roster.clients);
  }
  return false;
}

sim::EventCondition parse_condition(const Value& value, const Roster& roster, Problems& problems) {
  sim::EventCondition on;
  std::optional<sim::EventTraits> traits;  // absent: it is not known which event is meant
  Reader table(&value, "on", problems);
  if (const Value* event = table.take("event"); event == nullptr) {
    table.missing("event", "the name of an event, such as event = \"BecomeLeader\"");
  } else if (const auto at = to_choice(*event, "event", strings(io::kEventNames), problems)) {
    on.event = io::kEventNames[*at];
    traits = sim::traits_of_event(*at);
  }
  const Value* topic = table.take("topic");
  if (topic != nullptr && traits && !traits->has_partition)
    expected(problems, "topic", *topic, fmt::format("no topic: {} is not about a partition", on.event));
  if (topic != nullptr && known_topic(*topic, "topic", roster, problems))
    on.topic = *topic->as<std::string>();
  if (const Value* partition = table.take("partition")) {
    if (topic == nullptr) table.missing("topic", "the topic of this partition");
    const std::int32_t partitions = on.topic ? roster.topics.at(*on.topic) : 100;
    const auto n = to_integer(*partition, "partition", {.least = 0, .most = partitions - 1}, problems);
    if (n) on.partition = PartitionId(static_cast<std::int32_t>(*n));
  }
  if (const Value* node = table.take("node")) {
    const auto id =
        to_integer(*node, "node", {.least = 1, .most = sim::kFirstClient + roster.clients - 1}, problems);
    if (id) on.node = NodeId(static_cast<std::int32_t>(*id));
    if (id && traits && !is_subject(traits->subject, *on.node, roster))
      expected(problems, "node", *node,
               fmt::format("the id of {}, whom {} is about", name_of(traits->subject), on.event));
  }
  table.read("nth", on.nth, {.least = 1, .most = 1'000'000});
  table.finish();
  return on;
}

/// One end of a message: a node by its name; absent when anybody may be meant.
std::optional<NodeId> parse_end(Reader& table, std::string_view key, const Roster& roster) {
  const Value* value = table.take(key);
  if (value == nullptr) return std::nullopt;
  const Value list{.data = List{*value}, .where = value->where};
  const std::vector<NodeId> nodes = to_nodes(list, key, roster, table.problems());
  return nodes.empty() ? std::nullopt : std::optional(nodes.front());
}

sim::MessageCondition parse_message(const Value& value, const Roster& roster, Problems& problems) {
  sim::MessageCondition on;
  Reader table(&value, "on", problems);
  const Value* sent = table.take("send");
  const Value* delivered = table.take("deliver");
  if (sent != nullptr && delivered != nullptr) table.missing("single moment", "either send or deliver");
  on.delivered = delivered != nullptr;
  const std::string_view key = on.delivered ? "deliver" : "send";
  if (const auto api = to_api(on.delivered ? *delivered : *sent, key, problems)) on.message.api = *api;
  table.read("response", on.message.response);
  on.between = {.from = parse_end(table, "from", roster), .to = parse_end(table, "to", roster)};
  table.read("nth", on.nth, {.least = 1, .most = 1'000'000});
  table.finish();
  return on;
}

bool is_about_messages(const Value& value) {
  const Table* table = value.as<Table>();
  return table != nullptr && (table->find("send") != nullptr || table->find("deliver") != nullptr);
}

/// `phase`: how long faults go on.
sim::PlanEntry parse_entry(Reader& table, const Roster& roster, Duration phase) {
  sim::PlanEntry entry;
  Problems& problems = table.problems();
  const auto within = [&](std::string_view what, const Value& value, Duration time) {
    if (time < phase) return;
    expected(problems, what, value, fmt::format("less than [run] faults_until, {}", duration_text(phase)));
  };
  const Value* time = table.take("time");
  const Value* on = table.take("on");
  if ((time == nullptr) == (on == nullptr)) {
    table.missing(on == nullptr ? "time" : "single condition", "either time = \"3s\" or on = { event = … }");
  } else if (on != nullptr) {
    if (is_about_messages(*on)) {
      entry.when = parse_message(*on, roster, problems);
    } else {
      entry.when = parse_condition(*on, roster, problems);
    }
  } else if (const auto at = to_duration(*time, "time", {}, problems)) {
    entry.when = *at;
    within("time", *time, *at);
  }
  if (const Value* after = table.take("after"); after != nullptr && on == nullptr) {
    expected(problems, "after", *after, "an event (on = …) that it follows");
  } else if (after != nullptr) {
    table.read("after", entry.after, {.least = nanoseconds(0), .most = seconds(600)});
    within("after", *after, entry.after);
  }
  const sim::FaultInfo* deed = parse_deed(table, roster, entry.fault);
  if (const Value* lasting = table.take("for")) {
    entry.duration = to_duration(*lasting, "for", kFaultDuration, problems);
    if (deed != nullptr && !deed->lasts)
      expected(problems, "for", *lasting, "no duration: this happens at one instant");
    if (entry.duration) within("for", *lasting, *entry.duration);
  }
  return entry;
}

/// `every = "500ms"`, `times = 5`: the entry, and the same again so much later.
std::vector<sim::PlanEntry> parse_repeated(Reader& table, const Roster& roster, Duration phase) {
  const sim::PlanEntry entry = parse_entry(table, roster, phase);
  std::vector<sim::PlanEntry> entries{entry};
  Duration every;
  std::int32_t times = 1;
  table.read("every", every, {.least = milliseconds(1), .most = seconds(600)});
  table.read("times", times, {.least = 2, .most = 1'000});
  const Value* gap = table.take("every");
  if ((gap == nullptr) != (table.take("times") == nullptr))
    table.missing(gap == nullptr ? "every" : "times", "both: every = \"500ms\" and times = 5, or neither");
  table.finish();
  const auto* begin = std::get_if<Duration>(&entry.when);
  const Duration last = every * (times - 1) + entry.after + (begin == nullptr ? Duration() : *begin);
  if (gap != nullptr && last >= phase) {
    expected(table.problems(), "every", *gap,
             fmt::format("the last of {} times before [run] faults_until, {}; it would be at {}", times,
                         duration_text(phase), duration_text(last)));
    return entries;
  }
  for (std::int32_t i = 1; i < times; ++i) {
    sim::PlanEntry again = entry;
    if (begin != nullptr)
      again.when = *begin + every * i;
    else
      again.after = again.after + every * i;
    entries.push_back(std::move(again));
  }
  return entries;
}

std::optional<sim::RandomFault> parse_random(Reader& faults, const std::string& kind, bool lasts) {
  const Value* value = faults.take(kind);
  if (value == nullptr) return std::nullopt;
  sim::RandomFault fault{.kind = kind};
  Reader table(value, kind, faults.problems());
  const Value* mean = table.take("mean_every");
  const auto* text = mean == nullptr ? nullptr : mean->as<std::string>();
  const bool never = text != nullptr && *text == "never";
  if (mean == nullptr) table.missing("mean_every", "how often it strikes, such as \"8s\", or \"never\"");
  if (!never) table.read("mean_every", fault.mean_every, {.least = milliseconds(10), .most = seconds(3600)});
  if (lasts) table.read_span("duration", fault.duration_min, fault.duration_max, kFaultDuration);
  table.finish();
  return never ? std::nullopt : std::optional(fault);
}

}  // namespace

void parse_plan(Reader& root, const Roster& roster, sim::Scenario& scenario) {
  Reader faults(root.take("faults"), "[faults]", root.problems());
  const auto read_random = [&](const auto& infos) {
    for (const auto& info : infos) {
      if (auto fault = parse_random(faults, std::string(info.name), info.lasts))
        scenario.faults.push_back(*std::move(fault));
    }
  };
  read_random(sim::kFaults);
  read_random(sim::kCompositeFaults);
  faults.finish();
  Reader budget(root.take("budget"), "[budget]", root.problems());
  budget.read("max_down", scenario.budget.max_down, {.least = 0, .most = 9});
  budget.read("brokers", scenario.budget.brokers);
  budget.read("controllers", scenario.budget.controllers);
  budget.read("clients", scenario.budget.clients);
  budget.finish();
  std::vector<Where> places;
  for (Reader& table : take_tables(root, "at")) {
    for (sim::PlanEntry& entry : parse_repeated(table, roster, scenario.faults_until)) {
      scenario.script.push_back(std::move(entry));
      places.push_back(table.where());
    }
  }
  check_contradictions(scenario.script, places, root.problems());
}

}  // namespace odradek::scenarios
