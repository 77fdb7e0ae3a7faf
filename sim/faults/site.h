// FaultSite: all that faults can learn of the world, and all that they can do to it.
//
// The run implements it over its world; tests implement it over a world of toy processes. Nothing here
// decides anything: whom a fault hits and whether it may strike is decided by `FaultRun` and the faults
// themselves.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/api/messages.h"
#include "engine/base/result.h"
#include "engine/io/call.h"
#include "sim/checkers/view.h"
#include "sim/faults/plan.h"
#include "sim/faults/topology.h"
#include "sim/kernel/node_slot.h"
#include "sim/kernel/virtual_time.h"
#include "sim/net/rules.h"

namespace odradek::sim {

class FaultSite {
 public:
  FaultSite() = default;
  FaultSite(const FaultSite&) = delete;
  FaultSite& operator=(const FaultSite&) = delete;
  virtual ~FaultSite() = default;

  // What is.
  [[nodiscard]] virtual Instant now() const = 0;
  [[nodiscard]] virtual const Topology& topology() const = 0;
  [[nodiscard]] virtual NodeState state(NodeId node) const = 0;
  /// The controller that leads the metadata quorum, as far as its own process knows; the one of the highest
  /// epoch, should several think so.
  [[nodiscard]] virtual std::optional<NodeId> active_controller() const = 0;
  /// As the controller has committed it.
  [[nodiscard]] virtual std::optional<PartitionTruth> partition(const io::NamedPartition& name) const = 0;
  /// The name of an event's topic; absent while nobody has heard of it.
  [[nodiscard]] virtual std::optional<std::string> topic_name(TopicId id) const = 0;
  /// Messages that this path has kept waiting so far, because it was blocked.
  [[nodiscard]] virtual std::uint64_t stalled(Path path) const = 0;
  /// Messages that a rule has touched so far.
  [[nodiscard]] virtual std::uint64_t affected(RuleId rule) const = 0;

  // Faults.
  virtual void crash(NodeId node) = 0;
  virtual void boot(NodeId node) = 0;
  virtual void pause(NodeId node) = 0;
  virtual void resume(NodeId node) = 0;
  /// A path that several block opens when the last of them unblocks it.
  virtual void block(Path path) = 0;
  virtual void unblock(Path path) = 0;
  /// The following three return how many connections there were between the two.
  virtual std::uint32_t reset_between(NodeId a, NodeId b) = 0;
  virtual std::uint32_t black_hole(NodeId a, NodeId b) = 0;
  virtual std::uint32_t half_open(NodeId loser, NodeId other) = 0;
  [[nodiscard]] virtual RuleId delay(RuleScope scope, Duration extra) = 0;
  [[nodiscard]] virtual RuleId hold(RuleScope scope, HeldMessages messages) = 0;
  /// Held messages are released together.
  virtual void lift(RuleId rule) = 0;

  /// Bytes per second that leave the node's host; absent: as the scenario has it.
  virtual void throttle_network(NodeId node, std::optional<std::int64_t> bytes_per_second) = 0;

  // Faults of hosts, disks and clocks; see World.
  virtual void lose_power(NodeId node, Survival survival) = 0;
  /// Absent: not any more.
  virtual void crash_inside(NodeId node, std::optional<MidStep> where) = 0;
  virtual void shut_down(NodeId node) = 0;
  /// An error that says which partition's loss budget would be overdrawn if the nodes' processes ended now,
  /// and lost their data if `loses`, while those that are `doomed` may end yet (loss_ledger.h).
  [[nodiscard]] virtual Result<void> may_end(const std::vector<NodeId>& nodes, bool loses,
                                             const std::set<NodeId>& doomed) const = 0;
  /// An error that says why the metadata quorum cannot do without this controller's disk.
  [[nodiscard]] virtual Result<void> may_forget(NodeId controller) const = 0;
  [[nodiscard]] virtual DiskRuleId fail_disk(NodeId node, DiskScope scope) = 0;
  /// Operations that it made fail.
  [[nodiscard]] virtual std::uint64_t affected(NodeId node, DiskRuleId rule) const = 0;
  virtual void lift(NodeId node, DiskRuleId rule) = 0;
  /// Room for so many bytes more; absent: no limit.
  virtual void limit_disk(NodeId node, std::optional<std::uint64_t> headroom) = 0;
  virtual void stall_disk(NodeId node, bool stalled) = 0;
  virtual void throttle_disk(NodeId node, std::int64_t bytes_per_second) = 0;
  /// The host is mended: what failed fsyncs had dropped is not there any more.
  virtual void drop_cache(NodeId node) = 0;
  /// REQUIRES: down.
  virtual void empty_disk(NodeId node) = 0;
  /// The two hosts have got each other's disks. REQUIRES: both down.
  virtual void swap_disks(NodeId a, NodeId b) = 0;
  // Beyond promise: what the disk loses from now on is permitted to be lost.
  /// What decayed; absent when there was nothing to hit. REQUIRES: kRot or kLatentError.
  virtual std::optional<DecayedPlace> decay_disk(NodeId node, Decay kind, const std::string& path) = 0;
  /// One of the writes to come goes wrong. REQUIRES: kLostWrite or kMisdirectedWrite.
  [[nodiscard]] virtual DiskRuleId misplace_write(NodeId node, Decay kind, WhichWrite which) = 0;
  /// Absent: all lanes.
  virtual void slow_down(NodeId node, std::optional<io::Lane> lane, std::int32_t factor) = 0;
  virtual void hold_app(NodeId node, bool held) = 0;
  virtual void jump_clock(NodeId node, Duration by) = 0;

  /// The request that removes this controller from the quorum; an error when it is no voter, or the last one.
  [[nodiscard]] virtual Result<api::RemoveRaftVoterRequest> removal_of(NodeId controller) const = 0;

  // Administration and work that a script asks for.
  virtual void administer(api::Request request) = 0;
  /// False when there is no producer that runs.
  [[nodiscard]] virtual bool send_records(const io::NamedPartition& to, std::int32_t records) = 0;

  // The timeline: `FaultRun::strike` or `FaultRun::end` of the entry is called at that instant.
  virtual void strike_at(Instant at, std::uint32_t entry) = 0;
  virtual void end_at(Instant at, std::uint32_t entry) = 0;
  /// One line for people who follow the run.
  virtual void note(std::string line) = 0;
};

}  // namespace odradek::sim
