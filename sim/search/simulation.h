// Simulation: one whole run as a value: the universe, the plan of faults, the clients' work, what they saw,
// and what the checkers make of it. `Simulation b = a;` forks all of it.
//
//   boot       the controller, then the brokers; until every broker is unfenced
//   topics     the admin client creates them; until every replica is in sync
//   safety     workload under faults, for `faults_until`
//   settle     everything is healed, or all but one broker; until the cluster has converged, or the bound of
//              bounds.h has passed
//   canary     a record to every partition with acks=all
//   reading    every consumer reads to the end
//   over
//
// Each step is one event of the world and what follows from it, in a fixed order: the controller's truth, the
// trace, the checkers, the triggers of faults, the clients' returned calls. Start reading at `step`, then
// phases.cc.
//
// 1. Nodes see nothing of what stands here but their inputs.
// 2. Two simulations of equal scenarios and seeds are equal after every step, and so is a copy.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/probes.h"
#include "engine/node/process.h"
#include "sim/checkers/checkers.h"
#include "sim/faults/fault_run.h"
#include "sim/kernel/scratch.h"
#include "sim/kernel/world.h"
#include "sim/search/cluster_truth.h"
#include "sim/search/result.h"
#include "sim/search/scenario.h"
#include "sim/search/tally.h"
#include "sim/search/tracer.h"
#include "sim/search/world_view.h"
#include "sim/workload/workload.h"

namespace odradek::sim {

enum class Phase : std::uint8_t { kBoot, kTopics, kSafety, kSettle, kCanary, kReading, kOver };

[[nodiscard]] constexpr std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::kBoot: return "boot";
    case Phase::kTopics: return "topics";
    case Phase::kSafety: return "safety";
    case Phase::kSettle: return "settle";
    case Phase::kCanary: return "canary";
    case Phase::kReading: return "reading";
    case Phase::kOver: return "over";
  }
  return "over";
}

class Stage;

class Simulation {
 public:
  Simulation(const Scenario& scenario, std::uint64_t seed);

  // A regular value; written out so that how a universe is copied is compiled once.
  Simulation(const Simulation&);
  Simulation(Simulation&&) noexcept;
  Simulation& operator=(const Simulation&);
  Simulation& operator=(Simulation&&) noexcept;
  ~Simulation();
  friend bool operator==(const Simulation&, const Simulation&) = default;

  /// Bounds boot, and then the creation of topics: a cluster that takes longer does not work.
  static constexpr Duration kBootBound = seconds(60);

  /// False when nothing more happens up to `limit`; it is that time then. REQUIRES: not over. `tracer` may be
  /// null.
  bool step(Instant limit, Tracer* tracer);
  /// Ends the run as a finding that no checker has made: "H-budget", a failed ENSURE.
  void give_up(const std::string& invariant, std::string message);
  /// The same, where one invariant has several causes: the witness tells them apart (violation.h).
  void give_up(std::string invariant, std::string message, std::string witness);

  /// A process is to die in the middle of a step to come: what a fault of the plan does, from outside.
  void crash_inside(NodeId node, const MidStep& where) { world_.crash_inside_step(node, where); }

  [[nodiscard]] bool is_over() const { return phase_ == Phase::kOver; }
  [[nodiscard]] bool has_violated() const {
    return !own_violations_.empty() || !checkers_.violations().empty();
  }
  [[nodiscard]] Phase phase() const { return phase_; }
  [[nodiscard]] Instant now() const { return world_.now(); }
  /// When the cluster was ready and the workload began, which is where the times of a plan count from.
  [[nodiscard]] std::optional<Instant> ready() const { return faults_.opened(); }
  [[nodiscard]] std::uint64_t events() const { return world_.events(); }
  [[nodiscard]] const World<node::Process>& world() const { return world_; }
  [[nodiscard]] const Topology& topology() const { return topology_; }
  /// What controllers have committed.
  [[nodiscard]] const ClusterTruth& truth() const { return truth_; }
  [[nodiscard]] const FaultRun& faults() const { return faults_; }
  [[nodiscard]] const Workload& workload() const { return workload_; }
  [[nodiscard]] const Checkers& checkers() const { return checkers_; }
  /// What checkers see of it just now.
  [[nodiscard]] WorldView view() const;

