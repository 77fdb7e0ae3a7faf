// The world is a value: it can be copied at any moment, and neither copy nor original notices.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/base/describe.h"
#include "sim/kernel/ping.h"
#include "tests/sim/support/chaos.h"

namespace odradek::sim {
namespace {

void expect_equal(const ChaosRun& a, const ChaosRun& b) {
  const auto difference = first_difference(a, b);
  RC_ASSERT(difference.value_or("") == "");
  RC_ASSERT(a == b);
  RC_ASSERT(a.world().fingerprint() == b.world().fingerprint());
  RC_ASSERT(a.world().state_digest() == b.world().state_digest());
}

ChaosRun ran(std::uint64_t seed, std::uint32_t reports) {
  ChaosRun run(seed);
  run.run(reports);
  return run;
}

RC_GTEST_PROP(Fork, GoesOnLikeTheOriginal, (std::uint64_t seed)) {
  const auto before = *rc::gen::inRange<std::uint32_t>(0, 3000);
  const auto after = *rc::gen::inRange<std::uint32_t>(1, 1500);
  ChaosRun original = ran(seed, before);
  ChaosRun copy = original;
  expect_equal(original, copy);
  copy.run(after);
  original.run(after);
  expect_equal(original, copy);
  RC_ASSERT(!copy.world().failure());
}

RC_GTEST_PROP(Fork, IsNeverObservable, (std::uint64_t seed)) {
  const auto before = *rc::gen::inRange<std::uint32_t>(0, 3000);
  const auto after = *rc::gen::inRange<std::uint32_t>(1, 500);
  const ChaosRun never_forked = ran(seed, before + after);

  ChaosRun a = ran(seed, before);
  ChaosRun b = a;
  a.run(after);  // the original first
  b.run(after);
  expect_equal(a, never_forked);
  expect_equal(b, never_forked);

  ChaosRun c = ran(seed, before);
  ChaosRun d = c;
  ChaosRun e = d;
  for (std::uint32_t i = 0; i < after; ++i) {  // in turns
    c.run(1);
    e.run(1);
    if (i % 3 == 0) d = e;  // and forked again and again
  }
  expect_equal(c, never_forked);
  expect_equal(e, never_forked);
}

RC_GTEST_PROP(World, IsDecidedByItsSeed, (std::uint64_t seed)) {
  expect_equal(ran(seed, 2000), ran(seed, 2000));
  RC_ASSERT(ran(seed, 2000).world().fingerprint() != ran(seed + 1, 2000).world().fingerprint());
}

TEST(World, ReachesWhatTheLawsAreAbout) {
  NetworkCounters sum;
  std::uint64_t paused = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    ChaosRun run(seed);
    for (int i = 0; i < 40; ++i) {
      run.run(50);
      for (const NodeId node : run.world().nodes()) paused += run.world().state(node) == NodeState::kPaused;
    }
    ASSERT_FALSE(run.world().failure()) << run.world().failure()->message;
    const NetworkCounters& counters = run.world().network().counters();
    sum.delivered += counters.delivered;
    sum.dropped += counters.dropped;
    sum.refused += counters.refused;
    sum.reset += counters.reset;
    sum.timed_out += counters.timed_out;
  }
  EXPECT_GT(sum.delivered, 1000u);
  EXPECT_GT(sum.dropped, 10u);
  EXPECT_GT(sum.refused, 10u);
  EXPECT_GT(sum.reset, 10u);
  EXPECT_GT(sum.timed_out, 10u);
  EXPECT_GT(paused, 10u);
}

std::string text(const Digest& digest) { return fmt::format("{:016x}{:016x}", digest.high, digest.low); }

// The same for g++ and clang, with and without sanitizers. What changes these changes every run: if that is
// meant (a list in engine/io grew in the middle, a draw has another key), the new value goes here.
TEST(Fingerprint, OfTheSamePingsIsTheSameEverywhere) {
  World<Ping> world = ping_world(1);
  while (world.events() < 10'000) world.step();
  EXPECT_EQ(text(world.fingerprint()), "c684cb48e39af49c86808d70c0cc3e50");
}

TEST(Fingerprint, OfTheSameChaosIsTheSameEverywhere) {
  EXPECT_EQ(text(ran(1, 20'000).world().fingerprint()), "f73cc9cbe9ae44956a4516b1c823de7a");
}

}  // namespace
}  // namespace odradek::sim
