// What every fault can do: strike, say what it is, and be drawn at random. One file per fault defines its
// row.
//
// To add a fault: its struct in the variant of plan.h, its name in kFaultNames, its three functions here, a
// file of its own with their bodies, and a test that shows it biting and healing.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "sim/faults/dice.h"
#include "sim/faults/plan.h"
#include "sim/faults/site.h"

namespace odradek::sim {

/// What a fault did and its end undoes; also what tells whether it bit.
struct Damage {
  std::vector<NodeId> crashed;
  std::vector<NodeId> paused;
  std::vector<NodeId> isolated;
  std::vector<Path> blocked;
  std::vector<RuleId> rules;
  std::uint64_t bites = 0;           ///< what it harmed at once
  std::uint64_t stalled_before = 0;  ///< messages stalled on the blocked paths when it struck

  /// False when nothing is left to be undone.
  [[nodiscard]] bool is_lasting() const {
    return !crashed.empty() || !paused.empty() || !blocked.empty() || !rules.empty();
  }

  FIELDS(crashed, paused, isolated, blocked, rules, bites, stalled_before)
  friend bool operator==(const Damage&, const Damage&) = default;
};

/// The moment at which a fault strikes. Refusals say why.
struct Strike {
  const FaultBudget& budget;
  const std::set<NodeId>& down;  ///< brokers crashed, paused or isolated already
  FaultSite& site;

  /// All whom the selector means now; never none. "any" never means `other`.
  [[nodiscard]] Result<std::vector<NodeId>> resolve(const NodeSelector& selector,
                                                    std::optional<NodeId> other = std::nullopt) const;
  /// The one end of a rule; absent for everybody.
  [[nodiscard]] Result<std::optional<NodeId>> resolve_end(const NodeSelector& selector,
                                                          std::optional<NodeId> other = std::nullopt) const;
  /// Whether the budget lets these nodes be hit; `takes_down` when brokers among them count as down.
  [[nodiscard]] Result<void> allow(const std::vector<NodeId>& nodes, bool takes_down) const;
};

[[nodiscard]] Result<Damage> strike(const CrashFault& fault, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const PauseFault& fault, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const IsolateFault& fault, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const PartitionFault& fault, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const ResetFault& fault, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const DelayFault& fault, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const HoldFault& fault, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const ReorderAction& action, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const ElectPreferredAction& action, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const SendAction& action, const Strike& moment);

/// Whom and what, for people: "leader:orders-0".
[[nodiscard]] std::string text(const NodeSelector& selector);
[[nodiscard]] std::string text(const CrashFault& fault);
[[nodiscard]] std::string text(const PauseFault& fault);
[[nodiscard]] std::string text(const IsolateFault& fault);
[[nodiscard]] std::string text(const PartitionFault& fault);
[[nodiscard]] std::string text(const ResetFault& fault);
[[nodiscard]] std::string text(const DelayFault& fault);
[[nodiscard]] std::string text(const HoldFault& fault);
[[nodiscard]] std::string text(const ReorderAction& action);
[[nodiscard]] std::string text(const ElectPreferredAction& action);
[[nodiscard]] std::string text(const SendAction& action);
/// The fault's name and the above: "crash leader:orders-0".
[[nodiscard]] std::string text(const Fault& fault);

/// Whom random faults may hit.
struct Targets {
  const Topology& topology;
  const FaultBudget& budget;
};

[[nodiscard]] CrashFault random_crash(const Dice& dice, const Targets& targets);
[[nodiscard]] PauseFault random_pause(const Dice& dice, const Targets& targets);
[[nodiscard]] IsolateFault random_isolate(const Dice& dice, const Targets& targets);
[[nodiscard]] PartitionFault random_partition(const Dice& dice, const Targets& targets);
[[nodiscard]] ResetFault random_reset(const Dice& dice, const Targets& targets);
[[nodiscard]] DelayFault random_delay(const Dice& dice, const Targets& targets);
[[nodiscard]] HoldFault random_hold(const Dice& dice, const Targets& targets);
[[nodiscard]] ReorderAction random_reorder(const Dice& dice, const Targets& targets);
[[nodiscard]] ElectPreferredAction random_elect_preferred(const Dice& dice, const Targets& targets);
[[nodiscard]] SendAction random_send(const Dice& dice, const Targets& targets);

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

/// The k-th fault of a kind; kinds are kFaultNames.
[[nodiscard]] Fault random_fault(std::string_view kind, const Dice& dice, const Targets& targets);

}  // namespace odradek::sim
