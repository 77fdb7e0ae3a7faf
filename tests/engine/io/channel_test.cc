#include "engine/io/channel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <variant>
#include <vector>

namespace odradek::io {
namespace {

/// A channel to node 7 with everything around it that a test needs.
struct Bench {
  Channel channel{
      5, NodeId(7), {.purpose = Purpose::kClientData, .max_in_flight = 2, .request_timeout = seconds(3)}};
  Effects out{Names{ConnectionId(100), FsyncTicket(0)}};
  Now now{MonotonicTime(0), Timestamp(0)};

  template <class E>
  std::optional<E> last() const {
    for (auto effect = out.list().rbegin(); effect != out.list().rend(); ++effect) {
      if (const E* found = std::get_if<E>(&*effect)) return *found;
    }
    return std::nullopt;
  }

  Link open() {
    channel.connect(now, out);
    const Link link = last<Connect>()->link;
    channel.on_opened(link, now, out);
    return link;
  }

  void pass(Duration time) { now.monotonic = now.monotonic + time; }
};

TEST(Channel, ConnectsOnceUntilTheConnectionOpens) {
  Bench b;
  b.channel.connect(b.now, b.out);
  b.channel.connect(b.now, b.out);
  EXPECT_EQ(
      std::ranges::count_if(b.out.list(), [](const Effect& e) { return std::holds_alternative<Connect>(e); }),
      1);
  EXPECT_FALSE(b.channel.can_send());
}

TEST(Channel, SendsUpToItsLimitOfRequestsInFlight) {
  Bench b;
  const Link link = b.open();
  const CorrelationId first = b.channel.send(b.now, api::MetadataRequest{}, b.out);
  b.channel.send(b.now, api::MetadataRequest{}, b.out);
  EXPECT_FALSE(b.channel.can_send());
  EXPECT_TRUE(b.channel.on_response(link, first, b.now, b.out));
  EXPECT_TRUE(b.channel.can_send());
}

TEST(Channel, IgnoresTheAnswerOfAnEarlierConnection) {
  Bench b;
  const Link old = b.open();
  const CorrelationId correlation = b.channel.send(b.now, api::MetadataRequest{}, b.out);
  EXPECT_EQ(b.channel.on_lost(old, b.out), std::vector{correlation});
  b.channel.on_backoff_over();
  b.open();
  EXPECT_FALSE(b.channel.on_response(old, correlation, b.now, b.out));
}

TEST(Channel, ClosesTheConnectionWhenTheOldestRequestIsOverdue) {
  Bench b;
  const Link link = b.open();
  const CorrelationId first = b.channel.send(b.now, api::MetadataRequest{}, b.out);
  b.pass(seconds(2));
  const CorrelationId second = b.channel.send(b.now, api::MetadataRequest{}, b.out);
  EXPECT_TRUE(b.channel.on_timeout(b.now, b.out).empty());
  b.pass(seconds(1));
  EXPECT_EQ(b.channel.on_timeout(b.now, b.out), (std::vector{first, second}));
  EXPECT_EQ(b.last<Close>()->connection, link.connection);
  EXPECT_TRUE(b.channel.is_idle());
}

TEST(Channel, RearmsItsTimerForTheNextRequestInFlight) {
  Bench b;
  const Link link = b.open();
  const CorrelationId first = b.channel.send(b.now, api::MetadataRequest{}, b.out);
  b.pass(seconds(1));
  b.channel.send(b.now, api::MetadataRequest{}, b.out);
  b.pass(seconds(1));
  ASSERT_TRUE(b.channel.on_response(link, first, b.now, b.out));
  EXPECT_EQ(b.last<SetTimer>()->after, seconds(2));
}

TEST(Channel, BacksOffLongerAfterEachFailureUpToItsMaximum) {
  Bench b;
  std::vector<std::int64_t> backoffs_ms;
  for (int i = 0; i < 7; ++i) {
    b.channel.connect(b.now, b.out);
    EXPECT_TRUE(b.channel.on_lost(b.last<Connect>()->link, b.out).empty());
    backoffs_ms.push_back(b.last<SetTimer>()->after.ms());
    b.channel.on_backoff_over();
  }
  EXPECT_EQ(backoffs_ms, (std::vector<std::int64_t>{50, 100, 200, 400, 800, 1000, 1000}));
  b.open();
  EXPECT_TRUE(b.channel.on_lost(b.last<Connect>()->link, b.out).empty());
  EXPECT_EQ(b.last<SetTimer>()->after.ms(), 50);
}

TEST(Channel, GivesUpAConnectionThatDoesNotOpen) {
  Bench b;
  b.channel.connect(b.now, b.out);
  b.pass(seconds(10));
  EXPECT_TRUE(b.channel.on_timeout(b.now, b.out).empty());
  EXPECT_TRUE(b.last<Close>().has_value());
  b.channel.on_backoff_over();
  b.open();
  EXPECT_TRUE(b.channel.can_send());
}

TEST(Channel, WaitsTwiceAsLongForAConnectionAfterEachThatDidNotOpen) {
  Bench b;
  std::vector<std::int64_t> waits_ms;
  for (int i = 0; i < 4; ++i) {
    b.channel.connect(b.now, b.out);
    waits_ms.push_back(b.last<SetTimer>()->after.ms());
    b.pass(b.last<SetTimer>()->after);
    EXPECT_TRUE(b.channel.on_timeout(b.now, b.out).empty());
    b.channel.on_backoff_over();
  }
  EXPECT_EQ(waits_ms, (std::vector<std::int64_t>{10'000, 20'000, 30'000, 30'000}));
  b.open();
  EXPECT_TRUE(b.channel.on_lost(b.last<Connect>()->link, b.out).empty());
  b.channel.on_backoff_over();
  b.channel.connect(b.now, b.out);
  EXPECT_EQ(b.last<SetTimer>()->after.ms(), 10'000);
}

}  // namespace
}  // namespace odradek::io
