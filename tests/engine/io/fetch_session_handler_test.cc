#include "engine/io/fetch_session_handler.h"

#include <gtest/gtest.h>

namespace odradek::io {
namespace {

constexpr TopicId kTopic{.high = 7, .low = 7};

TopicPartition tp(int partition) { return {.topic_id = kTopic, .partition = PartitionId(partition)}; }

api::FetchPartition at(int partition, std::int64_t offset) {
  return {.partition = PartitionId(partition), .fetch_offset = Offset(offset)};
}

/// The partitions that a request names.
std::vector<PartitionId> named(const api::FetchRequest& request) {
  std::vector<PartitionId> ids;
  for (const api::FetchTopic& topic : request.topics) {
    for (const api::FetchPartition& partition : topic.partitions) ids.push_back(partition.partition);
  }
  return ids;
}

std::vector<PartitionId> ids(std::initializer_list<int> numbers) { return {numbers.begin(), numbers.end()}; }

api::FetchRequest ask(FetchSessionHandler& session, std::initializer_list<api::FetchPartition> wanted) {
  api::FetchRequest request;
  session.begin(request);
  for (const api::FetchPartition& partition : wanted) {
    session.want({.topic_id = kTopic, .partition = partition.partition}, partition, request);
  }
  return request;
}

TEST(FetchSessionHandler, NamesOnlyWhatChangedOnceThereIsASession) {
  FetchSessionHandler session;
  EXPECT_EQ(ask(session, {at(0, 0), at(1, 0)}).session, (api::FetchSessionPlace{.id = 0, .epoch = 0}));
  EXPECT_TRUE(session.on_response({.session_id = 9}));

  const auto second = ask(session, {at(0, 5), at(1, 0)});
  EXPECT_EQ(second.session, (api::FetchSessionPlace{.id = 9, .epoch = 1}));
  EXPECT_EQ(named(second), ids({0}));
  EXPECT_TRUE(session.on_response({.session_id = 9}));

  api::FetchRequest third;
  session.begin(third);
  session.forget(tp(1), third);
  session.forget(tp(2), third);  // never wanted
  EXPECT_EQ(third.session.epoch, 2);
  ASSERT_EQ(third.forgotten_topics.size(), 1u);
  EXPECT_EQ(third.forgotten_topics.front().partitions, ids({1}));
  EXPECT_EQ(session.wanted(tp(1)), nullptr);
  EXPECT_EQ(session.wanted(tp(0))->fetch_offset, Offset(5));
}

TEST(FetchSessionHandler, NamesAllAgainAsLongAsItGetsNoSession) {
  FetchSessionHandler session;
  for (int round = 0; round < 2; ++round) {
    EXPECT_TRUE(session.names_all());
    const auto request = ask(session, {at(0, 0), at(1, 0)});
    EXPECT_EQ(request.session, (api::FetchSessionPlace{.id = 0, .epoch = 0}));
    EXPECT_EQ(named(request), ids({0, 1}));
    EXPECT_TRUE(session.on_response({.session_id = 0}));
  }
}

TEST(FetchSessionHandler, BeginsAnewInThePlaceOfASessionThatIsInDoubt) {
  FetchSessionHandler session;
  (void)ask(session, {at(0, 0)});
  ASSERT_TRUE(session.on_response({.session_id = 9}));
  (void)ask(session, {at(0, 5)});
  session.on_lost();
  const auto request = ask(session, {at(0, 0)});
  EXPECT_EQ(request.session, (api::FetchSessionPlace{.id = 9, .epoch = 0}))
      << "the broker may forget the old one";
  EXPECT_EQ(named(request), ids({0}));
}

TEST(FetchSessionHandler, NothingCountsOfAnAnswerWhoseSessionFailed) {
  FetchSessionHandler session;
  (void)ask(session, {at(0, 0)});
  ASSERT_TRUE(session.on_response({.session_id = 9}));
  (void)ask(session, {});
  EXPECT_FALSE(session.on_response({.error_code = api::ErrorCode::kInvalidFetchSessionEpoch}));
  EXPECT_EQ(ask(session, {}).session, (api::FetchSessionPlace{.id = 9, .epoch = 0}));
  EXPECT_FALSE(session.on_response({.error_code = api::ErrorCode::kFetchSessionIdNotFound}));
  EXPECT_EQ(ask(session, {}).session, (api::FetchSessionPlace{.id = 0, .epoch = 0}))
      << "there is nothing to close";
}

TEST(FetchSessionHandler, EpochsGoRoundAndLeaveOutTheNumbersThatMeanSomething) {
  const api::FetchSessionPlace last{.id = 9, .epoch = std::numeric_limits<std::int32_t>::max()};
  EXPECT_EQ(last.next().epoch, 1);
}

}  // namespace
}  // namespace odradek::io
