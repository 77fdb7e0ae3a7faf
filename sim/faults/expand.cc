#include "sim/faults/expand.h"

#include <algorithm>
#include <map>
#include <span>
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
    Trigger{"BecomeLeader", 4},
    Trigger{"BecomeFollower", 6},
    Trigger{"ShrinkIsr", 3},
    Trigger{"ExpandIsr", 3},
    Trigger{"AdvanceHighWatermark", 300},
    Trigger{"TruncateLog", 2},
    Trigger{"PublishMetadata", 60},
    // Only of a quorum of several voters:
    Trigger{"ChangeRaftRole", 12},
    Trigger{"GrantVote", 8},
    Trigger{"ChangeVoters", 4},
};
constexpr std::size_t kTriggersOfOneVoter = 7;

decltype(PlanEntry::when) draw_when(const Dice& dice, const Topology& topology, Duration at) {
  const auto triggers =
      std::span(kTriggers).first(topology.controllers.size() > 1 ? kTriggers.size() : kTriggersOfOneVoter);
  const Draw trigger = dice.about(Aspect::kTrigger);
  const std::uint64_t choice = trigger.below(3 * triggers.size());
  if (choice >= triggers.size()) return at;
  const Trigger& chosen = triggers[choice];
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

/// Puts an entry `by` later than it would be.
PlanEntry later(PlanEntry entry, Duration by) {
  if (auto* at = std::get_if<Duration>(&entry.when)) {
    *at = *at + by;
  } else {
    entry.after = entry.after + by;
  }
  return entry;
}

void append_leader_move(std::vector<PlanEntry>& plan, PlanEntry entry, const Dice& dice,
                        const Targets& targets) {
  const ReorderAction reorder = random_reorder(dice, targets);
  const Duration pause = dice.about(Aspect::kAmount).between(milliseconds(5), milliseconds(50));
  PlanEntry election = later(entry, pause);
  entry.fault = reorder;
  election.fault = ElectPreferredAction{.topic = reorder.topic, .partition = reorder.partition};
  plan.push_back(std::move(entry));
  plan.push_back(std::move(election));
}

/// Three to six deaths of one broker; it is down for a moment, and up for another.
void append_crash_loop(std::vector<PlanEntry>& plan, const PlanEntry& entry, const Dice& dice) {
  const CrashFault crash{.node = any_broker(dice.about(Aspect::kTarget).bits())};
  const std::int64_t deaths = dice.about(Aspect::kShape).between(3, 6);
  const Duration down = dice.about(Aspect::kAmount).between(milliseconds(50), milliseconds(300));
  const Duration up = dice.about(Aspect::kOther).between(milliseconds(20), milliseconds(500));
  for (std::int64_t i = 0; i < deaths; ++i) {
    PlanEntry death = later(entry, (down + up) * i);
    death.fault = crash;
    death.duration = down;
    plan.push_back(std::move(death));
  }
}

/// After FoundationDB's swizzled clogging: the order in which nodes come back is what finds bugs.
void append_swizzle(std::vector<PlanEntry>& plan, const PlanEntry& entry, const Dice& dice,
                    const RandomFault& line, const Targets& targets) {
  const auto count = static_cast<std::uint64_t>(targets.topology.brokers.size());
  const std::uint64_t victims = std::max<std::uint64_t>(2, count - dice.about(Aspect::kAmount).below(2));
  const std::uint64_t first = dice.about(Aspect::kTarget).bits() % 1'000;
  const Duration step = dice.about(Aspect::kOther).between(milliseconds(10), milliseconds(300));
  for (std::uint64_t i = 0; i < victims; ++i) {
    PlanEntry cut = later(entry, step * static_cast<std::int64_t>(i));
    cut.fault = PartitionFault{.a = any_broker(first + i), .b = {.kind = NodeSelector::Kind::kEverybody}};
    const Dice own = dice.of_part(static_cast<std::uint32_t>(i));
    cut.duration = own.about(Aspect::kDuration).between(line.duration_min, line.duration_max);
    plan.push_back(std::move(cut));
  }
}

/// Names a kind in draws. Numbers are fixed, so that a new kind leaves the plans of the others alone; the
/// first composite got its number after the first ten kinds.
std::uint16_t place_of(std::string_view kind) {
  constexpr std::uint16_t kLeaderMovePlace = kCompositeFaults.front().place;
  const auto composite = std::ranges::find(kCompositeFaults, kind, &CompositeFault::name);
  if (composite != kCompositeFaults.end()) return composite->place;
  const auto place =
      static_cast<std::uint16_t>(std::ranges::find(kFaults, kind, &FaultInfo::name) - kFaults.begin());
  return static_cast<std::uint16_t>(place < kLeaderMovePlace ? place : place + 1);
}

/// The entries of one fault of this kind, which begins as `entry` says.
void append(std::vector<PlanEntry>& plan, PlanEntry entry, const Dice& dice, const RandomFault& line,
            const Targets& targets) {
  if (line.kind == "leader-move") return append_leader_move(plan, std::move(entry), dice, targets);
  if (line.kind == "crash-loop") return append_crash_loop(plan, entry, dice);
  if (line.kind == "swizzle") return append_swizzle(plan, entry, dice, line, targets);
  entry.fault = random_fault(line.kind, dice, targets);
  if (info_of(entry.fault).lasts) entry.duration = draw_duration(dice, line, targets.topology);
  plan.push_back(std::move(entry));
}

}  // namespace

bool is_random_fault(std::string_view kind) {
  return std::ranges::count(kFaults, kind, &FaultInfo::name) != 0 ||
         std::ranges::count(kCompositeFaults, kind, &CompositeFault::name) != 0;
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
      PlanEntry entry{.when = draw_when(dice, topology, at)};
      if (std::holds_alternative<EventCondition>(entry.when)) {
        entry.after = dice.about(Aspect::kAfter).exponential(milliseconds(20));
      }
      append(plan, std::move(entry), dice, line, targets);
    }
  }
  return plan;
}

}  // namespace odradek::sim
