#include "scenarios/write_plan.h"

#include <fmt/format.h>

#include <concepts>

#include "engine/api/api_key.h"
#include "engine/base/duration_text.h"
#include "sim/faults/topology.h"

namespace odradek::scenarios {
namespace {

Value of(std::string_view text) { return {.data = std::string(text), .where = {}}; }
Value of(bool flag) { return {.data = flag, .where = {}}; }
template <std::integral Integer>
Value of(Integer n) {
  return {.data = static_cast<std::int64_t>(n), .where = {}};
}
Value of(Duration duration) { return of(duration_text(duration)); }
Value of(const sim::NodeSelector& selector) { return of(write_selector(selector)); }
Value of(const sim::NodeSelector& a, const sim::NodeSelector& b) {
  return {.data = List{of(a), of(b)}, .where = {}};
}
Value partition_value(const std::string& topic, PartitionId partition) {
  return of(fmt::format("{}-{}", topic, partition.value()));
}

/// A fault's table under construction.
struct Deed {
  Table& table;
  std::string_view name;

  void is(Value value) const { table.set(name, std::move(value)); }
  void with(std::string_view key, Value value) const { table.set(key, std::move(value)); }
  template <class T>
  void with_unless(const T& usual, std::string_view key, const T& actual) const {
    if (actual != usual) with(key, of(actual));
  }
};

// One function for each kind of fault, as in parse_deed.cc. Faults of one node, or of two, are alike.

template <class Fault>
  requires requires(const Fault& f) { f.node; }
void write_whom(const Fault& fault, const Deed& deed) {
  deed.is(of(fault.node));
}
template <class Fault>
  requires requires(const Fault& f) { f.a, f.b; }
void write_whom(const Fault& fault, const Deed& deed) {
  deed.is(of(fault.a, fault.b));
}
template <class Fault>
  requires requires(const Fault& f) { f.topic, f.partition; }
void write_whom(const Fault& fault, const Deed& deed) {
  deed.is(partition_value(fault.topic, fault.partition));
}
template <class Fault>
  requires(
      requires(const Fault& f) { f.topic; } && !requires(const Fault& f) { f.partition; })
void write_whom(const Fault& fault, const Deed& deed) {
  deed.is(of(fault.topic));
}
void write_whom(const sim::AlterConfigAction& action, const Deed& deed) { deed.is(of(action.resource)); }
void write_whom(const sim::UpdateFeatureAction& action, const Deed& deed) { deed.is(of(action.feature)); }
void write_whom(const sim::CutOffFault& fault, const Deed& deed) { deed.is(of(fault.side)); }
void write_whom(const sim::RingFault&, const Deed& deed) { deed.is(of(std::string_view("brokers"))); }
void write_whom(const sim::HoldFault& fault, const Deed& deed) { deed.is(of(api::name_of(fault.api))); }

template <class Fault>
void write_rest(const Fault&, const Deed&) {}  // whom it hits says all
void write_rest(const sim::PartitionFault& fault, const Deed& deed) {
  deed.with_unless(false, "one_way", fault.one_way);
}
void write_rest(const sim::DelayFault& fault, const Deed& deed) { deed.with("extra", of(fault.extra)); }
void write_rest(const sim::HoldFault& fault, const Deed& deed) {
  const sim::NodeSelector everybody{.kind = sim::NodeSelector::Kind::kEverybody};
  deed.with_unless(false, "response", fault.response);
  deed.with_unless(everybody, "from", fault.from);
  deed.with_unless(everybody, "to", fault.to);
}
void write_replicas(const std::vector<BrokerId>& brokers, const Deed& deed) {
  if (brokers.empty()) return;
  List replicas;
  for (const BrokerId broker : brokers) replicas.push_back(of(broker.value()));
  deed.with("replicas", {.data = std::move(replicas), .where = {}});
}
void write_rest(const sim::ReorderAction& action, const Deed& deed) {
  deed.with_unless(0, "rotation", action.rotation);
  write_replicas(action.replicas, deed);
}
void write_rest(const sim::ReassignAction& action, const Deed& deed) {
  deed.with_unless(0, "shift", action.shift);
  write_replicas(action.replicas, deed);
}
void write_rest(const sim::CreateTopicAction& action, const Deed& deed) {
  deed.with_unless(1, "partitions", action.partitions);
  deed.with_unless(std::int16_t{1}, "replication_factor", action.replication_factor);
}
void write_rest(const sim::CreatePartitionsAction& action, const Deed& deed) {
  deed.with("count", of(action.count));
}
void write_rest(const sim::AlterConfigAction& action, const Deed& deed) {
  deed.with("property", of(std::string_view(action.property)));
  if (action.value) deed.with("value", of(std::string_view(*action.value)));
}
void write_rest(const sim::UpdateFeatureAction& action, const Deed& deed) {
  deed.with_unless(0, "level", action.level);
  deed.with_unless(false, "downgrade", action.downgrade);
}
void write_rest(const sim::SendAction& action, const Deed& deed) {
  deed.with_unless(1, "records", action.records);
}
void write_rest(const sim::PowerLossFault& fault, const Deed& deed) {
  if (fault.survival != sim::Survival::kDrawn) deed.with("survival", of(name_of(fault.survival)));
}
void write_rest(const sim::CrashInsideFault& fault, const Deed& deed) {
  deed.with_unless(0u, "steps", fault.where.steps);
  deed.with_unless(std::uint64_t{0}, "keep", fault.where.keep);
  deed.with_unless(false, "power_loss", fault.where.power_loss.has_value());
}
void write_rest(const sim::DiskErrorFault& fault, const Deed& deed) {
  deed.with("operation", of(name_of(fault.operation)));
  deed.with_unless(std::uint64_t{0}, "after", fault.passed_over);
}
void write_rest(const sim::DiskFullFault& fault, const Deed& deed) {
  deed.with_unless(std::int64_t{0}, "headroom", fault.headroom);
}
void write_rest(const sim::DiskThrottleFault& fault, const Deed& deed) {
  deed.with("bytes_per_second", of(fault.bytes_per_second));
}
void write_rest(const sim::NetworkThrottleFault& fault, const Deed& deed) {
  deed.with("bytes_per_second", of(fault.bytes_per_second));
}
void write_rest(const sim::SlowFault& fault, const Deed& deed) {
  deed.with("factor", of(fault.factor));
  if (fault.lane) deed.with("lane", of(name_of(*fault.lane)));
}
void write_rest(const sim::ClockJumpFault& fault, const Deed& deed) {
  deed.with("by", of(fault.by));
  deed.with_unless(false, "back", fault.back);
}
void write_rest(const sim::DiskDecayFault& fault, const Deed& deed) {
  deed.with("kind", of(name_of(fault.kind)));
  deed.with_unless(std::string(), "path", fault.path);
  deed.with_unless(std::uint64_t{0}, "after", fault.passed_over);
}

Table write_condition(const sim::EventCondition& condition) {
  Table on;
  on.set("event", of(condition.event));
  if (condition.topic) on.set("topic", of(*condition.topic));
  if (condition.partition) on.set("partition", of(condition.partition->value()));
  if (condition.node) on.set("node", of(condition.node->value()));
  if (condition.nth != 1) on.set("nth", of(condition.nth));
  return on;
}

/// "broker:1", "controller:1", "client:2".
std::string name_of(NodeId node) { return write_selector({.node = node}); }

Table write_condition(const sim::MessageCondition& condition) {
  Table on;
  on.set(condition.delivered ? "deliver" : "send", of(api::name_of(condition.message.api)));
  if (condition.message.response) on.set("response", of(true));
  const auto& [from, to] = condition.between;
  if (from) on.set("from", of(name_of(*from)));
  if (to) on.set("to", of(name_of(*to)));
  if (condition.nth != 1) on.set("nth", of(condition.nth));
  return on;
}

}  // namespace

std::string write_selector(const sim::NodeSelector& selector) {
  using Kind = sim::NodeSelector::Kind;
  const std::string place =
      selector.choice == 0 ? "" : fmt::format(":{}", std::uint64_t{selector.choice} + 1);
  switch (selector.kind) {
    case Kind::kNode:
      if (selector.node.value() >= sim::kFirstClient)
        return fmt::format("client:{}", selector.node.value() - sim::kFirstClient + 1);
      if (selector.node.value() >= sim::kFirstController)
        return fmt::format("controller:{}", selector.node.value() - sim::kFirstController + 1);
      return fmt::format("broker:{}", selector.node.value() - sim::kFirstBroker + 1);
    case Kind::kLeaderOf: return fmt::format("leader:{}-{}", selector.name, selector.partition.value());
    case Kind::kFollowerOf:
      return fmt::format("follower:{}-{}{}", selector.name, selector.partition.value(), place);
    case Kind::kController: return "controller";
    case Kind::kAnyBroker: return "any-broker" + place;
    case Kind::kAnyClient: return "any-client" + place;
    case Kind::kEverybody: return "everybody";
    case Kind::kRack: return "rack:" + selector.name;
    case Kind::kRegion: return "region:" + selector.name;
  }
  return "everybody";
}

Table write_deed(const sim::Fault& fault) {
  Table table;
  const Deed deed{.table = table, .name = sim::info_of(fault).name};
  const auto write = [&deed](const auto& known) {
    write_whom(known, deed);
    write_rest(known, deed);
  };
  std::visit(write, fault);
  return table;
}

Table write_entry(const sim::PlanEntry& entry) {
  Table table;
  if (const auto* time = std::get_if<Duration>(&entry.when)) {
    table.set("time", of(*time + entry.after));
  } else {
    const auto* event = std::get_if<sim::EventCondition>(&entry.when);
    table.set("on", {.data = event != nullptr ? write_condition(*event)
                                              : write_condition(std::get<sim::MessageCondition>(entry.when)),
                     .where = {}});
    if (entry.after != Duration()) table.set("after", of(entry.after));
  }
  table.set("do", {.data = write_deed(entry.fault), .where = {}});
  if (entry.duration) table.set("for", of(*entry.duration));
  return table;
}

}  // namespace odradek::scenarios
