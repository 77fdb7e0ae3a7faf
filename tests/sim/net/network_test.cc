// What processes observe of the network, rule by rule (see sim/net/network.h).
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/support/puppet_play.h"

namespace odradek::sim {
namespace {

// The .txt files next to this one.
TEST(Network, IsAsItsTextsTell) {
  testing::play_texts(ODRADEK_SOURCE_DIR "/tests/sim/net", [] {
    return [play = PuppetPlay()](const testing::TextCommand& command) mutable { return play.act(command); };
  });
}

TEST(Messages, KeepTheirOrderWhateverTheirLatencies) {
  WorldConfig config = PuppetStage::steady();
  config.network.jitter_percent = 300;
  PuppetStage stage(config, /*responds=*/true);
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

TEST(Closing, SilencesWhatAlreadyWaitsForALane) {
  WorldConfig config = PuppetStage::steady();
  config.other_cost = {milliseconds(10), milliseconds(10)};
  PuppetStage stage(config, /*responds=*/true);
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

TEST(LinkLatency, IsDrawnPerPathAndStays) {
  WorldConfig config = PuppetStage::steady();
  config.network.latency = {microseconds(100), seconds(1)};
  PuppetStage stage(config);
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

/// Of all paths between nodes 1 to 3 with the given places, from 1 to 2 and from 1 to 3.
std::pair<Duration, Duration> latencies(const NetworkConfig& config, HostPlace one, HostPlace two,
                                        HostPlace three, std::uint64_t seed = 1) {
  Network network(config);
  network.add_host(NodeId(1), one);
  network.add_host(NodeId(2), two);
  network.add_host(NodeId(3), three);
  EventQueue queue;
  const Key key = {.high = 0, .low = seed};
  for (const std::int32_t peer : {2, 3}) {
    network.connect({.connection = ConnectionId(static_cast<std::uint64_t>(peer)), .peer = NodeId(peer)}, 0,
                    {.now = {}, .seed = key, .queue = queue});
  }
  const auto latency = [&](std::size_t i) {
    return network.connections()[i]->towards(Side::kAcceptor).latency;
  };
  return {latency(0), latency(1)};
}

TEST(LinkLatency, DependsOnRacksAndRegions) {
  const NetworkConfig config{.latency = {milliseconds(1), milliseconds(1)},
                             .between_racks = {milliseconds(2), milliseconds(2)},
                             .between_regions = {milliseconds(50), milliseconds(50)}};
  const auto pair = [](int a, int b) { return std::pair(milliseconds(a), milliseconds(b)); };
  EXPECT_EQ(latencies(config, {.rack = 1}, {.rack = 1}, {.rack = 2}), pair(1, 2));
  EXPECT_EQ(latencies(config, {.rack = 1}, {}, {.rack = 1, .region = 2}), pair(1, 1));
  EXPECT_EQ(latencies(config, {.rack = 1, .region = 1}, {.rack = 2, .region = 1}, {.rack = 3, .region = 2}),
            pair(2, 50));
}

TEST(LinkLatency, IsMuchLongerBetweenSlowPairs) {
  NetworkConfig config{.latency = {milliseconds(1), milliseconds(1)}, .slow_factor = 7};
  config.slow_pairs_percent = 30;
  int slow = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto [to_two, to_three] = latencies(config, {}, {}, {}, seed);
    for (const Duration latency : {to_two, to_three}) {
      EXPECT_TRUE(latency == milliseconds(1) || latency == milliseconds(7));
      slow += latency == milliseconds(7) ? 1 : 0;
    }
  }
  EXPECT_GT(slow, 30);
  EXPECT_LT(slow, 90);
}

/// When node 2 hears the request that node 1 sends at 100 ms, with or without a third node's traffic.
Instant arrival(bool with_traffic) {
  WorldConfig config = PuppetStage::steady();
  config.network.jitter_percent = 100;
  PuppetStage stage(config);
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
