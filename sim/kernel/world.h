// World: the universe as a value. Nodes, disks, clocks, connections and everything that is going to happen;
// `World b = a;` forks it, and both go on alike.
//
//   World<Process> world(Key{0, seed}, config);
//   world.add_node(NodeId(1), Process(…));
//   world.boot(NodeId(1));
//   for (StepReport report = world.step(limit); report.kind == StepKind::kNode; report = world.step(limit)) …
//
// A Process is a regular value with `void step(const Now&, const io::Input&, io::Disk&, io::Effects&)`; what
// it is does not matter here. If it has `io::Lane lane_of(const io::Input&) const`, that decides where it
// takes an input (lane_of.h).
//
// 1. Events happen in the total order of the event queue, and time does not run back.
// 2. A lane takes one input at a time, in the order of their arrival, and is busy for as long as each costs.
// 3. After a node has cancelled or replaced a timer, closed a connection or died, no input of theirs reaches
// it.
// 4. The fingerprint takes in every step: when, who, which lane, input, effects, mutations of the disk; and
// every
//    operation from outside.
// 5. A failed ENSURE poisons the world and goes no further.
//
// Start reading at `step`. Definitions: world_operations.h (what is done from outside), world_step.h (what
// happens).
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/cow.h"
#include "engine/base/ensure.h"
#include "sim/kernel/event_queue.h"
#include "sim/kernel/node_slot.h"
#include "sim/kernel/scratch.h"
#include "sim/kernel/seed.h"
#include "sim/kernel/step_report.h"
#include "sim/kernel/taped_disk.h"
#include "sim/net/network.h"

namespace odradek::sim {

struct WorldConfig {
  NetworkConfig network;
  DurationRange request_cost{microseconds(20), microseconds(20)};  ///< how long a request occupies its lane
  DurationRange other_cost{microseconds(5), microseconds(5)};      ///< likewise, any other input
  DurationRange fsync{microseconds(100), milliseconds(2)};
  std::uint32_t lane_queue_max = 10'000;       ///< inputs that wait for one lane; more is a finding
  std::uint64_t events_at_once_max = 100'000;  ///< events at one instant; more is a finding

  FIELDS(network, request_cost, other_cost, fsync, lane_queue_max, events_at_once_max)
  friend bool operator==(const WorldConfig&, const WorldConfig&) = default;
};

template <class Process>
concept Steppable =
    std::regular<Process> && requires(Process p, const Now& now, const io::Input& input, io::Disk& disk,
                                      io::Effects& out) { p.step(now, input, disk, out); };

template <Steppable Process>
class World {
 public:
  explicit World(const Seed& seed, WorldConfig config = {})
      : seed_(seed), config_(config), network_(config.network) {}

  // Nodes. All of these REQUIRE that the node exists.
  /// The node is down until it is booted.
  void add_node(NodeId node, Process process, NodeOptions options = {});
  /// REQUIRES: down. The process starts as it was added, with the disk as it is.
  void boot(NodeId node);
  /// REQUIRES: not down. The process dies; the page cache stays.
  void crash(NodeId node);
  /// Crash, if it is not down, and boot.
  void restart(NodeId node);
  /// REQUIRES: up.
  void pause(NodeId node);
  /// REQUIRES: paused. What has waited is taken in its order.
  void resume(NodeId node);
  /// The process is asked to shut down in good order (SIGTERM). REQUIRES: not down.
  void shut_down(NodeId node);
  /// An application calls into its client; false when that is down, or cannot take more calls.
  [[nodiscard]] bool call(NodeId node, CallId id, io::Call call);

