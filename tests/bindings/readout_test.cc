// What `--describe` prints of a cluster made by hand.
#include "bindings/cli/readout.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace odradek::cli {
namespace {

sim::ReplicaView log_to(std::int64_t end, bool leads) {
  return {.log_end = Offset(end),
          .high_watermark = Offset(7),
          .is_leader = leads,
          .leader_epoch = LeaderEpoch(3)};
}

/// Broker 3 is down, and was the last of the ISR of orders-1.
Described a_readout(std::vector<std::string> parts) {
  const std::vector<BrokerId> all = {BrokerId(1), BrokerId(2), BrokerId(3)};
  sim::TopicReadout topic{
      .name = "orders", .id = {.high = 1, .low = 2}, .configs = {{"min.insync.replicas", "2"}}};
  topic.partitions.push_back({.id = PartitionId(0),
                              .committed = {.replicas = all,
                                            .isr = {BrokerId(1), BrokerId(2)},
                                            .leader = BrokerId(1),
                                            .leader_epoch = LeaderEpoch(3),
                                            .partition_epoch = PartitionEpoch(5)},
                              .held = {{BrokerId(1), log_to(9, true)}, {BrokerId(2), log_to(7, false)}}});
  topic.partitions.push_back({.id = PartitionId(1),
                              .committed = {.replicas = {BrokerId(3)},
                                            .elr = {BrokerId(3)},
                                            .last_known_elr = {BrokerId(3)},
                                            .leader_epoch = LeaderEpoch(2),
                                            .partition_epoch = PartitionEpoch(4)},
                              .held = {}});
  sim::Readout readout{.at = sim::Instant() + milliseconds(5'432),
                       .event = 2'345,
                       .phase = sim::Phase::kSafety,
                       .since_ready = seconds(5),
                       .committed = Offset(31),
                       .topics = {topic}};
  readout.brokers = {
      {.id = BrokerId(1),
       .rack = "a",
       .registration =
           metadata::BrokerRegistration{.id = BrokerId(1), .epoch = BrokerEpoch(4), .fenced = false},
       .process = sim::NodeState::kPaused,
       .state = node::BrokerState::kRunning,
       .metadata_offset = Offset(30)},
      {.id = BrokerId(2),
       .registration =
           metadata::BrokerRegistration{
               .id = BrokerId(2), .epoch = BrokerEpoch(5), .fenced = false, .in_controlled_shutdown = true},
       .process = sim::NodeState::kUp,
       .state = node::BrokerState::kPendingControlledShutdown,
       .metadata_offset = Offset(31)},
      {.id = BrokerId(3)}};
  readout.quorum = {.cluster_id = {.high = 3, .low = 4},
                    .partition = {.leader_id = NodeId(101),
                                  .leader_epoch = LeaderEpoch(2),
                                  .high_watermark = Offset(31),
                                  .current_voters = {{.replica_id = NodeId(101),
                                                      .replica_directory_id = {.high = 5, .low = 6},
                                                      .log_end_offset = Offset(32),
                                                      .last_fetch_timestamp = Timestamp(1'700),
                                                      .last_caught_up_timestamp = Timestamp(1'700)},
                                                     {.replica_id = NodeId(102),
                                                      .log_end_offset = Offset(28),
                                                      .last_fetch_timestamp = Timestamp(1'650),
                                                      .last_caught_up_timestamp = Timestamp(1'600)}},
                                  .observers = {{.replica_id = NodeId(1)}}}};
  return {.argument = {.parts = std::move(parts), .at = seconds(5)}, .readout = readout};
}

std::string text(const std::string& part) { return readout_text(a_readout({part}), Style(false)); }

constexpr std::string_view kWhen =
    "as of 5 s after the cluster was ready, in phase safety: clients work and faults strike\n"
    "      5.432 s after the start of the simulation, event 2,345\n\n";

TEST(ReadoutText, TopicsAreInTheWordsOfKafkaTopics) {
  EXPECT_EQ(
      text("topics"),
      std::string(kWhen) +
          R"(Topic: orders  TopicId: AAAAAAAAAAEAAAAAAAAAAg  PartitionCount: 2  ReplicationFactor: 3  Configs: min.insync.replicas=2
  Partition  Leader  Replicas  Isr  Elr  LastKnownElr  LeaderEpoch  PartitionEpoch  HighWatermark  LogEndOffset
  0          1       1,2,3     1,2  -    -             3            5               7              1:9 2:7 3:-
  1          none    3         -    3    3             2            4               -              3:-
  Isr: in sync with the leader. Elr: has left the Isr, and may lead all the same. HighWatermark: as the leader knows it.
  LogEndOffset: of each replica, whose log is not open where there is a "-".

)");
}

TEST(ReadoutText, BrokersAreAsRegisteredAndAsTheyFare) {
  EXPECT_EQ(text("brokers"), std::string(kWhen) + R"(Brokers
  BrokerId  BrokerEpoch  Rack  State                Process                          MetadataOffset
  1         4            a     unfenced             paused, RUNNING                  30
  2         5            -     controlled shutdown  up, PENDING_CONTROLLED_SHUTDOWN  31
  3         -            -     not registered       down                             -
  State: as the controllers have committed it, in a metadata log that ends at offset 31. MetadataOffset: up to where
  the broker knows that log.

)");
}

TEST(ReadoutText, TheQuorumIsInTheWordsOfKafkaMetadataQuorum) {
  EXPECT_EQ(text("quorum"), std::string(kWhen) + R"(Metadata quorum
  ClusterId:              AAAAAAAAAAMAAAAAAAAABA
  LeaderId:               101
  LeaderEpoch:            2
  HighWatermark:          31
  MaxFollowerLag:         4
  MaxFollowerLagTimeMs:   100
  CurrentVoters:          [{"id": 101, "directoryId": "AAAAAAAAAAUAAAAAAAAABg"}, {"id": 102, "directoryId": null}]
  CurrentObservers:       [{"id": 1, "directoryId": null}]

  NodeId  DirectoryId             LogEndOffset  Lag  LastFetchTimestamp  LastCaughtUpTimestamp  Status
  101     AAAAAAAAAAUAAAAAAAAABg  32            0    1700                1700                   Leader
  102     -                       28            4    1650                1600                   Follower
  1       -                       -             -    -                   -                      Observer

)");
}

TEST(ReadoutText, HasThePartsInTheOrderInWhichTheyWereAskedFor) {
  const std::string all = readout_text(a_readout({"quorum", "topics"}), Style(false));
  EXPECT_LT(all.find("Metadata quorum"), all.find("Topic: orders"));
  EXPECT_EQ(all.find("Brokers"), std::string::npos);
}

TEST(ReadoutJson, SaysTheSame) {
  const nlohmann::ordered_json json = readout_json(a_readout({"topics", "brokers", "quorum"}));
  EXPECT_EQ(json.at("phase"), "safety");
  EXPECT_EQ(json.at("since_ready_ns"), 5'000'000'000);
  const auto& partition = json.at("topics")[0].at("partitions")[0];
  EXPECT_EQ(partition.at("leader"), 1);
  EXPECT_EQ(partition.at("isr"), nlohmann::ordered_json({1, 2}));
  EXPECT_EQ(partition.at("high_watermark"), 7);
  EXPECT_TRUE(json.at("topics")[0].at("partitions")[1].at("leader").is_null());
  EXPECT_EQ(json.at("brokers")[1].at("state"), "controlled shutdown");
  EXPECT_TRUE(json.at("brokers")[2].at("epoch").is_null());
  EXPECT_EQ(json.at("quorum").at("current_voters")[1].at("lag"), 4);
}

}  // namespace
}  // namespace odradek::cli
