// How the metadata log gets from its leader to the others, and what counts as committed.
#include <gtest/gtest.h>

#include "tests/engine/raft/quorum_bench.h"

namespace odradek::raft {
namespace {

/// The two that do not lead.
std::pair<int, int> others(int leader) {
  if (leader == 101) return {102, 103};
  return {101, leader == 102 ? 103 : 102};
}

TEST(Replication, CommitsWhatAMajorityHasFlushed) {
  Quorum quorum(3);
  quorum.boot_all();
  const int leader = quorum.run_until_active();
  quorum.run(1'000);
  const auto [a, b] = others(leader);
  quorum.at(a).disk_held = true;
  quorum.at(b).disk_held = true;
  const Offset offset = *quorum.append(leader);
  quorum.run(500);
  EXPECT_EQ(quorum.replica(leader).high_watermark(), offset);
  quorum.at(b).disk_held = false;
  quorum.run(50);
  EXPECT_EQ(quorum.replica(leader).high_watermark(), offset + 1);
  EXPECT_EQ(quorum.replica(b).high_watermark(), offset + 1);  // woken by the high watermark (KIP-1166)
}

TEST(Replication, WithFlawK03CommitsWhatNobodyHasFlushed) {
  Quorum quorum(3, {}, {.count_before_flush = true});
  quorum.boot_all();
  const int leader = quorum.run_until_active();
  quorum.run(1'000);
  for (const int id : {101, 102, 103}) quorum.at(id).disk_held = true;
  const Offset offset = *quorum.append(leader);
  quorum.run(50);
  EXPECT_EQ(quorum.replica(leader).high_watermark(), offset + 1);
}

TEST(Replication, TruncatesWhatAnotherLeaderHasNot) {
  Quorum quorum(3);
  quorum.boot_all();
  const int first = quorum.run_until_active();
  quorum.run(1'000);
  quorum.isolate(first);
  const Offset lost = *quorum.append(first);
  (void)quorum.append(first);
  quorum.run(6'000);
  const int second = quorum.run_until_active();
  ASSERT_NE(second, first);
  (void)quorum.append(second);
  quorum.heal();
  quorum.run(5'000);
  EXPECT_EQ(quorum.replica(first).log().end(), quorum.replica(second).log().end());
  EXPECT_GT(quorum.replica(first).log().log().end_offset_for(quorum.replica(second).epoch())->end_offset,
            lost);
  EXPECT_NE(std::ranges::find(quorum.at(first).probes, Probe::kMetadataTruncated),
            quorum.at(first).probes.end());
  EXPECT_EQ(quorum.at(first).taken, quorum.at(second).taken);
}

TEST(Replication, NothingIsAppendedBehindACutThatIsNotDurable) {
  Quorum quorum(3);
  quorum.boot_all();
  const int first = quorum.run_until_active();
  quorum.run(1'000);
  quorum.isolate(first);
  (void)quorum.append(first);
  quorum.run(6'000);
  const int second = quorum.run_until_active();
  (void)quorum.append(second);
  quorum.at(first).cuts_held = true;
  quorum.heal();
  for (int i = 0; i < 2'000 && !quorum.replica(first).log().is_cutting(); ++i) quorum.run(5);
  ASSERT_TRUE(quorum.replica(first).log().is_cutting());
  const Offset end = quorum.replica(first).log().end_offset();
  quorum.run(1'000);
  EXPECT_EQ(quorum.replica(first).log().end_offset(), end);
  quorum.at(first).cuts_held = false;
  quorum.run(2'000);
  EXPECT_EQ(quorum.replica(first).log().end(), quorum.replica(second).log().end());
}

TEST(Replication, AnObserverFindsTheLeaderAndCountsInNoMajority) {
  Quorum quorum(1);
  quorum.add(NodeId(1), false);
  quorum.boot_all();
  const int leader = quorum.run_until_active();
  quorum.run(200);
  EXPECT_EQ(quorum.replica(1).leader(), NodeId(leader));
  EXPECT_EQ(quorum.role(1), RoleKind::kFollower);
  quorum.crash(NodeId(1));
  const Offset offset = *quorum.append(leader);
  quorum.run(50);
  EXPECT_EQ(quorum.replica(leader).high_watermark(), offset + 1);
  quorum.boot(NodeId(1));
  quorum.run(1'000);
  EXPECT_EQ(quorum.at(1).taken, quorum.at(leader).taken);
}

TEST(Replication, ALeaderAppendsOnlyOnceARecordOfItsEpochIsCommitted) {
  Quorum quorum(3);
  quorum.boot_all();
  const int first = quorum.run_until_active();
  quorum.run(500);
  quorum.crash(NodeId(first));
  const auto [a, b] = others(first);
  for (int i = 0; i < 4'000; ++i) {
    quorum.run(5);
    for (const int id : {a, b}) {
      if (quorum.role(id) != RoleKind::kLeader) continue;
      const Leader& leader = std::get<Leader>(quorum.replica(id).role());
      if (leader.high_watermark()) {
        EXPECT_GT(*leader.high_watermark(), leader.epoch_start_offset());
      }
      EXPECT_EQ(quorum.replica(id).is_active(), leader.high_watermark().has_value());
    }
  }
}

TEST(Replication, RefusesFetchesWithKafkasCodes) {
  using enum api::ErrorCode;
  Quorum quorum(3);
  quorum.boot_all();
  const int leader = quorum.run_until_active();
  quorum.run(500);
  const QuorumReplica& replica = quorum.replica(leader);
  const auto fetch = [&](int node, const api::FetchPartition& wanted,
                         std::optional<Uuid> cluster = kCluster) {
    api::FetchRequest request{
        .replica_state = api::ReplicaState{.replica_id = NodeId(7), .replica_epoch = {}}, .max_wait_ms = 0};
    request.cluster_id = cluster;
    request.topics.push_back({.topic_id = api::kMetadataTopicId, .partitions = {wanted}});
    const auto response = quorum.ask<api::FetchResponse>(node, request);
    if (response->responses.empty()) return std::pair(response->error_code, api::FetchPartitionData{});
    const api::FetchPartitionData& data = response->responses.front().partitions.front();
    return std::pair(data.error_code, data);
  };
  const api::FetchPartition good{.partition = PartitionId(0),
                                 .current_leader_epoch = replica.epoch(),
                                 .fetch_offset = replica.log().end_offset(),
                                 .last_fetched_epoch = replica.log().last_epoch()};
  EXPECT_EQ(fetch(leader, good).first, kNone);
  EXPECT_EQ(fetch(leader, good, Uuid{.high = 9, .low = 9}).first, kInconsistentClusterId);
  api::FetchPartition wanted = good;
  wanted.current_leader_epoch = replica.epoch() - 1;
  wanted.last_fetched_epoch = LeaderEpoch(0);
  const auto fenced = fetch(leader, wanted);
  EXPECT_EQ(fenced.first, kFencedLeaderEpoch);
  EXPECT_EQ(fenced.second.current_leader->leader_id, NodeId(leader));
  wanted.current_leader_epoch = replica.epoch() + 1;
  EXPECT_EQ(fetch(leader, wanted).first, kUnknownLeaderEpoch);
  wanted = good;
  wanted.fetch_offset = Offset(-1);
  EXPECT_EQ(fetch(leader, wanted).first, kInvalidRequest);
  wanted = good;
  wanted.last_fetched_epoch = replica.epoch() + 1;
  EXPECT_EQ(fetch(leader, wanted).first, kInvalidRequest);
  wanted = good;
  wanted.fetch_offset = good.fetch_offset + 5;
  const auto diverges = fetch(leader, wanted);
  EXPECT_EQ(diverges.second.diverging_epoch->end_offset, replica.log().end_offset());
  const int follower = others(leader).first;
  EXPECT_EQ(fetch(follower, good).first, kNotLeaderOrFollower);
}

io::QuorumConfig small_snapshots() {
  io::QuorumConfig config;
  config.metadata_log_max_record_bytes_between_snapshots = 500;
  config.metadata_log_segment_bytes = 1'024;
  config.metadata_max_retention_bytes = 1'500;
  return config;
}

TEST(Snapshots, AreWrittenAndLetTheLogForget) {
  Quorum quorum(3, small_snapshots());
  quorum.boot_all();
  const int leader = quorum.run_until_active();
  for (int i = 0; i < 60; ++i) {
    (void)quorum.append(leader);
    quorum.run(20);
  }
  const RaftLog& log = quorum.replica(leader).log();
  EXPECT_GT(log.start_offset(), Offset(0));
  EXPECT_EQ(log.snapshots().earliest()->offset, log.start_offset());
  EXPECT_GT(log.log().log_start_offset(), Offset(0));  // segments are gone, not hidden
}

TEST(Snapshots, BringAFollowerUpThatWasAwayForTooLong) {
  Quorum quorum(3, small_snapshots());
  quorum.boot_all();
  const int leader = quorum.run_until_active();
  quorum.run(500);
  const int away = others(leader).first;
  quorum.crash(NodeId(away));
  const Offset end = quorum.replica(away).log().end_offset();
  for (int i = 0; i < 60; ++i) {
    (void)quorum.append(leader);
    quorum.run(20);
  }
  ASSERT_GT(quorum.replica(leader).log().start_offset(), end);
  quorum.boot(NodeId(away));
  quorum.run(3'000);
  EXPECT_EQ(quorum.replica(away).log().end(), quorum.replica(leader).log().end());
  EXPECT_GT(quorum.replica(away).log().start_offset(), end);
  EXPECT_NE(std::ranges::find(quorum.at(away).probes, Probe::kSnapshotFetched), quorum.at(away).probes.end());
  EXPECT_EQ(quorum.replica(away).voters(), quorum.replica(leader).voters());
}

TEST(Snapshots, ComeInPieces) {
  io::QuorumConfig config = small_snapshots();
  config.controller_quorum_fetch_snapshot_max_bytes = 32;
  Quorum quorum(3, config);
  quorum.boot_all();
  const int leader = quorum.run_until_active();
  quorum.run(500);
  const int away = others(leader).first;
  quorum.crash(NodeId(away));
  for (int i = 0; i < 60; ++i) {
    (void)quorum.append(leader);
    quorum.run(20);
  }
  quorum.boot(NodeId(away));
  quorum.run(3'000);
  EXPECT_EQ(quorum.replica(away).log().end(), quorum.replica(leader).log().end());
}

TEST(Snapshots, ARestartBeginsWithTheLatest) {
  Quorum quorum(1, small_snapshots());
  quorum.boot_all();
  (void)quorum.run_until_active();
  for (int i = 0; i < 60; ++i) {
    (void)quorum.append(101);
    quorum.run(20);
  }
  const OffsetAndEpoch end = quorum.replica(101).log().end();
  quorum.crash(NodeId(101));
  quorum.boot(NodeId(101));
  EXPECT_EQ(quorum.run_until_active(), 101);
  EXPECT_GT(quorum.replica(101).log().end_offset(), end.offset);
  EXPECT_LT(quorum.at(101).taken.size(), 40u);  // the rest is in the snapshot
}

}  // namespace
}  // namespace odradek::raft
