// Whole processes that are asked to shut down, on a whole cluster.
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "engine/node/clean_shutdown.h"
#include "sim/kernel/world.h"
#include "sim/search/cluster.h"
#include "tests/sim/search/small_scenario.h"

namespace odradek::sim {
namespace {

class ClusterShutdown : public testing::Test {
 protected:
  explicit ClusterShutdown(const Scenario& scenario = small_scenario())
      : topology_(topology_of(scenario)), world_(make_key(1)) {
    add_nodes(world_, scenario, topology_);
    for (const NodeId node : world_.nodes()) world_.boot(node);
    run(seconds(3));
    EXPECT_TRUE(world_.call(kAdmin, CallId(1), io::Administer{.request = create_topics_request(scenario)}));
    run(seconds(3));
  }
  void run(Duration time) { world_.run_until(world_.now() + time); }

  NodeId active_controller() {
    const auto active = std::ranges::find_if(topology_.controllers, [this](NodeId node) {
      const node::ControllerNode* controller = world_.process(node).controller();
      return world_.state(node) == NodeState::kUp && controller != nullptr && controller->is_active();
    });
    return active == topology_.controllers.end() ? NodeId() : *active;
  }
  const metadata::MetadataImage& image() {
    return world_.process(active_controller()).controller()->committed_image();
  }
  /// How many partitions the broker leads, and in how many ISRs it stands.
  std::pair<int, int> roles(BrokerId broker) {
    std::pair<int, int> found;
    for (const auto& [id, partition] : image().topic("orders")->partitions) {
      found.first += partition.leader == broker ? 1 : 0;
      for (const BrokerId member : partition.isr) found.second += member == broker ? 1 : 0;
    }
    return found;
  }

  Topology topology_;
  World<node::Process> world_;
};

Scenario combined_scenario() {
  Scenario scenario = small_scenario();
  scenario.cluster.controllers = 3;
  scenario.cluster.combined = 3;
  scenario.cluster.quorum.controller_quorum_election_timeout_ms = 300;
  return scenario;
}

class CombinedShutdown : public ClusterShutdown {
 protected:
  CombinedShutdown() : ClusterShutdown(combined_scenario()) {}
};

TEST_F(ClusterShutdown, OfABrokerMovesItsLeadershipsFirst) {
  const BrokerId leader = *image().topic("orders")->partitions.at(PartitionId(0)).leader;
  ASSERT_EQ(roles(leader).second, 2);
  world_.shut_down(leader);
  run(milliseconds(900));  // its session would not be over yet
  EXPECT_EQ(world_.state(leader), NodeState::kDown);
  EXPECT_EQ(roles(leader), std::pair(0, 0));
  EXPECT_TRUE(image().broker(leader)->fenced);
  for (const auto& [id, partition] : image().topic("orders")->partitions) EXPECT_TRUE(partition.leader);
}

TEST_F(ClusterShutdown, OfAControllerOrAClientIsImmediate) {
  for (const NodeId node : {NodeId(kFirstClient), NodeId(kFirstController)}) {
    world_.shut_down(node);
    run(milliseconds(1));
    EXPECT_EQ(world_.state(node), NodeState::kDown);
  }
}

TEST_F(CombinedShutdown, OfTheActiveControllerHandsTheBrokerOverFirst) {
  const NodeId node = active_controller();
  ASSERT_EQ(roles(node).second, 2);
  world_.shut_down(node);
  const auto is_flushed = [&] { return world_.disk(node).size(node::kCleanShutdownFile).has_value(); };
  for (int ms = 0; ms < 900 && !is_flushed(); ++ms) run(milliseconds(1));
  ASSERT_TRUE(is_flushed());
  EXPECT_EQ(active_controller(), node) << "its controller leads while its broker goes down";
  EXPECT_EQ(roles(node), std::pair(0, 0));
  EXPECT_TRUE(image().broker(node)->fenced);
  run(milliseconds(500));
  EXPECT_EQ(world_.state(node), NodeState::kDown);
  EXPECT_NE(active_controller(), NodeId());
  EXPECT_TRUE(image().broker(node)->fenced);
}

/// Its controller is asked things while it hands over.
TEST_F(CombinedShutdown, OfTheActiveControllerNeedsNoBrokerThatIsRegistered) {
  World<node::Process> fresh(make_key(2));
  std::swap(world_, fresh);
  add_nodes(world_, combined_scenario(), topology_);
  for (const NodeId node : topology_.controllers) world_.boot(node);
  for (int ms = 0; ms < 3'000 && active_controller() == NodeId(); ++ms) run(milliseconds(1));
  const NodeId node = active_controller();
  ASSERT_NE(node, NodeId());
  ASSERT_FALSE(world_.process(node).broker()->lifecycle().broker_epoch());
  world_.shut_down(node);
  run(milliseconds(500));
  EXPECT_EQ(world_.state(node), NodeState::kDown);
  EXPECT_NE(active_controller(), NodeId());
}

TEST_F(CombinedShutdown, OfAFollowerEndsWithItsBroker) {
  const NodeId node = active_controller() == NodeId(1) ? NodeId(2) : NodeId(1);
  world_.shut_down(node);
  run(milliseconds(900));
  EXPECT_EQ(world_.state(node), NodeState::kDown);
  EXPECT_EQ(roles(node), std::pair(0, 0));
}

}  // namespace
}  // namespace odradek::sim
