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
#include <type_traits>
#include <variant>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/base/fields.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"
#include "engine/io/lane.h"
#include "sim/disk/decay.h"
#include "sim/disk/disk_rules.h"
#include "sim/disk/survival.h"
#include "sim/kernel/node_slot.h"
#include "sim/net/rules.h"

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
    kEverybody,
    kRack,
    kRegion
  };
  Kind kind = Kind::kNode;
  NodeId node;       ///< kNode
  std::string name;  ///< of the topic for kLeaderOf and kFollowerOf, of the place for kRack and kRegion
  PartitionId partition;
  std::uint32_t choice = 0;  ///< which of several candidates, modulo their number (drawn for random entries)

  FIELDS(kind, node, name, partition, choice)
  friend bool operator==(const NodeSelector&, const NodeSelector&) = default;
};

// The structs of all faults and administrative actions; what each one does is said in ODRADEK_FAULTS.

struct CrashFault {
  NodeSelector node;
  FIELDS(node)
  friend bool operator==(const CrashFault&, const CrashFault&) = default;
};
struct PauseFault {
  NodeSelector node;
  FIELDS(node)
  friend bool operator==(const PauseFault&, const PauseFault&) = default;
};
struct IsolateFault {
  NodeSelector node;
  FIELDS(node)
  friend bool operator==(const IsolateFault&, const IsolateFault&) = default;
};
struct PartitionFault {
  NodeSelector a;
  NodeSelector b;
  bool one_way = false;
  FIELDS(a, b, one_way)
  friend bool operator==(const PartitionFault&, const PartitionFault&) = default;
};
struct ResetFault {
  NodeSelector a;
  NodeSelector b;
  FIELDS(a, b)
  friend bool operator==(const ResetFault&, const ResetFault&) = default;
};
struct DelayFault {
  NodeSelector a;
  NodeSelector b;
  Duration extra;
  FIELDS(a, b, extra)
  friend bool operator==(const DelayFault&, const DelayFault&) = default;
};
struct HoldFault {
  api::ApiKey api{};
  bool response = false;
  NodeSelector from;
  NodeSelector to;
  FIELDS(api, response, from, to)
  friend bool operator==(const HoldFault&, const HoldFault&) = default;
};
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
struct SendAction {
  std::string topic;
  PartitionId partition;
  std::int32_t records = 1;
  FIELDS(topic, partition, records)
  friend bool operator==(const SendAction&, const SendAction&) = default;
};