  /// Of all events, of the state as it is, and of the history.
  [[nodiscard]] Digest fingerprint() const;
  /// A run that is not over has not passed, whatever it has seen so far.
  [[nodiscard]] RunResult result() const;

  FIELDS(scenario_, seed_, topology_, world_, truth_, faults_, workload_, checkers_, phase_, deadline_,
         most_replicated_, settled_, left_behind_, next_admin_call_, admin_calls_, topics_call_,
         membership_calls_, probes_, tally_, exits_, own_violations_, pending_, seen_)

 private:
  friend class Stage;

  /// What a step emitted, copied out of its report, since acting on it is an operation of the world.
  struct Seen {
    std::vector<io::Event> events;
    std::vector<io::CallReturned> returned;
  };

  // simulation.cc
  void collect(const StepReport& report, Stage& stage);
  void on_node(const StepReport& report, Stage& stage);
  void watch_quorum(const node::Server& server, const Sighting& now);
  /// False for what a controller that restarted, or another one, tells again; a contradiction is a violation.
  [[nodiscard]] bool is_news(const io::Event& event, NodeId controller);
  void on_death(NodeId node, Stage& stage);
  /// A broker is down, and only its disk can tell what is left of it.
  void bury(NodeId node, bool lost_data);
  void on_token(HarnessToken token, Stage& stage);
  void on_poison(const Failure& failure);
  void on_admin_returned(const io::CallReturned& returned, Stage& stage);
  void violate(std::string invariant, std::string message, std::string witness);
  void trace_violations(std::size_t from, Stage& stage) const;

  // phases.cc
  void on_phase(Stage& stage);
  void enter(Phase phase, Duration bound, Stage& stage);
  void maybe_leave_boot(Stage& stage);
  void create_topics(Stage& stage);
  void maybe_leave_topics(Stage& stage);
  void heal(Stage& stage);
  void leave_one_behind(Stage& stage);
  [[nodiscard]] std::vector<NodeId> dispensable(LeftBehind how, const Stage& stage) const;
  void mend_quorum(Stage& stage);
  [[nodiscard]] bool can_do_without(NodeId broker, const Stage& stage) const;
  [[nodiscard]] bool has_caught_up_on_something();
  void maybe_leave_settle(Stage& stage);
  void maybe_leave_canary(Stage& stage);
  void maybe_leave_reading(Stage& stage);
  void finish(Stage& stage);
  [[nodiscard]] bool is_late() const { return now() >= deadline_; }
  [[nodiscard]] std::vector<std::string> unready() const;

  Cow<Scenario> scenario_;
  std::uint64_t seed_ = 0;
  Topology topology_;
  World<node::Process> world_;
  ClusterTruth truth_;
  FaultRun faults_;
  Workload workload_;
  Checkers checkers_;
  Phase phase_ = Phase::kBoot;
  Instant deadline_;                                      ///< of the phase
  std::map<TopicPartition, Replicated> most_replicated_;  ///< since settling began, an election or a restart
  std::optional<Instant> settled_;                        ///< when the cluster had converged after the faults
  std::optional<NodeId> left_behind_;                     ///< the server that stays dead or cut off
  CallId next_admin_call_;
  std::uint32_t admin_calls_ = 0;      ///< that have not returned
  std::optional<CallId> topics_call_;  ///< the CreateTopics that has not returned
  /// Changes of the voters that have not returned: whom each removes, if anybody.
  std::map<CallId, std::optional<NodeId>> membership_calls_;
  std::array<std::uint64_t, kProbes.size()> probes_{};
  Tally tally_;
  std::map<NodeId, std::uint64_t> exits_;  ///< how often each process has ended by its own decision
  std::vector<Violation> own_violations_;  ///< of the harness, and of phases that did not end
  std::vector<std::string> pending_;
  Scratch<Seen> seen_;
};

}  // namespace odradek::sim
