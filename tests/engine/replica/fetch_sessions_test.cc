// Fetch sessions as the broker keeps them (KIP-227): who gets one, and what an answer leaves out.
#include "engine/replica/fetch_sessions.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/engine/replica/replica_bench.h"

namespace odradek::replica {
namespace {

using enum api::ErrorCode;

constexpr Timestamp kStart{1'000'000};

TopicPartition tp_of(int partition) { return {.topic_id = kTopic, .partition = PartitionId(partition)}; }

api::FetchRequest request(api::FetchSessionPlace place, std::initializer_list<int> partitions,
                          std::optional<int> replica = {}) {
  api::FetchRequest made{.session = place};
  if (replica) made.replica_state = api::ReplicaState{BrokerId(*replica), BrokerEpoch(*replica * 10)};
  made.topics.push_back({.topic_id = kTopic, .partitions = {}});
  for (const int partition : partitions)
    made.topics.front().partitions.push_back({.partition = PartitionId(partition)});
  return made;
}

constexpr api::FetchSessionPlace kOpen{.id = 0, .epoch = api::FetchSessionPlace::kOpens};

/// A broker's sessions, at a time that the test sets.
struct Sessions {
  explicit Sessions(std::int32_t slots) : sessions({.high = 1, .low = 2}, slots) {}

  /// Opens a session and ends its first request; 0 when there was no room.
  std::int32_t open(std::initializer_list<int> partitions, std::optional<int> replica = {}) {
    return sessions.finish(*sessions.take_up(request(kOpen, partitions, replica), now, out));
  }
  api::ErrorCode use(std::int32_t id, std::int32_t epoch) {
    const auto number = sessions.take_up(request({.id = id, .epoch = epoch}, {}), now, out);
    return number ? kNone : number.error();
  }
  [[nodiscard]] bool has(std::int32_t id) { return sessions.find(id) != nullptr; }

  FetchSessions sessions;
  Timestamp now = kStart;
  io::Effects out{io::Names{}};
};

TEST(FetchSessions, AnswersForTheRequestThatIsNext) {
  Sessions s(10);
  const std::int32_t id = s.open({0});
  EXPECT_GT(id, 0);
  EXPECT_EQ(s.use(id, 1), kNone);
  EXPECT_EQ(s.use(id, 1), kInvalidFetchSessionEpoch);
  EXPECT_EQ(s.use(id, 2), kNone);
  EXPECT_EQ(s.use(id + 1, 1), kFetchSessionIdNotFound);
}

TEST(FetchSessions, EndWhenTheirFetcherBeginsAnewWantsNoneOrWantsNothing) {
  Sessions s(10);
  const std::int32_t first = s.open({0});
  const auto second = s.sessions.take_up(request({.id = first, .epoch = 0}, {0}), s.now, s.out);
  EXPECT_FALSE(s.has(first));
  EXPECT_NE(*second, first);

  (void)s.sessions.take_up(request({.id = static_cast<std::int32_t>(*second), .epoch = -1}, {0}), s.now,
                           s.out);
  EXPECT_EQ(s.sessions.find(*second), nullptr);

  const std::int32_t third = s.open({0});
  api::FetchRequest forgets{.session = {.id = third, .epoch = 1}};
  forgets.forgotten_topics.push_back({.topic_id = kTopic, .partitions = {PartitionId(0)}});
  EXPECT_EQ(s.sessions.finish(*s.sessions.take_up(forgets, s.now, s.out)), 0);
  EXPECT_FALSE(s.has(third));
  EXPECT_TRUE(s.sessions.watching(tp_of(0)).size() == 1) << "only the fetch that asked for no session";
}

TEST(FetchSessions, AFullCacheMakesRoomForFollowersAtOnceAndForOthersAfterTwoMinutes) {
  Sessions s(2);
  const std::int32_t small = s.open({0});
  const std::int32_t large = s.open({0, 1, 2});
  EXPECT_EQ(s.open({0, 1, 2, 3}), 0) << "both had no time yet";
  EXPECT_GT(s.open({0}, 2), 0) << "a follower comes before a consumer";
  EXPECT_FALSE(s.has(small));
  EXPECT_TRUE(s.has(large));

  s.now = kStart + 120'001;
  EXPECT_EQ(s.use(large, 1), kNone);
  EXPECT_GT(s.open({0}, 3), 0) << "the follower's session was not used for two minutes";
  EXPECT_TRUE(s.has(large));
  EXPECT_EQ(s.open({0, 1}), 0) << "smaller than the one that had its time";
  EXPECT_GT(s.open({0, 1, 2, 3}), 0);
  EXPECT_FALSE(s.has(large));
}

/// A follower or a consumer that fetches from a bench, in a session or without.
class Fetcher {
 public:
  Fetcher(Bench& bench, std::optional<int> replica) : bench_(&bench), replica_(replica) {}