struct PowerLossFault {
  NodeSelector node;
  Survival survival = Survival::kDrawn;
  FIELDS(node, survival)
  friend bool operator==(const PowerLossFault&, const PowerLossFault&) = default;
};
struct CrashInsideFault {
  NodeSelector node;
  MidStep where;
  FIELDS(node, where)
  friend bool operator==(const CrashInsideFault&, const CrashInsideFault&) = default;
};
struct ShutdownFault {
  NodeSelector node;
  FIELDS(node)
  friend bool operator==(const ShutdownFault&, const ShutdownFault&) = default;
};
struct DiskErrorFault {
  NodeSelector node;
  DiskOperation operation{};
  std::uint64_t passed_over = 0;  ///< so many succeed first
  FIELDS(node, operation, passed_over)
  friend bool operator==(const DiskErrorFault&, const DiskErrorFault&) = default;
};
struct DiskFullFault {
  NodeSelector node;
  std::int64_t headroom = 0;
  FIELDS(node, headroom)
  friend bool operator==(const DiskFullFault&, const DiskFullFault&) = default;
};
struct DiskStallFault {
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
struct DiskEmptyFault {
  NodeSelector node;
  FIELDS(node)
  friend bool operator==(const DiskEmptyFault&, const DiskEmptyFault&) = default;
};
struct SlowFault {
  NodeSelector node;
  std::int32_t factor = 10;
  std::optional<io::Lane> lane;  ///< absent: all of them
  FIELDS(node, factor, lane)
  friend bool operator==(const SlowFault&, const SlowFault&) = default;
};
struct PauseAppFault {
  NodeSelector node;
  FIELDS(node)
  friend bool operator==(const PauseAppFault&, const PauseAppFault&) = default;
};
struct ClockJumpFault {
  NodeSelector node;
  Duration by;
  bool back = false;
  FIELDS(node, by, back)
  friend bool operator==(const ClockJumpFault&, const ClockJumpFault&) = default;
};
struct SplitFault {
  NodeSelector a;
  NodeSelector b;
  FIELDS(a, b)
  friend bool operator==(const SplitFault&, const SplitFault&) = default;
};
struct BridgeFault {
  NodeSelector node;
  FIELDS(node)
  friend bool operator==(const BridgeFault&, const BridgeFault&) = default;
};
struct CutOffClientsFault {
  NodeSelector node;
  FIELDS(node)
  friend bool operator==(const CutOffClientsFault&, const CutOffClientsFault&) = default;
};

struct BlackHoleFault {
  NodeSelector a;
  NodeSelector b;
  FIELDS(a, b)
  friend bool operator==(const BlackHoleFault&, const BlackHoleFault&) = default;
};
struct HalfOpenFault {
  NodeSelector a;  ///< who has lost them
  NodeSelector b;  ///< who has not heard of it
  FIELDS(a, b)
  friend bool operator==(const HalfOpenFault&, const HalfOpenFault&) = default;
};
struct RingFault {
  FIELDS()
  friend bool operator==(const RingFault&, const RingFault&) = default;
};
struct CutOffFault {
  NodeSelector side;
  FIELDS(side)
  friend bool operator==(const CutOffFault&, const CutOffFault&) = default;
};
struct NetworkThrottleFault {
  NodeSelector node;
  std::int64_t bytes_per_second = 100'000;
  FIELDS(node, bytes_per_second)
  friend bool operator==(const NetworkThrottleFault&, const NetworkThrottleFault&) = default;
};
struct DiskSwapFault {
  NodeSelector a;
  NodeSelector b;
  FIELDS(a, b)
  friend bool operator==(const DiskSwapFault&, const DiskSwapFault&) = default;
};
struct DiskDecayFault {
  NodeSelector node;
  Decay kind{};
  std::string path;               ///< what the paths begin with that it hits; empty: any
  std::uint64_t passed_over = 0;  ///< so many writes come first, of a lost or misdirected one
  FIELDS(node, kind, path, passed_over)
  friend bool operator==(const DiskDecayFault&, const DiskDecayFault&) = default;
};

struct CreateTopicAction {
  std::string topic;
  std::int32_t partitions = 1;
  std::int16_t replication_factor = 1;
  FIELDS(topic, partitions, replication_factor)
  friend bool operator==(const CreateTopicAction&, const CreateTopicAction&) = default;
};
struct CreatePartitionsAction {
  std::string topic;
  std::int32_t count = 0;  ///< partitions that the topic has afterwards
  FIELDS(topic, count)
  friend bool operator==(const CreatePartitionsAction&, const CreatePartitionsAction&) = default;
};
struct DeleteTopicAction {
  std::string topic;
  FIELDS(topic)
  friend bool operator==(const DeleteTopicAction&, const DeleteTopicAction&) = default;
};
struct ReassignAction {
  std::string topic;
  PartitionId partition;
  std::vector<BrokerId> replicas;  ///< empty: each replica goes `shift` brokers further, round the cluster
  std::int32_t shift = 0;
  FIELDS(topic, partition, replicas, shift)
  friend bool operator==(const ReassignAction&, const ReassignAction&) = default;
};
struct CancelReassignAction {
  std::string topic;
  PartitionId partition;
  FIELDS(topic, partition)
  friend bool operator==(const CancelReassignAction&, const CancelReassignAction&) = default;
};
struct AlterConfigAction {
  std::string resource;  ///< a topic, "broker:1" or "broker:all"
  std::string property;
  std::optional<std::string> value;  ///< absent: the property is unset
  FIELDS(resource, property, value)
  friend bool operator==(const AlterConfigAction&, const AlterConfigAction&) = default;
};
struct ElectUncleanAction {
  std::string topic;
  PartitionId partition;
  FIELDS(topic, partition)
  friend bool operator==(const ElectUncleanAction&, const ElectUncleanAction&) = default;
};
struct RemoveVoterAction {
  NodeSelector node;
  FIELDS(node)
  friend bool operator==(const RemoveVoterAction&, const RemoveVoterAction&) = default;
};
struct UnregisterBrokerAction {
  NodeSelector node;
  FIELDS(node)
  friend bool operator==(const UnregisterBrokerAction&, const UnregisterBrokerAction&) = default;
};
struct UpdateFeatureAction {
  std::string feature;
  std::int32_t level = 0;
  bool downgrade = false;  ///< a safe one; otherwise the level goes up
  FIELDS(feature, level, downgrade)
  friend bool operator==(const UpdateFeatureAction&, const UpdateFeatureAction&) = default;
};

/// Every fault: its struct, the word in its functions' names, its name in scenario files, whether it lasts
/// until an end that puts it right, and what it does. A kind's place in this list names it in draws: new ones
/// go to the end.
#define ODRADEK_FAULTS(X)                                                                                   \
  X(CrashFault, crash, "crash", true,                                                                       \
    "the process dies; its page cache stays, and it starts again when the fault ends")                      \
  X(PauseFault, pause, "pause", true, "the process is stopped, as by SIGSTOP or a long garbage collection") \
  X(IsolateFault, isolate, "isolate", true, "no traffic between the node and anybody")                      \
  X(PartitionFault, partition, "partition", true, "no traffic between two nodes, or only in one direction") \
  X(ResetFault, reset, "reset", false, "all connections between two nodes are reset")                       \
  X(DelayFault, delay, "delay", true, "every message from one node to another takes longer")                \
  X(HoldFault, hold, "hold", true, "messages of one API, in one direction, are held and released together") \
  X(ReorderAction, reorder, "reorder", false, "administration: another order of the same replicas")         \
  X(ElectPreferredAction, elect_preferred, "elect-preferred", false,                                        \
    "administration: the preferred replica is elected")                                                     \
  X(SendAction, send, "send", false, "the first producer sends records")                                    \
  X(PowerLossFault, power_loss, "power-loss", true,                                                         \
    "the host's power goes; its disk keeps what was synced, and of the rest what it pleases")               \
  X(CrashInsideFault, crash_inside, "crash-inside", true,                                                   \
    "the process dies in the middle of a step, with power_loss = true together with its host")              \
  X(ShutdownFault, shutdown, "shutdown", true,                                                              \
    "SIGTERM: a broker hands over, flushes and goes; it starts again when the fault ends")                  \
  X(DiskErrorFault, disk_error, "disk-error", true,                                                         \
    "operations of one kind fail on the node's disk, which ends a broker")                                  \
  X(DiskFullFault, disk_full, "disk-full", true,                                                            \
    "the node's disk has room for so many bytes more, and then none")                                       \
  X(DiskStallFault, disk_stall, "disk-stall", true,                                                         \
    "nothing that writes gets through to the node's disk; heartbeats go on")                                \
  X(DiskThrottleFault, disk_throttle, "disk-throttle", true,                                                \
    "bytes take their time on the way to the node's disk")                                                  \
  X(DiskEmptyFault, disk_empty, "disk-empty", true, "the broker dies and comes back with a blank disk")     \
  X(SlowFault, slow, "slow", true,                                                                          \
    "everything that the node does, or one lane of it, takes many times longer")                            \
  X(PauseAppFault, pause_app, "pause-app", true,                                                            \
    "a client's application thread is stuck; its network thread goes on")                                   \
  X(ClockJumpFault, clock_jump, "clock-jump", false, "somebody sets the node's wall clock")                 \
  X(SplitFault, split, "split", true, "no traffic between two nodes on one side and all others")            \
  X(BridgeFault, bridge, "bridge", true,                                                                    \
    "two halves of the brokers reach each other through one broker only")                                   \
  X(CutOffClientsFault, cut_off_clients, "cut-off-clients", true,                                           \
    "no client reaches the node; the cluster does")                                                         \
  X(BlackHoleFault, black_hole, "black-hole", false,                                                        \
    "what two nodes send on the connections that they have is never heard; new ones work")                  \
  X(HalfOpenFault, half_open, "half-open", false,                                                           \
    "the first node has lost its connections with the second, which has not heard of it")                   \
  X(RingFault, ring, "ring", true, "the brokers stand in a ring, and each reaches its two neighbours only") \
  X(CutOffFault, cut_off, "cut-off", true,                                                                  \
    "no traffic between these nodes, such as a rack or a region, and all others")                           \
  X(NetworkThrottleFault, network_throttle, "network-throttle", true,                                       \
    "bytes take their time on the way out of the node's host")                                              \
  X(DiskSwapFault, disk_swap, "disk-swap", true,                                                            \
    "two brokers die, and their hosts come back with each other's disks; both refuse to start")             \
  X(DiskDecayFault, disk_decay, "disk-decay", true,                                                         \
    "beyond what Kafka promises: a bit rots, a page cannot be read, a write is lost or misdirected")        \
  X(CreateTopicAction, create_topic, "create-topic", false, "administration: a topic is created")           \
  X(CreatePartitionsAction, create_partitions, "create-partitions", false,                                  \
    "administration: a topic gets more partitions")                                                         \
  X(DeleteTopicAction, delete_topic, "delete-topic", false, "administration: a topic is deleted")           \
  X(ReassignAction, reassign, "reassign", false, "administration: a partition moves to other brokers")      \
  X(CancelReassignAction, cancel_reassign, "cancel-reassign", false,                                        \
    "administration: a move that is under way is called off")                                               \
  X(AlterConfigAction, alter_config, "alter-config", false,                                                 \
    "administration: a setting of a topic, a broker or all brokers changes")                                \
  X(ElectUncleanAction, elect_unclean, "elect-unclean", false,                                              \
    "administration: somebody alive is elected, at the price of records")                                   \
  X(UnregisterBrokerAction, unregister_broker, "unregister-broker", false,                                  \
    "administration: the controller forgets a broker")                                                      \
  X(RemoveVoterAction, remove_voter, "remove-voter", true,                                                  \
    "administration: a controller leaves the quorum, and may come back when this ends")                     \
  X(UpdateFeatureAction, update_feature, "update-feature", false,                                           \
    "administration: a feature of the cluster goes to another level, such as kraft.version")

template <class, class... Kinds>
struct VariantOf {
  using Type = std::variant<Kinds...>;
};

#define X(type, ...) , type
using Fault = VariantOf<void ODRADEK_FAULTS(X)>::Type;
#undef X

/// What an administrator or a client does, and no fault.
template <class Kind>
inline constexpr bool is_action =
    std::is_same_v<Kind, ReorderAction> || std::is_same_v<Kind, ElectPreferredAction> ||
    std::is_same_v<Kind, SendAction> || std::is_same_v<Kind, CreateTopicAction> ||
    std::is_same_v<Kind, CreatePartitionsAction> || std::is_same_v<Kind, DeleteTopicAction> ||
    std::is_same_v<Kind, ReassignAction> || std::is_same_v<Kind, CancelReassignAction> ||
    std::is_same_v<Kind, AlterConfigAction> || std::is_same_v<Kind, ElectUncleanAction> ||
    std::is_same_v<Kind, UnregisterBrokerAction> || std::is_same_v<Kind, RemoveVoterAction> ||
    std::is_same_v<Kind, UpdateFeatureAction>;

struct FaultInfo {
  std::string_view name;
  bool lasts = false;
  std::string_view doc;
};

/// In the order of the variant.
inline constexpr std::array kFaults = {
#define X(type, word, name, lasts, doc) FaultInfo{name, lasts, doc},
    ODRADEK_FAULTS(X)
#undef X
};

[[nodiscard]] constexpr const FaultInfo& info_of(const Fault& fault) { return kFaults[fault.index()]; }

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

/// The nth message of this kind between these two that is sent, or that arrives:
/// `{ deliver = "Fetch", response = true, from = "broker:1", to = "broker:2", nth = 3 }`.
struct MessageCondition {
  bool delivered = false;  ///< when a process takes it, not when it is sent
  HeldMessages message;
  RuleScope between;
  std::int32_t nth = 1;

