// Each promise of the metadata quorum: a history that keeps it, and one that does not.
#include "sim/checkers/quorum_watch.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace odradek::sim {
namespace {

using raft::RoleKind;

/// Batches of one record; `content` tells apart what two leaders wrote at one place.
struct Entry {
  int epoch = 0;
  std::uint64_t content = 0;
  bool names_voters = false;
};

class Log final : public QuorumReader {
 public:
  std::vector<Entry> entries;
  std::vector<Offset> snapshots;

  [[nodiscard]] std::vector<MetadataBatch> batches(Offset from, Offset to) const override {
    std::vector<MetadataBatch> batches;
    for (std::int64_t i = from.value(); i < to.value() && i < std::ssize(entries); ++i) {
      const Entry& entry = entries[static_cast<std::size_t>(i)];
      batches.push_back({.base = Offset(i),
                         .next = Offset(i + 1),
                         .epoch = LeaderEpoch(entry.epoch),
                         .content = {.high = 0, .low = entry.content},
                         .names_voters = entry.names_voters});
    }
    return batches;
  }
  [[nodiscard]] bool has_snapshot_to(Offset end) const override {
    return std::ranges::count(snapshots, end) != 0;
  }
};

Uuid directory_of(int node) { return {.high = 7, .low = static_cast<std::uint64_t>(node)}; }

raft::VoterSet voters(std::vector<int> nodes) {
  raft::VoterSet::Nodes set;
  for (const int node : nodes) set.emplace(NodeId(node), raft::VoterNode{.directory_id = directory_of(node)});
  return raft::VoterSet(set);
}

/// Voters 1, 2 and 3, in epoch 1 with nobody who leads.
class Quorum {
 public:
  Quorum() {
    watch_.set_fetch_timeout(1'000);
    for (const int node : {1, 2, 3}) {
      views[node] = {.node = NodeId(node),
                     .incarnation = 1,
                     .directory_id = directory_of(node),
                     .role = RoleKind::kUnattached,
                     .epoch = LeaderEpoch(1),
                     .is_state_durable = true,
                     .can_be_voter = true,
                     .voters = voters({1, 2, 3}),
                     .is_voter = true,
                     .may_stand = true};
      logs[node].entries = {{.epoch = 1, .content = 1}};
      see(node);
    }
  }

  std::map<int, QuorumReplicaView> views;
  std::map<int, Log> logs;

  void pass(Duration time) { now_ = now_ + time; }
  /// What the node has of its log is durable.
  void see(int node) {
    QuorumReplicaView& view = views[node];
    view.log_end = Offset(std::ssize(logs[node].entries));
    view.durable_end = view.log_end;
    view.last_epoch = LeaderEpoch(logs[node].entries.empty() ? 0 : logs[node].entries.back().epoch);
    watch_.observe(view, logs[node], {.at = now_}, findings_);
  }
  void lead(int node, int epoch) {
    views[node].epoch = LeaderEpoch(epoch);
    views[node].role = RoleKind::kLeader;
    views[node].leader = NodeId(node);
    views[node].epoch_start = views[node].log_end;
    see(node);
  }
  void append(int node, Entry entry) {
    logs[node].entries.push_back(entry);
    see(node);
  }
  void commit(int node, int end) {
    views[node].high_watermark = Offset(end);
    if (views[node].role == RoleKind::kLeader) views[node].committed_as_leader = Offset(end);
    see(node);
  }
  void see_snapshot(int node, std::uint64_t state) {
    watch_.see_snapshot(NodeId(node), {.offset = Offset(5), .epoch = LeaderEpoch(1)},
                        {.high = 0, .low = state}, {.at = now_}, findings_);
  }

  void see_metadata(int node, int end, std::uint64_t state) {
    watch_.see_metadata(NodeId(node), Offset(end), {.high = 0, .low = state}, {.at = now_}, findings_);
  }
  [[nodiscard]] bool is_elsewhere(int node, int end) const {
    return watch_.is_elsewhere(NodeId(node), Offset(end));
  }

  /// The invariants that were violated, in order.
  [[nodiscard]] std::string violated() const {
    std::string ids;
    for (const Violation& violation : findings_.violations()) ids += violation.invariant + " ";
    return ids;
  }
  [[nodiscard]] std::uint64_t cases(const std::string& id) const { return findings_.exercised().at(id); }

 private:
  Instant now_;
  QuorumWatch watch_;
  Findings findings_;
};

TEST(QuorumWatch, AnElectionThatCommitsBreaksNothing) {
  Quorum q;
  q.lead(1, 2);
  for (const int node : {1, 2, 3}) q.append(node, {.epoch = 2, .content = 2});
  q.commit(1, 2);
  q.commit(2, 2);
  q.views[2].epoch = LeaderEpoch(2);
  q.lead(2, 3);
  q.append(2, {.epoch = 3, .content = 3});
  EXPECT_EQ(q.violated(), "");
  for (const char* id : {"I50", "I51", "I52", "I53", "I54", "I55", "I56", "I60"})
    EXPECT_GT(q.cases(id), 0u) << id;
}

TEST(QuorumWatch, I50TwoLeadersOfOneEpoch) {
  Quorum q;
  q.lead(1, 2);
  q.lead(2, 2);
  EXPECT_EQ(q.violated(), "I50 ");
}

TEST(QuorumWatch, I50ALeadershipThatIsNotDurableDoesNotCount) {
  Quorum q;
  q.views[1].is_state_durable = false;
  q.lead(1, 2);
  q.lead(2, 2);
  EXPECT_EQ(q.violated(), "");
}

TEST(QuorumWatch, I51AnEpochThatGoesBack) {
  Quorum q;
  q.views[1].epoch = LeaderEpoch(3);
  q.see(1);
  q.views[1].epoch = LeaderEpoch(2);
  q.see(1);
  EXPECT_EQ(q.violated(), "I51 ");
}

TEST(QuorumWatch, I51AVoteThatChanges) {
  Quorum q;
  q.views[1].voted = raft::ReplicaKey{.id = NodeId(2), .directory_id = directory_of(2)};
  q.see(1);
  q.views[1].voted = raft::ReplicaKey{.id = NodeId(3), .directory_id = directory_of(3)};
  q.see(1);
  EXPECT_EQ(q.violated(), "I51 ");
}

TEST(QuorumWatch, I51AnotherDirectoryIsAnotherVoter) {
  Quorum q;
  q.views[1].epoch = LeaderEpoch(3);
  q.see(1);
  q.views[1].directory_id = directory_of(9);
  q.views[1].epoch = LeaderEpoch(1);
  q.see(1);
  EXPECT_EQ(q.violated(), "");
}

TEST(QuorumWatch, I52AHighWatermarkThatGoesBack) {
  Quorum q;
  q.commit(2, 1);
  q.commit(2, 0);
  EXPECT_EQ(q.violated(), "I52 ");
}

TEST(QuorumWatch, I52ARestartForgetsTheHighWatermark) {
  Quorum q;
  q.commit(2, 1);
  ++q.views[2].incarnation;
  q.commit(2, 0);
  EXPECT_EQ(q.violated(), "");
}

TEST(QuorumWatch, I53CommittedWithoutAMajority) {
  Quorum q;
  q.lead(1, 2);
  q.append(1, {.epoch = 2, .content = 2});
  q.commit(1, 2);
  EXPECT_EQ(q.violated(), "I53 ");
}

TEST(QuorumWatch, I53WhatAnotherDirectoryHoldsDoesNotCount) {
  Quorum q;
  q.lead(1, 2);
  q.append(1, {.epoch = 2, .content = 2});
  q.views[2].directory_id = directory_of(9);
  q.append(2, {.epoch = 2, .content = 2});
  q.commit(1, 2);
  EXPECT_EQ(q.violated(), "I53 ");
}

TEST(QuorumWatch, I54TwoBatchesAtOneOffsetAndEpoch) {
  Quorum q;
  q.append(1, {.epoch = 2, .content = 2});
  q.append(2, {.epoch = 2, .content = 3});
  EXPECT_EQ(q.violated(), "I54 ");
}

TEST(QuorumWatch, I54LogsThatAgreeBehindADifference) {
  Quorum q;
  q.append(1, {.epoch = 2, .content = 2});
  q.append(1, {.epoch = 4, .content = 4});
  q.append(2, {.epoch = 3, .content = 3});
  q.append(2, {.epoch = 4, .content = 4});
  EXPECT_EQ(q.violated(), "I54 ");
}

TEST(QuorumWatch, I55ALeaderThatLacksWhatIsCommitted) {
  Quorum q;
  q.lead(1, 2);
  q.append(1, {.epoch = 2, .content = 2});
  q.append(2, {.epoch = 2, .content = 2});
  q.commit(1, 2);
  q.lead(3, 3);
  EXPECT_EQ(q.violated(), "I55 ");
}

TEST(QuorumWatch, I56SomethingElseIsCommitted) {
  Quorum q;
  q.append(1, {.epoch = 2, .content = 2});
  q.commit(1, 2);
  q.append(2, {.epoch = 3, .content = 3});
  q.commit(2, 2);
  EXPECT_EQ(q.violated(), "I56 ");
}

TEST(QuorumWatch, I57ALogThatBeginsWithoutASnapshot) {
  Quorum q;
  q.views[1].log_start = Offset(1);
  q.logs[1].snapshots = {Offset(1)};
  q.see(1);
  EXPECT_EQ(q.violated(), "");
  q.views[2].log_start = Offset(1);
  q.see(2);
  EXPECT_EQ(q.violated(), "I57 ");
}

TEST(QuorumWatch, I58ASnapshotThatStandsForTwoStates) {
  Quorum q;
  q.see_snapshot(1, 10);
  q.see_snapshot(2, 10);
  EXPECT_EQ(q.violated(), "");
  q.see_snapshot(3, 11);
  EXPECT_EQ(q.violated(), "I58 ");
}

TEST(QuorumWatch, I58ASnapshotThatIsNotWhatTheLogBeforeItAddsUpTo) {
  Quorum q;
  q.see_metadata(1, 5, 10);
  q.see_snapshot(2, 10);
  EXPECT_EQ(q.violated(), "");
  Quorum other;
  other.see_metadata(1, 5, 10);
  other.see_snapshot(2, 11);
  EXPECT_EQ(other.violated(), "I58 ");
}

TEST(QuorumWatch, I65ControllersThatDifferAtOneOffset) {
  Quorum q;
  q.see_metadata(1, 5, 10);
  q.see_metadata(1, 6, 12);
  q.see_metadata(2, 5, 10);
  EXPECT_EQ(q.violated(), "");
  EXPECT_EQ(q.cases("I65"), 3u);
  q.see_metadata(3, 6, 13);
  EXPECT_EQ(q.violated(), "I65 ");
}

TEST(QuorumWatch, I65LooksAgainAfterARestart) {
  Quorum q;
  EXPECT_TRUE(q.is_elsewhere(1, 5));
  q.see_metadata(1, 5, 10);
  EXPECT_FALSE(q.is_elsewhere(1, 5));
  EXPECT_TRUE(q.is_elsewhere(1, 6));
  ++q.views[1].incarnation;
  q.see(1);
  EXPECT_TRUE(q.is_elsewhere(1, 5));
}

TEST(QuorumWatch, I59VotersChangeBeforeTheEpochIsEstablished) {
  Quorum q;
  q.lead(1, 2);
  q.append(1, {.epoch = 2, .content = 2});
  q.append(1, {.epoch = 2, .content = 3, .names_voters = true});
  EXPECT_EQ(q.violated(), "I59 ");
}

TEST(QuorumWatch, I59VotersChangeTwiceAtATime) {
  Quorum q;
  q.lead(1, 2);
  for (const int node : {1, 2}) q.append(node, {.epoch = 2, .content = 2});
  q.commit(1, 2);
  q.append(1, {.epoch = 2, .content = 3, .names_voters = true});
  EXPECT_EQ(q.violated(), "");
  q.append(1, {.epoch = 2, .content = 4, .names_voters = true});
  EXPECT_EQ(q.violated(), "I59 ");
}

TEST(QuorumWatch, I60AnObserverThatStands) {
  Quorum q;
  q.views[1].is_voter = false;
  q.views[1].may_stand = false;
  q.views[1].role = RoleKind::kProspective;
  q.see(1);
  EXPECT_EQ(q.violated(), "I60 ");
}

TEST(QuorumWatch, I60AFollowerOfNobody) {
  Quorum q;
  q.views[1].role = RoleKind::kFollower;
  q.see(1);
  EXPECT_EQ(q.violated(), "I60 ");
}

TEST(QuorumWatch, I60ALeaderThatTakesUpItsEpochAgain) {
  Quorum q;
  q.lead(1, 2);
  ++q.views[1].incarnation;
  q.see(1);
  EXPECT_EQ(q.violated(), "I60 ");
}

// controller.quorum.fetch.timeout.ms is one second here, and the timer half as much again.
class MajorityFetches : public testing::Test {
 protected:
  Quorum q;
  std::int64_t wall = 0;

