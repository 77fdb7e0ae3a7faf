// A whole run as a value: copies go on alike, and do not disturb each other.
#include "sim/search/simulation.h"

#include <gtest/gtest.h>

#include "tests/sim/search/small_scenario.h"

namespace odradek::sim {
namespace {

void step_times(Simulation& simulation, int steps) {
  for (int i = 0; i < steps && !simulation.is_over(); ++i) simulation.step(Instant::never(), nullptr);
}

void finish(Simulation& simulation) {
  while (!simulation.is_over()) simulation.step(Instant::never(), nullptr);
}

TEST(Simulation, ForkedGoesOnLikeTheOriginal) {
  Simulation original(small_chaos(), 7);
  step_times(original, 1'500);
  Simulation fork = original;
  EXPECT_EQ(fork, original);
  finish(original);
  EXPECT_NE(fork, original);
  finish(fork);
  EXPECT_EQ(fork, original);
  EXPECT_EQ(fork.result(), original.result());
}

TEST(Simulation, IsTheSameWhetherForkedOrNot) {
  Simulation never_forked(small_chaos(), 7);
  finish(never_forked);
  Simulation a(small_chaos(), 7);
  step_times(a, 1'000);
  Simulation b = a;
  while (!a.is_over() || !b.is_over()) {  // interleaved, at different paces
    step_times(a, 13);
    step_times(b, 29);
  }
  EXPECT_EQ(a, never_forked);
  EXPECT_EQ(b, never_forked);
}

TEST(Simulation, GoesThroughItsPhasesInOrder) {
  Simulation simulation(small_scenario(), 1);
  std::vector<Phase> seen{simulation.phase()};
  while (!simulation.is_over()) {
    simulation.step(Instant::never(), nullptr);
    if (simulation.phase() != seen.back()) seen.push_back(simulation.phase());
  }
  const std::vector<Phase> expected{Phase::kBoot,   Phase::kTopics,  Phase::kSafety, Phase::kSettle,
                                    Phase::kCanary, Phase::kReading, Phase::kOver};
  EXPECT_EQ(seen, expected);
}

TEST(Simulation, LeavesNoFaultBehindWhenSafetyIsOver) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Simulation simulation(small_chaos(), seed);
    while (simulation.phase() < Phase::kSettle) simulation.step(Instant::never(), nullptr);
    for (const NodeId node : simulation.world().nodes()) {
      EXPECT_EQ(simulation.world().state(node), NodeState::kUp) << node.value();
      for (const NodeId other : simulation.world().nodes()) {
        EXPECT_FALSE(simulation.world().network().is_blocked({.from = node, .to = other}));
      }
    }
    EXPECT_FALSE(simulation.faults().is_open());
  }
}

}  // namespace
}  // namespace odradek::sim
