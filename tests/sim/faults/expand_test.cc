// Random faults become entries of a plan: reproducible, and independent between kinds.
#include "sim/faults/expand.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "engine/io/event.h"
#include "sim/faults/fault.h"

namespace odradek::sim {
namespace {

const Topology kTopology{
    .brokers = {NodeId(1), NodeId(2), NodeId(3)},
    .controllers = {NodeId(101)},
    .clients = {NodeId(1001), NodeId(1002)},
    .harness = {kAdmin},
    .partitions = {{.topic = "orders", .partition = PartitionId(0)},
                   {.topic = "orders", .partition = PartitionId(1)}},
    .session_timeout = seconds(1),
};

RandomFault every(std::string kind, Duration mean) { return {.kind = std::move(kind), .mean_every = mean}; }

std::vector<RandomFault> all_kinds() {
  std::vector<RandomFault> faults;
  for (const auto& info : kFaults) faults.push_back(every(std::string(info.name), milliseconds(500)));
  for (const auto& info : kCompositeFaults)
    faults.push_back(every(std::string(info.name), milliseconds(500)));
  return faults;
}

std::vector<PlanEntry> plan_of(const std::vector<RandomFault>& faults, std::uint64_t seed,
                               FaultBudget budget = {}) {
  return expand(faults, budget, Key{.high = 0, .low = seed}, kTopology, seconds(60));
}

TEST(Expand, GivesTheSamePlanForTheSameSeed) {
  EXPECT_EQ(plan_of(all_kinds(), 7), plan_of(all_kinds(), 7));
  EXPECT_NE(plan_of(all_kinds(), 7), plan_of(all_kinds(), 8));
}

TEST(Expand, LeavesOtherKindsAloneWhenOneIsRemoved) {
  const auto faults = all_kinds();
  const auto whole = plan_of(faults, 7);
  for (std::size_t removed = 0; removed < faults.size(); ++removed) {
    auto rest = faults;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(removed));
    std::vector<PlanEntry> expected = whole;
    for (const PlanEntry& gone : plan_of({faults[removed]}, 7)) {
      expected.erase(std::ranges::find(expected, gone));
    }
    EXPECT_EQ(plan_of(rest, 7), expected) << faults[removed].kind;
  }
}

TEST(Expand, ComesAboutAsOftenAsTheMeanSays) {
  const auto plan = plan_of({every("crash", milliseconds(500))}, 3);
  EXPECT_GT(plan.size(), 80u);
  EXPECT_LT(plan.size(), 160u);
}

TEST(Expand, KeepsTimesWithinTheSafetyPhaseAndDurationsWithinTheirRange) {
  const RandomFault crash{.kind = "crash",
                          .mean_every = milliseconds(100),
                          .duration_min = milliseconds(5),
                          .duration_max = milliseconds(9)};
  for (const PlanEntry& entry : plan_of({crash}, 11)) {
    if (const auto* at = std::get_if<Duration>(&entry.when)) {
      EXPECT_LT(*at, seconds(60));
    }
    ASSERT_TRUE(entry.duration);
    EXPECT_GE(*entry.duration, milliseconds(5));
    EXPECT_LE(*entry.duration, milliseconds(9));
  }
}

TEST(Expand, LetsAboutAThirdOfTheFaultsWaitForAnEvent) {
  const auto plan = plan_of({every("isolate", milliseconds(50))}, 5);
  const auto waiting = std::ranges::count_if(
      plan, [](const PlanEntry& entry) { return std::holds_alternative<EventCondition>(entry.when); });
  EXPECT_GT(waiting * 4, std::ssize(plan));
  EXPECT_LT(waiting * 2, std::ssize(plan));
  for (const PlanEntry& entry : plan) {
    if (const auto* condition = std::get_if<EventCondition>(&entry.when)) {
      EXPECT_EQ(std::ranges::count(io::kEventNames, condition->event), 1) << condition->event;
      EXPECT_GE(condition->nth, 1);
    }
  }
}

TEST(Expand, HoldsMostlyForOneToThreeSessions) {
  const auto plan = plan_of({{.kind = "hold",
                              .mean_every = milliseconds(50),
                              .duration_min = milliseconds(1),
                              .duration_max = milliseconds(2)}},
                            5);
  const auto long_ones = std::ranges::count_if(plan, [](const PlanEntry& entry) {
    return *entry.duration >= seconds(1) && *entry.duration <= seconds(3);
  });
  EXPECT_GT(long_ones * 2, std::ssize(plan));
  EXPECT_LT(long_ones, std::ssize(plan));
}

TEST(Expand, HoldsEveryConversationInBothDirections) {
  std::set<std::pair<api::ApiKey, bool>> held;
  for (const PlanEntry& entry : plan_of({every("hold", milliseconds(20))}, 5)) {
    const auto& fault = std::get<HoldFault>(entry.fault);
    held.insert({fault.api, fault.response});
  }
  EXPECT_EQ(held.size(),
            8u);  // Fetch, AlterPartition, BrokerHeartbeat and Produce, each as request and response
}

TEST(Expand, MovesALeaderInTwoSteps) {
  const auto plan = plan_of({every("leader-move", seconds(1))}, 2);
  ASSERT_GE(plan.size(), 2u);
  ASSERT_EQ(plan.size() % 2, 0u);
  for (std::size_t i = 0; i < plan.size(); i += 2) {
    const auto& reorder = std::get<ReorderAction>(plan[i].fault);
    const auto& election = std::get<ElectPreferredAction>(plan[i + 1].fault);
    EXPECT_EQ(reorder.partition, election.partition);
    EXPECT_NE(reorder.rotation, 0);
    const auto* first = std::get_if<Duration>(&plan[i].when);
    const auto* second = std::get_if<Duration>(&plan[i + 1].when);
    const Duration gap = first != nullptr ? *second - *first : plan[i + 1].after - plan[i].after;
    EXPECT_GE(gap, milliseconds(5));
    EXPECT_LE(gap, milliseconds(50));
  }
}

TEST(Expand, CutsEveryThirdPartitionOneWay) {
  const auto plan = plan_of({every("partition", milliseconds(50))}, 9);
  const auto one_way = std::ranges::count_if(
      plan, [](const PlanEntry& entry) { return std::get<PartitionFault>(entry.fault).one_way; });
  EXPECT_GT(one_way * 4, std::ssize(plan));
  EXPECT_LT(one_way * 2, std::ssize(plan));
}

TEST(Expand, SparesWhomTheBudgetSpares) {
  const FaultBudget brokers_only{.max_down = 1, .controllers = false, .clients = false};
  const auto spared = [](const NodeSelector& selector) {
    return selector.kind == NodeSelector::Kind::kController ||
           selector.kind == NodeSelector::Kind::kAnyClient;
  };
  const auto hit = [&](const FaultBudget& budget) {
    std::ptrdiff_t count = 0;
    for (const PlanEntry& entry :
         plan_of({every("pause", milliseconds(50)), every("partition", milliseconds(50))}, 4, budget)) {
      if (const auto* pause = std::get_if<PauseFault>(&entry.fault)) {
        count += spared(pause->node) ? 1 : 0;
      } else {
        const auto& partition = std::get<PartitionFault>(entry.fault);
        count += spared(partition.a) || spared(partition.b) ? 1 : 0;
      }
    }
    return count;
  };
  EXPECT_EQ(hit(brokers_only), 0);
  EXPECT_GT(hit(FaultBudget{}), 0);
}

}  // namespace
}  // namespace odradek::sim
