// What every fault can do: strike, say what it is, and be drawn at random. One file per fault defines its
// row.
//
// To add a fault: its struct and its line in plan.h, a file of its own with its three functions, how it is
// read (scenarios/parse_deed.cc), and a play that shows it biting and healing.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "sim/faults/dice.h"
#include "sim/faults/plan.h"
#include "sim/faults/site.h"

namespace odradek::sim {

/// One thing that the end of a fault puts right on a node.
struct Repair {
  enum class Kind : std::uint8_t {
    kLiftDiskRule,
    kUnlimitDisk,
    kUnstallDisk,
    kUnthrottleDisk,
    kSpeedUp,
    kReleaseApp,
    kUnthrottleNetwork,
    kSwapDisks
  };
  Kind kind{};
  NodeId node;
  NodeId other;                  ///< kSwapDisks
  std::optional<io::Lane> lane;  ///< kSpeedUp
  DiskRuleId rule;               ///< kLiftDiskRule
  bool loses =
      false;  ///< kLiftDiskRule of fsync: what the failed ones dropped is gone when the host is mended

  FIELDS(kind, node, other, lane, rule, loses)
  friend bool operator==(const Repair&, const Repair&) = default;
};

/// What a fault did and its end undoes; also what tells whether it bit.
struct Damage {
  std::vector<NodeId> crashed;
  std::vector<NodeId> doomed;  ///< may die of it, sooner or later
  std::vector<NodeId> paused;
  std::vector<NodeId> isolated;
  std::vector<Path> blocked;
  std::vector<RuleId> rules;
  std::vector<Repair> repairs;
  std::vector<NodeId> unseated;      ///< controllers that are to be no voters as long as it lasts
  std::uint64_t bites = 0;           ///< what it harmed at once
  std::uint64_t stalled_before = 0;  ///< messages stalled on the blocked paths when it struck

  /// False when nothing is left to be undone.
  [[nodiscard]] bool is_lasting() const {
    return !crashed.empty() || !doomed.empty() || !paused.empty() || !blocked.empty() || !rules.empty() ||
           !repairs.empty() || !unseated.empty();
  }

  FIELDS(crashed, doomed, paused, isolated, blocked, rules, repairs, unseated, bites, stalled_before)
  friend bool operator==(const Damage&, const Damage&) = default;
};

/// All whom the selector means; maybe none. `partition` is what the controller has committed of the partition
/// that it names, if it names one. "any" never means `other`.
[[nodiscard]] Result<std::vector<NodeId>> resolve(const NodeSelector& selector, std::optional<NodeId> other,
                                                  const Topology& topology,
                                                  const std::optional<PartitionTruth>& partition);

/// The moment at which a fault strikes. Refusals say why.
struct Strike {
  const FaultBudget& budget;
  const std::set<NodeId>& down;    ///< brokers crashed, paused or isolated already
  const std::set<NodeId>& doomed;  ///< nodes that may end by themselves
  FaultSite& site;

  /// All whom the selector means now; never none. "any" never means `other`.
  [[nodiscard]] Result<std::vector<NodeId>> resolve(const NodeSelector& selector,
                                                    std::optional<NodeId> other = std::nullopt) const;
  /// The one end of a rule; absent for everybody.
  [[nodiscard]] Result<std::optional<NodeId>> resolve_end(const NodeSelector& selector,
                                                          std::optional<NodeId> other = std::nullopt) const;
  /// Whether the budget lets these nodes be hit; `takes_down` when brokers among them count as down.
  [[nodiscard]] Result<void> allow(const std::vector<NodeId>& nodes, bool takes_down) const;
  /// The same for nodes whose processes end without a clean shutdown, and with what they had not flushed if
  /// `loses`: within every partition's loss budget as well.
  [[nodiscard]] Result<void> allow_end(const std::vector<NodeId>& nodes, bool loses) const;
  /// Whom the selector means. Refuses those that do not run.
  [[nodiscard]] Result<std::vector<NodeId>> running(const NodeSelector& selector,
                                                    std::optional<NodeId> other = std::nullopt) const;
  /// The same with all that share a host with them: what has one disk and one power supply.
  [[nodiscard]] Result<std::vector<NodeId>> running_hosts(const NodeSelector& selector) const;
  [[nodiscard]] Result<void> demand_running(const std::vector<NodeId>& nodes) const;
  /// Does something at once to all connections between the two ends; `deed(a, b)` says to how many.
  template <class Deed>
  [[nodiscard]] Result<Damage> at_connections(const NodeSelector& a, const NodeSelector& b, Deed deed) const {
    TRY(left, resolve(a));
    TRY(right, resolve(b, left.front()));
    Damage damage;
    for (const NodeId one : left) {
      for (const NodeId another : right) {
        if (one != another) damage.bites += deed(one, another);
      }
    }
    return damage;
  }
};

/// Every path between the two groups, in both directions.
[[nodiscard]] std::vector<Path> paths_between(const std::vector<NodeId>& a, const std::vector<NodeId>& b);

#define X(type, ...) [[nodiscard]] Result<Damage> strike(const type& fault, const Strike& moment);
ODRADEK_FAULTS(X)
#undef X

/// Whom and what, for people: "leader:orders-0".
[[nodiscard]] std::string text(const NodeSelector& selector);
#define X(type, ...) [[nodiscard]] std::string text(const type& fault);
ODRADEK_FAULTS(X)
#undef X
/// The fault's name and the above: "crash leader:orders-0".
[[nodiscard]] std::string text(const Fault& fault);

/// Whom random faults may hit.
struct Targets {
  const Topology& topology;
  const FaultBudget& budget;
};

#define X(type, word, ...) [[nodiscard]] type random_##word(const Dice& dice, const Targets& targets);
ODRADEK_FAULTS(X)
#undef X

/// The active controller as often as any by its number.
[[nodiscard]] NodeSelector any_controller(const Targets& targets, std::uint64_t choice);

[[nodiscard]] inline NodeSelector any_broker(std::uint64_t choice) {
  return {.kind = NodeSelector::Kind::kAnyBroker, .choice = static_cast<std::uint32_t>(choice)};
}
/// A node to crash, pause or isolate: a broker as a rule, often a leader; now and then a controller or a
/// client.
[[nodiscard]] NodeSelector random_node(const Dice& dice, const Targets& targets);
/// Two ends of a path: brokers as a rule; now and then a controller or a client at one end.
struct RandomPair {
  NodeSelector a;
  NodeSelector b;
};
[[nodiscard]] RandomPair random_pair(const Dice& dice, const Targets& targets);
[[nodiscard]] io::NamedPartition random_partition_name(const Dice& dice, const Targets& targets);

/// The fault that these dice give. REQUIRES: a name of kFaults.
[[nodiscard]] Fault random_fault(std::string_view kind, const Dice& dice, const Targets& targets);

}  // namespace odradek::sim
