// The timeline: random faults, their budget, and scripted entries.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/api/api_key.h"
#include "engine/base/duration_text.h"
#include "engine/io/event.h"
#include "scenarios/parse.h"
#include "scenarios/suggest.h"
#include "scenarios/units.h"
#include "sim/faults/event_condition.h"
#include "sim/faults/expand.h"
#include "sim/faults/topology.h"

namespace odradek::scenarios {
namespace {

constexpr DurationBounds kFaultDuration = {.least = milliseconds(1), .most = seconds(600)};

std::vector<std::string> strings(const auto& names) { return {names.begin(), names.end()}; }

/// "orders-0" as topic and partition; reports what does not exist.
std::optional<std::pair<std::string, PartitionId>> to_partition(const Value& value, std::string_view text,
                                                                std::string_view what, const Roster& roster,
                                                                Problems& problems) {
  const auto dash = text.rfind('-');
  const auto index = dash == std::string_view::npos ? std::nullopt : parse_integer(text.substr(dash + 1));
  if (!index || *index < 0) {
    expected(problems, what, value, "a partition such as \"orders-0\"");
    return std::nullopt;
  }
  const std::string topic(text.substr(0, dash));
  if (!known_topic({.data = topic, .where = value.where}, what, roster, problems)) return std::nullopt;
  const std::int32_t partitions = roster.topics.at(topic);
  if (*index >= partitions) {
    expected(problems, what, value, fmt::format("a partition of {} below {}", topic, partitions));
    return std::nullopt;
  }
  return std::pair{topic, PartitionId(static_cast<std::int32_t>(*index))};
}

constexpr std::string_view kSelectorForms =
    "\"broker:1\", \"client:1\", \"leader:orders-0\", \"follower:orders-0\", \"controller\", \"any-broker\", "
    "\"any-client\" or \"everybody\"";

/// "broker:2", "client:1": the n-th of its kind, counted from 1.
void select_numbered(const Value& value, std::string_view what, std::string_view number,
                     sim::NodeSelector& out, std::int32_t first, std::int32_t count, Problems& problems) {
  const auto n = parse_integer(number);
  if (n && *n >= 1 && *n <= count) {
    out.node = NodeId(first + static_cast<std::int32_t>(*n) - 1);
  } else {
    expected(problems, what, value,
             count == 0 ? "a node that exists" : fmt::format("a number from 1 to {}", count));
  }
}

sim::NodeSelector to_selector(const Value& value, std::string_view what, const Roster& roster,
                              Problems& problems) {
  using Kind = sim::NodeSelector::Kind;
  sim::NodeSelector out;
  const auto* text = value.as<std::string>();
  const std::string_view whole = text == nullptr ? std::string_view() : *text;
  const auto colon = whole.find(':');
  const std::string_view head = whole.substr(0, colon);
  const std::string_view tail = colon == std::string_view::npos ? "" : whole.substr(colon + 1);
  constexpr std::array<std::pair<std::string_view, Kind>, 4> kPlain = {{{"controller", Kind::kController},
                                                                        {"any-broker", Kind::kAnyBroker},
                                                                        {"any-client", Kind::kAnyClient},
                                                                        {"everybody", Kind::kEverybody}}};
  for (const auto& [name, kind] : kPlain) {
    if (whole == name) out.kind = kind;
  }
  if (out.kind != Kind::kNode) return out;
  if (head == "broker") {
    select_numbered(value, what, tail, out, sim::kFirstBroker, roster.brokers, problems);
  } else if (head == "client") {
    select_numbered(value, what, tail, out, sim::kFirstClient, roster.clients, problems);
  } else if (head == "leader" || head == "follower") {
    out.kind = head == "leader" ? Kind::kLeaderOf : Kind::kFollowerOf;
    if (auto partition = to_partition(value, tail, what, roster, problems))
      std::tie(out.topic, out.partition) = *partition;
  } else {
    const std::vector<std::string> known = {"broker",     "client",     "leader",     "follower",
                                            "controller", "any-broker", "any-client", "everybody"};
    expected(problems, what, value, std::string(kSelectorForms) + did_you_mean(head, known));
  }
  return out;
}

/// Whom a fault can harm.
enum class Harms : std::uint8_t { kAnyone, kDisks, kBrokers, kClients };

enum class Role : std::uint8_t { kBroker, kController, kClient, kAll };

Role role_of(const sim::NodeSelector& selector) {
  using Kind = sim::NodeSelector::Kind;
  switch (selector.kind) {
    case Kind::kEverybody: return Role::kAll;
    case Kind::kController: return Role::kController;
    case Kind::kAnyClient: return Role::kClient;
    case Kind::kNode: return selector.node.value() >= sim::kFirstClient ? Role::kClient : Role::kBroker;
    default: return Role::kBroker;
  }
}

/// Refuses nodes that have not got what the fault breaks.
void check_harms(Harms harms, const sim::NodeSelector& selector, std::string_view what, const Value& value,
                 Problems& problems) {
  const Role role = role_of(selector);
  if (harms == Harms::kDisks && role == Role::kClient)
    expected(problems, what, value, "a node with a disk: a broker or the controller");
  if (harms == Harms::kBrokers && role != Role::kBroker) expected(problems, what, value, "a broker");
  if (harms == Harms::kClients && role != Role::kClient) expected(problems, what, value, "a client");
}

/// One entry's `do`: the table, the value that stands behind the fault's name, and what it may refer to.
struct Deed {
  Reader& table;
  std::string_view name;
  const Value& value;
  const Roster& roster;

