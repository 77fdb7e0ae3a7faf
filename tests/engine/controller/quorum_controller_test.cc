#include "engine/controller/quorum_controller.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/base/ensure.h"
#include "engine/metadata/snapshot.h"
#include "tests/engine/controller/controller_bench.h"

namespace odradek::controller {
namespace {

using enum api::ErrorCode;

metadata::RecordBatch batch_at(Offset base, Records records) {
  const Offset end = base + static_cast<std::int64_t>(records.size());
  return {.base = base, .end = end, .epoch = LeaderEpoch(1), .records = std::move(records)};
}

std::vector<ConnectionId> answered(const io::Effects& out) {
  std::vector<ConnectionId> connections;
  for (const io::Effect& effect : out.list()) {
    if (const auto* respond = std::get_if<io::Respond>(&effect)) connections.push_back(respond->connection);
  }
  return connections;
}

Answer answer_on(std::uint64_t connection) {
  return {.connection = ConnectionId(connection),
          .correlation = CorrelationId(0),
          .request = api::BrokerHeartbeatRequest{},
          .response = api::BrokerHeartbeatResponse{}};
}

TEST(QuorumController, AnswersNotControllerUntilItLeads) {
  QuorumController controller;
  io::Effects out{io::Names{}};
  const Outcome outcome = controller.handle({}, api::BrokerHeartbeatRequest{}, {}, out);
  EXPECT_EQ(std::get<api::BrokerHeartbeatResponse>(outcome.response).error_code, kNotController);
  EXPECT_TRUE(outcome.records.empty());
}

TEST(QuorumController, RefusesApisOfBrokers) {
  ControllerBench bench;
  const auto response = bench.call<api::ProduceResponse>(api::ProduceRequest{
      .topic_data = {{.topic_id = {}, .partition_data = {{.index = PartitionId(0), .records = {}}}}}});
  EXPECT_EQ(response.responses.front().partition_responses.front().error_code, kInvalidRequest);
}

TEST(QuorumController, AnswersWhenTheRecordsAndAllBeforeThemAreCommitted) {
  ControllerBench bench;
  QuorumController& controller = bench.controller();
  const auto first = batch_at(Offset(0), {metadata::NoOpRecord{}});
  const auto second = batch_at(Offset(1), {metadata::NoOpRecord{}});
  controller.respond_when_committed(answer_on(1), bench.out());  // nothing is uncommitted
  EXPECT_EQ(answered(bench.out()), std::vector{ConnectionId(1)});
  controller.replay(bench.now(), first, bench.out());
  controller.respond_when_committed(answer_on(2), bench.out());
  controller.replay(bench.now(), second, bench.out());
  controller.respond_when_committed(answer_on(3), bench.out());
  controller.respond_when_committed(answer_on(4), bench.out());  // a read of uncommitted state
  EXPECT_EQ(answered(bench.out()).size(), 1u);
  controller.commit(first, bench.out());
  EXPECT_EQ(answered(bench.out()), (std::vector{ConnectionId(1), ConnectionId(2)}));
  controller.on_peer_gone(ConnectionId(3));
  controller.commit(second, bench.out());
  EXPECT_EQ(answered(bench.out()), (std::vector{ConnectionId(1), ConnectionId(2), ConnectionId(4)}));
}

TEST(QuorumController, KeepsTheCommittedImageBehindTheActiveOne) {
  ControllerBench bench;
  QuorumController& controller = bench.controller();
  const auto batch = batch_at(Offset(0), {metadata::RegisterBrokerRecord{.broker_id = BrokerId(1)}});
  controller.replay(bench.now(), batch, bench.out());
  EXPECT_EQ(controller.committed_image().brokers().size(), 0u);
  EXPECT_EQ(controller.active_image().brokers().size(), 1u);
  EXPECT_TRUE(bench.events<io::RegisterBroker>().empty());
  controller.commit(batch, bench.out());
  EXPECT_EQ(controller.committed_image(), controller.active_image());
  EXPECT_EQ(bench.events<io::RegisterBroker>().size(), 1u);
}

TEST(QuorumController, RollsBackWhatIsNotCommittedWhenItResigns) {
  ControllerBench bench;
  QuorumController& controller = bench.controller();
  const metadata::MetadataImage before = controller.committed_image();
  const Offset end = before.end_offset();
  controller.replay(bench.now(), batch_at(end, {metadata::TopicRecord{.name = "t", .topic_id = {.low = 9}}}),
                    bench.out());
  const api::CreateTopicsRequest request{.topics = {{.name = "t"}}};
  controller.respond_when_committed({.connection = ConnectionId(3),
                                     .correlation = CorrelationId(4),
                                     .request = request,
                                     .response = api::CreateTopicsResponse{}},
                                    bench.out());
  controller.resign(bench.out());

  EXPECT_FALSE(controller.is_active());
  EXPECT_EQ(controller.active_image(), before);
  EXPECT_TRUE(bench.reached(Probe::kAnswersLostWithLeadership));
  const io::Effect answer = io::Respond{
      .connection = ConnectionId(3),
      .correlation = CorrelationId(4),
      .response = api::CreateTopicsResponse{.topics = {{.name = "t", .error_code = kNotController}}}};
  EXPECT_EQ(std::ranges::count(bench.out().list(), answer), 1);
  const Outcome later = controller.handle(bench.now(), request, {}, bench.out());
  EXPECT_EQ(std::get<api::CreateTopicsResponse>(later.response).topics.front().error_code, kNotController);
}

TEST(QuorumController, FollowsTheLogAsAStandbyAndMayLeadAgain) {
  ControllerBench bench;
  QuorumController& controller = bench.controller();
  controller.resign(bench.out());
  const Offset end = controller.committed_image().end_offset();
  controller.commit(batch_at(end, {metadata::RegisterBrokerRecord{.broker_id = BrokerId(1)}}), bench.out());
  EXPECT_EQ(bench.events<io::RegisterBroker>().size(), 1u) << "every controller tells what is committed";
  EXPECT_TRUE(controller.on_timer(bench.now(), {.kind = io::TimerKind::kNoOpRecord, .entity = 0}, bench.out())
                  .empty());
  controller.claim(bench.now(), LeaderEpoch(3), {}, bench.out());
  EXPECT_EQ(controller.active_image().brokers().size(), 1u);
}

TEST(QuorumController, GoesOnFromASnapshot) {
  ControllerBench bench;
  bench.start_broker(1);
  QuorumController behind({.controller = {}, .defaults = {}, .cluster_id = kCluster});
  io::Effects out{io::Names{}};
  const metadata::MetadataImage& image = bench.image();
  behind.load(metadata::from_records(metadata::to_records(image),
                                     {.offset = image.end_offset(), .epoch = image.controller_epoch()}));
  EXPECT_EQ(behind.committed_image(), image);
  behind.commit(batch_at(image.end_offset(), {metadata::NoOpRecord{}}), out);
  behind.claim({}, LeaderEpoch(2), {}, out);
  EXPECT_THROW(behind.load(image), EnsureFailure);
}

TEST(QuorumController, StartsAllSessionsAnewWhenItTakesOver) {
  ControllerBench bench;
  bench.start_broker(1);
  QuorumController successor({.controller = {}, .defaults = {}, .cluster_id = kCluster});
  io::Effects out{io::Names{}};
  metadata::ImageDelta delta;
  successor.commit(
      batch_at(Offset(0), {metadata::RegisterBrokerRecord{.broker_id = BrokerId(1), .fenced = false}}), out);
  const Now late{.monotonic = MonotonicTime(seconds(100).ns()), .wall = {}};
  successor.claim(late, LeaderEpoch(2), {}, out);
  EXPECT_TRUE(successor.on_timer(late, {.kind = io::TimerKind::kSessionCheck, .entity = 0}, out).empty());
  const Now later{.monotonic = late.monotonic + seconds(9), .wall = {}};
  EXPECT_EQ(successor.on_timer(later, {.kind = io::TimerKind::kSessionCheck, .entity = 0}, out).size(), 1u);
}

TEST(QuorumController, AppendsANoOpRecordWhenIdle) {
  ControllerBench bench;
  const Offset before = bench.image().end_offset();
  EXPECT_EQ(bench.fire(io::TimerKind::kNoOpRecord), 1u);
  EXPECT_EQ(bench.image().end_offset(), before + 1);
  const io::Effect again =
      io::SetTimer{.timer = {.kind = io::TimerKind::kNoOpRecord, .entity = 0}, .after = milliseconds(500)};
  EXPECT_EQ(bench.out().list().back(), again);
}

}  // namespace
}  // namespace odradek::controller
