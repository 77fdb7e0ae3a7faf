// The fault plan: a list of values on the run's timeline. What, whom, when or on which event, for how long.
//
// Scripted and random entries are the same thing; random ones are expanded from the seed before the first
// event. What the budget refuses at run time is recorded as skipped, never redrawn.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/base/fields.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"
#include "sim/disk/disk_rules.h"
#include "sim/disk/survival.h"
#include "sim/kernel/node_slot.h"

namespace odradek::sim {

/// Whom a fault hits, resolved when it strikes.
struct NodeSelector {
  enum class Kind : std::uint8_t {
    kNode,
    kLeaderOf,
    kFollowerOf,
    kController,
    kAnyBroker,
    kAnyClient,
    kEverybody
  };
  Kind kind = Kind::kNode;
  NodeId node;        ///< kNode
  std::string topic;  ///< kLeaderOf, kFollowerOf
  PartitionId partition;
  std::uint32_t choice = 0;  ///< which of several candidates, modulo their number (drawn for random entries)

  FIELDS(kind, node, topic, partition, choice)
  friend bool operator==(const NodeSelector&, const NodeSelector&) = default;
};

struct CrashFault {  ///< the process dies, the page cache stays; restarts when the fault ends
  NodeSelector node;
  FIELDS(node)
  friend bool operator==(const CrashFault&, const CrashFault&) = default;
};
struct PauseFault {  ///< SIGSTOP: all lanes stop
  NodeSelector node;
  FIELDS(node)
  friend bool operator==(const PauseFault&, const PauseFault&) = default;
};
struct IsolateFault {  ///< no traffic between the node and anybody
  NodeSelector node;
  FIELDS(node)
  friend bool operator==(const IsolateFault&, const IsolateFault&) = default;
};
struct PartitionFault {  ///< no traffic between the two nodes; one_way: only from a to b
  NodeSelector a;
  NodeSelector b;
  bool one_way = false;
  FIELDS(a, b, one_way)
  friend bool operator==(const PartitionFault&, const PartitionFault&) = default;
};
struct ResetFault {  ///< all connections between the two nodes are reset; instantaneous
  NodeSelector a;
  NodeSelector b;
  FIELDS(a, b)
  friend bool operator==(const ResetFault&, const ResetFault&) = default;
};
struct DelayFault {  ///< every message from a to b takes longer
  NodeSelector a;
  NodeSelector b;
  Duration extra;
  FIELDS(a, b, extra)
  friend bool operator==(const DelayFault&, const DelayFault&) = default;
};
/// Messages of one API, in one direction, are held and released together when the fault ends.
struct HoldFault {
  api::ApiKey api{};
  bool response = false;
  NodeSelector from;
  NodeSelector to;
  FIELDS(api, response, from, to)
  friend bool operator==(const HoldFault&, const HoldFault&) = default;
};
/// Administration, not a fault, but on the same timeline: a new order of the same replicas.
struct ReorderAction {
  std::string topic;
  PartitionId partition;
  std::vector<BrokerId> replicas;  ///< empty: rotate the present order by `rotation`
  std::int32_t rotation = 0;
  FIELDS(topic, partition, replicas, rotation)
  friend bool operator==(const ReorderAction&, const ReorderAction&) = default;
};
struct ElectPreferredAction {
  std::string topic;
  PartitionId partition;
  FIELDS(topic, partition)
  friend bool operator==(const ElectPreferredAction&, const ElectPreferredAction&) = default;
};
/// A record sent by the named client (index in the scenario's list of clients, expanded by count).
struct SendAction {
  std::string topic;
  PartitionId partition;
  std::int32_t records = 1;
  FIELDS(topic, partition, records)
  friend bool operator==(const SendAction&, const SendAction&) = default;
};

struct PowerLossFault {  ///< the host's power goes; back when the fault ends
  NodeSelector node;
  Survival survival = Survival::kDrawn;
  FIELDS(node, survival)
  friend bool operator==(const PowerLossFault&, const PowerLossFault&) = default;
};
struct CrashInsideFault {  ///< the process dies in the middle of a step; restarts when the fault ends
  NodeSelector node;
  MidStep where;
  FIELDS(node, where)
  friend bool operator==(const CrashInsideFault&, const CrashInsideFault&) = default;
};
struct ShutdownFault {  ///< SIGTERM; started again when the fault ends
  NodeSelector node;
  FIELDS(node)
  friend bool operator==(const ShutdownFault&, const ShutdownFault&) = default;
};
struct DiskErrorFault {  ///< operations of one kind fail with an input/output error
  NodeSelector node;
  DiskOperation operation{};
  std::uint64_t passed_over = 0;  ///< so many succeed first
  FIELDS(node, operation, passed_over)
  friend bool operator==(const DiskErrorFault&, const DiskErrorFault&) = default;
};
struct DiskFullFault {  ///< room for so many bytes more, and then none
  NodeSelector node;
  std::int64_t headroom = 0;
  FIELDS(node, headroom)
  friend bool operator==(const DiskFullFault&, const DiskFullFault&) = default;
};
struct DiskStallFault {  ///< nothing that writes gets through
  NodeSelector node;
  FIELDS(node)
  friend bool operator==(const DiskStallFault&, const DiskStallFault&) = default;
};
struct DiskThrottleFault {
  NodeSelector node;
  std::int64_t bytes_per_second = 20'000;
  FIELDS(node, bytes_per_second)
  friend bool operator==(const DiskThrottleFault&, const DiskThrottleFault&) = default;
};
struct DiskEmptyFault {  ///< the broker dies, and starts with a blank disk when the fault ends
  NodeSelector node;
  FIELDS(node)
  friend bool operator==(const DiskEmptyFault&, const DiskEmptyFault&) = default;
};
struct SlowFault {  ///< every step takes so many times longer
  NodeSelector node;
  std::int32_t factor = 10;
  FIELDS(node, factor)
  friend bool operator==(const SlowFault&, const SlowFault&) = default;
};
struct PauseAppFault {  ///< a client's application thread stops; its network thread goes on
  NodeSelector node;
  FIELDS(node)
  friend bool operator==(const PauseAppFault&, const PauseAppFault&) = default;
};
struct ClockJumpFault {  ///< somebody sets the wall clock; instantaneous
  NodeSelector node;
  Duration by;
  bool back = false;
  FIELDS(node, by, back)
  friend bool operator==(const ClockJumpFault&, const ClockJumpFault&) = default;
};
/// No traffic between two sides: these nodes, and all others.
struct SplitFault {
  NodeSelector a;
  NodeSelector b;
  FIELDS(a, b)
  friend bool operator==(const SplitFault&, const SplitFault&) = default;
};
/// Two halves of the brokers that only one of them reaches.
struct BridgeFault {
  NodeSelector node;
  FIELDS(node)
  friend bool operator==(const BridgeFault&, const BridgeFault&) = default;
};
/// Clients do not reach the node; brokers and controllers do.
struct CutOffClientsFault {
  NodeSelector node;
  FIELDS(node)
  friend bool operator==(const CutOffClientsFault&, const CutOffClientsFault&) = default;
};

using Fault = std::variant<CrashFault, PauseFault, IsolateFault, PartitionFault, ResetFault, DelayFault,
                           HoldFault, ReorderAction, ElectPreferredAction, SendAction, PowerLossFault,
                           CrashInsideFault, ShutdownFault, DiskErrorFault, DiskFullFault, DiskStallFault,
                           DiskThrottleFault, DiskEmptyFault, SlowFault, PauseAppFault, ClockJumpFault,
                           SplitFault, BridgeFault, CutOffClientsFault>;

/// Names as scenario files spell them, in the order of the variant.
inline constexpr std::array<std::string_view, std::variant_size_v<Fault>> kFaultNames = {
    "crash",    "pause",      "isolate",         "partition",  "reset",         "delay",
    "hold",     "reorder",    "elect-preferred", "send",       "power-loss",    "crash-inside",
    "shutdown", "disk-error", "disk-full",       "disk-stall", "disk-throttle", "disk-empty",
    "slow",     "pause-app",  "clock-jump",      "split",      "bridge",        "cut-off-clients"};

/// Equality over one typed event: `{ event = "BecomeLeader", topic = "orders", partition = 0, node = 2, nth =
/// 2 }`.
struct EventCondition {
  std::string event;
  std::optional<std::string> topic;
  std::optional<PartitionId> partition;
  std::optional<NodeId> node;
  std::int32_t nth = 1;

