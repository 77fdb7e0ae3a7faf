#include "sim/faults/fault.h"

#include "engine/base/ensure.h"

namespace odradek::sim {
namespace {

using Kind = NodeSelector::Kind;

std::vector<NodeId> without(std::vector<NodeId> nodes, std::optional<NodeId> other) {
  if (other) std::erase(nodes, *other);
  return nodes;
}

Result<std::vector<NodeId>> one_of(const std::vector<NodeId>& candidates, const NodeSelector& selector) {
  if (candidates.empty()) return fail("{} means nobody at present", text(selector));
  return std::vector<NodeId>{candidates[selector.choice % candidates.size()]};
}

using RandomKind = Fault (*)(const Dice&, const Targets&);

/// In the order of kFaults.
constexpr std::array<RandomKind, kFaults.size()> kRandom = {
#define X(type, word, ...) [](const Dice& d, const Targets& t) -> Fault { return random_##word(d, t); },
    ODRADEK_FAULTS(X)
#undef X
};

}  // namespace

Result<std::vector<NodeId>> resolve(const NodeSelector& selector, std::optional<NodeId> other,
                                    const Topology& topology,
                                    const std::optional<PartitionTruth>& partition) {
  switch (selector.kind) {
    case Kind::kNode: return std::vector<NodeId>{selector.node};
    case Kind::kAnyBroker: return one_of(without(topology.brokers, other), selector);
    case Kind::kAnyClient: return one_of(without(topology.clients, other), selector);
    case Kind::kController: return one_of(without(topology.controllers, other), selector);
    case Kind::kLeaderOf: {
      if (!partition || !partition->leader) return fail("{} means nobody at present", text(selector));
      return std::vector<NodeId>{*partition->leader};
    }
    case Kind::kFollowerOf: {
      if (!partition) return fail("{} means nobody at present", text(selector));
      return one_of(without(without(partition->replicas, partition->leader), other), selector);
    }
    case Kind::kRack: return without(topology.nodes_of_rack(selector.name), other);
    case Kind::kRegion: return without(topology.nodes_of_region(selector.name), other);
    case Kind::kEverybody: {
      std::vector<NodeId> all = topology.servers();
      all.insert(all.end(), topology.clients.begin(), topology.clients.end());
      return without(std::move(all), other);
    }
  }
  return fail("no such selector");
}

Result<std::vector<NodeId>> Strike::resolve(const NodeSelector& selector, std::optional<NodeId> other) const {
  if (selector.kind == Kind::kController) {
    const auto active = site.active_controller();
    if (active && active != other) return std::vector<NodeId>{*active};
  }
  auto nodes = sim::resolve(selector, other, site.topology(),
                            site.partition({.topic = selector.name, .partition = selector.partition}));
  if (nodes && nodes->empty()) return fail("{} means nobody at present", text(selector));
  return nodes;
}

Result<std::optional<NodeId>> Strike::resolve_end(const NodeSelector& selector,
                                                  std::optional<NodeId> other) const {
  if (selector.kind == Kind::kEverybody) return std::nullopt;
  TRY(nodes, resolve(selector, other));
  return nodes.front();
}

Result<void> Strike::allow(const std::vector<NodeId>& nodes, bool takes_down) const {
  const Topology& topology = site.topology();
  std::set<NodeId> then_down = down;
  for (const NodeId node : nodes) {
    const bool is_broker = topology.is_broker(node);
    const bool is_controller = topology.is_controller(node);
    const bool is_client = topology.is_client(node);
    if (!is_broker && !is_controller && !is_client)
      return fail("{} is not a node that faults may hit", node_name(node));
    if (is_broker) then_down.insert(node);
    if (is_controller && !budget.controllers) return fail("the budget spares controllers");
    if (is_client && !budget.clients) return fail("the budget spares clients");
  }
  if (takes_down && then_down.size() > down.size() && std::ssize(then_down) > budget.max_down) {
    return fail("{} brokers would be down, the budget allows {}", then_down.size(), budget.max_down);
  }
  return {};
}

Result<void> Strike::allow_end(const std::vector<NodeId>& nodes, bool loses) const {
  TRY_DO(allow(nodes, /*takes_down=*/true));
  return site.may_end(nodes, loses, doomed);
}

Result<std::vector<NodeId>> Strike::running(const NodeSelector& selector, std::optional<NodeId> other) const {
  TRY(nodes, resolve(selector, other));
  TRY_DO(demand_running(nodes));
  return std::move(nodes);
}

Result<std::vector<NodeId>> Strike::running_hosts(const NodeSelector& selector) const {
  TRY(chosen, resolve(selector));
  std::vector<NodeId> nodes = site.topology().with_host_mates(chosen);
  TRY_DO(demand_running(nodes));
  return nodes;
}

Result<void> Strike::demand_running(const std::vector<NodeId>& nodes) const {
  for (const NodeId node : nodes) {
    if (site.state(node) != NodeState::kUp) return fail("{} does not run", node_name(node));
  }
  return {};
}

std::vector<Path> paths_between(const std::vector<NodeId>& a, const std::vector<NodeId>& b) {
  std::vector<Path> paths;
  for (const NodeId from : a) {
    for (const NodeId to : b) {
      if (from == to) continue;
      paths.push_back({.from = from, .to = to});
      paths.push_back({.from = to, .to = from});
    }
  }
  return paths;
}

std::string text(const NodeSelector& selector) {
  switch (selector.kind) {
    case Kind::kNode: return node_name(selector.node);
    case Kind::kLeaderOf: return fmt::format("leader:{}-{}", selector.name, selector.partition.value());
    case Kind::kFollowerOf: return fmt::format("follower:{}-{}", selector.name, selector.partition.value());
    case Kind::kController: return "controller";
    case Kind::kAnyBroker: return "any-broker";
    case Kind::kAnyClient: return "any-client";
    case Kind::kEverybody: return "everybody";
    case Kind::kRack: return "rack:" + selector.name;
    case Kind::kRegion: return "region:" + selector.name;
  }
  return "nobody";
}

std::string text(const Fault& fault) {
  return fmt::format("{} {}", info_of(fault).name,
                     std::visit([](const auto& alternative) { return text(alternative); }, fault));
}

NodeSelector any_controller(const Targets& targets, std::uint64_t choice) {
  const std::vector<NodeId>& controllers = targets.topology.controllers;
  if (controllers.size() < 2 || choice % 2 == 0) return {.kind = Kind::kController};
  return {.node = controllers[choice / 2 % controllers.size()]};
}

namespace {

/// Of twelve faults, so many hit controllers: a quorum has more to lose than one controller has.
std::uint64_t share_of_controllers(const Targets& targets) {
  if (!targets.budget.controllers || targets.topology.controllers.empty()) return 0;
  if (!targets.budget.brokers) return 12;
  return targets.topology.controllers.size() > 1 ? 4 : 1;
}

}  // namespace

NodeSelector random_node(const Dice& dice, const Targets& targets) {
  const std::uint64_t kind = dice.about(Aspect::kKindOfNode).below(12);
  const auto choice = static_cast<std::uint32_t>(dice.about(Aspect::kTarget).bits());
  const std::uint64_t controllers = share_of_controllers(targets);
  if (kind == 0 ? controllers > 0 : kind > 12 - controllers) return any_controller(targets, choice);
  if (kind == 1 && targets.budget.clients && !targets.topology.clients.empty()) {
    return {.kind = Kind::kAnyClient, .choice = choice};
  }
  if (kind < 6 && !targets.topology.partitions.empty()) {
    auto [topic, partition] = random_partition_name(dice, targets);
    return {.kind = Kind::kLeaderOf, .name = std::move(topic), .partition = partition};
  }
  return any_broker(choice);
}

RandomPair random_pair(const Dice& dice, const Targets& targets) {
  const std::uint64_t kind = dice.about(Aspect::kKindOfNode).below(8);
  RandomPair pair{.a = any_broker(dice.about(Aspect::kTarget).bits()),
                  .b = any_broker(dice.about(Aspect::kOther).bits())};
  const bool clients = targets.budget.clients && !targets.topology.clients.empty();
  const bool alone = targets.topology.brokers.size() < 2;
  const bool several = targets.budget.controllers && targets.topology.controllers.size() > 1;
  if (several && (kind >= 6 || !targets.budget.brokers)) {
    pair.a = any_controller(targets, pair.a.choice);
    pair.b = any_controller(targets, pair.b.choice);
  } else if (kind == 0 && clients) {
    pair.b.kind = Kind::kAnyClient;
  } else if ((kind <= 2 || alone) && targets.budget.controllers) {
    pair.b = {.kind = Kind::kController};
  }
  if (dice.about(Aspect::kDirection).chance(1, 2)) std::swap(pair.a, pair.b);
  return pair;
}

io::NamedPartition random_partition_name(const Dice& dice, const Targets& targets) {
  const auto& partitions = targets.topology.partitions;
  if (partitions.empty()) return {};
  return partitions[dice.about(Aspect::kPartition).below(partitions.size())];
}

Fault random_fault(std::string_view kind, const Dice& dice, const Targets& targets) {
  for (std::size_t i = 0; i < kFaults.size(); ++i) {
    if (kFaults[i].name == kind) return kRandom[i](dice, targets);
  }
  ensure_failed("a known kind of fault", __FILE__, __LINE__, fmt::format("\"{}\"", kind));
}

}  // namespace odradek::sim