  FIELDS(delivered, message, between, nth)
  friend bool operator==(const MessageCondition&, const MessageCondition&) = default;
};

struct PlanEntry {
  /// Time since the cluster's readiness, or the nth such event or message.
  std::variant<Duration, EventCondition, MessageCondition> when;
  Duration after;  ///< delay after a condition
  Fault fault;
  std::optional<Duration> duration;  ///< absent: until the faults end

  FIELDS(when, after, fault, duration)
  friend bool operator==(const PlanEntry&, const PlanEntry&) = default;
};

/// A kind of fault that strikes at random during the safety phase.
struct RandomFault {
  std::string kind;  ///< a name of kFaults, or of kCompositeFaults in expand.h
  Duration mean_every = seconds(10);
  Duration duration_min = milliseconds(500);
  Duration duration_max = seconds(5);

  FIELDS(kind, mean_every, duration_min, duration_max)
  friend bool operator==(const RandomFault&, const RandomFault&) = default;
};

/// How much may be broken at once; what would exceed it is skipped.
struct FaultBudget {
  std::int32_t max_down = 1;  ///< brokers crashed, paused or isolated at one time
  bool brokers = true;        ///< random faults hit brokers, too, and not controllers and clients alone
  bool controllers = true;    ///< controllers may be hit
  bool clients = true;        ///< clients may be hit

  FIELDS(max_down, brokers, controllers, clients)
  friend bool operator==(const FaultBudget&, const FaultBudget&) = default;
};

}  // namespace odradek::sim
