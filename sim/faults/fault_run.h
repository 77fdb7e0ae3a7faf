// FaultRun: a plan on its way through a run. Start here to read how faults strike and end.
//
// An entry waits for its time or its event, strikes if the situation and the budget allow it, and ends by its
// duration or when the faults end. What is refused is recorded with its reason and never redrawn.
//
// 1. At most `max_down` brokers are crashed, paused or isolated at one time.
// 2. After `close` nothing that a fault did is left.
// 3. A fault counts as having bitten only if a process or a message felt it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/base/cow.h"
#include "engine/io/event.h"
#include "sim/faults/fault.h"
#include "sim/faults/plan.h"
#include "sim/faults/site.h"

namespace odradek::sim {

/// An entry of the plan that struck, and how long after the cluster's readiness.
struct Struck {
  std::uint32_t entry = 0;
  Duration at;

  FIELDS(entry, at)
  friend bool operator==(const Struck&, const Struck&) = default;
};

/// A message that was sent, or that a process has taken.
struct MessageEvent {
  bool delivered = false;
  HeldMessages message;
  Path path;
};

class FaultRun {
 public:
  enum class Stage : std::uint8_t { kWaiting, kDue, kActive, kOver, kSkipped };

  FaultRun() = default;
  FaultRun(std::vector<PlanEntry> plan, FaultBudget budget);

  /// The cluster is ready: times and events count from here.
  void open(FaultSite& site);
  void on_event(NodeId emitter, const io::Event& event, FaultSite& site);
  void on_message(const MessageEvent& message, FaultSite& site);
  /// Whether `on_message` has to be told: looking at messages costs more than at events.
  [[nodiscard]] bool awaits_messages() const { return !waiting_for_messages_.empty(); }
  /// The instants that `open`, `on_event` and `strike` asked the site for.
  void strike(std::uint32_t entry, FaultSite& site);
  void end(std::uint32_t entry, FaultSite& site);
  /// All faults end, and none strikes any more.
  void close(FaultSite& site);

  [[nodiscard]] bool is_open() const { return open_; }
  /// When the cluster was ready; absent before.
  [[nodiscard]] std::optional<Instant> opened() const { return opened_; }
  /// The end of a fault will start this node again.
  [[nodiscard]] bool keeps_down(NodeId node) const;
  /// A fault that has not ended keeps this controller out of the quorum.
  [[nodiscard]] bool keeps_unseated(NodeId controller) const;
  [[nodiscard]] const std::vector<PlanEntry>& plan() const { return *plan_; }
  [[nodiscard]] Stage stage(std::uint32_t entry) const { return progress_[entry].stage; }
  /// What an entry that is active has done, and its end will undo.
  [[nodiscard]] const Damage& damage(std::uint32_t entry) const { return progress_[entry].damage; }
  /// Refused entries, each with its reason.
  [[nodiscard]] const std::vector<std::string>& skipped() const { return skipped_; }
  /// Those that were not, by entry.
  [[nodiscard]] std::vector<Struck> struck() const;
  /// How many faults of each name bit.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& bitten() const { return bitten_; }

  struct Progress {
    Stage stage = Stage::kWaiting;
    std::int32_t events_seen = 0;
    std::optional<Duration> struck;  ///< when, since the cluster's readiness
    Damage damage;
    FIELDS(stage, events_seen, struck, damage)
    friend bool operator==(const Progress&, const Progress&) = default;
  };

  FIELDS(plan_, budget_, open_, opened_, progress_, waiting_for_events_, waiting_for_messages_, skipped_,
         bitten_)
  friend bool operator==(const FaultRun&, const FaultRun&) = default;

 private:
  [[nodiscard]] std::set<NodeId> brokers_down(const Topology& topology) const;
  /// Counts what has happened against those of `waiting` whose condition it meets, and lets whoever has
  /// waited for it strike.
  template <class Condition, class Matches>
  void meet(std::vector<std::uint32_t>& waiting, FaultSite& site, Matches matches);
  void undo(std::uint32_t entry, FaultSite& site);
  void count_bite(const Fault& fault);
  void skip(std::uint32_t entry, std::string_view reason, FaultSite& site);

  Cow<std::vector<PlanEntry>> plan_;
  FaultBudget budget_;
  bool open_ = false;
  std::optional<Instant> opened_;
  std::vector<Progress> progress_;                   ///< by entry
  std::vector<std::uint32_t> waiting_for_events_;    ///< entries whose event has not come
  std::vector<std::uint32_t> waiting_for_messages_;  ///< and those whose message has not
  std::vector<std::string> skipped_;
  std::map<std::string, std::uint64_t> bitten_;
};

}  // namespace odradek::sim