  void SetUp() override {
    q.lead(1, 2);
    step(milliseconds(0), true);
  }
  /// Time passes and the leader takes a step, in which node 2 may fetch.
  void step(Duration time, bool fetches) {
    q.pass(time);
    wall += time.ms();
    auto& last = q.views[1].fetches;
    std::map<NodeId, std::optional<Timestamp>> seen;
    if (last) seen = last->last;
    if (fetches) seen[NodeId(2)] = Timestamp(wall);
    last = QuorumFetches{.time = Timestamp(wall), .needed = 1, .last = seen};
    q.see(1);
  }
  void steps(int count, bool fetches) {
    for (int i = 0; i < count; ++i) step(milliseconds(100), fetches);
  }
};

TEST_F(MajorityFetches, I66HoldWhileOneFetches) {
  steps(50, true);
  EXPECT_EQ(q.violated(), "");
  EXPECT_GT(q.cases("I66"), 0u);
}

TEST_F(MajorityFetches, I66ALeaderThatNobodyFetchesFrom) {
  steps(20, false);
  EXPECT_EQ(q.violated(), "");
  steps(2, false);
  EXPECT_EQ(q.violated(), "I66 ");
}

TEST_F(MajorityFetches, I66AClockThatIsSetAheadIsNoTime) {
  steps(5, false);
  wall += 60'000;
  steps(5, false);
  EXPECT_EQ(q.violated(), "");
}

TEST_F(MajorityFetches, I66AClockThatIsSetBackStandsStill) {
  steps(5, false);
  wall -= 3'000;
  steps(30, false);
  EXPECT_EQ(q.violated(), "");
  steps(18, false);
  EXPECT_EQ(q.violated(), "I66 ");
}

TEST_F(MajorityFetches, I66OtherVotersBeginAnew) {
  steps(20, false);
  q.views[1].voters = voters({1, 2});
  steps(20, false);
  EXPECT_EQ(q.violated(), "");
}

}  // namespace
}  // namespace odradek::sim
