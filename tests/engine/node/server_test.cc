// A whole controller process, driven by inputs: requests are answered when the fsync of their records is
// back.
#include "engine/node/server.h"

#include <gtest/gtest.h>

#include "engine/node/meta_properties.h"
#include "tests/support/memory_disk.h"

namespace odradek::node {
namespace {

constexpr Uuid kCluster{.high = 1, .low = 1};

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    const std::string text = to_text(
        MetaProperties{.cluster_id = kCluster, .node = NodeId(100), .directory_id = {.high = 5, .low = 5}});
    EXPECT_TRUE(disk_.append(kMetaPropertiesFile, Bytes(text)).has_value());
    start();
  }

  /// What the replica of the metadata log tells is not looked at here.
  static bool is_of_the_log(const io::Event& event) {
    return std::holds_alternative<io::ChangeRaftRole>(event) ||
           std::holds_alternative<io::CommitMetadata>(event);
  }

  void start() {
    io::QuorumConfig quorum;
    quorum.kraft_version = 0;  // a fixed quorum needs no snapshot to name it
    node_ = Server({.id = NodeId(100),
                    .cluster_id = kCluster,
                    .controllers = {NodeId(100)},
                    .quorum = quorum,
                    .controller = io::ControllerConfig{}});
    step(io::Booted{.key = {.high = 3, .low = 4}});
  }
  void step(const io::Input& input) {
    out_.restart(out_.next());
    node_.step(now_, input, disk_, out_);
    for (const io::Effect& effect : out_.list()) {
      if (const auto* fsync = std::get_if<io::Fsync>(&effect)) fsyncs_.push_back(fsync->ticket);
      if (const auto* respond = std::get_if<io::Respond>(&effect)) responses_.push_back(respond->response);
      const auto* emit = std::get_if<io::Emit>(&effect);
      if (emit != nullptr && !is_of_the_log(emit->event))
        events_.push_back(std::string(name_of(emit->event)));
    }
  }
  void finish_fsyncs() {
    while (!fsyncs_.empty()) {
      const FsyncTicket ticket = fsyncs_.front();
      fsyncs_.erase(fsyncs_.begin());
      step(io::FsyncFinished{.ticket = ticket, .ok = true});
    }
  }
  void request(api::Request request) {
    step(io::RequestReceived{
        .connection = ConnectionId(1), .correlation = CorrelationId(1), .request = std::move(request)});
  }
  api::BrokerRegistrationRequest registration() {
    return {.broker_id = BrokerId(1), .cluster_id = kCluster, .incarnation_id = {.high = 8, .low = 8}};
  }

  Now now_;
  ::odradek::testing::MemoryDisk disk_;
  io::Effects out_{io::Names{}};
  Server node_;
  std::vector<FsyncTicket> fsyncs_;
  std::vector<api::Response> responses_;
  std::vector<std::string> events_;
};

TEST_F(ServerTest, RefusesRequestsUntilItIsActive) {
  request(registration());
  EXPECT_EQ(std::get<api::BrokerRegistrationResponse>(responses_.back()).error_code,
            api::ErrorCode::kNotController);
  finish_fsyncs();
  EXPECT_TRUE(node_.controller()->is_active());
  EXPECT_EQ(events_, std::vector<std::string>{"ElectController"});
}

TEST_F(ServerTest, AnswersWhenTheRecordIsDurable) {
  finish_fsyncs();
  request(registration());
  EXPECT_TRUE(responses_.empty());
  EXPECT_EQ(node_.controller()->active_image().brokers().size(), 1u);
  EXPECT_TRUE(node_.controller()->committed_image().brokers().empty());
  finish_fsyncs();
  ASSERT_EQ(responses_.size(), 1u);
  EXPECT_EQ(std::get<api::BrokerRegistrationResponse>(responses_.back()).broker_epoch, BrokerEpoch(1));
  EXPECT_EQ(node_.controller()->committed_image(), node_.controller()->active_image());
  EXPECT_EQ(events_.back(), "RegisterBroker");
}

TEST_F(ServerTest, ComesBackWithWhatItCommitted) {
  finish_fsyncs();
  request(registration());
  finish_fsyncs();
  const metadata::MetadataImage before = node_.controller()->committed_image();
  events_.clear();
  start();
  finish_fsyncs();
  EXPECT_TRUE(node_.controller()->is_active());
  EXPECT_EQ(node_.controller()->controller_epoch(), LeaderEpoch(2));
  EXPECT_EQ(node_.controller()->committed_image().brokers(), before.brokers());
  EXPECT_EQ(events_, (std::vector<std::string>{"RegisterBroker", "ElectController"}));
}

TEST_F(ServerTest, IsAValue) {
  finish_fsyncs();
  const Server copy = node_;
  EXPECT_EQ(copy, node_);
  EXPECT_EQ(digest_of(copy), digest_of(node_));
  request(registration());
  EXPECT_NE(copy, node_);
  EXPECT_NE(digest_of(copy), digest_of(node_));
}

}  // namespace
}  // namespace odradek::node
