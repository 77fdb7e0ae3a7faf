// Every purpose that can be calm, and that it makes a difference.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sim/kernel/seed.h"
#include "sim/search/simulation.h"
#include "tests/sim/search/small_scenario.h"
#include "tests/sim/support/puppet.h"

namespace odradek::sim {
namespace {

Calm only(Purpose purpose) {
  Calm calm;
  calm.add(purpose);
  return calm;
}

TEST(Calm, LeavesASeedWithoutItAsItWas) {
  const Key key{.high = 0, .low = 7};
  EXPECT_EQ(digest_of(Seed(key)), digest_of(key));
  EXPECT_NE(digest_of(Seed(key, only(Purpose::kDelivery))), digest_of(key));
}

TEST(Calm, LeavesOtherPurposesAlone) {
  const Seed seed(Key{.high = 0, .low = 7}, only(Purpose::kDelivery));
  EXPECT_EQ(draw(seed, Purpose::kFsyncTime, {}).uuid(), draw(seed.key, Purpose::kFsyncTime, {}).uuid());
  EXPECT_NE(draw(seed, Purpose::kDelivery, {}).uuid(), draw(seed.key, Purpose::kDelivery, {}).uuid());
}

TEST(Calm, MonotonicClocksBeginAtZero) {
  const auto shown = [](Calm calm) {
    return PuppetStage(PuppetStage::steady(), false, calm).world.clock(NodeId(1)).monotonic;
  };
  EXPECT_EQ(shown(only(Purpose::kMonotonicOrigin)), MonotonicTime() + milliseconds(1));
  EXPECT_NE(shown({}), MonotonicTime() + milliseconds(1));
}

TEST(Calm, StepsTakeTheirShortest) {
  const auto heard = [](Calm calm) {
    WorldConfig config = PuppetStage::steady();
    config.request_cost = {milliseconds(1), milliseconds(9)};
    PuppetStage stage(config, /*responds=*/true, calm);
    stage.open(1, 2);
    stage.tell(1, "send 0;send 0");
    stage.run(microseconds(2'100));
    return stage.heard(2);
  };
  EXPECT_EQ(heard(only(Purpose::kStepCost)), "request 0, request 1");
  EXPECT_EQ(heard({}), "request 0");
}

TEST(Calm, TimersOfOneInstantFireAsTheyWereSet) {
  const auto heard = [](Calm calm) {
    PuppetStage stage(PuppetStage::steady(), false, calm);
    stage.tell(1, "timer 1 10;timer 2 10;timer 3 10;timer 4 10;timer 5 10;timer 6 10");
    stage.run(milliseconds(20));
    return stage.heard(1);
  };
  EXPECT_EQ(heard(only(Purpose::kTimerTie)), "timer 1, timer 2, timer 3, timer 4, timer 5, timer 6");
  EXPECT_NE(heard({}), heard(only(Purpose::kTimerTie)));
}

TEST(Calm, LanesOfOneInstantGoOnAsTheyWereScheduled) {
  const auto order = [](Calm calm) {
    PuppetStage stage(PuppetStage::steady(), false, calm);
    std::string nodes;
    for (int round = 0; round < 4; ++round) {
      stage.run(milliseconds(1));
      for (const std::int32_t node : {1, 2, 3})
        EXPECT_TRUE(stage.world.call(NodeId(node), CallId(0), io::SendRecord{}));
      for (int i = 0; i < 3; ++i) nodes += std::to_string(stage.world.step().node.value());
    }
    return nodes;
  };
  EXPECT_EQ(order(only(Purpose::kLaneTie)), "123123123123");
  EXPECT_NE(order({}), "123123123123");
}

/// How far the wall clock of broker 1 is off after ten seconds of a run.
std::int64_t error_ms(const ClockSpec& clocks, Calm calm) {
  Scenario scenario = small_scenario();
  scenario.clocks = clocks;
  scenario.calm = calm;
  Simulation simulation(scenario, 1);
  while (simulation.now() < Instant() + seconds(10)) simulation.step(Instant::never(), nullptr);
  return simulation.world().clock(NodeId(1)).wall.value() - NodeClock::kEpoch.value() -
         simulation.now().since_start().ms();
}

TEST(Calm, WallClocksAreRight) {
  const ClockSpec skewed{.skew = seconds(60)};
  EXPECT_EQ(error_ms(skewed, only(Purpose::kClockSkew)), 0);
  EXPECT_NE(error_ms(skewed, {}), 0);
}

TEST(Calm, ClocksRunAtTheRightRate) {
  const ClockSpec drifting{.drift_ppm = 100'000};
  EXPECT_EQ(error_ms(drifting, only(Purpose::kClockRate)), 0);
  EXPECT_NE(error_ms(drifting, {}), 0);
}

/// Of the path from node 1 to node 2.
Duration latency(const WorldConfig& config, Calm calm) {
  PuppetStage stage(config, false, calm);
  stage.tell(1, "connect 2");
  return stage.world.network().connections()[0]->towards(Side::kAcceptor).latency;
}

TEST(Calm, LinksHaveTheMiddleOfTheirRange) {
  WorldConfig config = PuppetStage::steady();
  config.network.latency = {milliseconds(1), milliseconds(3)};
  EXPECT_EQ(latency(config, only(Purpose::kLinkLatency)), milliseconds(2));
  EXPECT_NE(latency(config, {}), milliseconds(2));
}

TEST(Calm, NoPairIsFarApart) {
  WorldConfig config = PuppetStage::steady();
  config.network.slow_pairs_percent = 99;
  EXPECT_EQ(latency(config, only(Purpose::kSlowPair)), milliseconds(1));
  EXPECT_EQ(latency(config, {}), milliseconds(20));
}

TEST(Calm, SegmentsHaveNoJitter) {
  const auto heard = [](Calm calm) {
    WorldConfig config = PuppetStage::steady();
    config.network.jitter_percent = 100;
    PuppetStage stage(config, false, calm);
    stage.tell(1, "connect 2");
    stage.run(microseconds(2'010));
    return stage.heard(1);
  };
  EXPECT_EQ(heard(only(Purpose::kDelivery)), "opened 2");
  EXPECT_EQ(heard({}), "");
}

TEST(Calm, WhatWasStalledIsSentAgainAtOnce) {
  const auto heard = [](Calm calm) {
    PuppetStage stage(PuppetStage::steady(), false, calm);
    stage.open(1, 2);
    stage.world.block(PuppetStage::path(1, 2));
    stage.tell(1, "send 0");
    stage.run(milliseconds(20));
    stage.world.unblock(PuppetStage::path(1, 2));
    stage.run(stage.world.config().network.retransmit_min + microseconds(10));
    return stage.heard(2);
  };
  EXPECT_EQ(heard(only(Purpose::kRetransmit)), "request 0");
  EXPECT_EQ(heard({}), "");
}

TEST(Calm, TcpIsAsPatientAsItCanBe) {
  const auto heard = [](Calm calm) {
    PuppetStage stage(PuppetStage::steady(), false, calm);
    stage.open(1, 2);
    stage.world.block(PuppetStage::path(1, 2));
    stage.tell(1, "send 0");
    stage.run(stage.world.config().network.tcp_timeout_max);
    return stage.heard(1);
  };
  EXPECT_EQ(heard(only(Purpose::kTcpTimeout)), "opened 2");
  EXPECT_EQ(heard({}), "opened 2, lost timeout");
}

TEST(Calm, FsyncsTakeTheirShortest) {
  const auto heard = [](Calm calm) {
    WorldConfig config = PuppetStage::steady();
    config.fsync = {milliseconds(1), milliseconds(50)};
    PuppetStage stage(config, false, calm);
    stage.tell(1, "write f x;fsync f");
    stage.run(microseconds(1'010));
    return stage.heard(1);
  };
  EXPECT_EQ(heard(only(Purpose::kFsyncTime)), "fsynced");
  EXPECT_EQ(heard({}), "");
}

TEST(Calm, PowerLossLeavesNothingUnsynced) {
  const auto left = [](Calm calm) {
    SimDisk disk;
    std::string sizes;
    for (std::uint64_t losses = 0; losses < 4; ++losses) {
      static_cast<void>(disk.append("a", Bytes(std::string(90'000, 'a'))));
      disk.begin_fsync(FsyncTicket(losses), "", io::Lane::kRaft);
      disk.finish_fsync(FsyncTicket(losses));
      disk.lose_power(Survival::kDrawn, {.seed = Seed(Key{.high = 0, .low = 2}, calm), .ordinal = losses});
      sizes += fmt::format("{} ", disk.size("a").value_or(0));
    }
    return sizes;
  };
  EXPECT_EQ(left(only(Purpose::kPowerLoss)), "0 0 0 0 ");
  EXPECT_NE(left({}), "0 0 0 0 ");
}

}  // namespace
}  // namespace odradek::sim