  [[nodiscard]] sim::NodeSelector selector(Harms harms = Harms::kAnyone) const {
    sim::NodeSelector out = to_selector(value, name, roster, table.problems());
    check_harms(harms, out, name, value, table.problems());
    return out;
  }

  [[nodiscard]] std::pair<sim::NodeSelector, sim::NodeSelector> pair() const {
    const List* list = value.as<List>();
    if (list == nullptr || list->size() != 2) {
      expected(table.problems(), name, value, "two nodes, such as [\"broker:1\", \"broker:2\"]");
      return {};
    }
    sim::NodeSelector a = to_selector(list->front(), name, roster, table.problems());
    sim::NodeSelector b = to_selector(list->back(), name, roster, table.problems());
    if (a.kind == sim::NodeSelector::Kind::kNode && a == b && a.node != NodeId())
      expected(table.problems(), name, value, "two different nodes");
    return {std::move(a), std::move(b)};
  }

  [[nodiscard]] std::pair<std::string, PartitionId> partition() const {
    const auto* text = value.as<std::string>();
    const auto found = to_partition(value, text == nullptr ? "" : *text, name, roster, table.problems());
    return found.value_or(std::pair<std::string, PartitionId>{});
  }

  [[nodiscard]] sim::NodeSelector end(std::string_view key) const {
    const Value* who = table.take(key);
    if (who != nullptr) return to_selector(*who, key, roster, table.problems());
    return {.kind = sim::NodeSelector::Kind::kEverybody};
  }
};

sim::Fault to_cut(const Deed& deed) {
  auto [a, b] = deed.pair();
  sim::PartitionFault fault{.a = std::move(a), .b = std::move(b)};
  deed.table.read("one_way", fault.one_way);
  return fault;
}

sim::Fault to_reset(const Deed& deed) {
  auto [a, b] = deed.pair();
  return sim::ResetFault{.a = std::move(a), .b = std::move(b)};
}

sim::Fault to_delay(const Deed& deed) {
  auto [a, b] = deed.pair();
  sim::DelayFault fault{.a = std::move(a), .b = std::move(b), .extra = milliseconds(100)};
  deed.table.read("extra", fault.extra, {.least = microseconds(1), .most = seconds(60)});
  return fault;
}

sim::Fault to_hold(const Deed& deed) {
  sim::HoldFault fault;
  std::vector<std::string> names;
  for (const api::ApiKeyInfo& info : api::kApiKeys) names.emplace_back(info.name);
  if (const auto at = to_choice(deed.value, deed.name, names, deed.table.problems()))
    fault.api = api::kApiKeys[*at].key;
  deed.table.read("response", fault.response);
  fault.from = deed.end("from");
  fault.to = deed.end("to");
  return fault;
}

sim::Fault to_reorder(const Deed& deed) {
  sim::ReorderAction action;
  std::tie(action.topic, action.partition) = deed.partition();
  deed.table.read("rotation", action.rotation, {.least = 1, .most = 8});
  const Value* replicas = deed.table.take("replicas");
  if (replicas == nullptr) {
    if (action.rotation == 0) deed.table.missing("rotation", "rotation = 1, or replicas = [2, 1, 3]");
    return action;
  }
  const List* list = replicas->as<List>();
  if (list == nullptr || list->empty()) {
    expected(deed.table.problems(), "replicas", *replicas, "a list of brokers such as [2, 1, 3]");
    return action;
  }
  for (const Value& element : *list) {
    const auto id =
        to_integer(element, "replicas", {.least = 1, .most = deed.roster.brokers}, deed.table.problems());
    if (!id) continue;
    const BrokerId broker(static_cast<std::int32_t>(*id));
    if (std::ranges::count(action.replicas, broker) != 0)
      expected(deed.table.problems(), "replicas", element, "each broker once");
    action.replicas.push_back(broker);
  }
  return action;
}

sim::Fault to_elect_preferred(const Deed& deed) {
  sim::ElectPreferredAction action;
  std::tie(action.topic, action.partition) = deed.partition();
  return action;
}

sim::Fault to_send(const Deed& deed) {
  sim::SendAction action;
  std::tie(action.topic, action.partition) = deed.partition();
  if (!deed.roster.topics.empty() && deed.roster.producers == 0)
    expected(deed.table.problems(), deed.name, deed.value,
             "a [[client]] of kind \"producer\" that can send it");
  deed.table.read("records", action.records, {.least = 1, .most = 100'000});
  return action;
}

sim::Fault to_power_loss(const Deed& deed) {
  sim::PowerLossFault fault{.node = deed.selector()};
  if (const Value* survival = deed.table.take("survival")) {
    std::vector<std::string> names;
    for (const sim::Survival each : sim::kSurvivals) names.emplace_back(name_of(each));
    if (const auto at = to_choice(*survival, "survival", names, deed.table.problems()))
      fault.survival = sim::kSurvivals[*at];
  }
  return fault;
}

sim::Fault to_crash_inside(const Deed& deed) {
  sim::CrashInsideFault fault{.node = deed.selector()};
  std::int64_t steps = 0;
  std::int64_t keep = 0;
  bool power_loss = false;
  deed.table.read("steps", steps, {.least = 0, .most = 1'000'000});
  deed.table.read("keep", keep, {.least = 0, .most = 1'000'000});
  deed.table.read("power_loss", power_loss);
  fault.where = {.steps = static_cast<std::uint32_t>(steps), .keep = static_cast<std::uint64_t>(keep)};
  if (power_loss) fault.where.power_loss = sim::Survival::kDrawn;
  return fault;
}

sim::Fault to_disk_error(const Deed& deed) {
  sim::DiskErrorFault fault{.node = deed.selector(Harms::kDisks)};
  const Value* operation = deed.table.take("operation");
  if (operation == nullptr) {
    deed.table.missing("operation", "what fails, such as operation = \"fsync\"");
  } else if (const auto at = to_choice(*operation, "operation", strings(sim::kDiskOperationNames),
                                       deed.table.problems())) {
    fault.operation = static_cast<sim::DiskOperation>(*at);
  }
  std::int64_t after = 0;
  deed.table.read("after", after, {.least = 0, .most = 1'000'000});
  fault.passed_over = static_cast<std::uint64_t>(after);
  return fault;
}

sim::Fault to_disk_full(const Deed& deed) {
  sim::DiskFullFault fault{.node = deed.selector(Harms::kDisks)};
  deed.table.read("headroom", fault.headroom, {.least = 0, .most = 1'000'000'000});
  return fault;
}

sim::Fault to_disk_throttle(const Deed& deed) {
  sim::DiskThrottleFault fault{.node = deed.selector(Harms::kDisks)};
  deed.table.read("bytes_per_second", fault.bytes_per_second, {.least = 100, .most = 1'000'000'000});
  return fault;
}

sim::Fault to_slow(const Deed& deed) {
  sim::SlowFault fault{.node = deed.selector()};
  deed.table.read("factor", fault.factor, {.least = 2, .most = 100'000});
  return fault;
}

sim::Fault to_clock_jump(const Deed& deed) {
  sim::ClockJumpFault fault{.node = deed.selector(), .by = seconds(1)};
  deed.table.read("by", fault.by, {.least = milliseconds(1), .most = seconds(24 * 3600)});
  deed.table.read("back", fault.back);
  return fault;
}

sim::Fault to_split(const Deed& deed) {
  auto [a, b] = deed.pair();
  return sim::SplitFault{.a = std::move(a), .b = std::move(b)};
}

/// A fault that is told by its node alone.
template <class Simple, Harms harms = Harms::kAnyone>
sim::Fault to_simple(const Deed& deed) {
  return Simple{.node = deed.selector(harms)};
}

struct DeedInfo {
  sim::Fault (*read)(const Deed&);
  bool lasts;  ///< `for` and `duration` make sense
};

/// In the order of sim::kFaultNames.
constexpr std::array<DeedInfo, sim::kFaultNames.size()> kDeeds = {{
    {.read = to_simple<sim::CrashFault>, .lasts = true},
    {.read = to_simple<sim::PauseFault>, .lasts = true},
    {.read = to_simple<sim::IsolateFault>, .lasts = true},
    {.read = to_cut, .lasts = true},
    {.read = to_reset, .lasts = false},
    {.read = to_delay, .lasts = true},
    {.read = to_hold, .lasts = true},
    {.read = to_reorder, .lasts = false},
    {.read = to_elect_preferred, .lasts = false},
    {.read = to_send, .lasts = false},
    {.read = to_power_loss, .lasts = true},
    {.read = to_crash_inside, .lasts = true},
    {.read = to_simple<sim::ShutdownFault>, .lasts = true},
    {.read = to_disk_error, .lasts = true},
    {.read = to_disk_full, .lasts = true},
    {.read = to_simple<sim::DiskStallFault, Harms::kDisks>, .lasts = true},
    {.read = to_disk_throttle, .lasts = true},
    {.read = to_simple<sim::DiskEmptyFault, Harms::kBrokers>, .lasts = true},
    {.read = to_slow, .lasts = true},
    {.read = to_simple<sim::PauseAppFault, Harms::kClients>, .lasts = true},
    {.read = to_clock_jump, .lasts = false},
    {.read = to_split, .lasts = true},
    {.read = to_simple<sim::BridgeFault, Harms::kBrokers>, .lasts = true},
    {.read = to_simple<sim::CutOffClientsFault>, .lasts = true},
}};

/// Reads `do = { crash = "leader:orders-0" }`; returns which deed it is.
const DeedInfo* parse_deed(Reader& entry, const Roster& roster, sim::Fault& out) {
  const Value* value = entry.take("do");
  if (value == nullptr) {
    entry.missing("do", "what happens, such as do = { crash = \"leader:orders-0\" }");
    return nullptr;
  }
  Reader table(value, "do", entry.problems());
  const DeedInfo* found = nullptr;
  for (std::size_t i = 0; i < kDeeds.size(); ++i) {
    const Value* argument = table.take(sim::kFaultNames[i]);
    if (argument == nullptr) continue;
    if (found != nullptr) {
      expected(entry.problems(), "do", *value, "one fault in each [[at]]");
      return nullptr;
    }
    found = &kDeeds[i];
    out = found->read({.table = table, .name = sim::kFaultNames[i], .value = *argument, .roster = roster});
  }
  table.finish();
  if (found == nullptr && value->as<Table>() != nullptr && value->as<Table>()->entries.empty()) {
    expected(entry.problems(), "do", *value, "a fault, such as { crash = \"leader:orders-0\" }");
  }
  return found;
}

bool is_subject(sim::EventSubject subject, NodeId node, const Roster& roster) {
  const auto among = [node](std::int32_t first, std::int32_t count) {
    return node.value() >= first && node.value() < first + count;
  };
  switch (subject) {
    case sim::EventSubject::kBroker: return among(sim::kFirstBroker, roster.brokers);
    case sim::EventSubject::kController: return among(sim::kFirstController, roster.controllers);
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
    entry.when = parse_condition(*on, roster, problems);
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
  const DeedInfo* deed = parse_deed(table, roster, entry.fault);
  if (const Value* lasting = table.take("for")) {
    entry.duration = to_duration(*lasting, "for", kFaultDuration, problems);
    if (deed != nullptr && !deed->lasts)
      expected(problems, "for", *lasting, "no duration: this happens at one instant");
    if (entry.duration) within("for", *lasting, *entry.duration);
  }
  table.finish();
  return entry;
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
  for (std::size_t i = 0; i < kDeeds.size(); ++i) {
    if (auto fault = parse_random(faults, std::string(sim::kFaultNames[i]), kDeeds[i].lasts)) {
      scenario.faults.push_back(*std::move(fault));
    }
  }
  if (auto move = parse_random(faults, std::string(sim::kLeaderMove), false))
    scenario.faults.push_back(*std::move(move));
  faults.finish();
  Reader budget(root.take("budget"), "[budget]", root.problems());
  budget.read("max_down", scenario.budget.max_down, {.least = 0, .most = 9});
  budget.read("controllers", scenario.budget.controllers);
  budget.read("clients", scenario.budget.clients);
  budget.finish();
  std::vector<Where> places;
  for (Reader& table : take_tables(root, "at")) {
    scenario.script.push_back(parse_entry(table, roster, scenario.faults_until));
    places.push_back(table.where());
  }
  check_contradictions(scenario.script, places, root.problems());
}

}  // namespace odradek::scenarios
