#include "engine/controller/cluster_control.h"

#include <gtest/gtest.h>

#include "tests/engine/controller/controller_bench.h"

namespace odradek::controller {
namespace {

using enum api::ErrorCode;

TEST(Registration, GivesTheOffsetOfItsRecordAsEpochAndStartsFenced) {
  ControllerBench bench;
  EXPECT_EQ(bench.register_broker(1).broker_epoch, BrokerEpoch(0));
  EXPECT_EQ(bench.register_broker(2).broker_epoch, BrokerEpoch(1));
  EXPECT_TRUE(bench.image().broker(BrokerId(2))->fenced);
  EXPECT_EQ(bench.events<io::RegisterBroker>().size(), 2u);
}

TEST(Registration, IsIdempotentForOneIncarnation) {
  ControllerBench bench;
  bench.start_broker(1);
  const Offset end = bench.image().end_offset();
  EXPECT_EQ(bench.register_broker(1).broker_epoch, BrokerEpoch(0));
  EXPECT_EQ(bench.image().end_offset(), end);
  EXPECT_FALSE(bench.image().broker(BrokerId(1))->fenced);
}

TEST(Registration, IsRefusedWhileAnotherIncarnationIsAlive) {
  ControllerBench bench;
  bench.start_broker(1);
  EXPECT_EQ(bench.register_broker(1, 2).error_code, kDuplicateBrokerRegistration);
  EXPECT_TRUE(bench.reached(Probe::kDuplicateRegistration));
  bench.fence_broker(1);
  EXPECT_EQ(bench.register_broker(1, 2).error_code, kNone);
}

TEST(Registration, OfAnIncarnationWhoseSessionIsOverTakesItOutOfItsIsrsFirst) {
  ControllerBench bench;
  bench.start_broker(1);
  bench.start_broker(2);
  const TopicPartition tp = bench.create("t", brokers({1, 2}));
  bench.advance(seconds(9));
  const auto response = bench.register_broker(1, 2);
  EXPECT_EQ(response.error_code, kNone);
  EXPECT_EQ(response.broker_epoch, bench.epoch_of(1));
  EXPECT_EQ(bench.epoch_of(1).value() + 1, bench.image().end_offset().value());
  EXPECT_EQ(bench.partition(tp).isr, brokers({2}));
  EXPECT_EQ(bench.partition(tp).leader, BrokerId(2));
}

TEST(Registration, OfAFencedBrokerLeavesIsrsAloneWithoutEligibleLeaderReplicas) {
  ControllerBench bench({.eligible_leader_replicas_version = 0});
  bench.start_broker(1);
  const TopicPartition tp = bench.create("t", brokers({1}));
  bench.fence_broker(1);
  const auto before = bench.partition(tp);
  EXPECT_EQ(before.isr, brokers({1}));
  EXPECT_EQ(bench.register_broker(1, 2).error_code, kNone);
  EXPECT_EQ(bench.partition(tp), before);
}

TEST(Registration, OfAnotherClusterIsRefused) {
  ControllerBench bench;
  const auto response = bench.call<api::BrokerRegistrationResponse>(
      api::BrokerRegistrationRequest{.broker_id = BrokerId(1), .cluster_id = {.high = 9, .low = 9}});
  EXPECT_EQ(response.error_code, kInconsistentClusterId);
}

TEST(Heartbeat, UnfencesOnceTheBrokerHasSeenItsRegistration) {
  ControllerBench bench;
  (void)bench.register_broker(1);
  api::BrokerHeartbeatRequest request = bench.heartbeat_of(1);
  request.current_metadata_offset = Offset(0);
  auto response = bench.call<api::BrokerHeartbeatResponse>(request);
  EXPECT_FALSE(response.is_caught_up);
  EXPECT_TRUE(response.is_fenced);

  request.current_metadata_offset = Offset(1);
  request.want_fence = true;
  response = bench.call<api::BrokerHeartbeatResponse>(request);
  EXPECT_TRUE(response.is_caught_up);
  EXPECT_TRUE(response.is_fenced);

  request.want_fence = false;
  response = bench.call<api::BrokerHeartbeatResponse>(request);
  EXPECT_FALSE(response.is_fenced);
  EXPECT_EQ(bench.events<io::UnfenceBroker>().size(), 1u);
}

TEST(Heartbeat, OfAnEarlierIncarnationIsStale) {
  ControllerBench bench;
  bench.start_broker(1);
  const api::BrokerHeartbeatRequest old = bench.heartbeat_of(1);
  bench.fence_broker(1);
  (void)bench.register_broker(1, 2);
  EXPECT_EQ(bench.call<api::BrokerHeartbeatResponse>(old).error_code, kStaleBrokerEpoch);
  EXPECT_TRUE(bench.reached(Probe::kStaleBrokerEpoch));
  const api::BrokerHeartbeatRequest stranger{.broker_id = BrokerId(9), .broker_epoch = BrokerEpoch(0)};
  EXPECT_EQ(bench.call<api::BrokerHeartbeatResponse>(stranger).error_code, kStaleBrokerEpoch);
}

TEST(Heartbeat, MovesLeadershipsBeforeAControlledShutdown) {
  ControllerBench bench;
  bench.start_broker(1);
  bench.start_broker(2);
  const TopicPartition tp = bench.create("t", brokers({1, 2}));
  api::BrokerHeartbeatRequest leaving = bench.heartbeat_of(1);
  leaving.want_shut_down = true;
  auto response = bench.call<api::BrokerHeartbeatResponse>(leaving);
  EXPECT_FALSE(response.should_shut_down);
  EXPECT_FALSE(response.is_fenced);
  EXPECT_EQ(bench.partition(tp).leader, BrokerId(2));
  EXPECT_EQ(bench.partition(tp).isr, brokers({2}));

  // Broker 2 has not heard of it yet.
  EXPECT_FALSE(bench.call<api::BrokerHeartbeatResponse>(leaving).should_shut_down);
  (void)bench.heartbeat(2);
  response = bench.call<api::BrokerHeartbeatResponse>(leaving);
  EXPECT_TRUE(response.should_shut_down);
  EXPECT_TRUE(bench.image().broker(BrokerId(1))->fenced);
}

TEST(Sessions, ExpireOneBrokerAtATime) {
  ControllerBench bench;
  for (const std::int32_t id : {1, 2, 3}) bench.start_broker(id);
  const TopicPartition tp = bench.create("t", brokers({1, 2, 3}));
  bench.advance(seconds(5));
  (void)bench.heartbeat(3);
  EXPECT_EQ(bench.fire(io::TimerKind::kSessionCheck), 0u);
  bench.advance(seconds(4));
  EXPECT_EQ(bench.fire(io::TimerKind::kSessionCheck), 2u);  // the partition, and the broker
  EXPECT_TRUE(bench.image().broker(BrokerId(1))->fenced);
  EXPECT_FALSE(bench.image().broker(BrokerId(2))->fenced);
  EXPECT_EQ(bench.partition(tp).leader, BrokerId(2));
  EXPECT_EQ(bench.fire(io::TimerKind::kSessionCheck), 2u);
  EXPECT_EQ(bench.fire(io::TimerKind::kSessionCheck), 0u);
  EXPECT_EQ(bench.partition(tp).isr, brokers({3}));
  EXPECT_EQ(bench.partition(tp).leader_epoch, LeaderEpoch(2));
  EXPECT_EQ(bench.events<io::FenceBroker>().size(), 2u);
}

TEST(Sessions, AreCheckedAgainWhenTheNextOneEnds) {
  ControllerBench bench;
  bench.start_broker(1);
  bench.advance(seconds(4));
  (void)bench.heartbeat(1);
  bench.advance(seconds(5));
  bench.out().restart(bench.out().next());
  EXPECT_EQ(bench.fire(io::TimerKind::kSessionCheck), 0u);
  const io::Effect expected =
      io::SetTimer{.timer = {.kind = io::TimerKind::kSessionCheck, .entity = 0}, .after = seconds(4)};
  EXPECT_EQ(bench.out().list(), std::vector{expected});
}

}  // namespace
}  // namespace odradek::controller
