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

/// One thing that the end of a fault puts right on a node.
struct Repair {
  enum class Kind : std::uint8_t {
    kLiftDiskRule,
    kUnlimitDisk,
    kUnstallDisk,
    kUnthrottleDisk,
    kSpeedUp,
    kReleaseApp
  };
  Kind kind{};
  NodeId node;
  DiskRuleId rule;  ///< kLiftDiskRule
  bool loses =
      false;  ///< kLiftDiskRule of fsync: what the failed ones dropped is gone when the host is mended

  FIELDS(kind, node, rule, loses)
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
  std::uint64_t bites = 0;           ///< what it harmed at once
  std::uint64_t stalled_before = 0;  ///< messages stalled on the blocked paths when it struck

  /// False when nothing is left to be undone.
  [[nodiscard]] bool is_lasting() const {
    return !crashed.empty() || !doomed.empty() || !paused.empty() || !blocked.empty() || !rules.empty() ||
           !repairs.empty();
  }

  FIELDS(crashed, doomed, paused, isolated, blocked, rules, repairs, bites, stalled_before)
  friend bool operator==(const Damage&, const Damage&) = default;
};

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
  [[nodiscard]] Result<std::vector<NodeId>> running(const NodeSelector& selector) const;
};

/// Every path between the two groups, in both directions.
[[nodiscard]] std::vector<Path> paths_between(const std::vector<NodeId>& a, const std::vector<NodeId>& b);

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
[[nodiscard]] Result<Damage> strike(const PowerLossFault& fault, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const CrashInsideFault& fault, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const ShutdownFault& fault, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const DiskErrorFault& fault, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const DiskFullFault& fault, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const DiskStallFault& fault, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const DiskThrottleFault& fault, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const DiskEmptyFault& fault, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const SlowFault& fault, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const PauseAppFault& fault, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const ClockJumpFault& fault, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const SplitFault& fault, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const BridgeFault& fault, const Strike& moment);
[[nodiscard]] Result<Damage> strike(const CutOffClientsFault& fault, const Strike& moment);

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
[[nodiscard]] std::string text(const PowerLossFault& fault);
[[nodiscard]] std::string text(const CrashInsideFault& fault);
[[nodiscard]] std::string text(const ShutdownFault& fault);
[[nodiscard]] std::string text(const DiskErrorFault& fault);
[[nodiscard]] std::string text(const DiskFullFault& fault);
[[nodiscard]] std::string text(const DiskStallFault& fault);
[[nodiscard]] std::string text(const DiskThrottleFault& fault);
[[nodiscard]] std::string text(const DiskEmptyFault& fault);
[[nodiscard]] std::string text(const SlowFault& fault);
[[nodiscard]] std::string text(const PauseAppFault& fault);
[[nodiscard]] std::string text(const ClockJumpFault& fault);
[[nodiscard]] std::string text(const SplitFault& fault);
[[nodiscard]] std::string text(const BridgeFault& fault);
[[nodiscard]] std::string text(const CutOffClientsFault& fault);
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
[[nodiscard]] PowerLossFault random_power_loss(const Dice& dice, const Targets& targets);
[[nodiscard]] CrashInsideFault random_crash_inside(const Dice& dice, const Targets& targets);
[[nodiscard]] ShutdownFault random_shutdown(const Dice& dice, const Targets& targets);
[[nodiscard]] DiskErrorFault random_disk_error(const Dice& dice, const Targets& targets);
[[nodiscard]] DiskFullFault random_disk_full(const Dice& dice, const Targets& targets);
[[nodiscard]] DiskStallFault random_disk_stall(const Dice& dice, const Targets& targets);
[[nodiscard]] DiskThrottleFault random_disk_throttle(const Dice& dice, const Targets& targets);
[[nodiscard]] DiskEmptyFault random_disk_empty(const Dice& dice, const Targets& targets);
[[nodiscard]] SlowFault random_slow(const Dice& dice, const Targets& targets);
[[nodiscard]] PauseAppFault random_pause_app(const Dice& dice, const Targets& targets);
[[nodiscard]] ClockJumpFault random_clock_jump(const Dice& dice, const Targets& targets);
[[nodiscard]] SplitFault random_split(const Dice& dice, const Targets& targets);
[[nodiscard]] BridgeFault random_bridge(const Dice& dice, const Targets& targets);
[[nodiscard]] CutOffClientsFault random_cut_off_clients(const Dice& dice, const Targets& targets);

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
