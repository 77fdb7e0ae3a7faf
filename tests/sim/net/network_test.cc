// What processes observe of the network, rule by rule (see sim/net/network.h).
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/support/puppet.h"

namespace odradek::sim {
namespace {

constexpr auto kFetches = HeldMessages{.api = api::ApiKey::kFetch};

RuleScope between(int from, int to) { return {.from = NodeId(from), .to = NodeId(to)}; }

TEST(Connecting, TakesOneRoundTrip) {
  Stage stage;
  stage.tell(1, "connect 2");
  stage.run(microseconds(1'900));
  EXPECT_EQ(stage.heard(1), "");
  stage.run(microseconds(200));
  EXPECT_EQ(stage.heard(1), "opened 2");
  EXPECT_EQ(stage.heard(2), "") << "a server hears of a connection with its first request";
}

TEST(Connecting, IsRefusedByAHostWithoutTheProcess) {
  Stage stage;
  stage.world.crash(NodeId(2));
  stage.tell(1, "connect 2");
  stage.run(milliseconds(1));
  EXPECT_EQ(stage.heard(1), "");
  stage.run(milliseconds(2));
  EXPECT_EQ(stage.heard(1), "lost refused");
  EXPECT_EQ(stage.world.network().counters().refused, 1u);
  EXPECT_TRUE(stage.world.network().connections().empty());
}

TEST(Connecting, StallsOnABlockedPathAndCompletesWhenItHeals) {
  for (const Path blocked : {Stage::path(1, 2), Stage::path(2, 1)}) {
    Stage stage;
    stage.world.block(blocked);
    stage.tell(1, "connect 2");
    stage.run(seconds(60));
    EXPECT_EQ(stage.heard(1), "");
    EXPECT_EQ(stage.world.network().stalled(blocked), 1u);
    stage.world.unblock(blocked);
    stage.run(seconds(1));
    EXPECT_EQ(stage.heard(1), "opened 2");
  }
}

TEST(Connecting, IsForgottenWhenTheInitiatorCloses) {
  Stage stage;
  stage.world.block(Stage::path(1, 2));
  stage.tell(1, "connect 2");
  stage.run(seconds(1));
  stage.tell(1, "close 0");
  stage.world.unblock(Stage::path(1, 2));
  stage.run(seconds(1));
  EXPECT_EQ(stage.heard(1), "");
  EXPECT_TRUE(stage.world.network().connections().empty());
}

TEST(Connecting, IsAnsweredByTheKernelOfAPausedProcess) {
  Stage stage;
  stage.world.pause(NodeId(2));
  stage.open(1, 2);
  EXPECT_EQ(stage.heard(1), "opened 2");
  stage.tell(1, "send 0");
  stage.run(seconds(5));
  EXPECT_EQ(stage.heard(2), "");
  stage.world.resume(NodeId(2));
  stage.run(milliseconds(1));
  EXPECT_EQ(stage.heard(2), "request 0");
}

TEST(Messages, KeepTheirOrderWhateverTheirLatencies) {
  WorldConfig config = Stage::steady();
  config.network.jitter_percent = 300;
  Stage stage(config, /*responds=*/true);
  stage.tell(1, "connect 2");
  stage.run(milliseconds(100));
  std::string requests;
  std::string responses = "opened 2";
  for (int i = 0; i < 50; ++i) {
    stage.tell(1, "send 0");
    requests += fmt::format("{}request {}", i == 0 ? "" : ", ", i);
    responses += fmt::format(", response {}", i);
  }
  stage.run(seconds(10));
  EXPECT_EQ(stage.heard(2), requests);
  EXPECT_EQ(stage.heard(1), responses);
}

TEST(Messages, AreServedOneAtATimePerConnection) {
  Stage stage;
  stage.open(1, 2);
  stage.tell(1, "send 0");
  stage.tell(1, "send 0");
  stage.tell(1, "send 0");
  stage.run(milliseconds(5));
  EXPECT_EQ(stage.heard(2), "request 0");
  stage.tell(2, "respond");
  stage.run(milliseconds(5));
  EXPECT_EQ(stage.heard(2), "request 0, request 1");
  stage.tell(2, "finish");
  stage.run(milliseconds(5));
  EXPECT_EQ(stage.heard(2), "request 0, request 1, request 2");
  EXPECT_EQ(stage.heard(1), "opened 2, response 0") << "a finished request has no response";
}

TEST(Messages, OfAnotherConnectionDoNotWait) {
  Stage stage;
  stage.open(1, 2);
  stage.open(1, 2);
  stage.tell(1, "send 0");
  stage.tell(1, "send 1");
  stage.run(milliseconds(5));
  EXPECT_EQ(stage.heard(2), "request 0, request 1");
}

TEST(Closing, DoesNotRecallWhatWasSent) {
  Stage stage(Stage::steady(), /*responds=*/true);
  stage.open(1, 2);
  stage.tell(1, "send 0");
  stage.tell(1, "close 0");
  stage.run(milliseconds(5));
  EXPECT_EQ(stage.heard(2), "request 0, gone fin");
  EXPECT_EQ(stage.heard(1), "opened 2") << "the response finds a closed port";
  EXPECT_TRUE(stage.world.network().connections().empty());
}

TEST(Closing, OfTheSenderIsReadAfterTheRequestInService) {
  Stage stage;
  stage.open(1, 2);
  stage.tell(1, "send 0");
  stage.tell(1, "close 0");
  stage.run(seconds(5));
  EXPECT_EQ(stage.heard(2), "request 0") << "a muted channel is not read";
  stage.tell(2, "respond");
  stage.run(milliseconds(5));
  EXPECT_EQ(stage.heard(2), "request 0, gone fin");
}

TEST(Closing, OfTheSenderCutsWhatIsStillUnreadOnceAResponseMeetsIt) {
  Stage stage;
  stage.open(1, 2);
  stage.tell(1, "send 0");
  stage.tell(1, "send 0");
  stage.tell(1, "send 0");
  stage.tell(1, "close 0");
  stage.run(milliseconds(5));
  stage.tell(2, "respond");
  stage.run(milliseconds(5));
  EXPECT_EQ(stage.heard(2), "request 0, request 1, gone reset");
  stage.tell(2, "respond");
  EXPECT_TRUE(stage.world.network().connections().empty());
}

TEST(Closing, ByTheServerIsSeenAfterItsResponses) {
  Stage stage;
  stage.open(1, 2);
  stage.tell(1, "send 0");
  stage.run(milliseconds(2));
  stage.tell(2, "respond");
  stage.tell(2, "close-peer");
  stage.run(milliseconds(2));
  EXPECT_EQ(stage.heard(1), "opened 2, response 0, lost fin");
}

TEST(Closing, SilencesWhatAlreadyWaitsForALane) {
  WorldConfig config = Stage::steady();
  config.other_cost = {milliseconds(10), milliseconds(10)};
  Stage stage(config, /*responds=*/true);
  stage.run(milliseconds(20));
  stage.tell(1, "connect 2");
  stage.run(milliseconds(50));
  stage.tell(1, "send 0;send 0");
  stage.run(milliseconds(10));  // the first response occupies its lane, the second waits for it
  stage.tell(1, "close 0");     // on the application's lane
  stage.run(seconds(1));
  EXPECT_EQ(stage.heard(2), "request 0, request 1, gone fin");
  EXPECT_EQ(stage.heard(1), "opened 2, response 0");
}

TEST(Sending, OnAConnectionThatIsOverGoesNowhere) {
  Stage stage;
  stage.open(1, 2);
  stage.world.crash(NodeId(2));
  stage.run(milliseconds(5));
  EXPECT_EQ(stage.heard(1), "opened 2, lost fin");
  stage.tell(1, "send 0");
  stage.run(milliseconds(5));
  EXPECT_EQ(stage.world.network().counters().dropped, 1u);
  EXPECT_FALSE(stage.world.failure());
}

TEST(Partition, StallsAndDeliversInOrderAfterItHeals) {
  Stage stage(Stage::steady(), /*responds=*/true);
  stage.open(1, 2);
  stage.tell(1, "send 0");
  stage.world.block(Stage::path(1, 2));  // the first request is under way already
  stage.tell(1, "send 0");
  stage.run(seconds(5));
  EXPECT_EQ(stage.heard(2), "");
  stage.world.unblock(Stage::path(1, 2));
  stage.run(milliseconds(9));
  EXPECT_EQ(stage.heard(2), "") << "TCP sends again only when its timer says so";
  stage.run(seconds(1));
  EXPECT_EQ(stage.heard(2), "request 0, request 1");
  EXPECT_EQ(stage.heard(1), "opened 2, response 0, response 1");
}

TEST(Partition, TimesOutOnBothSidesWhenItLasts) {
  Stage stage;
  stage.open(1, 2);
  stage.tell(1, "send 0");
  stage.run(milliseconds(5));
  stage.world.block(Stage::path(1, 2));
  stage.tell(1, "send 0");
  stage.run(milliseconds(7'900));
  EXPECT_EQ(stage.heard(1), "opened 2");
  stage.run(seconds(8));
  EXPECT_EQ(stage.heard(1), "opened 2, lost timeout");
  EXPECT_EQ(stage.heard(2), "request 0, gone timeout");
  EXPECT_EQ(stage.world.network().counters().timed_out, 1u);
  stage.world.unblock(Stage::path(1, 2));
  stage.run(seconds(60));
  EXPECT_EQ(stage.heard(2), "request 0, gone timeout") << "what was lost stays lost";
}

TEST(Partition, LeavesAnIdleConnectionAlone) {
  Stage stage(Stage::steady(), /*responds=*/true);
  stage.open(1, 2);
  stage.world.block(Stage::path(1, 2));
  stage.run(seconds(60));
  stage.world.unblock(Stage::path(1, 2));
  stage.tell(1, "send 0");
  stage.run(milliseconds(5));
  EXPECT_EQ(stage.heard(1), "opened 2, response 0");
}

TEST(Partition, InOneDirectionLetsTheOtherThrough) {
  Stage stage;
  stage.open(1, 2);
  stage.world.block(Stage::path(2, 1));
  stage.tell(1, "send 0");
  stage.run(milliseconds(5));
  EXPECT_EQ(stage.heard(2), "request 0");
  stage.tell(2, "respond");
  stage.run(milliseconds(5));
  EXPECT_EQ(stage.heard(1), "opened 2");
  EXPECT_EQ(stage.world.network().stalled(Stage::path(2, 1)), 1u);
  EXPECT_EQ(stage.world.network().stalled(Stage::path(1, 2)), 0u);
}

TEST(Partition, LastsUntilEveryBlockIsLifted) {
  Stage stage;
  stage.open(1, 2);
  stage.world.block(Stage::path(1, 2));
  stage.world.block(Stage::path(1, 2));
  stage.tell(1, "send 0");
  stage.world.unblock(Stage::path(1, 2));
  stage.run(seconds(1));
  EXPECT_EQ(stage.heard(2), "");
  stage.world.unblock(Stage::path(1, 2));
  stage.run(seconds(1));
  EXPECT_EQ(stage.heard(2), "request 0");
}

TEST(Crash, OfTheSenderDoesNotRecallWhatWasSent) {
  Stage stage(Stage::steady(), /*responds=*/true);
  stage.open(1, 2);
  stage.tell(1, "send 0");
  stage.world.crash(NodeId(1));
  stage.run(milliseconds(5));
  EXPECT_EQ(stage.heard(2), "request 0, gone fin");
}

TEST(Crash, OfTheServerIsSeenAsFin) {
  Stage stage;
  stage.open(1, 2);
  stage.tell(1, "send 0");
  stage.run(milliseconds(2));
  stage.world.crash(NodeId(2));
  stage.run(microseconds(900));
  EXPECT_EQ(stage.heard(1), "opened 2");
  stage.run(microseconds(200));
  EXPECT_EQ(stage.heard(1), "opened 2, lost fin");
}

TEST(Crash, OfTheServerWithUnreadRequestsIsSeenAsReset) {
  Stage stage;
  stage.open(1, 2);
  stage.tell(1, "send 0");
  stage.tell(1, "send 0");
  stage.run(milliseconds(2));
  stage.world.crash(NodeId(2));
  stage.run(milliseconds(2));
  EXPECT_EQ(stage.heard(1), "opened 2, lost reset");
}

TEST(Crash, LosesWhatIsUnreadAndWhatIsUnderWay) {
  Stage stage;
  stage.open(1, 2);
  stage.tell(1, "send 0");
  stage.tell(1, "send 0");
  stage.run(milliseconds(2));
  stage.tell(1, "send 0");
  stage.world.restart(NodeId(2));
  stage.run(seconds(1));
  EXPECT_EQ(stage.heard(2), "") << "nothing reaches a later incarnation";
  EXPECT_TRUE(stage.world.network().connections().empty());
}

TEST(Crash, BehindAPartitionIsNotSeen) {
  Stage stage;
  stage.open(1, 2);
  stage.world.block(Stage::path(2, 1));
  stage.world.restart(NodeId(2));
  stage.run(seconds(5));
  EXPECT_EQ(stage.heard(1), "opened 2");
  stage.world.unblock(Stage::path(2, 1));
  stage.run(seconds(1));
  EXPECT_EQ(stage.heard(1), "opened 2, lost fin");
}

TEST(Reset, ReachesBothSidesAtOnceAndLosesWhatIsUnderWay) {
  Stage stage;
  stage.open(1, 2);
  stage.open(1, 2);
  stage.open(1, 3);
  stage.tell(1, "send 0");
  stage.run(milliseconds(2));
  stage.tell(1, "send 0");
  EXPECT_EQ(stage.world.reset_between(NodeId(2), NodeId(1)), 2u);
  stage.run(microseconds(100));
  EXPECT_EQ(stage.heard(1), "opened 2, opened 2, opened 3, lost reset, lost reset");
  EXPECT_EQ(stage.heard(2), "request 0, gone reset") << "of the idle one the server has never heard";
  stage.tell(2, "respond");
  stage.run(seconds(1));
  EXPECT_EQ(stage.world.network().connections().size(), 1u);
  EXPECT_FALSE(stage.world.failure());
}

TEST(Reset, WorksThroughAPartition) {
  Stage stage;
  stage.open(1, 2);
  stage.world.block(Stage::path(1, 2));
  stage.tell(1, "send 0");
  stage.run(milliseconds(5));
  stage.world.reset(stage.world.network().connections().front()->link.connection);
  stage.run(microseconds(100));
  EXPECT_EQ(stage.heard(1), "opened 2, lost reset");
}

TEST(DelayRule, AddsToWhatIsSentWhileItHolds) {
  Stage stage;
  stage.open(1, 2);
  const RuleId rule = stage.world.delay({.from = NodeId(1)}, milliseconds(50));
  stage.tell(1, "send 0");
  stage.run(milliseconds(50));
  EXPECT_EQ(stage.heard(2), "");
  stage.run(milliseconds(2));
  EXPECT_EQ(stage.heard(2), "request 0");
  EXPECT_EQ(stage.world.network().affected(rule), 1u);
  stage.world.lift(rule);
  stage.tell(2, "respond");
  stage.tell(1, "send 0");
  stage.run(milliseconds(2));
  EXPECT_EQ(stage.heard(2), "request 0, request 1");
}

TEST(HoldRule, KeepsOneApiBackAndWhateverQueuesBehindIt) {
  Stage stage(Stage::steady(), /*responds=*/true);
  stage.open(1, 2);
  const RuleId rule = stage.world.hold(between(1, 2), kFetches);
  stage.tell(1, "send 0");
  stage.tell(1, "fetch 0");
  stage.tell(1, "send 0");
  stage.run(seconds(30));
  EXPECT_EQ(stage.heard(2), "request 0") << "a hold is no partition: nothing times out";
  EXPECT_EQ(stage.heard(1), "opened 2, response 0") << "the other direction is free";
  EXPECT_EQ(stage.world.network().affected(rule), 1u);
  stage.world.lift(rule);
  stage.run(microseconds(100));
  EXPECT_EQ(stage.heard(2), "request 0, request 1, request 2") << "released together, in order";
}

TEST(HoldRule, OfResponsesLetsRequestsThrough) {
  Stage stage(Stage::steady(), /*responds=*/true);
  stage.open(1, 2);
  const RuleId rule = stage.world.hold({}, {.api = api::ApiKey::kFetch, .response = true});
  stage.tell(1, "fetch 0");
  stage.run(seconds(1));
  EXPECT_EQ(stage.heard(2), "request 0");
  EXPECT_EQ(stage.heard(1), "opened 2");
  stage.world.lift(rule);
  stage.run(milliseconds(1));
  EXPECT_EQ(stage.heard(1), "opened 2, response 0");
}

TEST(HoldRule, LeavesOtherPathsAlone) {
  Stage stage;
  stage.open(1, 2);
  stage.open(1, 3);
  static_cast<void>(stage.world.hold(between(1, 2), kFetches));
  stage.tell(1, "fetch 0");
  stage.tell(1, "fetch 1");
  stage.run(milliseconds(5));
  EXPECT_EQ(stage.heard(2), "");
  EXPECT_EQ(stage.heard(3), "request 1");
}

TEST(HoldRule, EndsWithTheConnection) {
  Stage stage;
  stage.open(1, 2);
  const RuleId rule = stage.world.hold(between(1, 2), kFetches);
  stage.tell(1, "fetch 0");
  stage.run(milliseconds(5));
  stage.world.reset_between(NodeId(1), NodeId(2));
  stage.run(milliseconds(5));
  stage.world.lift(rule);
  stage.run(seconds(1));
  EXPECT_EQ(stage.heard(1), "opened 2, lost reset");
  EXPECT_EQ(stage.heard(2), "");
}

TEST(Pause, LetsThingsWaitAndThenTakesThemInOrder) {
  Stage stage;
  stage.open(1, 2);
  stage.world.pause(NodeId(2));
  stage.tell(1, "send 0");
  stage.tell(1, "close 0");
  stage.run(seconds(20));
  EXPECT_EQ(stage.heard(2), "");
  stage.world.resume(NodeId(2));
  stage.run(milliseconds(1));
  EXPECT_EQ(stage.heard(2), "request 0");
}

TEST(LinkLatency, IsDrawnPerPathAndStays) {
  WorldConfig config = Stage::steady();
  config.network.latency_min = microseconds(100);
  config.network.latency_max = seconds(1);
  Stage stage(config);
  for (int i = 0; i < 3; ++i) stage.tell(1, "connect 2");
  stage.tell(1, "connect 3");
  std::vector<Duration> latencies;
  for (const auto& c : stage.world.network().connections())
    latencies.push_back((*c).towards(Side::kAcceptor).latency);
  ASSERT_EQ(latencies.size(), 4u);
  EXPECT_EQ(latencies[0], latencies[1]);
  EXPECT_EQ(latencies[0], latencies[2]);
  EXPECT_NE(latencies[0], latencies[3]);
  EXPECT_NE(latencies[0], stage.world.network().connections()[0]->towards(Side::kInitiator).latency);
}

/// When node 2 hears the request that node 1 sends at 100 ms, with or without a third node's traffic.
Instant arrival(bool with_traffic) {
  WorldConfig config = Stage::steady();
  config.network.jitter_percent = 100;
  Stage stage(config);
  if (with_traffic) stage.tell(1, "connect 3");
  if (with_traffic) stage.tell(3, "connect 2");
  stage.world.run_until(Instant(milliseconds(50).ns()));
  stage.tell(1, "connect 2");
  stage.world.run_until(Instant(milliseconds(100).ns()));
  stage.tell(1, with_traffic ? "send 1" : "send 0");
  while (stage.heard(2).empty()) stage.run(nanoseconds(100));
  return stage.world.now();
}

TEST(Draws, OfOneConnectionDoNotDependOnOthers) { EXPECT_EQ(arrival(false), arrival(true)); }

}  // namespace
}  // namespace odradek::sim
