// Whole processes that are asked to shut down, on a whole cluster.
#include <gtest/gtest.h>

#include <utility>

#include "sim/kernel/world.h"
#include "sim/search/cluster.h"
#include "tests/sim/search/small_scenario.h"

namespace odradek::sim {
namespace {

class ClusterShutdown : public testing::Test {
 protected:
  ClusterShutdown() : world_(make_key(1)) {
    const Scenario scenario = small_scenario();
    add_nodes(world_, scenario, topology_of(scenario));
    for (const NodeId node : world_.nodes()) world_.boot(node);
    run(seconds(3));
    EXPECT_TRUE(world_.call(kAdmin, CallId(1), io::Administer{.request = create_topics_request(scenario)}));
    run(seconds(3));
  }
  void run(Duration time) { world_.run_until(world_.now() + time); }

  const metadata::MetadataImage& image() {
    return world_.process(NodeId(kFirstController)).controller()->committed_image();
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

  World<node::Process> world_;
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

}  // namespace
}  // namespace odradek::sim
