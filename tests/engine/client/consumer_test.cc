#include "engine/client/consumer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "engine/base/describe.h"
#include "engine/wire/record_batch.h"
#include "tests/support/client_harness.h"

namespace odradek::client {
namespace {

using api::ErrorCode;
using api::OffsetSpec;
using io::CallStatus;
using testing::kOrders;
using testing::orders_led_by;
using testing::PendingRequest;

constexpr BrokerId kOne{1};
constexpr BrokerId kTwo{2};
const io::NamedPartition kPartition{.topic = "orders", .partition = PartitionId(0)};

using Harness = testing::ClientHarness<Consumer>;

Harness make(io::OffsetReset policy, api::MetadataResponse metadata = orders_led_by({kOne})) {
  io::ConsumerConfig config;
  config.auto_offset_reset = policy;
  Harness harness(Consumer({.self = NodeId(1002), .client_id = "c", .bootstrap = {kOne}, .config = config}));
  harness.metadata = std::move(metadata);
  harness.call(io::Assign{.partitions = {kPartition}});
  return harness;
}

CallId seek(Harness& harness, std::variant<Offset, OffsetSpec, Timestamp> to) {
  return harness.call(io::Seek{.partition = kPartition, .target = {.to = to}});
}

CallId poll(Harness& harness, std::int32_t max_records = 500) {
  return harness.call(io::Poll{.max_records = max_records, .timeout_ms = 1'000});
}

/// A consumer that stands at offset 10 without a known epoch, with a fetch in flight for the returned poll.
Harness at_ten(io::OffsetReset policy = io::OffsetReset::kEarliest) {
  Harness harness = make(policy);
  seek(harness, Offset(10));
  poll(harness);
  return harness;
}

constexpr CallId kPollOfAtTen{3};

Bytes batch(Offset base, std::initializer_list<std::string_view> values, LeaderEpoch epoch = LeaderEpoch(5),
            bool control = false) {
  std::vector<wire::Record> records;
  for (const std::string_view value : values) records.push_back({.value = Bytes(value)});
  return wire::encode_batch({.base_offset = base, .leader_epoch = epoch, .control = control}, records);
}

api::FetchResponse fetched(std::vector<Bytes> batches, ErrorCode error = ErrorCode::kNone) {
  api::FetchPartitionData data{
      .partition_index = PartitionId(0), .error_code = error, .records = std::move(batches)};
  return {.responses = {{.topic_id = kOrders, .partitions = {std::move(data)}}}};
}

api::ListOffsetsResponse found(std::optional<Offset> offset, ErrorCode error = ErrorCode::kNone,
                               std::optional<LeaderEpoch> epoch = std::nullopt) {
  api::ListOffsetsPartitionResponse answer{
      .partition_index = PartitionId(0), .error_code = error, .offset = offset, .leader_epoch = epoch};
  return {.topics = {{.name = "orders", .partitions = {answer}}}};
}

api::OffsetForLeaderEpochResponse epoch_ends(std::optional<LeaderEpoch> epoch, std::optional<Offset> end,
                                             ErrorCode error = ErrorCode::kNone) {
  return {.topics = {{.topic = "orders",
                      .partitions = {{.partition = PartitionId(0),
                                      .error_code = error,
                                      .leader_epoch = epoch,
                                      .end_offset = end}}}}};
}

std::vector<std::string> values(const Harness& harness, CallId id) {
  std::vector<std::string> got;
  for (const auto& entry : std::get<io::Polled>(harness.result(id).value).records) {
    got.emplace_back(entry.record.value->text());
  }
  return got;
}

Offset fetch_offset(const PendingRequest& request) {
  return request.as<api::FetchRequest>().topics.at(0).partitions.at(0).fetch_offset;
}

OffsetSpec asked_end(const PendingRequest& request) {
  return std::get<OffsetSpec>(request.as<api::ListOffsetsRequest>().topics.at(0).partitions.at(0).timestamp);
}

bool reached(const Harness& harness, Probe probe) { return std::ranges::count(harness.probes, probe) > 0; }

std::vector<Offset> announced(const Harness& harness) {
  std::vector<Offset> offsets;
  for (const io::Event& event : harness.events) offsets.push_back(std::get<io::ResetPosition>(event).offset);
  return offsets;
}

FetchState state(Harness& harness) { return harness.client.subscription().partitions().at(kPartition).state; }

/// Brings a consumer at_ten past one record of epoch 5, with the next fetch in flight; then the leader moves.
Harness after_leader_change(io::OffsetReset policy = io::OffsetReset::kEarliest) {
  Harness harness = at_ten(policy);
  harness.answer(harness.take<api::FetchRequest>(), fetched({batch(Offset(10), {"a"})}));
  harness.advance(milliseconds(100));
  harness.metadata = orders_led_by({kTwo}, LeaderEpoch(6));
  harness.answer(harness.take<api::FetchRequest>(), fetched({}, ErrorCode::kFencedLeaderEpoch));
  return harness;
}

TEST(Consumer, ListsAllItsMembers) {
  EXPECT_TRUE(fields_complete<Consumer>);
  EXPECT_TRUE(fields_complete<PartitionState>);
  EXPECT_TRUE(fields_complete<Fetcher>);
}

TEST(Consumer, StartsWhereItsPolicySays) {
  const std::map<io::OffsetReset, OffsetSpec> policies{{io::OffsetReset::kEarliest, OffsetSpec::kEarliest},
                                                       {io::OffsetReset::kLatest, OffsetSpec::kLatest}};
  for (const auto& [policy, end] : policies) {
    Harness harness = make(policy);
    poll(harness);
    const PendingRequest lookup = harness.take<api::ListOffsetsRequest>();
    EXPECT_EQ(asked_end(lookup), end);
    harness.answer(lookup, found(Offset(7)));
    EXPECT_EQ(fetch_offset(harness.take<api::FetchRequest>()), Offset(7));
    EXPECT_EQ(announced(harness), (std::vector<Offset>{Offset(7)}));
  }
}

TEST(Consumer, FailsThePollWithoutPolicyOrPosition) {
  Harness harness = make(io::OffsetReset::kNone);
  const CallId failed = poll(harness);
  EXPECT_EQ(harness.result(failed).status, CallStatus::kFailed);
  EXPECT_EQ(harness.result(failed).error, ErrorCode::kOffsetOutOfRange);
  seek(harness, Offset(3));
  poll(harness);
  EXPECT_EQ(fetch_offset(harness.take<api::FetchRequest>()), Offset(3));
}

TEST(Consumer, AsksForNothingWithoutAPoll) {
  Harness harness = make(io::OffsetReset::kEarliest);
  seek(harness, Offset(3));
  harness.advance(seconds(10));
  EXPECT_TRUE(harness.requests.empty());
}

TEST(Consumer, ReturnsRecordsWithOffsetAndLeaderEpochAndFetchesOn) {
  Harness harness = at_ten();
  harness.answer(harness.take<api::FetchRequest>(), fetched({batch(Offset(10), {"a", "b"}, LeaderEpoch(4))}));
  EXPECT_EQ(values(harness, kPollOfAtTen), (std::vector<std::string>{"a", "b"}));
  const auto& records = std::get<io::Polled>(harness.result(kPollOfAtTen).value).records;
  EXPECT_EQ(records.at(1).offset, Offset(11));
  EXPECT_EQ(records.at(1).leader_epoch, LeaderEpoch(4));
  EXPECT_EQ(fetch_offset(harness.take<api::FetchRequest>()), Offset(12)) << "ahead of the next poll";
}

TEST(Consumer, ReturnsAnEmptyPollAtItsTimeout) {
  Harness harness = at_ten();
  harness.advance(milliseconds(999));
  EXPECT_FALSE(harness.returned(kPollOfAtTen));
  harness.advance(milliseconds(1));
  EXPECT_EQ(harness.result(kPollOfAtTen).status, CallStatus::kOk);
  EXPECT_TRUE(values(harness, kPollOfAtTen).empty());
}

TEST(Consumer, HoldsBackWhatExceedsMaxRecords) {
  Harness harness = make(io::OffsetReset::kEarliest);
  seek(harness, Offset(10));
  const CallId first = poll(harness, 2);
  harness.answer(harness.take<api::FetchRequest>(), fetched({batch(Offset(10), {"a", "b", "c"})}));
  EXPECT_EQ(values(harness, first), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(harness.requests.empty()) << "records wait, so nothing is fetched";
  EXPECT_EQ(values(harness, poll(harness, 2)), (std::vector<std::string>{"c"}));
  EXPECT_EQ(fetch_offset(harness.take<api::FetchRequest>()), Offset(13));
}

TEST(Consumer, TrimsABatchThatStartsBelowItsPosition) {
  Harness harness = at_ten();
  harness.answer(harness.take<api::FetchRequest>(), fetched({batch(Offset(8), {"x", "y", "a"})}));
  EXPECT_EQ(values(harness, kPollOfAtTen), (std::vector<std::string>{"a"}));
}

TEST(Consumer, MovesPastControlBatchesWithoutReturningThem) {
  Harness harness = at_ten();
  const Bytes control = batch(Offset(10), {"marker"}, LeaderEpoch(5), true);
  harness.answer(harness.take<api::FetchRequest>(), fetched({control}));
  EXPECT_FALSE(harness.returned(kPollOfAtTen));
  EXPECT_EQ(fetch_offset(harness.take<api::FetchRequest>()), Offset(11));
}

TEST(Consumer, ReturnsWhatPrecedesACorruptBatchAndThenFails) {
  Harness harness = at_ten();
  const Bytes good = batch(Offset(10), {"a"});
  std::vector<std::uint8_t> flipped(good.span().begin(), good.span().end());
  flipped.back() ^= 1;
  harness.answer(harness.take<api::FetchRequest>(), fetched({good, Bytes(flipped)}));
  EXPECT_EQ(values(harness, kPollOfAtTen), (std::vector<std::string>{"a"}));
  const CallId second = poll(harness);
  EXPECT_EQ(harness.result(second).status, CallStatus::kFailed);
  EXPECT_EQ(harness.result(second).error, ErrorCode::kCorruptMessage);
}

TEST(Consumer, DropsAFetchThatWasOvertakenByASeek) {
  Harness harness = at_ten();
  const PendingRequest stale = harness.take<api::FetchRequest>();
  seek(harness, Offset(50));
  EXPECT_TRUE(harness.requests.empty()) << "one fetch in flight per broker";
  harness.answer(stale, fetched({batch(Offset(10), {"old"})}));
  EXPECT_FALSE(harness.returned(kPollOfAtTen));
  EXPECT_EQ(fetch_offset(harness.take<api::FetchRequest>()), Offset(50));
}

TEST(Consumer, DropsAFetchWhenItsPartitionWasUnassignedAndAssignedAgain) {
  Harness harness = at_ten();
  const PendingRequest stale = harness.take<api::FetchRequest>();
  harness.call(io::Assign{});
  harness.call(io::Assign{.partitions = {kPartition}});
  harness.answer(stale, fetched({batch(Offset(10), {"old"})}));
  EXPECT_FALSE(harness.returned(kPollOfAtTen));
  EXPECT_EQ(asked_end(harness.take<api::ListOffsetsRequest>()), OffsetSpec::kEarliest);
}

TEST(Consumer, DropsBufferedRecordsOnSeek) {
  Harness harness = make(io::OffsetReset::kEarliest);
  seek(harness, Offset(10));
  poll(harness, 1);
  harness.answer(harness.take<api::FetchRequest>(), fetched({batch(Offset(10), {"a", "b"})}));
  seek(harness, Offset(10));
  const CallId second = poll(harness, 1);
  EXPECT_FALSE(harness.returned(second));
  EXPECT_EQ(fetch_offset(harness.take<api::FetchRequest>()), Offset(10));
}

TEST(Consumer, KeepsThePositionOfAPartitionThatStaysAssigned) {
  Harness harness = at_ten();
  harness.call(io::Assign{.partitions = {kPartition}});
  EXPECT_EQ(state(harness), FetchState::kFetching);
}

TEST(Consumer, ResetsByPolicyWhenItsOffsetIsOutOfRange) {
  Harness harness = at_ten();
  harness.answer(harness.take<api::FetchRequest>(), fetched({}, ErrorCode::kOffsetOutOfRange));
  EXPECT_TRUE(reached(harness, Probe::kConsumerReset));
  const PendingRequest lookup = harness.take<api::ListOffsetsRequest>();
  EXPECT_EQ(asked_end(lookup), OffsetSpec::kEarliest);
  harness.answer(lookup, found(Offset(4)));
  EXPECT_EQ(fetch_offset(harness.take<api::FetchRequest>()), Offset(4));
  EXPECT_EQ(announced(harness), (std::vector<Offset>{Offset(10), Offset(4)}));
}

TEST(Consumer, FailsThePollWhenItsOffsetIsOutOfRangeAndThereIsNoPolicy) {
  Harness harness = at_ten(io::OffsetReset::kNone);
  harness.answer(harness.take<api::FetchRequest>(), fetched({}, ErrorCode::kOffsetOutOfRange));
  EXPECT_EQ(harness.result(kPollOfAtTen).status, CallStatus::kFailed);
  EXPECT_EQ(harness.result(kPollOfAtTen).error, ErrorCode::kOffsetOutOfRange);
}

TEST(Consumer, RetriesAResetAfterItsBackoff) {
  Harness harness = make(io::OffsetReset::kEarliest);
  poll(harness);
  harness.answer(harness.take<api::ListOffsetsRequest>(),
                 found(std::nullopt, ErrorCode::kOffsetNotAvailable));
  EXPECT_TRUE(harness.requests.empty());
  harness.advance(milliseconds(100));
  harness.answer(harness.take<api::ListOffsetsRequest>(), found(Offset(2)));
  EXPECT_EQ(fetch_offset(harness.take<api::FetchRequest>()), Offset(2));
}

TEST(Consumer, ValidatesAPositionWhoseEpochTheLookupTold) {
  Harness harness = make(io::OffsetReset::kLatest);
  poll(harness);
  harness.answer(harness.take<api::ListOffsetsRequest>(), found(Offset(9), ErrorCode::kNone, LeaderEpoch(5)));
  EXPECT_EQ(state(harness), FetchState::kAwaitValidation);
  harness.answer(harness.take<api::OffsetForLeaderEpochRequest>(), epoch_ends(LeaderEpoch(5), Offset(12)));
  EXPECT_EQ(fetch_offset(harness.take<api::FetchRequest>()), Offset(9));
}

TEST(Consumer, ValidatesItsPositionWhenTheLeaderMoves) {
  Harness harness = after_leader_change();
  const CallId next = poll(harness);
  const PendingRequest validation = harness.take<api::OffsetForLeaderEpochRequest>();
  EXPECT_EQ(validation.link.peer, kTwo);
  const auto& asked = validation.as<api::OffsetForLeaderEpochRequest>().topics.at(0).partitions.at(0);
  EXPECT_EQ(asked.leader_epoch, LeaderEpoch(5));
  EXPECT_EQ(asked.current_leader_epoch, LeaderEpoch(6));
  harness.answer(validation, epoch_ends(LeaderEpoch(5), Offset(11)));
  const PendingRequest fetch = harness.take<api::FetchRequest>();
  EXPECT_EQ(fetch_offset(fetch), Offset(11));
  EXPECT_EQ(fetch.as<api::FetchRequest>().topics.at(0).partitions.at(0).current_leader_epoch, LeaderEpoch(6));
  EXPECT_FALSE(reached(harness, Probe::kConsumerTruncated));
  EXPECT_FALSE(harness.returned(next));
}

TEST(Consumer, GoesBackToWhereTheLogWasTruncated) {
  Harness harness = after_leader_change();
  poll(harness);
  harness.answer(harness.take<api::OffsetForLeaderEpochRequest>(), epoch_ends(LeaderEpoch(4), Offset(8)));
  EXPECT_EQ(fetch_offset(harness.take<api::FetchRequest>()), Offset(8));
  EXPECT_TRUE(reached(harness, Probe::kConsumerTruncated));
  EXPECT_EQ(announced(harness), (std::vector<Offset>{Offset(10), Offset(8)}));
}

TEST(Consumer, ResetsWhenTheLeaderDoesNotKnowItsEpoch) {
  Harness harness = after_leader_change();
  poll(harness);
  harness.answer(harness.take<api::OffsetForLeaderEpochRequest>(), epoch_ends(std::nullopt, std::nullopt));
  EXPECT_EQ(asked_end(harness.take<api::ListOffsetsRequest>()), OffsetSpec::kEarliest);
}

TEST(Consumer, TellsOfATruncationWhenThereIsNoPolicy) {
  Harness harness = after_leader_change(io::OffsetReset::kNone);
  const CallId next = poll(harness);
  harness.answer(harness.take<api::OffsetForLeaderEpochRequest>(), epoch_ends(LeaderEpoch(4), Offset(8)));
  EXPECT_EQ(harness.result(next).status, CallStatus::kFailed);
  EXPECT_EQ(harness.result(next).error, ErrorCode::kOffsetOutOfRange);
  EXPECT_EQ(state(harness), FetchState::kAwaitValidation);
}

TEST(Consumer, RetriesAValidationThatWasFenced) {
  Harness harness = after_leader_change();
  poll(harness);
  harness.answer(harness.take<api::OffsetForLeaderEpochRequest>(),
                 epoch_ends(std::nullopt, std::nullopt, ErrorCode::kUnknownLeaderEpoch));
  EXPECT_TRUE(harness.requests.empty());
  harness.advance(milliseconds(100));
  harness.answer(harness.take<api::OffsetForLeaderEpochRequest>(), epoch_ends(LeaderEpoch(5), Offset(11)));
  EXPECT_EQ(state(harness), FetchState::kFetching);
}

TEST(Consumer, DropsRecordsFetchedBeforeTheLeaderMoved) {
  Harness harness = make(io::OffsetReset::kEarliest);
  seek(harness, Offset(10));
  poll(harness, 1);
  harness.answer(harness.take<api::FetchRequest>(), fetched({batch(Offset(10), {"a", "b"})}));
  harness.metadata = orders_led_by({kTwo}, LeaderEpoch(6));
  harness.lose(kOne);  // the client asks for metadata
  harness.advance(milliseconds(200));
  const CallId second = poll(harness, 1);
  EXPECT_FALSE(harness.returned(second));
  EXPECT_EQ(harness.take<api::OffsetForLeaderEpochRequest>().link.peer, kTwo);
}

TEST(Consumer, FetchesAgainAfterABackoffWhenTheHighWatermarkIsNotKnownYet) {
  Harness harness = at_ten();
  harness.answer(harness.take<api::FetchRequest>(), fetched({}, ErrorCode::kOffsetNotAvailable));
  EXPECT_TRUE(harness.requests.empty());
  harness.advance(milliseconds(100));
  EXPECT_EQ(fetch_offset(harness.take<api::FetchRequest>()), Offset(10));
}

TEST(Consumer, BacksOffWhenAFetchFailedAsAWhole) {
  Harness harness = at_ten();
  harness.answer(harness.take<api::FetchRequest>(),
                 api::FetchResponse{.error_code = ErrorCode::kUnknownServerError});
  EXPECT_TRUE(harness.requests.empty());
  harness.advance(milliseconds(100));
  EXPECT_EQ(fetch_offset(harness.take<api::FetchRequest>()), Offset(10));
}

TEST(Consumer, FetchesAgainWhenItsConnectionWasLost) {
  Harness harness = at_ten();
  harness.lose(kOne);
  harness.advance(milliseconds(100));
  EXPECT_EQ(fetch_offset(harness.take<api::FetchRequest>()), Offset(10));
}

TEST(Consumer, AsksEachBrokerForAllItsPartitionsAtOnce) {
  Harness harness = make(io::OffsetReset::kEarliest, orders_led_by({kOne, kTwo, kOne}));
  std::vector<io::NamedPartition> all;
  for (const std::int32_t index : {0, 1, 2})
    all.push_back({.topic = "orders", .partition = PartitionId(index)});
  harness.call(io::Assign{.partitions = all});
  for (const auto& partition : all)
    harness.call(io::Seek{.partition = partition, .target = {.to = Offset(0)}});
  poll(harness);
  ASSERT_EQ(harness.requests.size(), 2u);
  std::map<BrokerId, std::size_t> partitions;
  for (const PendingRequest& request : harness.requests) {
    partitions[request.link.peer] = request.as<api::FetchRequest>().topics.at(0).partitions.size();
  }
  EXPECT_EQ(partitions, (std::map<BrokerId, std::size_t>{{kOne, 2}, {kTwo, 1}}));
}

TEST(Consumer, SeeksToTheFirstRecordAtATimestamp) {
  Harness harness = make(io::OffsetReset::kLatest);
  const CallId sought = seek(harness, Timestamp(77));
  const PendingRequest lookup = harness.take<api::ListOffsetsRequest>();
  EXPECT_EQ(std::get<Timestamp>(lookup.as<api::ListOffsetsRequest>().topics.at(0).partitions.at(0).timestamp),
            Timestamp(77));
  EXPECT_FALSE(harness.returned(sought));
  harness.answer(lookup, found(Offset(30)));
  EXPECT_EQ(harness.result(sought).status, CallStatus::kOk);
  EXPECT_EQ(announced(harness), (std::vector<Offset>{Offset(30)}));
}

TEST(Consumer, SeeksToTheEndWhenNoRecordIsThatYoung) {
  Harness harness = make(io::OffsetReset::kEarliest);
  const CallId sought = seek(harness, Timestamp(77));
  harness.answer(harness.take<api::ListOffsetsRequest>(), found(std::nullopt));
  const PendingRequest lookup = harness.take<api::ListOffsetsRequest>();
  EXPECT_EQ(asked_end(lookup), OffsetSpec::kLatest);
  harness.answer(lookup, found(Offset(90)));
  EXPECT_EQ(harness.result(sought).status, CallStatus::kOk);
}

TEST(Consumer, ASeekThatTimesOutMayStillHappen) {
  Harness harness = make(io::OffsetReset::kEarliest);
  const CallId sought = seek(harness, OffsetSpec::kEarliest);
  harness.advance(seconds(60));
  EXPECT_EQ(harness.result(sought).status, CallStatus::kUnknown);
}

TEST(Consumer, ASecondSeekOvertakesTheFirst) {
  Harness harness = make(io::OffsetReset::kEarliest);
  const CallId first = seek(harness, OffsetSpec::kLatest);
  const PendingRequest stale = harness.take<api::ListOffsetsRequest>();
  seek(harness, Offset(3));
  EXPECT_TRUE(harness.returned(first));
  harness.answer(stale, found(Offset(90)));
  poll(harness);
  EXPECT_EQ(fetch_offset(harness.take<api::FetchRequest>()), Offset(3));
}

TEST(Consumer, FindsEndOffsetsWithoutAnAssignmentOrAPoll) {
  Harness harness = make(io::OffsetReset::kEarliest);
  harness.call(io::Assign{});
  const CallId ends = harness.call(io::EndOffsets{.partitions = {kPartition}});
  harness.answer(harness.take<api::ListOffsetsRequest>(),
                 found(std::nullopt, ErrorCode::kNotLeaderOrFollower));
  harness.advance(milliseconds(100));
  harness.answer(harness.take<api::ListOffsetsRequest>(), found(Offset(12)));
  const auto& offsets = std::get<io::FoundOffsets>(harness.result(ends).value).offsets;
  EXPECT_EQ(offsets, (std::vector<std::pair<io::NamedPartition, Offset>>{{kPartition, Offset(12)}}));
}

TEST(Consumer, FailsEndOffsetsAtTheApiTimeout) {
  Harness harness = make(io::OffsetReset::kEarliest, {.brokers = {kOne}, .topics = {}});
  const CallId ends = harness.call(io::EndOffsets{.partitions = {kPartition}});
  harness.advance(seconds(60));
  EXPECT_EQ(harness.result(ends).status, CallStatus::kFailed);
}

TEST(Consumer, RefusesASecondPollAndASeekOfAForeignPartition) {
  Harness harness = at_ten();
  EXPECT_EQ(harness.result(poll(harness)).error, ErrorCode::kInvalidRequest);
  const io::NamedPartition foreign{.topic = "orders", .partition = PartitionId(9)};
  const CallId sought = harness.call(io::Seek{.partition = foreign, .target = {.to = Offset(0)}});
  EXPECT_EQ(harness.result(sought).error, ErrorCode::kInvalidRequest);
}

TEST(Consumer, ForgetsItsPositionsWhenItsProcessRestarts) {
  Harness harness = at_ten();
  harness.step(io::Booted{.key = {.high = 3, .low = 4}});
  EXPECT_TRUE(harness.client.subscription().partitions().empty());
}

/// The consumer has read up to offset 11 in epoch 5 from broker 1; then the topic was deleted and created
/// again with this leader and epoch. Twice it hears that the old one is unknown: the first retry comes as
/// soon as newer metadata is asked for.
Harness after_recreation(BrokerId leader, LeaderEpoch epoch) {
  Harness harness = at_ten();
  harness.answer(harness.take<api::FetchRequest>(), fetched({batch(Offset(10), {"a"})}));
  poll(harness);
  harness.metadata = orders_led_by({leader}, epoch);
  harness.metadata.topics.front().topic_id = {.high = 9, .low = 9};
  for (int attempt = 0; attempt < 2; ++attempt) {
    const PendingRequest refused = harness.take<api::FetchRequest>();
    EXPECT_EQ(refused.as<api::FetchRequest>().topics.at(0).topic_id, kOrders);
    harness.answer(refused, fetched({}, ErrorCode::kUnknownTopicId));
    harness.advance(milliseconds(100));
  }
  return harness;
}

TEST(ConsumerOfARecreatedTopic, IsResetWhereTheNewTopicKnowsNothingOfItsEpoch) {
  Harness harness = after_recreation(kTwo, LeaderEpoch(0));
  harness.answer(harness.take<api::OffsetForLeaderEpochRequest>(), epoch_ends(std::nullopt, std::nullopt));
  EXPECT_EQ(asked_end(harness.take<api::ListOffsetsRequest>()), OffsetSpec::kEarliest);
}

TEST(ConsumerOfARecreatedTopic, GoesToTheEndOfAShorterLogOfTheSameEpoch) {
  Harness harness = after_recreation(kTwo, LeaderEpoch(5));
  harness.answer(harness.take<api::OffsetForLeaderEpochRequest>(), epoch_ends(LeaderEpoch(5), Offset(3)));
  const PendingRequest next = harness.take<api::FetchRequest>();
  EXPECT_EQ(fetch_offset(next), Offset(3)) << "it passes over the first three records of the new topic";
  EXPECT_EQ(next.as<api::FetchRequest>().topics.at(0).topic_id, (TopicId{.high = 9, .low = 9}));
}

TEST(ConsumerOfARecreatedTopic, NoticesNothingWhereLeaderAndEpochAreTheSame) {
  Harness harness = after_recreation(kOne, LeaderEpoch(5));
  const PendingRequest next = harness.take<api::FetchRequest>();
  EXPECT_EQ(fetch_offset(next), Offset(11));
  EXPECT_EQ(next.as<api::FetchRequest>().topics.at(0).topic_id, (TopicId{.high = 9, .low = 9}));
}

}  // namespace
}  // namespace odradek::client
