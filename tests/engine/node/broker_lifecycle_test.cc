// The end of a broker's life: asking the controller for leave, and going without.
#include "engine/node/broker_lifecycle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/metadata/features.h"

namespace odradek::node {
namespace {

class Lifecycle : public testing::Test {
 protected:
  Lifecycle() : lifecycle_(BrokerId(1), Uuid{.high = 1, .low = 1}, "north", {}) {}

  void boot(std::optional<BrokerEpoch> previous = {}) {
    lifecycle_.on_boot(now_,
                       {.id = {.high = 2, .low = 2},
                        .directory_id = {.high = 3, .low = 3},
                        .previous_broker_epoch = previous},
                       out_);
    lifecycle_.on_controller(NodeId(100), now_, out_);
    for (const io::Effect& effect : out_.list()) {
      if (const auto* connect = std::get_if<io::Connect>(&effect)) link_ = connect->link;
    }
    lifecycle_.on_opened(link_, now_, out_);
  }
  /// Registered, caught up and unfenced.
  void run() {
    boot();
    respond(api::BrokerRegistrationResponse{.broker_epoch = BrokerEpoch(5)});
    lifecycle_.on_metadata_applied(Offset(6), now_, out_);
    respond({.is_caught_up = true, .is_fenced = false});
  }
  void respond(api::Response response) {
    lifecycle_.on_response({.link = link_, .correlation = correlation_, .response = std::move(response)},
                           now_, out_);
    ++correlation_;
  }
  void respond(api::BrokerHeartbeatResponse response) { respond(api::Response(response)); }

  template <class Request>
  Request last() {
    std::optional<Request> found;
    for (const io::Effect& effect : out_.list()) {
      const auto* send = std::get_if<io::Send>(&effect);
      if (send == nullptr) continue;
      if (const auto* request = std::get_if<Request>(&send->request)) found = *request;
    }
    return found.value();
  }
  Duration heartbeat_timer() {
    std::optional<Duration> after;
    for (const io::Effect& effect : out_.list()) {
      const auto* set = std::get_if<io::SetTimer>(&effect);
      if (set != nullptr && set->timer.kind == io::TimerKind::kHeartbeat) after = set->after;
    }
    return after.value();
  }
  std::size_t heartbeats() {
    std::size_t count = 0;
    for (const io::Effect& effect : out_.list()) {
      const auto* send = std::get_if<io::Send>(&effect);
      if (send != nullptr && std::holds_alternative<api::BrokerHeartbeatRequest>(send->request)) ++count;
    }
    return count;
  }

  Now now_;
  io::Effects out_{io::Names{}};
  BrokerLifecycle lifecycle_;
  io::Link link_;
  CorrelationId correlation_{0};
};

TEST_F(Lifecycle, RegistersWithTheEpochOfItsLastCleanShutdown) {
  boot(BrokerEpoch(3));
  EXPECT_EQ(last<api::BrokerRegistrationRequest>().previous_broker_epoch, BrokerEpoch(3));
}

TEST_F(Lifecycle, TellsItsRackItsDirectoryAndWhatItCanRunAt) {
  boot({});
  const auto request = last<api::BrokerRegistrationRequest>();
  EXPECT_EQ(request.rack, "north");
  EXPECT_EQ(request.log_dirs, (std::vector{Uuid{.high = 3, .low = 3}}));
  ASSERT_EQ(request.features.size(), metadata::kSupportedFeatures.size());
  for (const api::RegistrationFeature& told : request.features) {
    const metadata::SupportedFeature range = metadata::supported_feature(told.name);
    EXPECT_EQ(told.min_supported_version, range.min) << told.name;
    EXPECT_EQ(told.max_supported_version, range.max) << told.name;
  }
}

TEST_F(Lifecycle, AsksForLeaveAtOnceAndServesUntilItHasIt) {
  run();
  lifecycle_.on_shutdown_requested(now_, out_);
  EXPECT_TRUE(last<api::BrokerHeartbeatRequest>().want_shut_down);
  EXPECT_TRUE(lifecycle_.is_serving());
  respond({.is_caught_up = true, .is_fenced = true, .should_shut_down = true});
  EXPECT_TRUE(lifecycle_.should_shut_down());
  EXPECT_FALSE(lifecycle_.is_serving());
}

TEST_F(Lifecycle, AsksAgainSoonOnceThenWithEachHeartbeat) {
  run();
  lifecycle_.on_shutdown_requested(now_, out_);
  respond({.is_caught_up = true, .is_fenced = false});
  EXPECT_EQ(heartbeat_timer(), milliseconds(50));
  lifecycle_.on_timer(now_, out_);
  respond({.is_caught_up = true, .is_fenced = false});
  EXPECT_EQ(heartbeat_timer(), milliseconds(2'000));
  EXPECT_EQ(lifecycle_.state(), BrokerState::kPendingControlledShutdown);
}

TEST_F(Lifecycle, DoesNotTakeTheAnswerToAnEarlierHeartbeatForARefusal) {
  run();
  lifecycle_.on_timer(now_, out_);
  const std::size_t before = heartbeats();
  lifecycle_.on_shutdown_requested(now_, out_);
  EXPECT_EQ(heartbeats(), before);  // the channel is busy
  respond({.is_caught_up = true, .is_fenced = false});
  EXPECT_EQ(heartbeats(), before + 1);
  EXPECT_TRUE(last<api::BrokerHeartbeatRequest>().want_shut_down);
}

TEST_F(Lifecycle, GoesWithoutLeaveAfterFiveMinutes) {
  run();
  lifecycle_.on_shutdown_requested(now_, out_);
  const io::Effect expected = io::SetTimer{
      .timer = {.kind = io::TimerKind::kControlledShutdownTimeout, .entity = 0}, .after = seconds(300)};
  EXPECT_NE(std::ranges::find(out_.list(), expected), out_.list().end());
  lifecycle_.on_controlled_shutdown_timeout();
  EXPECT_TRUE(lifecycle_.should_shut_down());
}

TEST_F(Lifecycle, GoesWithoutLeaveBeforeItRuns) {
  boot();
  lifecycle_.on_shutdown_requested(now_, out_);
  EXPECT_TRUE(lifecycle_.should_shut_down());
}

TEST_F(Lifecycle, DoesNotRegisterAgainOnItsWayOut) {
  run();
  lifecycle_.on_shutdown_requested(now_, out_);
  respond({.error_code = api::ErrorCode::kStaleBrokerEpoch});
  EXPECT_EQ(lifecycle_.broker_epoch(), BrokerEpoch(5));
}

TEST_F(Lifecycle, SaysNothingMoreOnceItShutsDown) {
  run();
  lifecycle_.on_shutdown_requested(now_, out_);
  lifecycle_.on_controlled_shutdown_timeout();
  respond({.is_caught_up = true, .is_fenced = false});
  const std::size_t before = heartbeats();
  lifecycle_.on_timer(now_, out_);
  EXPECT_EQ(heartbeats(), before);
}

}  // namespace
}  // namespace odradek::node
