// Each fault on a world of toy processes: that it bites, that it heals, and when it is refused.
#include <gtest/gtest.h>

#include "tests/sim/faults/toy_cluster.h"

namespace odradek::sim {
namespace {

using Kind = NodeSelector::Kind;

NodeSelector broker(std::int32_t id) { return {.kind = Kind::kNode, .node = NodeId(id)}; }
NodeSelector leader() { return {.kind = Kind::kLeaderOf, .name = "orders"}; }

PlanEntry at(Duration time, Fault fault, std::optional<Duration> duration = std::nullopt) {
  return {.when = time, .fault = std::move(fault), .duration = duration};
}

std::uint64_t bitten(const ToyCluster& cluster, const std::string& kind) {
  const auto found = cluster.faults().bitten().find(kind);
  return found == cluster.faults().bitten().end() ? 0 : found->second;
}

TEST(Crash, KillsTheProcessAndStartsItAgain) {
  ToyCluster cluster({at(milliseconds(100), CrashFault{broker(2)}, seconds(1))});
  cluster.open();
  cluster.run_for(milliseconds(200));
  EXPECT_EQ(cluster.state(NodeId(2)), NodeState::kDown);
  EXPECT_EQ(cluster.answers_within(milliseconds(500), 1, 2), 0);
  cluster.run_for(seconds(1));
  EXPECT_EQ(cluster.state(NodeId(2)), NodeState::kUp);
  EXPECT_GT(cluster.answers_within(milliseconds(500), 1, 2), 0);
  EXPECT_EQ(cluster.world().incarnation(NodeId(2)), 2u);
  EXPECT_EQ(bitten(cluster, "crash"), 1u);
}

TEST(Pause, StopsTheProcessAndLosesNothing) {
  ToyCluster cluster({at(milliseconds(100), PauseFault{leader()}, seconds(1))});
  cluster.open();
  cluster.run_for(milliseconds(200));
  EXPECT_EQ(cluster.state(NodeId(1)), NodeState::kPaused);
  const std::int64_t rounds = cluster.talker(1).rounds();
  EXPECT_EQ(cluster.answers_within(milliseconds(500), 2, 1), 0);
  EXPECT_EQ(cluster.talker(1).rounds(), rounds);
  cluster.run_for(seconds(1));
  EXPECT_GT(cluster.answers_within(milliseconds(500), 2, 1), 0);
  EXPECT_EQ(cluster.world().incarnation(NodeId(1)), 1u);
  EXPECT_EQ(cluster.talker(2).losses(), 0);
  EXPECT_EQ(bitten(cluster, "pause"), 1u);
}

TEST(Isolate, SilencesANodeInBothDirections) {
  ToyCluster cluster({at(milliseconds(100), IsolateFault{broker(2)}, seconds(1))});
  cluster.open();
  cluster.run_for(milliseconds(200));
  EXPECT_EQ(cluster.answers_within(milliseconds(300), 1, 2), 0);
  EXPECT_EQ(cluster.answers_within(milliseconds(300), 2, 101), 0);
  EXPECT_GT(cluster.talker(2).rounds(), 0);
  EXPECT_GT(cluster.answers_within(milliseconds(100), 1, 3), 0);
  cluster.run_for(seconds(1));
  EXPECT_GT(cluster.answers_within(milliseconds(500), 1, 2), 0);
  EXPECT_EQ(bitten(cluster, "isolate"), 1u);
}

TEST(Partition, CutsOnlyItsTwoEnds) {
  ToyCluster cluster({at(milliseconds(100), PartitionFault{.a = broker(1), .b = broker(2)}, seconds(1))});
  cluster.open();
  cluster.run_for(milliseconds(200));
  EXPECT_EQ(cluster.answers_within(milliseconds(200), 1, 2), 0);
  EXPECT_EQ(cluster.answers_within(milliseconds(200), 2, 1), 0);
  EXPECT_GT(cluster.answers_within(milliseconds(200), 1, 3), 0);
  EXPECT_GT(cluster.answers_within(milliseconds(200), 3, 2), 0);
  cluster.run_for(seconds(1));
  EXPECT_GT(cluster.answers_within(milliseconds(500), 1, 2), 0);
  EXPECT_EQ(bitten(cluster, "partition"), 1u);
}

TEST(Partition, OneWayBlocksOnlyTheOneWay) {
  ToyCluster cluster(
      {at(milliseconds(100), PartitionFault{.a = broker(1), .b = broker(2), .one_way = true})});
  cluster.open();
  cluster.run_for(milliseconds(200));
  EXPECT_TRUE(cluster.world().network().is_blocked({.from = NodeId(1), .to = NodeId(2)}));
  EXPECT_FALSE(cluster.world().network().is_blocked({.from = NodeId(2), .to = NodeId(1)}));
}

TEST(Partition, ThatNobodyNoticesHasNotBitten) {
  ToyCluster cluster(
      {at(milliseconds(100), CrashFault{broker(2)}, seconds(2)),
       at(seconds(1), PartitionFault{.a = broker(2), .b = broker(3), .one_way = true}, seconds(0))});
  cluster.open();
  cluster.run_for(seconds(2));
  EXPECT_EQ(bitten(cluster, "partition"), 0u);
  EXPECT_EQ(bitten(cluster, "crash"), 0u) << "it counts when it is over";
}

TEST(Partition, OfTwoFaultsOpensWithTheLast) {
  ToyCluster cluster(
      {at(milliseconds(100), PartitionFault{.a = broker(1), .b = broker(2)}, milliseconds(500)),
       at(milliseconds(200), IsolateFault{broker(2)}, seconds(1))});
  cluster.open();
  cluster.run_for(milliseconds(900));
  EXPECT_TRUE(cluster.world().network().is_blocked({.from = NodeId(1), .to = NodeId(2)}));
  cluster.run_for(milliseconds(400));
  EXPECT_FALSE(cluster.world().network().is_blocked({.from = NodeId(1), .to = NodeId(2)}));
}

TEST(Reset, EndsConnectionsWhichAreOpenedAgain) {
  ToyCluster cluster({at(milliseconds(100), ResetFault{.a = broker(1), .b = broker(2)})});
  cluster.open();
  cluster.run_for(milliseconds(200));
  EXPECT_EQ(cluster.talker(1).losses(), 1);
  EXPECT_EQ(cluster.talker(2).losses(), 1);
  EXPECT_EQ(cluster.talker(3).losses(), 0);
  EXPECT_GT(cluster.answers_within(milliseconds(500), 1, 2), 0);
  EXPECT_EQ(bitten(cluster, "reset"), 1u);
}

TEST(Delay, SlowsOneDirection) {
  ToyCluster cluster(
      {at(milliseconds(100), DelayFault{.a = broker(1), .b = broker(2), .extra = milliseconds(200)},
          seconds(2))});
  cluster.open();
  const std::int64_t quick = cluster.answers_within(milliseconds(100), 1, 2);
  EXPECT_GE(quick, 4);
  cluster.run_for(milliseconds(500));
  EXPECT_LE(cluster.answers_within(seconds(1), 1, 2), 5);
  EXPECT_GT(cluster.answers_within(seconds(1), 1, 3), 40);
  cluster.run_for(seconds(1));
  EXPECT_GT(cluster.answers_within(seconds(1), 1, 2), 40);
  EXPECT_EQ(bitten(cluster, "delay"), 1u);
}

TEST(Hold, KeepsBackOneKindOfMessageAndReleasesIt) {
  const HoldFault hold{.api = api::ApiKey::kFetch, .response = true, .from = broker(2), .to = broker(1)};
  ToyCluster cluster({at(milliseconds(100), hold, seconds(1))});
  cluster.open();
  cluster.run_for(milliseconds(300));
  EXPECT_EQ(cluster.answers_within(milliseconds(500), 1, 2), 0);
  EXPECT_GT(cluster.answers_within(milliseconds(100), 2, 1), 0);
  cluster.run_for(milliseconds(500));
  EXPECT_GT(cluster.answers_within(milliseconds(500), 1, 2), 0);
  EXPECT_EQ(cluster.talker(1).losses(), 0);
  EXPECT_EQ(bitten(cluster, "hold"), 1u);
}

TEST(Hold, ThatMeetsNoMessageHasNotBitten) {
  const HoldFault hold{.api = api::ApiKey::kProduce, .from = broker(2), .to = {.kind = Kind::kEverybody}};
  ToyCluster cluster({at(milliseconds(100), hold, seconds(1))});
  cluster.open();
  cluster.run_for(seconds(2));
  EXPECT_EQ(bitten(cluster, "hold"), 0u);
  EXPECT_TRUE(cluster.faults().skipped().empty());
}

TEST(Reorder, RotatesThePresentOrder) {
  ToyCluster cluster({at(milliseconds(1), ReorderAction{.topic = "orders", .rotation = 1}),
                      at(milliseconds(2), ReorderAction{.topic = "orders", .rotation = 3}),
                      at(milliseconds(3), ReorderAction{.topic = "shipments", .rotation = 1})});
  cluster.open();
  cluster.run_for(milliseconds(100));
  ASSERT_EQ(cluster.administered.size(), 1u);
  const auto& request = std::get<api::AlterPartitionReassignmentsRequest>(cluster.administered[0]);
  const std::vector<BrokerId> rotated{BrokerId(2), BrokerId(3), BrokerId(1)};
  EXPECT_EQ(request.topics.at(0).partitions.at(0).replicas, rotated);
  ASSERT_EQ(cluster.faults().skipped().size(), 2u);
  EXPECT_EQ(cluster.faults().skipped()[0], "reorder orders-0: orders-0 has this order already");
  EXPECT_EQ(cluster.faults().skipped()[1], "reorder shipments-0: shipments-0 does not exist");
}

/// What an administrator asks for when the deed is done; nothing when it is skipped, and then why.
std::pair<std::vector<api::Request>, std::vector<std::string>> deed(Fault fault) {
  ToyCluster cluster({at(milliseconds(1), std::move(fault))});
  cluster.open();
  cluster.run_for(milliseconds(100));
  return {cluster.administered, cluster.faults().skipped()};
}

template <class Request>
Request asked(Fault fault) {
  const auto [requests, skipped] = deed(std::move(fault));
  EXPECT_TRUE(skipped.empty()) << skipped.front();
  return requests.size() == 1 ? std::get<Request>(requests.front()) : Request{};
}

std::string skipped(Fault fault) {
  const auto [requests, reasons] = deed(std::move(fault));
  EXPECT_TRUE(requests.empty());
  return reasons.empty() ? "" : reasons.front();
}

TEST(Topics, AreCreatedAndDeletedAndGrow) {
  const auto created = asked<api::CreateTopicsRequest>(
      CreateTopicAction{.topic = "extra", .partitions = 2, .replication_factor = 3});
  EXPECT_EQ(created.topics.front().name, "extra");
  EXPECT_EQ(created.topics.front().num_partitions, 2);
  EXPECT_EQ(created.topics.front().replication_factor, 3);
  EXPECT_EQ(skipped(CreateTopicAction{.topic = "orders"}), "create-topic orders: orders exists already");

  EXPECT_EQ(asked<api::DeleteTopicsRequest>(DeleteTopicAction{.topic = "orders"}).topics.front().name,
            "orders");
  EXPECT_EQ(skipped(DeleteTopicAction{.topic = "extra"}), "delete-topic extra: extra does not exist");

  const auto grown =
      asked<api::CreatePartitionsRequest>(CreatePartitionsAction{.topic = "orders", .count = 9});
  EXPECT_EQ(grown.topics.front().count, 9);
  EXPECT_EQ(skipped(CreatePartitionsAction{.topic = "extra", .count = 9}),
            "create-partitions extra to 9: extra does not exist");
  EXPECT_EQ(skipped(CreatePartitionsAction{.topic = "orders", .count = 1}),
            "create-partitions orders to 1: orders has as many already");
}

TEST(Reassign, MovesToTheBrokersNamedOrFurtherRound) {
  const auto replicas = [](const ReassignAction& action) {
    const auto request = asked<api::AlterPartitionReassignmentsRequest>(action);
    return request.topics.front().partitions.front().replicas.value();
  };
  const std::vector<BrokerId> named{BrokerId(2), BrokerId(3)};
  EXPECT_EQ(replicas({.topic = "orders", .replicas = named}), named);
  EXPECT_EQ(replicas({.topic = "orders", .replicas = {}, .shift = 1}),
            (std::vector{BrokerId(2), BrokerId(3), BrokerId(1)}));
  EXPECT_EQ(skipped(ReassignAction{.topic = "orders", .replicas = {}, .shift = 3}),
            "reassign orders-0: orders-0 is there already");

  const auto cancelled =
      asked<api::AlterPartitionReassignmentsRequest>(CancelReassignAction{.topic = "orders"});
  EXPECT_FALSE(cancelled.topics.front().partitions.front().replicas.has_value());
  EXPECT_EQ(skipped(CancelReassignAction{.topic = "extra"}),
            "cancel-reassign extra-0: extra-0 does not exist");
}

TEST(AlterConfig, NamesATopicABrokerOrAllBrokers) {
  const auto resource = [](AlterConfigAction action) {
    return asked<api::IncrementalAlterConfigsRequest>(std::move(action)).resources.front();
  };
  const auto topic = resource({.resource = "orders", .property = "min.insync.replicas", .value = "2"});
  EXPECT_EQ(topic.resource_type, api::ResourceType::kTopic);
  EXPECT_EQ(topic.configs.front().value, "2");
  const auto one = resource({.resource = "broker:2", .property = "message.max.bytes", .value = {}});
  EXPECT_EQ(one.resource_type, api::ResourceType::kBroker);
  EXPECT_EQ(one.resource_name, "2");
  EXPECT_EQ(one.configs.front().config_operation, api::ConfigOperation::kDelete);
  EXPECT_EQ(resource({.resource = "broker:all", .property = "p", .value = "v"}).resource_name, "");
  EXPECT_EQ(skipped(AlterConfigAction{.resource = "extra", .property = "p", .value = "v"}),
            "alter-config extra p=v: extra does not exist");
}

TEST(ElectUnclean, IsForPartitionsWithoutALeader) {
  EXPECT_EQ(skipped(ElectUncleanAction{.topic = "orders"}), "elect-unclean orders-0: orders-0 has a leader");
}

TEST(UnregisterBroker, AsksTheController) {
  EXPECT_EQ(asked<api::UnregisterBrokerRequest>(UnregisterBrokerAction{.node = broker(2)}).broker_id,
            BrokerId(2));
}

TEST(UpdateFeature, AsksForALevelUpOrDown) {
  const auto update = [](UpdateFeatureAction action) {
    return asked<api::UpdateFeaturesRequest>(std::move(action)).feature_updates.front();
  };
  const auto up = update({.feature = "kraft.version", .level = 1});
  EXPECT_EQ(up.feature, "kraft.version");
  EXPECT_EQ(up.max_version_level, 1);
  EXPECT_EQ(up.upgrade_type, api::UpgradeType::kUpgrade);
  const auto down = update({.feature = "eligible.leader.replicas.version", .level = 0, .downgrade = true});
  EXPECT_EQ(down.upgrade_type, api::UpgradeType::kSafeDowngrade);
}

TEST(ElectPreferred, AsksTheController) {
  ToyCluster cluster({at(milliseconds(1), ElectPreferredAction{.topic = "orders"})});
  cluster.open();
  cluster.run_for(milliseconds(100));
  ASSERT_EQ(cluster.administered.size(), 1u);
  EXPECT_EQ(std::get<api::ElectLeadersRequest>(cluster.administered[0]).election_type,
            api::ElectionType::kPreferred);
}

TEST(Send, IsRefusedWhenNoProducerRuns) {
  const SendAction send{.topic = "orders", .records = 3};
  ToyCluster cluster({at(milliseconds(1), send), at(milliseconds(200), send)});
  cluster.open();
  cluster.run_for(milliseconds(100));
  EXPECT_EQ(cluster.records_sent, 3);
  cluster.producers_run = false;
  cluster.run_for(milliseconds(200));
  EXPECT_EQ(cluster.records_sent, 3);
  EXPECT_EQ(cluster.faults().skipped().size(), 1u);
}

// Selectors
// ---------------------------------------------------------------------------------------------------

TEST(Selector, MeansWhoLeadsWhenTheFaultStrikes) {
  ToyCluster cluster({at(milliseconds(100), CrashFault{leader()}, seconds(5))});
  cluster.open();
  cluster.set_leader(BrokerId(3));
  cluster.run_for(milliseconds(200));
  EXPECT_EQ(cluster.state(NodeId(3)), NodeState::kDown);
}

TEST(Selector, OfALeaderlessPartitionIsSkipped) {
  ToyCluster cluster({at(milliseconds(100), CrashFault{leader()}, seconds(5))});
  cluster.set_leader(std::nullopt);
  cluster.open();
  cluster.run_for(milliseconds(200));
  ASSERT_EQ(cluster.faults().skipped().size(), 1u);
  EXPECT_EQ(cluster.faults().skipped()[0], "crash leader:orders-0: leader:orders-0 means nobody at present");
}

TEST(Selector, OfAnyFollowerNeverMeansTheLeader) {
  for (std::uint32_t choice = 0; choice < 4; ++choice) {
    ToyCluster cluster(
        {at(milliseconds(1), CrashFault{{.kind = Kind::kFollowerOf, .name = "orders", .choice = choice}})});
    cluster.open();
    cluster.run_for(milliseconds(10));
    EXPECT_EQ(cluster.state(NodeId(1)), NodeState::kUp);
    EXPECT_NE(cluster.state(NodeId(2)), cluster.state(NodeId(3)));
  }
}

// Budget and timeline
// -----------------------------------------------------------------------------------------

TEST(Budget, RefusesASecondBrokerAndRecordsIt) {
  ToyCluster cluster({at(milliseconds(100), CrashFault{broker(1)}, seconds(2)),
                      at(milliseconds(200), PauseFault{broker(2)}, seconds(1)),
                      at(milliseconds(300), IsolateFault{broker(3)}, seconds(1)),
                      at(seconds(3), PauseFault{broker(2)}, seconds(1))});
  cluster.open();
  cluster.run_for(seconds(5));
  ASSERT_EQ(cluster.faults().skipped().size(), 2u);
  EXPECT_EQ(cluster.faults().skipped()[0], "pause b2: 2 brokers would be down, the budget allows 1");
  EXPECT_EQ(cluster.faults().skipped()[1], "isolate b3: 2 brokers would be down, the budget allows 1");
  EXPECT_EQ(cluster.faults().stage(3), FaultRun::Stage::kOver);
}

TEST(Budget, CountsABrokerOnceHoweverManyFaultsHitIt) {
  ToyCluster cluster({at(milliseconds(100), IsolateFault{broker(1)}, seconds(2)),
                      at(milliseconds(200), CrashFault{broker(1)}, seconds(1))});
  cluster.open();
  cluster.run_for(milliseconds(300));
  EXPECT_TRUE(cluster.faults().skipped().empty());
  EXPECT_EQ(cluster.state(NodeId(1)), NodeState::kDown);
}

TEST(Budget, SparesControllersAndClientsIfItSaysSo) {
  ToyCluster cluster({at(milliseconds(100), CrashFault{{.kind = Kind::kController}}),
                      at(milliseconds(100), CrashFault{{.kind = Kind::kAnyClient}})},
                     {.max_down = 1, .controllers = false, .clients = false});
  cluster.open();
  cluster.run_for(milliseconds(200));
  EXPECT_EQ(cluster.faults().skipped().size(), 2u);
  EXPECT_EQ(cluster.state(NodeId(101)), NodeState::kUp);
  EXPECT_EQ(cluster.state(NodeId(1001)), NodeState::kUp);
}

TEST(FaultRun, StrikesAfterTheNthEventThatMatches) {
  PlanEntry entry{.when = EventCondition{.event = "AdvanceHighWatermark",
                                         .topic = "orders",
                                         .partition = PartitionId(0),
                                         .node = NodeId(2),
                                         .nth = 10},
                  .after = milliseconds(30),
                  .fault = CrashFault{broker(3)}};
  ToyCluster cluster({entry});
  cluster.open();
  const std::int64_t before = cluster.talker(2).rounds();
  while (cluster.talker(2).rounds() < before + 10) cluster.run_for(milliseconds(1));
  EXPECT_EQ(cluster.state(NodeId(3)), NodeState::kUp);
  cluster.run_for(milliseconds(28));
  EXPECT_EQ(cluster.state(NodeId(3)), NodeState::kUp);
  cluster.run_for(milliseconds(3));
  EXPECT_EQ(cluster.state(NodeId(3)), NodeState::kDown);
}

TEST(FaultRun, SkipsWhatWaitedInVain) {
  ToyCluster cluster({{.when = EventCondition{.event = "AdvanceHighWatermark", .topic = "shipments"},
                       .fault = CrashFault{broker(3)}},
                      {.when = EventCondition{.event = "TruncateLog"}, .fault = CrashFault{broker(3)}},
                      at(seconds(100), CrashFault{broker(3)})});
  cluster.open();
  cluster.run_for(seconds(1));
  cluster.close();
  const std::vector<std::string> skipped{"crash b3: what it waited for did not happen",
                                         "crash b3: what it waited for did not happen",
                                         "crash b3: the faults ended before it was due"};
  EXPECT_EQ(cluster.faults().skipped(), skipped);
}

TEST(FaultRun, StartsNoNodeThatAnotherFaultKeepsDown) {
  const CrashInsideFault doom{.node = broker(1), .where = {.steps = 1'000'000}};
  ToyCluster cluster({at(milliseconds(10), doom, milliseconds(500)),
                      at(milliseconds(100), CrashFault{broker(1)}, seconds(2))});
  cluster.open();
  cluster.run_for(seconds(1));
  EXPECT_EQ(cluster.faults().stage(0), FaultRun::Stage::kOver);
  EXPECT_EQ(cluster.state(NodeId(1)), NodeState::kDown);
  cluster.run_for(seconds(2));
  EXPECT_EQ(cluster.state(NodeId(1)), NodeState::kUp);
}

TEST(FaultRun, LeavesNothingBehindWhenItIsClosed) {
  ToyCluster cluster(
      {at(milliseconds(10), CrashFault{broker(1)}), at(milliseconds(10), PauseFault{broker(2)}),
       at(milliseconds(10), IsolateFault{broker(3)}),
       at(milliseconds(10), HoldFault{.api = api::ApiKey::kFetch,
                                      .from = {.kind = Kind::kEverybody},
                                      .to = {.kind = Kind::kEverybody}})},
      {.max_down = 3});
  cluster.open();
  cluster.run_for(seconds(1));
  cluster.close();
  cluster.run_for(seconds(1));
  for (const std::int32_t from : {1, 2, 3, 101, 1001}) {
    EXPECT_GT(cluster.answers_within(milliseconds(100), from, from == 1 ? 2 : 1), 0) << from;
  }
  for (const auto* kind : {"crash", "pause", "isolate", "hold"}) EXPECT_EQ(bitten(cluster, kind), 1u) << kind;
}

}  // namespace
}  // namespace odradek::sim
