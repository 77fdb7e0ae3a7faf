// Chronicle: what happened in a run, and which step led to which: the causal graph that an explanation walks.
//
// Every step of a node has one entry in `steps`, with the step that caused it: the one that sent the message,
// set the timer, asked for the fsync. What is worth telling stands in `happenings`, in the order in which it
// happened: typed events, faults, processes that died or started, and what came to lie in metadata logs, of
// which no event tells. A plain value: tests write one by hand.
//
// 1. `steps[n - 1]` is the n-th step; a cause is an earlier step.
// 2. Happenings are ordered by time, and those of one instant as they came.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/api/api_key.h"
#include "engine/base/hash.h"
#include "engine/base/ids.h"
#include "engine/io/event.h"
#include "engine/io/timer.h"
#include "engine/raft/roles.h"
#include "sim/faults/plan.h"
#include "sim/kernel/node_slot.h"
#include "sim/kernel/virtual_time.h"
#include "sim/net/rules.h"
#include "sim/trace/line.h"

namespace odradek::sim {

/// What made a node take a step.
enum class Spur : std::uint8_t { kBoot, kMessage, kTimer, kWork, kConnection, kFsync, kCall, kShutdown };

struct ChronicleStep {
  Instant at;
  NodeId node;
  Spur spur{};
  std::uint64_t cause = 0;  ///< the step that sent the message, set the timer, …; 0: it came from outside
  api::ApiKey api{};        ///< kMessage
  bool response = false;    ///< kMessage
  io::TimerKind timer{};    ///< kTimer

  FIELDS(at, node, spur, cause, api, response, timer)
  friend bool operator==(const ChronicleStep&, const ChronicleStep&) = default;
};

/// A message that nobody took in: its connection broke, its receiver died, or the run ended first.
struct LostLetter {
  std::uint64_t step = 0;  ///< that sent it
  NodeId to;
  api::ApiKey api{};
  bool response = false;

  FIELDS(step, to, api, response)
  friend bool operator==(const LostLetter&, const LostLetter&) = default;
};

/// An entry of the plan strikes.
struct FaultStruck {
  std::uint32_t entry = 0;
  Fault fault;
  std::optional<Duration> duration;  ///< absent: it is over at once, or lasts until the faults end
  std::vector<NodeId> nodes;         ///< whom it hit
  std::vector<Path> paths;           ///< what it blocks, delays or holds
  FIELDS(entry, fault, duration, nodes, paths)
  friend bool operator==(const FaultStruck&, const FaultStruck&) = default;
};

struct FaultEnded {
  std::uint32_t entry = 0;
  FIELDS(entry)
  friend bool operator==(const FaultEnded&, const FaultEnded&) = default;
};

struct NodeDied {
  Ending ending{};
  std::string reason;  ///< kExit: what it said
  FIELDS(ending, reason)
  friend bool operator==(const NodeDied&, const NodeDied&) = default;
};

struct NodeStarted {
  FIELDS()
  friend bool operator==(const NodeStarted&, const NodeStarted&) = default;
};

/// All faults have ended, and the cluster is given time to settle.
struct FaultsOver {
  FIELDS()
  friend bool operator==(const FaultsOver&, const FaultsOver&) = default;
};

/// A batch as it lies in a metadata log. Copies of one are equal, and no others are.
struct Entry {
  Offset base;
  Offset end;
  LeaderEpoch epoch;  ///< of the leader that appended it
  Digest content;
  std::string records;   ///< what they are: "TopicRecord, 3 PartitionRecords"
  bool decides = false;  ///< it changes metadata or voters: not only NoOpRecords, nor who leads

  FIELDS(base, end, epoch, content, records, decides)
  friend bool operator==(const Entry&, const Entry&) = default;
};

/// A replica of the metadata log after a step that changed it, as the harness sees it: events tell of roles
/// and votes, but not of what is in a log, nor on disk.
struct MetadataSeen {
  bool restarted = false;  ///< it was not seen before in this life of its process
  raft::RoleKind role{};
  LeaderEpoch epoch;
  std::optional<NodeId> leader;
  std::optional<NodeId> voted;  ///< in this epoch
  std::vector<NodeId> voters;   ///< by its own log
  Offset log_start;
  Offset log_end;
  Offset durable_end;           ///< so far it would survive a power loss
  Offset high_watermark;        ///< 0: it knows none
  Offset kept_end;              ///< what lies before it lay there before this step
  std::vector<Entry> appended;  ///< [kept_end, log_end)

  FIELDS(restarted, role, epoch, leader, voted, voters, log_start, log_end, durable_end, high_watermark,
         kept_end, appended)
  friend bool operator==(const MetadataSeen&, const MetadataSeen&) = default;
};

struct Happening {
  Instant at;
  std::uint64_t step = 0;  ///< the last step of a node so far; that of the node itself if it is an event
  NodeId node;             ///< who emitted the event, died, started
  std::variant<io::Event, FaultStruck, FaultEnded, NodeDied, NodeStarted, FaultsOver, MetadataSeen> what;

  FIELDS(at, step, node, what)
  friend bool operator==(const Happening&, const Happening&) = default;
};

struct Chronicle {
  std::vector<ChronicleStep> steps;
  std::vector<Happening> happenings;
  std::vector<LostLetter> lost;  ///< in the order of their sending
  TopicNames topics;

  /// REQUIRES: 1 <= n <= steps.size().
  [[nodiscard]] const ChronicleStep& step(std::uint64_t n) const {
    return steps[static_cast<std::size_t>(n - 1)];
  }
  /// What the step goes back to once a node's own work in between is left out: fsyncs and slices of work.
  [[nodiscard]] const ChronicleStep& spur_of(std::uint64_t n) const {
    const ChronicleStep* found = &step(n);
    while ((found->spur == Spur::kFsync || found->spur == Spur::kWork) && found->cause != 0)
      found = &step(found->cause);
    return *found;
  }

  FIELDS(steps, happenings, lost, topics)
  friend bool operator==(const Chronicle&, const Chronicle&) = default;
};

/// The event, if it is one of this kind.
template <class Event>
[[nodiscard]] const Event* event_in(const Happening& happening) {
  const auto* event = std::get_if<io::Event>(&happening.what);
  return event == nullptr ? nullptr : std::get_if<Event>(event);
}

}  // namespace odradek::sim