  /// One request; the answer, or nothing when it waits.
  std::optional<api::FetchResponse> fetch(std::optional<std::int64_t> offset, std::int32_t max_wait_ms = 0) {
    api::FetchRequest next{.max_wait_ms = max_wait_ms, .session = place_};
    if (replica_) next.replica_state = api::ReplicaState{BrokerId(*replica_), BrokerEpoch(*replica_ * 10)};
    if (offset) {
      next.topics = {{kTopic,
                      {{.partition = PartitionId(0),
                        .current_leader_epoch = LeaderEpoch(0),
                        .fetch_offset = Offset(*offset)}}}};
    }
    bench_->forget();
    bench_->manager().handle_fetch({ConnectionId(5), CorrelationId(correlation_++)}, next, bench_->context());
    return answer();
  }
  std::optional<api::FetchResponse> answer() {
    const auto respond = bench_->last<io::Respond>();
    if (!respond) return std::nullopt;
    const auto& response = std::get<api::FetchResponse>(respond->response);
    place_ = place_.is_full() ? api::FetchSessionPlace{.id = response.session_id, .epoch = 1} : place_.next();
    return response;
  }

 private:
  Bench* bench_;
  std::optional<int> replica_;
  api::FetchSessionPlace place_ = kOpen;
  std::int32_t correlation_ = 0;
};

TEST(FetchSession, AnswersOnlyWithNews) {
  Bench b;
  b.create(1, {1, 2});
  Fetcher follower(b, 2);
  ASSERT_EQ(follower.fetch(0)->responses.size(), 1u) << "the first answer is about everything";
  EXPECT_TRUE(follower.fetch({})->responses.empty());

  b.produce({"a"});
  const auto record = follower.fetch({});
  ASSERT_EQ(record->responses.size(), 1u);
  EXPECT_EQ(record->responses.front().partitions.front().records.size(), 1u);

  EXPECT_TRUE(follower.fetch(1)->responses.empty()) << "what it reads is from before it counts";
  const auto high_watermark = follower.fetch({});
  ASSERT_EQ(high_watermark->responses.size(), 1u) << "its own fetch has moved the high watermark";
  EXPECT_EQ(high_watermark->responses.front().partitions.front().high_watermark, Offset(1));
  EXPECT_TRUE(follower.fetch({})->responses.empty());
}

TEST(FetchSession, ServesAgainWhatTheFetcherDidNotMovePast) {
  Bench b;
  b.create(1, {1, 2});
  Fetcher follower(b, 2);
  (void)follower.fetch(0);
  b.produce({"a"});
  for (int i = 0; i < 2; ++i) {
    const auto answer = follower.fetch({});
    ASSERT_EQ(answer->responses.size(), 1u);
    EXPECT_EQ(answer->responses.front().partitions.front().records.size(), 1u);
  }
}

TEST(FetchSession, AnErrorIsToldAsLongAsItLasts) {
  Bench b;
  b.create(1, {1, 2});
  Fetcher consumer(b, {});
  (void)consumer.fetch(0);
  b.change({}, 2);
  for (int i = 0; i < 2; ++i) {
    const auto answer = consumer.fetch({}, 500);
    ASSERT_TRUE(answer) << "an error does not wait";
    EXPECT_EQ(answer->responses.front().partitions.front().error_code, kFencedLeaderEpoch);
  }
}

TEST(FetchSession, AnIdleFollowerCountsAsCaughtUpUntilItsLastFetch) {
  Bench b;
  b.create(1, {1, 2});
  Fetcher follower(b, 2);
  (void)follower.fetch(0);
  for (int i = 0; i < 4; ++i) {
    b.pass(seconds(20));
    (void)follower.fetch({});
  }
  b.produce({"a"});
  b.pass(seconds(29));  // replica.lag.time.max.ms is 30 s
  b.fire(io::TimerKind::kIsrShrink);
  EXPECT_FALSE(b.partition().leader()->proposal) << "it was caught up 29 s ago";
  b.pass(seconds(2));
  b.fire(io::TimerKind::kIsrShrink);
  ASSERT_TRUE(b.partition().leader()->proposal);
}

TEST(FetchSession, AnIdleFollowerThatFellOutOfTheIsrAsksToComeBack) {
  Bench b;
  b.create(1, {1, 2});
  Fetcher follower(b, 2);
  (void)follower.fetch(0);
  (void)follower.fetch({});
  b.change(std::vector{1}, {});
  EXPECT_FALSE(b.partition().leader()->proposal);
  (void)follower.fetch({});
  ASSERT_TRUE(b.partition().leader()->proposal) << "its next fetch, which names nothing, is enough";
  EXPECT_TRUE(b.partition().leader()->proposal->expands);
}

/// The same fetches, in a session that looks only at what may have news, and one by one.
RC_GTEST_PROP(FetchSession, HearsAllThatAFetcherWithoutASessionHears, ()) {
  Bench with;
  Bench without;
  for (Bench* b : {&with, &without}) b->create(1, {1, 2, 3});
  Fetcher in_session(with, 2);
  std::int64_t told = 0;  // the log end of the one in the session
  std::optional<std::int64_t> named;
  std::int64_t high_watermark = -1;
  for (int step = *rc::gen::inRange(1, 30); step > 0; --step) {
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        for (Bench* b : {&with, &without}) b->produce({"x"}, 1);
        break;
      case 1: {
        const auto other =
            *rc::gen::inRange<std::int64_t>(0, with.partition().log().log_end_offset().value() + 1);
        for (Bench* b : {&with, &without}) b->fetch(3, other);
        break;
      }
      case 2: {
        const Duration time = milliseconds(*rc::gen::inRange(1, 40'000));
        for (Bench* b : {&with, &without}) b->pass(time);
        for (Bench* b : {&with, &without}) b->fire(io::TimerKind::kIsrShrink);
        break;
      }
      default: {
        const auto answer = in_session.fetch(named == told ? std::nullopt : std::optional(told));
        named = told;
        Fetcher alone(without, 2);
        const auto whole = alone.fetch(told)->responses.front().partitions.front();
        if (!answer->responses.empty()) {
          const auto& data = answer->responses.front().partitions.front();
          RC_ASSERT(data == whole);
          high_watermark = data.high_watermark.value();
          for (const Bytes& batch : data.records)
            told = wire::read_batch_header(batch.span())->next_offset().value();
        } else {
          RC_ASSERT(whole.error_code == kNone);
          RC_ASSERT(whole.records.empty());
          RC_ASSERT(whole.high_watermark.value() == high_watermark);
        }
      }
    }
    RC_ASSERT(with.partition().leader()->isr == without.partition().leader()->isr);
    RC_ASSERT(with.partition().leader()->proposal == without.partition().leader()->proposal);
    RC_ASSERT(with.high_watermark() == without.high_watermark());
  }
}

}  // namespace
}  // namespace odradek::replica