  // Hosts.
  /// The power goes: the process, if it runs, dies without a word to anybody, the disk keeps what `survival`
  /// says, and nothing reaches the host or leaves it until the node is booted again. Peers see timeouts.
  void lose_power(NodeId node, Survival survival);
  /// REQUIRES: not down. The process dies in the middle of a step to come. Replaces what was planned before.
  void crash_inside_step(NodeId node, std::optional<MidStep> where);
  /// Something is done to the node's disk; its digest tells what. Returns what the deed returns.
  template <class Deed>
  auto disturb(NodeId node, Deed deed);
  /// The same to the disk of a node that is down, which finds less on it than it had written.
  template <class Deed>
  void lose_unsynced(NodeId node, Deed deed);
  /// The drive of the node's host loses a bit or a page of the files whose paths begin so; absent when there
  /// is nothing to lose.
  std::optional<DecayedPlace> decay_disk(NodeId node, Decay kind, const std::string& path);
  /// It will lose or misdirect one write.
  DiskRuleId misplace_write(NodeId node, Decay kind, WhichWrite which);
  /// The hosts of the two have got each other's disks. REQUIRES: both down.
  void swap_disks(NodeId a, NodeId b);
  /// While it is stalled, steps that would write wait on their lanes, and no fsync finishes.
  void stall_disk(NodeId node, bool stalled);
  /// Bytes per second that pass to the disk; 0: as fast as memory.
  void throttle_disk(NodeId node, std::int64_t bytes_per_second);
  /// All lanes, or one, take `factor` times as long for everything. REQUIRES: factor > 0.
  void slow_down(NodeId node, std::optional<io::Lane> lane, std::uint32_t factor);
  /// One thread of the process is stopped, the others go on.
  void hold_lane(NodeId node, io::Lane lane, bool held);
  void jump_wall_clock(NodeId node, Duration by);

  // Network.
  void block(Path path);
  void unblock(Path path);
  void reset(ConnectionId connection);
  /// The following three return how many connections there were.
  std::uint32_t reset_between(NodeId a, NodeId b);
  std::uint32_t black_hole(NodeId a, NodeId b);
  /// `loser` has lost its connections with `other`, which is not told.
  std::uint32_t half_open(NodeId loser, NodeId other);
  [[nodiscard]] RuleId delay(RuleScope scope, Duration extra);
  [[nodiscard]] RuleId hold(RuleScope scope, HeldMessages messages);
  void lift(RuleId rule);
  /// Bytes per second that leave the node's host; 0: at once.
  void throttle_network(NodeId node, std::int64_t bytes_per_second);

  // Time.
  /// `step` will report the token at that instant, ahead of messages, timers and lanes. REQUIRES: at >=
  /// now().
  void schedule(Instant at, HarnessToken token);
  /// Goes on to the next thing worth reporting, at most up to `limit`.
  StepReport step(Instant limit = Instant::never());
  /// Steps until the limit, nothing left to do, or poison; returns the last report.
  StepReport run_until(Instant limit);

  // What is.
  [[nodiscard]] Instant now() const { return now_; }
  [[nodiscard]] const Seed& seed() const { return seed_; }
  [[nodiscard]] const WorldConfig& config() const { return config_; }
  /// Steps of nodes so far.
  [[nodiscard]] std::uint64_t events() const { return events_; }
  /// In the order in which they were added.
  [[nodiscard]] const std::vector<NodeId>& nodes() const { return ids_; }
  [[nodiscard]] const Process& process(NodeId node) const { return slot(node).process; }
  [[nodiscard]] const SimDisk& disk(NodeId node) const { return slot(node).disk; }
  [[nodiscard]] NodeState state(NodeId node) const { return slot(node).state; }
  /// False from a loss of power until the next boot.
  [[nodiscard]] bool is_powered(NodeId node) const { return slot(node).powered; }
  [[nodiscard]] std::uint32_t incarnation(NodeId node) const { return slot(node).incarnation; }
  [[nodiscard]] const std::optional<MidStep>& mid_step(NodeId node) const { return slot(node).mid_step; }
  /// How the last incarnation that ended did so.
  [[nodiscard]] Ending ending(NodeId node) const { return slot(node).ending; }
  /// What the node's clocks show.
  [[nodiscard]] Now clock(NodeId node) const { return slot(node).clock.read(now_); }
  /// How long until the wall clock of every node shows again what it has shown since its boot.
  [[nodiscard]] Duration clocks_behind() const;
  [[nodiscard]] const Network& network() const { return network_; }
  [[nodiscard]] const EventQueue& queue() const { return queue_; }
  [[nodiscard]] const std::optional<Failure>& failure() const { return failure_; }

  /// Of everything that has happened.
  [[nodiscard]] Digest fingerprint() const { return fingerprint_.finish(); }
  /// Of everything as it is, what is going to happen included.
  [[nodiscard]] Digest state_digest() const { return digest_of(*this); }

  FIELDS(seed_, config_, now_, events_, events_at_once_, queue_, stale_, network_, nodes_, ids_, fingerprint_,
         failure_, stepping_, scratch_)
  friend bool operator==(const World&, const World&) = default;

