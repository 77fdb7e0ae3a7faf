// What a scripted fault is, and whom it hits: `do = { crash = "leader:orders-0" }`.
#include "scenarios/parse_deed.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/api/api_key.h"
#include "scenarios/suggest.h"
#include "scenarios/units.h"
#include "sim/faults/topology.h"

namespace odradek::scenarios {
namespace {

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
    "\"broker:1\", \"client:1\", \"leader:orders-0\", \"follower:orders-0\", \"rack:a\", \"region:eu\", "
    "\"controller\", \"controller:1\", \"any-broker\", \"any-client\" or \"everybody\"";

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

/// "any-broker:3" and its like: without the ":3", and the third of those who may be meant, round again.
std::pair<std::string_view, std::optional<std::int64_t>> split_place(std::string_view text) {
  const auto colon = text.rfind(':');
  const auto place = colon == std::string_view::npos ? std::nullopt : parse_integer(text.substr(colon + 1));
  return {place ? text.substr(0, colon) : text, place};
}

/// What is left of a selector that may mean several nodes, once its place is taken.
std::string_view take_place(const Value& value, std::string_view what, std::string_view text,
                            sim::NodeSelector& out, Problems& problems) {
  constexpr std::int64_t kPlaces = std::int64_t{1} << 32;
  const auto [rest, place] = split_place(text);
  if (place && (*place < 1 || *place > kPlaces))
    expected(problems, what, value, fmt::format("a number from 1 to {} at its end", kPlaces));
  out.choice = place ? static_cast<std::uint32_t>(*place - 1) : 0;
  return rest;
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
  if (whole == "everybody") return {.kind = Kind::kEverybody};
  if (whole == "controller") return {.kind = Kind::kController};
  constexpr std::array<std::pair<std::string_view, Kind>, 2> kOneOfMany = {
      {{"any-broker", Kind::kAnyBroker}, {"any-client", Kind::kAnyClient}}};
  for (const auto& [name, kind] : kOneOfMany) {
    if (split_place(whole).first != name) continue;
    out.kind = kind;
    (void)take_place(value, what, whole, out, problems);
    return out;
  }
  if (head == "broker") {
    select_numbered(value, what, tail, out, sim::kFirstBroker, roster.brokers, problems);
  } else if (head == "controller") {
    select_numbered(value, what, tail, out, sim::kFirstController, roster.controllers, problems);
  } else if (head == "client") {
    select_numbered(value, what, tail, out, sim::kFirstClient, roster.clients, problems);
  } else if (head == "leader" || head == "follower") {
    const bool one_of_many = head == "follower";
    out.kind = one_of_many ? Kind::kFollowerOf : Kind::kLeaderOf;
    const std::string_view name = one_of_many ? take_place(value, what, tail, out, problems) : tail;
    if (auto partition = to_partition(value, name, what, roster, problems))
      std::tie(out.name, out.partition) = *partition;
  } else if (head == "rack" || head == "region") {
    out.kind = head == "rack" ? Kind::kRack : Kind::kRegion;
    const std::vector<std::string>& names = head == "rack" ? roster.racks : roster.regions;
    if (std::ranges::count(names, tail) == 0)
      expected(problems, what, value,
               fmt::format("the {} of a [[rack]]{}", head == "rack" ? "name" : "region",
                           did_you_mean(tail, names)));
    out.name = tail;
  } else {
    const std::vector<std::string> known = {"broker", "client",     "leader",     "follower",   "rack",
                                            "region", "controller", "any-broker", "any-client", "everybody"};
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
    case Kind::kEverybody:
    case Kind::kRack:
    case Kind::kRegion: return Role::kAll;
    case Kind::kController: return Role::kController;
    case Kind::kAnyClient: return Role::kClient;
    case Kind::kNode:
      if (selector.node.value() >= sim::kFirstClient) return Role::kClient;
      return selector.node.value() >= sim::kFirstController ? Role::kController : Role::kBroker;
    default: return Role::kBroker;
  }
}

/// Refuses nodes that have not got what the fault breaks.
void check_harms(Harms harms, const sim::NodeSelector& selector, std::string_view what, const Value& value,
                 Problems& problems) {
  const Role role = role_of(selector);
  if (harms == Harms::kDisks && role == Role::kClient)
    expected(problems, what, value, "a node with a disk: a broker or a controller");
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

  [[nodiscard]] sim::NodeSelector end(std::string_view key) const {
    const Value* who = table.take(key);
    if (who != nullptr) return to_selector(*who, key, roster, table.problems());
    return {.kind = sim::NodeSelector::Kind::kEverybody};
  }
};

/// Two nodes whose order matters or does not, told as a list.
void read_pair(const Deed& deed, sim::NodeSelector& a, sim::NodeSelector& b, Harms harms = Harms::kAnyone) {
  const List* list = deed.value.as<List>();
  Problems& problems = deed.table.problems();
  if (list == nullptr || list->size() != 2) {
    expected(problems, deed.name, deed.value, "two nodes, such as [\"broker:1\", \"broker:2\"]");
    return;
  }
  a = to_selector(list->front(), deed.name, deed.roster, problems);
  b = to_selector(list->back(), deed.name, deed.roster, problems);
  check_harms(harms, a, deed.name, list->front(), problems);
  check_harms(harms, b, deed.name, list->back(), problems);
  if (a.kind == sim::NodeSelector::Kind::kNode && a == b && a.node != NodeId())
    expected(problems, deed.name, deed.value, "two different nodes");
}

/// "orders-0", in the value behind the fault's name.
template <class Action>
void read_partition(const Deed& deed, Action& action) {
  const auto* text = deed.value.as<std::string>();
  if (const auto found = to_partition(deed.value, text == nullptr ? "" : *text, deed.name, deed.roster,
                                      deed.table.problems()))
    std::tie(action.topic, action.partition) = *found;
}

/// One of these names, by its place.
std::optional<std::size_t> read_name(const Deed& deed, std::string_view key,
                                     const std::vector<std::string>& names) {
  const Value* value = deed.table.take(key);
  return value == nullptr ? std::nullopt : to_choice(*value, key, names, deed.table.problems());
}

/// A count that the simulator keeps without a sign.
template <class Unsigned>
void read_count(const Deed& deed, std::string_view key, Unsigned& out, std::int64_t most = 1'000'000) {
  std::int64_t count = static_cast<std::int64_t>(out);
  deed.table.read(key, count, {.least = 0, .most = most});
  out = static_cast<Unsigned>(count);
}

// One function for each kind of fault: what stands behind its name, and its other keys.

void read(const Deed& deed, sim::CrashFault& fault) { fault.node = deed.selector(); }
void read(const Deed& deed, sim::PauseFault& fault) { fault.node = deed.selector(); }
void read(const Deed& deed, sim::IsolateFault& fault) { fault.node = deed.selector(); }
void read(const Deed& deed, sim::ShutdownFault& fault) { fault.node = deed.selector(); }
void read(const Deed& deed, sim::DiskStallFault& fault) { fault.node = deed.selector(Harms::kDisks); }
void read(const Deed& deed, sim::DiskEmptyFault& fault) { fault.node = deed.selector(Harms::kDisks); }
void read(const Deed& deed, sim::RemoveVoterAction& action) { action.node = deed.selector(); }
void read(const Deed& deed, sim::PauseAppFault& fault) { fault.node = deed.selector(Harms::kClients); }
void read(const Deed& deed, sim::BridgeFault& fault) { fault.node = deed.selector(Harms::kBrokers); }
void read(const Deed& deed, sim::CutOffClientsFault& fault) { fault.node = deed.selector(); }
void read(const Deed& deed, sim::CutOffFault& fault) { fault.side = deed.selector(); }

void read(const Deed& deed, sim::ResetFault& fault) { read_pair(deed, fault.a, fault.b); }
void read(const Deed& deed, sim::SplitFault& fault) { read_pair(deed, fault.a, fault.b); }
void read(const Deed& deed, sim::BlackHoleFault& fault) { read_pair(deed, fault.a, fault.b); }
void read(const Deed& deed, sim::HalfOpenFault& fault) { read_pair(deed, fault.a, fault.b); }
void read(const Deed& deed, sim::DiskSwapFault& fault) { read_pair(deed, fault.a, fault.b, Harms::kBrokers); }

void read(const Deed& deed, sim::PartitionFault& fault) {
  read_pair(deed, fault.a, fault.b);
  deed.table.read("one_way", fault.one_way);
}

void read(const Deed& deed, sim::DelayFault& fault) {
  read_pair(deed, fault.a, fault.b);
  fault.extra = milliseconds(100);
  deed.table.read("extra", fault.extra, {.least = microseconds(1), .most = seconds(60)});
}

void read(const Deed& deed, sim::HoldFault& fault) {
  if (const auto api = to_api(deed.value, deed.name, deed.table.problems())) fault.api = *api;
  deed.table.read("response", fault.response);
  fault.from = deed.end("from");
  fault.to = deed.end("to");
}

void read(const Deed& deed, sim::RingFault&) {
  const auto* text = deed.value.as<std::string>();
  if (text == nullptr || *text != "brokers")
    expected(deed.table.problems(), deed.name, deed.value, "\"brokers\"");
  else if (deed.roster.brokers < 4)
    expected(deed.table.problems(), deed.name, deed.value,
             fmt::format("at least 4 brokers, not {}: in a smaller ring everybody is a neighbour",
                         deed.roster.brokers));
}

/// `replicas = [2, 1, 3]`, or how far to go from those that are there.
void read_replicas(const Deed& deed, std::vector<BrokerId>& out, std::string_view instead,
                   std::int32_t steps) {
  const Value* replicas = deed.table.take("replicas");
  if (replicas == nullptr) {
    if (steps == 0) deed.table.missing(instead, fmt::format("{} = 1, or replicas = [2, 1, 3]", instead));
    return;
  }
  const List* list = replicas->as<List>();
  if (list == nullptr || list->empty()) {
    expected(deed.table.problems(), "replicas", *replicas, "a list of brokers such as [2, 1, 3]");
    return;
  }
  for (const Value& element : *list) {
    const auto id =
        to_integer(element, "replicas", {.least = 1, .most = deed.roster.brokers}, deed.table.problems());
    if (!id) continue;
    const BrokerId broker(static_cast<std::int32_t>(*id));
    if (std::ranges::count(out, broker) != 0)
      expected(deed.table.problems(), "replicas", element, "each broker once");
    out.push_back(broker);
  }
}

void read(const Deed& deed, sim::ReorderAction& action) {
  read_partition(deed, action);
  deed.table.read("rotation", action.rotation, {.least = 1, .most = 8});
  read_replicas(deed, action.replicas, "rotation", action.rotation);
}

void read(const Deed& deed, sim::ReassignAction& action) {
  read_partition(deed, action);
  deed.table.read("shift", action.shift, {.least = 1, .most = 8});
  read_replicas(deed, action.replicas, "shift", action.shift);
}

void read(const Deed& deed, sim::ElectPreferredAction& action) { read_partition(deed, action); }
void read(const Deed& deed, sim::ElectUncleanAction& action) { read_partition(deed, action); }
void read(const Deed& deed, sim::CancelReassignAction& action) { read_partition(deed, action); }
void read(const Deed& deed, sim::UnregisterBrokerAction& action) {
  action.node = deed.selector(Harms::kBrokers);
}

/// The text behind the deed's name; empty after a complaint.
std::string read_text(const Deed& deed, std::string_view example) {
  const auto* text = deed.value.as<std::string>();
  if (text != nullptr && !text->empty()) return *text;
  expected(deed.table.problems(), deed.name, deed.value, example);
  return "";
}

/// A topic of the scenario, or one that the plan creates.
void read(const Deed& deed, sim::CreateTopicAction& action) {
  action.topic = read_text(deed, "the name of a topic, such as \"extra\"");
  deed.table.read("partitions", action.partitions, {.least = 1, .most = 1'000});
  std::int64_t replicas = action.replication_factor;
  deed.table.read("replication_factor", replicas, {.least = 1, .most = deed.roster.brokers});
  action.replication_factor = static_cast<std::int16_t>(replicas);
}

void read(const Deed& deed, sim::CreatePartitionsAction& action) {
  action.topic = read_text(deed, "the name of a topic, such as \"orders\"");
  deed.table.read("count", action.count, {.least = 1, .most = 1'000});
  if (action.count == 0) deed.table.missing("count", "count = 4: partitions that the topic has afterwards");
}

void read(const Deed& deed, sim::DeleteTopicAction& action) {
  action.topic = read_text(deed, "the name of a topic, such as \"orders\"");
}

void read(const Deed& deed, sim::AlterConfigAction& action) {
  action.resource = read_text(deed, "a topic, \"broker:1\" or \"broker:all\"");
  deed.table.read("property", action.property);
  if (action.property.empty()) deed.table.missing("property", "property = \"min.insync.replicas\"");
  std::string value;
  deed.table.read("value", value);
  if (!value.empty()) action.value = value;
}

void read(const Deed& deed, sim::UpdateFeatureAction& action) {
  action.feature = read_text(deed, "the name of a feature, such as \"kraft.version\"");
  deed.table.read("level", action.level, {.least = 0, .most = 100});
  deed.table.read("downgrade", action.downgrade);
}

void read(const Deed& deed, sim::SendAction& action) {
  read_partition(deed, action);
  if (!deed.roster.topics.empty() && deed.roster.producers == 0)
    expected(deed.table.problems(), deed.name, deed.value,
             "a [[client]] of kind \"producer\" that can send it");
  deed.table.read("records", action.records, {.least = 1, .most = 100'000});
}

void read(const Deed& deed, sim::PowerLossFault& fault) {
  fault.node = deed.selector();
  std::vector<std::string> names;
  for (const sim::Survival each : sim::kSurvivals) names.emplace_back(name_of(each));
  if (const auto at = read_name(deed, "survival", names)) fault.survival = sim::kSurvivals[*at];
}

void read(const Deed& deed, sim::CrashInsideFault& fault) {
  fault.node = deed.selector();
  read_count(deed, "steps", fault.where.steps);
  read_count(deed, "keep", fault.where.keep, std::int64_t{1} << 32);  // modulo the parts of the step
  bool power_loss = false;
  deed.table.read("power_loss", power_loss);
  if (power_loss) fault.where.power_loss = sim::Survival::kDrawn;
}

void read(const Deed& deed, sim::DiskErrorFault& fault) {
  fault.node = deed.selector(Harms::kDisks);
  if (deed.table.take("operation") == nullptr)
    deed.table.missing("operation", "what fails, such as operation = \"fsync\"");
  if (const auto at = read_name(deed, "operation", strings(sim::kDiskOperationNames)))
    fault.operation = static_cast<sim::DiskOperation>(*at);
  read_count(deed, "after", fault.passed_over);
}

void read(const Deed& deed, sim::DiskFullFault& fault) {
  fault.node = deed.selector(Harms::kDisks);
  deed.table.read("headroom", fault.headroom, {.least = 0, .most = 1'000'000'000});
}

void read(const Deed& deed, sim::DiskThrottleFault& fault) {
  fault.node = deed.selector(Harms::kDisks);
  deed.table.read("bytes_per_second", fault.bytes_per_second, {.least = 100, .most = 1'000'000'000});
}

void read(const Deed& deed, sim::NetworkThrottleFault& fault) {
  fault.node = deed.selector();
  deed.table.read("bytes_per_second", fault.bytes_per_second, {.least = 100, .most = 1'000'000'000});
}

void read(const Deed& deed, sim::DiskDecayFault& fault) {
  fault.node = deed.selector(Harms::kBrokers);
  std::vector<std::string> names;
  for (const sim::Decay each : sim::kDecays) names.emplace_back(name_of(each));
  if (deed.table.take("kind") == nullptr) deed.table.missing("kind", "what decays, such as kind = \"rot\"");
  if (const auto at = read_name(deed, "kind", names)) fault.kind = sim::kDecays[*at];
  deed.table.read("path", fault.path);
  read_count(deed, "after", fault.passed_over);
}

void read(const Deed& deed, sim::SlowFault& fault) {
  fault.node = deed.selector();
  deed.table.read("factor", fault.factor, {.least = 2, .most = 100'000});
  if (const auto at = read_name(deed, "lane", strings(io::kLaneNames)))
    fault.lane = static_cast<io::Lane>(*at);
}

void read(const Deed& deed, sim::ClockJumpFault& fault) {
  fault.node = deed.selector();
  fault.by = seconds(1);
  deed.table.read("by", fault.by, {.least = milliseconds(1), .most = seconds(24 * 3600)});
  deed.table.read("back", fault.back);
}

template <class Kind>
sim::Fault read_as(const Deed& deed) {
  Kind fault;
  read(deed, fault);
  return fault;
}

/// In the order of sim::kFaults.
constexpr std::array kReaders = {
#define X(type, ...) &read_as<sim::type>,
    ODRADEK_FAULTS(X)
#undef X
};

}  // namespace

std::optional<api::ApiKey> to_api(const Value& value, std::string_view what, Problems& problems) {
  std::vector<std::string> names;
  for (const api::ApiKeyInfo& info : api::kApiKeys) names.emplace_back(info.name);
  const auto at = to_choice(value, what, names, problems);
  return at ? std::optional(api::kApiKeys[*at].key) : std::nullopt;
}

std::vector<NodeId> to_nodes(const Value& value, std::string_view what, const Roster& roster,
                             Problems& problems) {
  std::vector<NodeId> nodes;
  const List* list = value.as<List>();
  if (list == nullptr || list->empty()) {
    expected(problems, what, value, "a list of nodes such as [\"broker:1\", \"client:1\"]");
    return nodes;
  }
  for (const Value& element : *list) {
    const sim::NodeSelector selector = to_selector(element, what, roster, problems);
    using Kind = sim::NodeSelector::Kind;
    const NodeId node = selector.kind == Kind::kController ? NodeId(sim::kFirstController) : selector.node;
    const bool named = selector.kind == Kind::kNode || selector.kind == Kind::kController;
    if (!named || std::ranges::count(nodes, node) != 0)
      expected(problems, what, element, "a node by its name, such as \"broker:1\" or \"controller\", once");
    else
      nodes.push_back(node);
  }
  return nodes;
}

const sim::FaultInfo* parse_deed(Reader& entry, const Roster& roster, sim::Fault& out) {
  const Value* value = entry.take("do");
  if (value == nullptr) {
    entry.missing("do", "what happens, such as do = { crash = \"leader:orders-0\" }");
    return nullptr;
  }
  Reader table(value, "do", entry.problems());
  const sim::FaultInfo* found = nullptr;
  for (std::size_t i = 0; i < sim::kFaults.size(); ++i) {
    const sim::FaultInfo& info = sim::kFaults[i];
    const Value* argument = table.take(info.name);
    if (argument == nullptr) continue;
    if (found != nullptr) {
      expected(entry.problems(), "do", *value, "one fault in each [[at]]");
      return nullptr;
    }
    found = &info;
    out = kReaders[i]({.table = table, .name = info.name, .value = *argument, .roster = roster});
  }
  table.finish();
  if (found == nullptr && value->as<Table>() != nullptr && value->as<Table>()->entries.empty()) {
    expected(entry.problems(), "do", *value, "a fault, such as { crash = \"leader:orders-0\" }");
  }
  return found;
}

}  // namespace odradek::scenarios
