// Lanes, timers, processes and reports: what the world does with a node.
#include <gtest/gtest.h>

#include "sim/kernel/ping.h"
#include "tests/sim/support/puppet_play.h"

namespace odradek::sim {
namespace {

WorldConfig slow_requests() {
  WorldConfig config = PuppetStage::steady();
  config.request_cost = {milliseconds(100), milliseconds(100)};
  return config;
}

// The .txt files next to this one.
TEST(Host, IsAsItsTextsTell) {
  testing::play_texts(ODRADEK_SOURCE_DIR "/tests/sim/kernel", [] {
    return [play = PuppetPlay()](const testing::TextCommand& command) mutable { return play.act(command); };
  });
}

TEST(Lane, TakesOneInputAtATime) {
  PuppetStage stage(slow_requests(), /*responds=*/true);
  stage.open(1, 2);
  stage.open(3, 2);
  stage.tell(1, "send 0");
  stage.tell(3, "send 0");
  stage.run(milliseconds(50));
  EXPECT_EQ(stage.heard(2), "request 0");
  stage.run(milliseconds(52));
  EXPECT_EQ(stage.heard(2), "request 0, request 0");
}

TEST(Lane, DoesNotDelayOthers) {
  PuppetStage stage(slow_requests(), /*responds=*/true);
  stage.open(1, 2);
  stage.tell(2, "timer 5 10");  // fires on the controller's lane
  stage.tell(1, "send 0");
  stage.tell(1, "send 0");
  stage.run(milliseconds(50));
  EXPECT_EQ(stage.heard(2), "request 0, timer 5");
}

TEST(Lane, ThatIsToHoldTooMuchIsAFinding) {
  WorldConfig config = slow_requests();
  config.lane_queue_max = 1;
  PuppetStage stage(config);
  for (int i = 0; i < 3; ++i) stage.open(1, 2);
  stage.tell(1, "send 0;send 1;send 2");  // one is in service, one may wait
  const StepReport report = stage.run(milliseconds(10));
  ASSERT_EQ(report.kind, StepKind::kPoisoned);
  EXPECT_EQ(report.failure->message, "1 inputs wait for the request-handler lane of node 2");
}

TEST(Lane, RefusesCallsWhenItIsFull) {
  WorldConfig config = PuppetStage::steady();
  config.lane_queue_max = 2;
  PuppetStage stage(config);
  const auto call = [&stage] {
    return stage.world.call(NodeId(1), CallId(0), io::SendRecord{.topic = "work"});
  };
  EXPECT_TRUE(call());
  EXPECT_TRUE(call());
  EXPECT_FALSE(call());
  stage.run(milliseconds(1));
  EXPECT_EQ(stage.heard(1), "work, work");
  EXPECT_TRUE(call());
}

TEST(Lane, InterleavesBackgroundWork) {
  PuppetStage stage;
  stage.tell(1, "work");
  EXPECT_EQ(stage.heard(1), "work");
}

TEST(Timer, FiresOnceWhenItIsDue) {
  PuppetStage stage;
  stage.tell(1, "timer 4 10");
  stage.run(microseconds(9'900));
  EXPECT_EQ(stage.heard(1), "");
  stage.run(seconds(1));
  EXPECT_EQ(stage.heard(1), "timer 4");
}

TEST(Timer, IsReplacedWhenSetAgain) {
  PuppetStage stage;
  stage.tell(1, "timer 4 10");
  stage.tell(1, "timer 4 20");
  stage.run(milliseconds(15));
  EXPECT_EQ(stage.heard(1), "");
  stage.run(seconds(1));
  EXPECT_EQ(stage.heard(1), "timer 4");
}

TEST(Timer, CanBeCancelled) {
  PuppetStage stage;
  stage.tell(1, "timer 4 10");
  stage.tell(1, "timer 5 10");
  stage.tell(1, "cancel 4");
  stage.run(seconds(1));
  EXPECT_EQ(stage.heard(1), "timer 5");
}

TEST(Timer, CanBeCancelledOrReplacedWhileItWaitsForItsLane) {
  WorldConfig config = PuppetStage::steady();
  config.other_cost = {milliseconds(10), milliseconds(10)};
  PuppetStage stage(config);
  stage.run(milliseconds(20));
  stage.tell(1, "timer 1 20;timer 2 21;timer 3 22;timer 4 23");
  stage.run(milliseconds(25));             // the first occupies the lane of them all
  stage.tell(1, "cancel 2;timer 3 1000");  // on the application's lane
  stage.run(milliseconds(500));
  EXPECT_EQ(stage.heard(1), "timer 1, timer 4");
  stage.run(seconds(1));
  EXPECT_EQ(stage.heard(1), "timer 1, timer 4, timer 3");
}

TEST(Timer, DoesNotOutliveItsProcess) {
  PuppetStage stage;
  stage.tell(1, "timer 4 10");
  stage.world.restart(NodeId(1));
  stage.run(seconds(1));
  EXPECT_EQ(stage.heard(1), "");
}

TEST(Timer, SetAgainAndAgainDoesNotFillTheQueue) {
  PuppetStage stage;
  for (int i = 0; i < 1000; ++i) stage.tell(1, "timer 4 100000");
  EXPECT_LT(stage.world.queue().size(), 200u);
  stage.run(seconds(200));
  EXPECT_EQ(stage.heard(1), "timer 4");
}

TEST(Timer, RunsOnTheNodesOwnClock) {
  World<Puppet> world(Key{}, PuppetStage::steady());
  world.add_node(NodeId(1), Puppet(), {.clock_rate = {.numerator = 2, .denominator = 1}});
  world.boot(NodeId(1));
  ASSERT_TRUE(world.call(NodeId(1), CallId(0), io::SendRecord{.topic = "timer 1 100"}));
  world.run_until(Instant(milliseconds(49).ns()));
  EXPECT_TRUE(world.process(NodeId(1)).heard().empty());
  world.run_until(Instant(milliseconds(51).ns()));
  EXPECT_EQ(world.process(NodeId(1)).heard().size(), 1u);
}

TEST(Process, StartsAnewAndKeepsItsDisk) {
  PuppetStage stage;
  stage.tell(1, "write log hello");
  stage.tell(1, "timer 4 1");
  stage.run(milliseconds(5));
  ASSERT_EQ(stage.heard(1), "timer 4");
  stage.world.crash(NodeId(1));
  EXPECT_EQ(stage.world.state(NodeId(1)), NodeState::kDown);
  EXPECT_FALSE(stage.world.call(NodeId(1), CallId(0), io::Flush{}));
  stage.world.boot(NodeId(1));
  EXPECT_EQ(stage.world.incarnation(NodeId(1)), 2u);
  EXPECT_EQ(stage.heard(1), "");
  EXPECT_EQ(stage.world.disk(NodeId(1)).read("log", 0, 5)->text(), "hello");
}

TEST(Process, GetsAnotherKeyWithEachBoot) {
  World<Puppet> world(Key{}, {});
  world.add_node(NodeId(1), Puppet());
  std::vector<Key> keys;
  for (int i = 0; i < 3; ++i) {
    world.restart(NodeId(1));
    const StepReport report = world.step();
    ASSERT_EQ(report.kind, StepKind::kNode);
    keys.push_back(std::get<io::Booted>(*report.input).key);
  }
  EXPECT_NE(keys[0], keys[1]);
  EXPECT_NE(keys[1], keys[2]);
  EXPECT_NE(keys[0], keys[2]);
}

TEST(Process, ThatCrashesBeforeItsFirstStepNeverTakesIt) {
  World<Puppet> world(Key{}, {});
  world.add_node(NodeId(1), Puppet());
  world.boot(NodeId(1));
  world.crash(NodeId(1));
  EXPECT_EQ(world.step().kind, StepKind::kIdle);
}

TEST(Process, CanEndItself) {
  PuppetStage stage;
  stage.open(1, 2);
  stage.tell(2, "exit");
  stage.run(milliseconds(2));
  EXPECT_EQ(stage.world.state(NodeId(2)), NodeState::kDown);
  EXPECT_EQ(stage.heard(1), "opened 2, lost fin");
}

TEST(Fsync, IsAnsweredOnTheLaneThatAsked) {
  PuppetStage stage;
  stage.tell(1, "write log abc");
  ASSERT_TRUE(stage.world.call(NodeId(1), CallId(0), io::SendRecord{.topic = "fsync log"}));
  StepReport report = stage.world.step();
  EXPECT_EQ(report.lane, io::Lane::kApplication);
  const Instant asked = report.now;
  report = stage.world.step();
  ASSERT_TRUE(std::holds_alternative<io::FsyncFinished>(*report.input));
  EXPECT_EQ(report.lane, io::Lane::kApplication);
  EXPECT_GE(report.now - asked, stage.world.config().fsync.min);
  EXPECT_LE(report.now - asked, stage.world.config().fsync.max);
  EXPECT_EQ((*stage.world.disk(NodeId(1)).durable("log"))->size(), 3u);
}

TEST(Fsync, OfADeadProcessIsNotAnswered) {
  PuppetStage stage;
  stage.tell(1, "write log abc");
  stage.tell(1, "fsync log");
  stage.world.restart(NodeId(1));
  stage.run(seconds(1));
  EXPECT_EQ(stage.heard(1), "");
  EXPECT_FALSE(stage.world.disk(NodeId(1)).durable("log"));
}

TEST(Clock, OfTheWallIsOffByItsSkew) {
  World<Puppet> world(Key{}, {});
  world.add_node(NodeId(1), Puppet());
  world.add_node(NodeId(2), Puppet(), {.clock_skew = seconds(-3)});
  EXPECT_EQ(world.clock(NodeId(1)).wall - world.clock(NodeId(2)).wall, 3'000);
}

TEST(Clock, IsMonotonicWithinAnIncarnationAndUnrelatedAcross) {
  PuppetStage stage;
  const MonotonicTime first = stage.world.clock(NodeId(1)).monotonic;
  stage.run(milliseconds(7));
  EXPECT_EQ(stage.world.clock(NodeId(1)).monotonic - first, milliseconds(7));
  stage.world.restart(NodeId(1));
  EXPECT_NE(stage.world.clock(NodeId(1)).monotonic, first + milliseconds(7));
}

TEST(Shutdown, IsAskedForOnTheLifecycleLane) {
  PuppetStage stage;
  const Digest before = stage.world.fingerprint();
  stage.world.shut_down(NodeId(1));
  EXPECT_NE(stage.world.fingerprint(), before);
  const StepReport report = stage.world.step();
  EXPECT_EQ(report.node, NodeId(1));
  EXPECT_EQ(report.lane, io::Lane::kLifecycle);
  EXPECT_EQ(stage.heard(1), "shutdown");
}

TEST(Shutdown, WaitsUntilAPausedProcessGoesOn) {
  PuppetStage stage;
  stage.world.pause(NodeId(1));
  stage.world.shut_down(NodeId(1));
  stage.run(seconds(1));
  EXPECT_EQ(stage.heard(1), "");
  stage.world.resume(NodeId(1));
  stage.run(seconds(1));
  EXPECT_EQ(stage.heard(1), "shutdown");
}

TEST(Clock, NeverFiresATimerBeforeItsTime) {
  const NodeClock clock({}, {.numerator = 999'983, .denominator = 1'000'003});
  for (std::int64_t at = 0; at < 1000; ++at) {
    const Instant now(at * 7919);
    const Duration after(at * 104'729 + 1);
    const Instant fires = clock.when(now, after);
    EXPECT_GE(clock.read(fires).monotonic - clock.read(now).monotonic, after);
    EXPECT_LE(clock.read(fires).monotonic - clock.read(now).monotonic, after + nanoseconds(2));
  }
}

TEST(Report, ShowsInputAndEffectsOfAStep) {
  PuppetStage stage;
  ASSERT_TRUE(stage.world.call(NodeId(1), CallId(42), io::SendRecord{.topic = "connect 2"}));
  const StepReport report = stage.world.step();
  EXPECT_EQ(report.kind, StepKind::kNode);
  EXPECT_EQ(report.node, NodeId(1));
  EXPECT_EQ(report.event, stage.world.events());
  EXPECT_EQ(std::get<io::ClientCall>(*report.input).id, CallId(42));
  ASSERT_EQ(report.effects.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<io::Connect>(report.effects[0]));
}

TEST(Report, BringsTokensAtTheirInstant) {
  PuppetStage stage;
  stage.world.schedule(stage.world.now() + milliseconds(2), HarnessToken(2));
  stage.world.schedule(stage.world.now() + milliseconds(1), HarnessToken(1));
  EXPECT_EQ(stage.world.step().token, HarnessToken(1));
  const StepReport report = stage.world.step();
  EXPECT_EQ(report.kind, StepKind::kToken);
  EXPECT_EQ(report.token, HarnessToken(2));
}

TEST(Report, SaysQuietAtTheLimitAndIdleWhenNothingIsScheduled) {
  PuppetStage stage;
  stage.tell(1, "timer 1 10");
  const Instant limit = stage.world.now() + milliseconds(5);
  EXPECT_EQ(stage.world.step(limit).kind, StepKind::kQuiet);
  EXPECT_EQ(stage.world.now(), limit);
  EXPECT_EQ(stage.world.step().kind, StepKind::kNode);
  const Instant last = stage.world.now();
  EXPECT_EQ(stage.world.step().kind, StepKind::kIdle);
  EXPECT_EQ(stage.world.now(), last);
}

TEST(Poison, NamesTheBrokenConditionAndStopsTheWorld) {
  PuppetStage stage;
  ASSERT_TRUE(stage.world.call(NodeId(2), CallId(0), io::SendRecord{.topic = "break"}));
  const StepReport report = stage.world.step();
  ASSERT_EQ(report.kind, StepKind::kPoisoned);
  EXPECT_EQ(report.failure->node, NodeId(2));
  EXPECT_EQ(report.failure->message, "told to break");
  EXPECT_NE(report.failure->file.find("puppet.cc"), std::string::npos);
  EXPECT_GT(report.failure->line, 0);
  const World<Puppet> before = stage.world;
  EXPECT_EQ(stage.world.step().kind, StepKind::kPoisoned);
  EXPECT_EQ(stage.world, before);
}

TEST(Poison, MeetsANodeThatNeverLetsTimePass) {
  WorldConfig config = PuppetStage::steady();
  config.other_cost = {};
  config.events_at_once_max = 1000;
  PuppetStage stage(config);
  ASSERT_TRUE(stage.world.call(NodeId(1), CallId(0), io::SendRecord{.topic = "work-always"}));
  const StepReport report = stage.run(seconds(1));
  ASSERT_EQ(report.kind, StepKind::kPoisoned);
  EXPECT_NE(report.failure->message.find("more than 1000 events"), std::string::npos);
}

TEST(Fingerprint, TakesInOperationsFromOutside) {
  const auto after = [](auto operate) {
    PuppetStage stage;
    operate(stage.world);
    return stage.world.fingerprint();
  };
  const Digest nothing = after([](World<Puppet>&) {});
  EXPECT_NE(nothing, after([](World<Puppet>& w) { w.pause(NodeId(1)); }));
  EXPECT_NE(nothing, after([](World<Puppet>& w) { w.block(PuppetStage::path(1, 2)); }));
  EXPECT_NE(after([](World<Puppet>& w) { w.crash(NodeId(1)); }),
            after([](World<Puppet>& w) { w.crash(NodeId(2)); }));
}

TEST(Fingerprint, TakesInWhatIsWritten) {
  const auto after = [](std::string order) {
    PuppetStage stage;
    stage.tell(1, std::move(order));
    return stage.world.fingerprint();
  };
  EXPECT_EQ(after("write a xy"), after("write a xy"));
  EXPECT_NE(after("write a xy"), after("write a xz"));
}

TEST(PingWorld, PingsForEver) {
  World<Ping> world = ping_world(3);
  while (world.events() < 1000) ASSERT_EQ(world.step().kind, StepKind::kNode);
  EXPECT_GT(world.process(NodeId(1)).rounds(), 490u);
}

}  // namespace
}  // namespace odradek::sim
