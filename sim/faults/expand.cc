#include "sim/faults/expand.h"

#include <algorithm>
#include <map>
#include <string>

#include "engine/base/ensure.h"
#include "sim/faults/dice.h"
#include "sim/faults/fault.h"

namespace odradek::sim {
namespace {

/// More entries of one kind than this are no plan but a mistake in a scenario.
constexpr std::uint32_t kMaxEntries = 10'000;

/// An event after which it pays to strike, and how many of them a run of a few seconds has.
struct Trigger {
  std::string_view event;
  std::int32_t nth_max = 1;
};

constexpr std::array kTriggers = {
    Trigger{"BecomeLeader", 4}, Trigger{"BecomeFollower", 6},         Trigger{"ShrinkIsr", 3},
    Trigger{"ExpandIsr", 3},    Trigger{"AdvanceHighWatermark", 300}, Trigger{"TruncateLog", 2},
};

std::variant<Duration, EventCondition> draw_when(const Dice& dice, Duration at) {
  const Draw trigger = dice.about(Aspect::kTrigger);
  const std::uint64_t choice = trigger.below(3 * kTriggers.size());
  if (choice >= kTriggers.size()) return at;
  const Trigger& chosen = kTriggers[choice];
  const std::int64_t nth = dice.about(Aspect::kNth).between(1, chosen.nth_max);
  return EventCondition{.event = std::string(chosen.event), .nth = static_cast<std::int32_t>(nth)};
}

/// A hold lasts one to three sessions two times out of three: long enough for the cluster to move on without
/// the messages, short enough that their arrival still matters.
Duration draw_duration(const Dice& dice, const RandomFault& fault, const Topology& topology) {
  const Duration session = topology.session_timeout;
  const bool by_session = fault.kind == "hold" && dice.about(Aspect::kShape).bits() % 3 != 0;
  const Draw length = dice.about(Aspect::kDuration);
  return by_session ? length.between(session, session * 3)
                    : length.between(fault.duration_min, fault.duration_max);
}

void append_leader_move(std::vector<PlanEntry>& plan, PlanEntry entry, const Dice& dice,
                        const Targets& targets) {
  const ReorderAction reorder = random_reorder(dice, targets);
  const Duration pause = dice.about(Aspect::kAmount).between(milliseconds(5), milliseconds(50));
  PlanEntry election = entry;
  entry.fault = reorder;
  election.fault = ElectPreferredAction{.topic = reorder.topic, .partition = reorder.partition};
  if (auto* at = std::get_if<Duration>(&election.when)) {
    *at = *at + pause;
  } else {
    election.after = election.after + pause;
  }
  plan.push_back(std::move(entry));
  plan.push_back(std::move(election));
}

/// Names a kind in draws. Numbers are fixed, so that a new kind leaves the plans of the others alone: a
/// leader move has the number 10, after the first ten kinds.
std::uint16_t place_of(std::string_view kind) {
  constexpr std::uint16_t kLeaderMovePlace = 10;
  if (kind == kLeaderMove) return kLeaderMovePlace;
  const auto place = static_cast<std::uint16_t>(std::ranges::find(kFaultNames, kind) - kFaultNames.begin());
  return static_cast<std::uint16_t>(place < kLeaderMovePlace ? place : place + 1);
}

bool lasts(const Fault& fault) {
  return !std::holds_alternative<ResetFault>(fault) && !std::holds_alternative<ReorderAction>(fault) &&
         !std::holds_alternative<ElectPreferredAction>(fault) && !std::holds_alternative<SendAction>(fault) &&
         !std::holds_alternative<ClockJumpFault>(fault);
}

}  // namespace

bool is_random_fault(std::string_view kind) {
  return kind == kLeaderMove || std::ranges::count(kFaultNames, kind) != 0;
}

std::vector<PlanEntry> expand(std::span<const RandomFault> faults, const FaultBudget& budget, const Key& key,
                              const Topology& topology, Duration until) {
  std::vector<PlanEntry> plan;
  std::map<std::string, std::uint32_t> streams;
  const Targets targets{.topology = topology, .budget = budget};
  for (const RandomFault& line : faults) {
    ENSURE(is_random_fault(line.kind), "no fault is called \"{}\"", line.kind);
    ENSURE(line.mean_every > Duration(), "{} faults come every {} ns", line.kind, line.mean_every.ns());
    const std::uint32_t stream = streams[line.kind]++;
    Duration at;
    for (std::uint32_t n = 0; n < kMaxEntries; ++n) {
      const Dice dice(key, place_of(line.kind), stream, n);
      at = at + dice.about(Aspect::kGap).exponential(line.mean_every);
      if (at >= until) break;
      PlanEntry entry{.when = draw_when(dice, at)};
      if (std::holds_alternative<EventCondition>(entry.when)) {
        entry.after = dice.about(Aspect::kAfter).exponential(milliseconds(20));
      }
      if (line.kind == kLeaderMove) {
        append_leader_move(plan, std::move(entry), dice, targets);
        continue;
      }
      entry.fault = random_fault(line.kind, dice, targets);
      if (lasts(entry.fault)) entry.duration = draw_duration(dice, line, topology);
      plan.push_back(std::move(entry));
    }
  }
  return plan;
}

}  // namespace odradek::sim