 private:
  using Slot = NodeSlot<Process>;
  using Report = std::optional<StepReport>;

  /// What is noted of operations from outside.
  enum class Operation : std::uint8_t {
    kAdd,
    kBoot,
    kCrash,
    kPause,
    kResume,
    kCall,
    kBlock,
    kUnblock,
    kReset,
    kDelay,
    kHold,
    kLift,
    kPowerLoss,
    kMidStep,
    kDisturb,
    kStall,
    kThrottle,
    kSlow,
    kHoldLane,
    kJump,
    kShutDown,
    kBlackHole,
    kHalfOpen,
    kThrottleNetwork,
    kSwapDisks
  };

  struct Workspace {
    Delivery delivery;
    io::Effects effects{io::Names{}};
  };

  [[nodiscard]] std::uint16_t place_of(NodeId node) const;
  [[nodiscard]] Chance decay_chance(NodeId node);
  [[nodiscard]] const Slot& slot(NodeId node) const { return *nodes_[place_of(node)]; }
  [[nodiscard]] Moment moment() { return {.now = now_, .seed = seed_, .queue = queue_}; }
  template <class... Parts>
  void note(Operation operation, const Parts&... parts);

  // Events.
  [[nodiscard]] StepReport advance(Instant limit);
  [[nodiscard]] Report dispatch(const QueueEntry& entry);
  [[nodiscard]] Report on_boot(const QueueEntry& entry);
  [[nodiscard]] Report on_timer(const QueueEntry& entry);
  [[nodiscard]] Report on_lane(const QueueEntry& entry);
  [[nodiscard]] Report on_fsync(const QueueEntry& entry);
  [[nodiscard]] StepReport poisoned() const;

  // Lanes.
  [[nodiscard]] Report offer(std::uint16_t place);
  [[nodiscard]] Report offer(std::uint16_t place, io::Lane lane);
  void enqueue(std::uint16_t place, io::Lane lane, WaitingInput waiting);
  void resume_lane(std::uint16_t place, io::Lane lane);
  template <class Predicate>
  void withdraw(std::uint16_t place, Predicate is_void);

  // A step.
  /// Where an effect comes from, and the digest of the message in it.
  struct Source {
    std::uint16_t place = 0;
    io::Lane lane{};
    Digest body;
  };

  [[nodiscard]] Report take_step(std::uint16_t place, io::Lane lane);
  void run_process(Slot& slot);
  [[nodiscard]] bool would_write(const Slot& slot);
  [[nodiscard]] bool run_to_the_cut(Slot& slot);
  void apply_effects(std::uint16_t place, io::Lane lane);
  [[nodiscard]] Duration cost_of(Slot& slot, const io::Input& input);
  void apply(const Source& from, io::Connect& connect);
  void apply(const Source& from, io::Send& send);
  void apply(const Source& from, io::Respond& respond);
  void apply(const Source& from, io::FinishRequest& finish);
  void apply(const Source& from, io::Close& close);
  void apply(const Source& from, io::SetTimer& set);
  void apply(const Source& from, io::CancelTimer& cancel);
  void apply(const Source& from, io::Fsync& fsync);
  void apply(const Source& from, io::Continue& more);
  void apply(const Source&, io::CallReturned&) {}  // these three are for whoever watches
  void apply(const Source&, io::Emit&) {}
  void apply(const Source&, io::Reach&) {}
  void apply(const Source& from, io::Exit& exit);
  void finish_request(ConnectionId connection);
  void die(std::uint16_t place, Ending ending);
  void cut_power(std::uint16_t place, Survival survival);
  void add_stale(std::uint32_t count);

  Seed seed_;
  WorldConfig config_;
  Instant now_;
  std::uint64_t events_ = 0;
  std::uint64_t events_at_once_ = 0;
  EventQueue queue_;
  std::uint64_t stale_ = 0;  ///< entries of the queue whose timer was replaced or cancelled
  Network network_;
  std::vector<Cow<Slot>> nodes_;
  std::vector<NodeId> ids_;  ///< of the nodes, in their order
  Hasher fingerprint_;
  std::optional<Failure> failure_;
  std::optional<NodeId> stepping_;  ///< whose step is being taken
  Scratch<Workspace> scratch_;
};

}  // namespace odradek::sim

#include "sim/kernel/world_operations.h"
#include "sim/kernel/world_step.h"
