#include "engine/client/producer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "engine/base/describe.h"
#include "tests/support/client_harness.h"

namespace odradek::client {
namespace {

using api::ErrorCode;
using io::CallStatus;
using testing::kOrders;
using testing::orders_led_by;
using testing::PendingRequest;

constexpr BrokerId kOne{1};
constexpr BrokerId kTwo{2};

using Harness = testing::ClientHarness<Producer>;

Harness make(const std::function<void(io::ProducerConfig&)>& change, api::MetadataResponse metadata) {
  io::ProducerConfig config;
  change(config);
  Harness harness(Producer({.self = NodeId(1001), .client_id = "p", .bootstrap = {kOne}, .config = config}));
  harness.metadata = std::move(metadata);
  return harness;
}

io::SendRecord record(std::string_view value, std::int32_t partition = 0) {
  return {.topic = "orders", .partition = PartitionId(partition), .value = Bytes(value)};
}

const api::PartitionProduceData& only_partition(const PendingRequest& request) {
  return request.as<api::ProduceRequest>().topic_data.at(0).partition_data.at(0);
}

std::vector<std::string> values(const Bytes& batch) {
  std::vector<std::string> found;
  const auto decoded = wire::decode_batch(batch);
  for (const auto& entry : decoded.value()) found.emplace_back(entry.record.value->text());
  return found;
}

std::vector<std::string> values(const PendingRequest& request) {
  return values(only_partition(request).records);
}

/// Answers every partition of the request alike.
api::ProduceResponse reply(const PendingRequest& request, ErrorCode error, Offset base = Offset(0)) {
  api::ProduceResponse response;
  for (const auto& topic : request.as<api::ProduceRequest>().topic_data) {
    api::TopicProduceResponse answers{.topic_id = topic.topic_id, .partition_responses = {}};
    for (const auto& partition : topic.partition_data) {
      api::PartitionProduceResponse answer{.index = partition.index, .error_code = error};
      if (error == ErrorCode::kNone) answer.base_offset = base;
      answers.partition_responses.push_back(answer);
    }
    response.responses.push_back(answers);
  }
  return response;
}

bool reached(const Harness& harness, Probe probe) { return std::ranges::count(harness.probes, probe) > 0; }

Offset offset_of(const Harness& harness, CallId id) {
  return *std::get<io::Sent>(harness.result(id).value).offset;
}

TEST(Producer, ListsAllItsMembers) {
  EXPECT_TRUE(fields_complete<Producer>);
  EXPECT_TRUE(fields_complete<RecordAccumulator>);
  EXPECT_TRUE(fields_complete<Sender>);
}

TEST(Producer, CollectsRecordsForLingerMsAndAcknowledgesEachWithItsOffset) {
  Harness harness = make([](auto& c) { c.linger_ms = 5; }, orders_led_by({kOne}));
  const CallId a = harness.call(record("a"));
  harness.advance(milliseconds(4));
  const CallId b = harness.call(record("b"));
  EXPECT_TRUE(harness.requests.empty());
  harness.advance(milliseconds(1));
  const PendingRequest produce = harness.take<api::ProduceRequest>();
  EXPECT_EQ(values(produce), (std::vector<std::string>{"a", "b"}));
  harness.answer(produce, reply(produce, ErrorCode::kNone, Offset(40)));
  EXPECT_EQ(offset_of(harness, a), Offset(40));
  EXPECT_EQ(offset_of(harness, b), Offset(41));
}

TEST(Producer, SendsAFullBatchWithoutLingering) {
  Harness harness = make([](auto& c) { c.linger_ms = 1000, c.batch_size = 120; }, orders_led_by({kOne}));
  harness.call(record(std::string(30, 'a')));
  EXPECT_TRUE(harness.requests.empty());
  harness.call(record(std::string(30, 'b')));
  const PendingRequest produce = harness.take<api::ProduceRequest>();
  EXPECT_EQ(values(produce).size(), 1u);
}

TEST(Producer, SendsOneBatchPerPartitionAndOneRequestPerLeader) {
  Harness harness = make([](auto& c) { c.linger_ms = 5; }, orders_led_by({kOne, kTwo, kOne}));
  for (const std::int32_t partition : {0, 1, 2}) harness.call(record("x", partition));
  harness.advance(milliseconds(5));
  ASSERT_EQ(harness.requests.size(), 2u);
  std::map<BrokerId, std::size_t> partitions;
  for (const PendingRequest& request : harness.requests) {
    partitions[request.link.peer] = request.as<api::ProduceRequest>().topic_data.at(0).partition_data.size();
  }
  EXPECT_EQ(partitions, (std::map<BrokerId, std::size_t>{{kOne, 2}, {kTwo, 1}}));
}

TEST(Producer, StartsItsNextRequestWhereTheLastOneStopped) {
  const auto one_batch_per_request = [](io::ProducerConfig& c) {
    c.linger_ms = 0, c.max_request_size = 200, c.batch_size = 120,
    c.max_in_flight_requests_per_connection = 1;
  };
  Harness harness = make(one_batch_per_request, orders_led_by({kOne, kOne, kOne}));
  harness.call(record("first", 0));
  for (int round = 0; round < 2; ++round) {
    for (const std::int32_t partition : {0, 1, 2}) harness.call(record(std::string(100, 'x'), partition));
  }
  std::vector<PartitionId> order;
  for (int i = 0; i < 6; ++i) {
    const PendingRequest produce = harness.take<api::ProduceRequest>();
    order.push_back(only_partition(produce).index);
    harness.answer(produce, reply(produce, ErrorCode::kNone));
  }
  const std::vector<PartitionId> fair{PartitionId(0), PartitionId(1), PartitionId(2),
                                      PartitionId(0), PartitionId(1), PartitionId(2)};
  EXPECT_EQ(order, fair);
}

TEST(Producer, KeepsTheOrderOfAPartitionWhenItRetriesWithOneInFlight) {
  const auto in_order = [](io::ProducerConfig& c) {
    c.linger_ms = 0, c.max_in_flight_requests_per_connection = 1;
  };
  Harness harness = make(in_order, orders_led_by({kOne}));
  harness.call(record("a"));
  harness.call(record("b"));
  const PendingRequest first = harness.take<api::ProduceRequest>();
  EXPECT_EQ(values(first), (std::vector<std::string>{"a"}));
  EXPECT_TRUE(harness.requests.empty()) << "the partition is muted";
  harness.answer(first, reply(first, ErrorCode::kNotEnoughReplicas));
  EXPECT_TRUE(harness.requests.empty()) << "b waits for the backoff of a";
  harness.advance(milliseconds(100));
  const PendingRequest again = harness.take<api::ProduceRequest>();
  EXPECT_EQ(values(again), (std::vector<std::string>{"a"}));
  EXPECT_TRUE(reached(harness, Probe::kProducerRetried));
  harness.answer(again, reply(again, ErrorCode::kNone, Offset(1)));
  const PendingRequest second = harness.take<api::ProduceRequest>();
  EXPECT_EQ(values(second), (std::vector<std::string>{"b"}));
  harness.answer(second, reply(second, ErrorCode::kNone, Offset(2)));
  EXPECT_EQ(harness.returns, (std::vector<CallId>{CallId(1), CallId(2)}));
}

TEST(Producer, SendsNothingToANewLeaderWhileTheOldOneHasABatchOfThePartition) {
  const auto in_order = [](io::ProducerConfig& c) {
    c.linger_ms = 0, c.max_in_flight_requests_per_connection = 1, c.metadata_max_age_ms = 200;
  };
  Harness harness = make(in_order, orders_led_by({kOne, kTwo}));
  harness.call(record("elsewhere", 1));
  const PendingRequest elsewhere = harness.take<api::ProduceRequest>();
  harness.answer(elsewhere, reply(elsewhere, ErrorCode::kNone));
  harness.call(record("a"));
  const PendingRequest old = harness.take<api::ProduceRequest>();
  EXPECT_EQ(old.link.peer, kOne);
  harness.metadata = orders_led_by({kTwo, kTwo}, LeaderEpoch(6));
  harness.advance(milliseconds(300));
  EXPECT_GE(harness.metadata_requests, 2);
  harness.call(record("b"));
  EXPECT_TRUE(harness.requests.empty());
  harness.answer(old, reply(old, ErrorCode::kNone));
  EXPECT_EQ(values(harness.take<api::ProduceRequest>()), (std::vector<std::string>{"b"}));
}

TEST(Producer, OvertakesARetriedBatchWithSeveralInFlight) {
  Harness harness = make([](auto& c) { c.linger_ms = 0; }, orders_led_by({kOne}));
  harness.call(record("a"));
  harness.call(record("b"));
  const PendingRequest a = harness.take<api::ProduceRequest>();
  const PendingRequest b = harness.take<api::ProduceRequest>();
  harness.answer(a, reply(a, ErrorCode::kNotEnoughReplicas));
  harness.answer(b, reply(b, ErrorCode::kNone));
  EXPECT_EQ(harness.returns, (std::vector<CallId>{CallId(2)}));
}

TEST(Producer, AsksForMetadataAndFollowsThePartitionToItsNewLeader) {
  Harness harness = make([](auto& c) { c.linger_ms = 0; }, orders_led_by({kOne}));
  harness.call(record("a"));
  const PendingRequest stale = harness.take<api::ProduceRequest>();
  harness.metadata = orders_led_by({kTwo}, LeaderEpoch(6));
  harness.advance(milliseconds(100));  // metadata is asked for once per retry.backoff.ms
  harness.answer(stale, reply(stale, ErrorCode::kNotLeaderOrFollower));
  harness.advance(milliseconds(100));
  const PendingRequest again = harness.take<api::ProduceRequest>();
  EXPECT_EQ(again.link.peer, kTwo);
}

TEST(Producer, IgnoresALeaderOfAnOlderEpoch) {
  Harness harness = make([](auto& c) { c.linger_ms = 0; }, orders_led_by({kTwo}, LeaderEpoch(6)));
  harness.call(record("a"));
  const PendingRequest first = harness.take<api::ProduceRequest>();
  harness.metadata = orders_led_by({kOne}, LeaderEpoch(5));
  harness.advance(milliseconds(100));
  harness.answer(first, reply(first, ErrorCode::kNotLeaderOrFollower));
  EXPECT_EQ(harness.metadata_requests, 2);
  harness.advance(milliseconds(100));
  EXPECT_EQ(harness.take<api::ProduceRequest>().link.peer, kTwo);
}

TEST(Producer, FailsForCertainWhenEveryAttemptWasRefused) {
  const auto quick = [](io::ProducerConfig& c) { c.linger_ms = 0, c.delivery_timeout_ms = 350; };
  Harness harness = make(quick, orders_led_by({kOne}));
  const CallId a = harness.call(record("a"));
  while (!harness.returned(a)) {
    if (!harness.requests.empty()) {
      const PendingRequest produce = harness.take<api::ProduceRequest>();
      harness.answer(produce, reply(produce, ErrorCode::kNotEnoughReplicas));
    }
    harness.advance(milliseconds(50));
  }
  EXPECT_EQ(harness.result(a).status, CallStatus::kFailed);
  EXPECT_EQ(harness.result(a).error, ErrorCode::kRequestTimedOut);
  EXPECT_TRUE(reached(harness, Probe::kProducerExpired));
}

TEST(Producer, DoesNotKnowTheOutcomeOnceAnAttemptWasLost) {
  const auto quick = [](io::ProducerConfig& c) { c.linger_ms = 0, c.delivery_timeout_ms = 350; };
  Harness harness = make(quick, orders_led_by({kOne}));
  const CallId a = harness.call(record("a"));
  harness.lose(kOne);
  harness.advance(milliseconds(100));
  const PendingRequest again = harness.take<api::ProduceRequest>();
  harness.answer(again, reply(again, ErrorCode::kMessageTooLarge));
  EXPECT_EQ(harness.result(a).status, CallStatus::kUnknown);
  EXPECT_EQ(harness.result(a).error, ErrorCode::kMessageTooLarge);
}

TEST(Producer, GivesUpAtTheDeliveryTimeoutThoughTheRequestIsInFlight) {
  const auto quick = [](io::ProducerConfig& c) {
    c.linger_ms = 0, c.delivery_timeout_ms = 350, c.max_in_flight_requests_per_connection = 1;
  };
  Harness harness = make(quick, orders_led_by({kOne}));
  const CallId a = harness.call(record("a"));
  const PendingRequest slow = harness.take<api::ProduceRequest>();
  harness.advance(milliseconds(349));
  EXPECT_FALSE(harness.returned(a));
  harness.advance(milliseconds(1));
  EXPECT_EQ(harness.result(a).status, CallStatus::kUnknown);
  const CallId b = harness.call(record("b"));
  EXPECT_TRUE(harness.requests.empty()) << "the partition stays muted until the request ends";
  harness.answer(slow, reply(slow, ErrorCode::kNone));
  const PendingRequest next = harness.take<api::ProduceRequest>();
  harness.answer(next, reply(next, ErrorCode::kNone));
  EXPECT_EQ(harness.result(b).status, CallStatus::kOk);
}

TEST(Producer, FailsForCertainWhatWasNeverSent) {
  Harness harness = make([](auto& c) { c.delivery_timeout_ms = 350; }, orders_led_by({std::nullopt}));
  const CallId a = harness.call(record("a"));
  harness.advance(milliseconds(350));
  EXPECT_EQ(harness.result(a).status, CallStatus::kFailed);
}

TEST(Producer, ClosesTheConnectionAtTheRequestTimeoutAndRetries) {
  const auto quick = [](io::ProducerConfig& c) { c.linger_ms = 0, c.request_timeout_ms = 200; };
  Harness harness = make(quick, orders_led_by({kOne}));
  const CallId a = harness.call(record("a"));
  harness.take<api::ProduceRequest>();
  harness.advance(milliseconds(300));
  const PendingRequest again = harness.take<api::ProduceRequest>();
  harness.answer(again, reply(again, ErrorCode::kNone, Offset(9)));
  EXPECT_EQ(harness.result(a).status, CallStatus::kOk);
  EXPECT_TRUE(reached(harness, Probe::kRequestTimedOut));
}

TEST(Producer, StopsAfterItsRetries) {
  Harness harness = make([](auto& c) { c.linger_ms = 0, c.retries = 0; }, orders_led_by({kOne}));
  const CallId a = harness.call(record("a"));
  const PendingRequest produce = harness.take<api::ProduceRequest>();
  harness.answer(produce, reply(produce, ErrorCode::kNotEnoughReplicasAfterAppend));
  EXPECT_EQ(harness.result(a).status, CallStatus::kUnknown) << "the record is in the leader's log";
}

TEST(Producer, IsContentWithHavingSentWhenNobodyAcknowledges) {
  Harness harness = make([](auto& c) { c.linger_ms = 0, c.acks = 0; }, orders_led_by({kOne}));
  const CallId a = harness.call(record("a"));
  EXPECT_EQ(harness.result(a).status, CallStatus::kOk);
  EXPECT_EQ(std::get<io::Sent>(harness.result(a).value).offset, std::nullopt);
  EXPECT_EQ(harness.take<api::ProduceRequest>().as<api::ProduceRequest>().acks, 0);
}

TEST(Producer, WaitsMaxBlockMsForATopicThatNobodyKnows) {
  api::MetadataResponse unknown{
      .brokers = {kOne}, .topics = {{.error_code = ErrorCode::kUnknownTopicOrPartition, .name = "orders"}}};
  Harness harness = make([](auto& c) { c.max_block_ms = 1000; }, unknown);
  const CallId a = harness.call(record("a"));
  harness.advance(milliseconds(999));
  EXPECT_FALSE(harness.returned(a));
  EXPECT_GE(harness.metadata_requests, 9);
  harness.advance(milliseconds(1));
  EXPECT_EQ(harness.result(a).status, CallStatus::kFailed);
  EXPECT_EQ(harness.result(a).error, ErrorCode::kRequestTimedOut);
}

TEST(Producer, SendsOnceTheTopicAppears) {
  Harness harness = make(
      [](auto& c) { c.linger_ms = 0; },
      {.brokers = {kOne}, .topics = {{.error_code = ErrorCode::kUnknownTopicOrPartition, .name = "orders"}}});
  harness.call(record("a"));
  harness.metadata = orders_led_by({kOne});
  harness.advance(milliseconds(100));
  EXPECT_EQ(values(harness.take<api::ProduceRequest>()), (std::vector<std::string>{"a"}));
}

TEST(Producer, RefusesARecordAboveMaxRequestSize) {
  Harness harness = make([](auto& c) { c.max_request_size = 200; }, orders_led_by({kOne}));
  const CallId a = harness.call(record(std::string(200, 'x')));
  EXPECT_EQ(harness.result(a).status, CallStatus::kFailed);
  EXPECT_EQ(harness.result(a).error, ErrorCode::kMessageTooLarge);
}

TEST(Producer, SplitsABatchThatTheBrokerFindsTooLarge) {
  const auto in_order = [](io::ProducerConfig& c) {
    c.linger_ms = 5, c.max_in_flight_requests_per_connection = 1;
  };
  Harness harness = make(in_order, orders_led_by({kOne}));
  for (const std::string_view value : {"a", "b", "c"}) harness.call(record(value));
  harness.advance(milliseconds(5));
  std::vector<std::string> accepted;
  while (!harness.requests.empty()) {
    const PendingRequest produce = harness.take<api::ProduceRequest>();
    const std::vector<std::string> batch = values(produce);
    if (batch.size() == 1) accepted.push_back(batch.front());
    harness.answer(produce,
                   reply(produce, batch.size() == 1 ? ErrorCode::kNone : ErrorCode::kMessageTooLarge));
  }
  EXPECT_EQ(accepted, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(harness.returns, (std::vector<CallId>{CallId(1), CallId(2), CallId(3)}));
}

TEST(Producer, SplitsOffALastRecordThatIsLargerThanAllBeforeIt) {
  ProducerBatch batch;
  batch.add(CallId(1), {.value = Bytes("a")});
  batch.add(CallId(2), {.value = Bytes(std::string(500, 'b'))});
  batch.close();
  const auto [front, back] = split(batch);
  EXPECT_EQ(front.calls->size(), 1u);
  EXPECT_EQ(back.calls->size(), 1u);
  EXPECT_LT(front.bytes(), batch.bytes());
}

TEST(Producer, WaitsForMemoryInTheOrderOfTheCallsAndFailsAtMaxBlockMs) {
  const auto small = [](io::ProducerConfig& c) {
    c.linger_ms = 0, c.batch_size = 200, c.buffer_memory = 200, c.max_block_ms = 500;
  };
  Harness harness = make(small, orders_led_by({kOne}));
  const CallId a = harness.call(record("a"));
  const CallId b = harness.call(record(std::string(70, 'b')));
  const CallId c = harness.call(record(std::string(70, 'c')));
  EXPECT_TRUE(reached(harness, Probe::kProducerBufferFull));
  const PendingRequest first = harness.take<api::ProduceRequest>();
  EXPECT_TRUE(harness.requests.empty());
  harness.answer(first, reply(first, ErrorCode::kNone));
  EXPECT_EQ(values(harness.take<api::ProduceRequest>()), (std::vector<std::string>{std::string(70, 'b')}));
  harness.advance(milliseconds(500));
  EXPECT_TRUE(harness.returned(a));
  EXPECT_FALSE(harness.returned(b));
  EXPECT_EQ(harness.result(c).status, CallStatus::kFailed);
  EXPECT_EQ(harness.result(c).error, ErrorCode::kRequestTimedOut);
}

TEST(Producer, FlushSendsAtOnceAndWaitsForWhatWasSentBefore) {
  Harness harness = make([](auto& c) { c.linger_ms = 1000; }, orders_led_by({kOne}));
  const CallId a = harness.call(record("a"));
  const CallId flush = harness.call(io::Flush{});
  const PendingRequest produce = harness.take<api::ProduceRequest>();
  EXPECT_FALSE(harness.returned(flush));
  harness.answer(produce, reply(produce, ErrorCode::kNone));
  EXPECT_EQ(harness.returns, (std::vector<CallId>{a, flush}));
}

TEST(Producer, StartsAgainFromTheBootstrapListWhenAllKnownBrokersAreLost) {
  Harness harness = make([](auto& c) { c.linger_ms = 0; }, orders_led_by({kTwo}));
  harness.call(record("a"));
  harness.take<api::ProduceRequest>();
  harness.refusing = {kTwo};
  harness.metadata = orders_led_by({kOne}, LeaderEpoch(6));
  harness.lose(kTwo);
  harness.advance(milliseconds(200));
  EXPECT_EQ(harness.take<api::ProduceRequest>().link.peer, kOne);
}

TEST(Producer, ForgetsItsCallsWhenItsProcessRestarts) {
  Harness harness = make([](auto& c) { c.linger_ms = 1000; }, orders_led_by({kOne}));
  const Producer fresh = harness.client;
  harness.call(record("a"));
  EXPECT_NE(harness.client, fresh);
  harness.step(io::Booted{.key = {.high = 1, .low = 2}});
  EXPECT_EQ(first_difference(harness.client, fresh), std::nullopt);
}

TEST(Producer, ACopyBehavesLikeItsOriginal) {
  Harness harness = make([](auto& c) { c.linger_ms = 5; }, orders_led_by({kOne}));
  harness.call(record("a"));
  Harness copy = harness;
  for (Harness* each : {&harness, &copy}) {
    each->advance(milliseconds(5));
    const PendingRequest produce = each->take<api::ProduceRequest>();
    each->answer(produce, reply(produce, ErrorCode::kNone, Offset(3)));
  }
  EXPECT_EQ(digest_of(harness.client), digest_of(copy.client));
}

/// The topic was deleted and created again: other id, epochs from the beginning.
api::MetadataResponse created_again() {
  api::MetadataResponse metadata = orders_led_by({kTwo}, LeaderEpoch(0));
  metadata.topics.front().topic_id = {.high = 9, .low = 9};
  return metadata;
}

/// Broker 1 knows nothing of the topic, twice: the first retry comes as soon as newer metadata is asked for.
void refuse_twice(Harness& harness, ErrorCode error) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    const PendingRequest refused = harness.take<api::ProduceRequest>();
    EXPECT_EQ(refused.as<api::ProduceRequest>().topic_data.at(0).topic_id, kOrders);
    harness.answer(refused, reply(refused, error));
    harness.advance(milliseconds(100));
  }
}

TEST(Producer, GoesOnUnderTheIdOfATopicThatWasCreatedAgain) {
  Harness harness = make([](auto& c) { c.linger_ms = 0; }, orders_led_by({kOne}));
  const CallId a = harness.call(record("a"));
  harness.metadata = created_again();
  refuse_twice(harness, ErrorCode::kUnknownTopicId);
  const PendingRequest second = harness.take<api::ProduceRequest>();
  EXPECT_EQ(second.link.peer, kTwo);
  EXPECT_EQ(second.as<api::ProduceRequest>().topic_data.at(0).topic_id, (TopicId{.high = 9, .low = 9}));
  harness.answer(second, reply(second, ErrorCode::kNone));
  EXPECT_EQ(std::get<io::Sent>(harness.result(a).value).topic_id, (TopicId{.high = 9, .low = 9}));
}

TEST(Producer, DoesNotKnowWhetherATopicTookItsRecordBeforeItWasDeleted) {
  Harness harness =
      make([](auto& c) { c.linger_ms = 0, c.request_timeout_ms = 1'000, c.delivery_timeout_ms = 2'000; },
           orders_led_by({kOne}));
  const CallId a = harness.call(record("a"));
  harness.metadata.topics = {{.error_code = ErrorCode::kUnknownTopicOrPartition, .name = "orders"}};
  refuse_twice(harness, ErrorCode::kUnknownTopicOrPartition);
  harness.advance(milliseconds(1'799));
  EXPECT_FALSE(harness.returned(a)) << "it waits for the topic until delivery.timeout.ms";
  EXPECT_TRUE(harness.requests.empty());
  harness.advance(milliseconds(1));
  EXPECT_EQ(harness.result(a).status, CallStatus::kUnknown);
  EXPECT_EQ(harness.result(a).error, ErrorCode::kRequestTimedOut);
}

TEST(Producer, UsesNewPartitionsOnceItsMetadataIsRefreshed) {
  Harness harness = make(
      [](auto& c) {
        c.linger_ms = 0, c.metadata_max_age_ms = 1'000;
        c.partitioner_class = io::Partitioner::kRoundRobin;
      },
      orders_led_by({kOne}));
  const auto partition_of_next = [&harness] {
    harness.call(io::SendRecord{.topic = "orders", .value = Bytes("x")});
    const PendingRequest request = harness.take<api::ProduceRequest>();
    harness.answer(request, reply(request, ErrorCode::kNone));
    return only_partition(request).index;
  };
  EXPECT_EQ(partition_of_next(), PartitionId(0));
  harness.metadata = orders_led_by({kOne, kOne});
  EXPECT_EQ(partition_of_next(), PartitionId(0));
  EXPECT_EQ(partition_of_next(), PartitionId(0));
  harness.advance(milliseconds(1'100));
  EXPECT_EQ(partition_of_next(), PartitionId(1));
}

}  // namespace
}  // namespace odradek::client