  FIELDS(event, topic, partition, node, nth)
  friend bool operator==(const EventCondition&, const EventCondition&) = default;
};

struct PlanEntry {
  std::variant<Duration, EventCondition> when;  ///< time since the cluster's readiness, or the nth such event
  Duration after;                               ///< delay after an event condition
  Fault fault;
  std::optional<Duration> duration;  ///< absent: until the faults end

  FIELDS(when, after, fault, duration)
  friend bool operator==(const PlanEntry&, const PlanEntry&) = default;
};

/// A kind of fault that strikes at random during the safety phase.
struct RandomFault {
  std::string kind;  ///< one of kFaultNames, or "leader-move" (reorder, then elect)
  Duration mean_every = seconds(10);
  Duration duration_min = milliseconds(500);
  Duration duration_max = seconds(5);

  FIELDS(kind, mean_every, duration_min, duration_max)
  friend bool operator==(const RandomFault&, const RandomFault&) = default;
};

/// How much may be broken at once; what would exceed it is skipped.
struct FaultBudget {
  std::int32_t max_down = 1;  ///< brokers crashed, paused or isolated at one time
  bool controllers = true;    ///< controllers may be hit
  bool clients = true;        ///< clients may be hit

  FIELDS(max_down, controllers, clients)
  friend bool operator==(const FaultBudget&, const FaultBudget&) = default;
};

}  // namespace odradek::sim
