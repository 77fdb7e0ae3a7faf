#include "engine/assign/partitioner.h"

#include <gtest/gtest.h>

#include <set>

#include "engine/assign/murmur2.h"

namespace odradek::assign {
namespace {

std::int32_t hash(std::string_view text) { return murmur2(Bytes(text).span()); }

TopicPartitions four() {
  return {.count = 4, .available = {PartitionId(0), PartitionId(1), PartitionId(2), PartitionId(3)}};
}

PartitionId send(Partitioner& partitioner, std::optional<Bytes> key, std::int32_t bytes,
                 const TopicPartitions& partitions) {
  const PartitionId chosen = partitioner.choose("orders", key, partitions);
  partitioner.on_appended("orders", key, chosen, bytes);
  return chosen;
}

// Vectors of Kafka's UtilsTest.testMurmur2.
TEST(Murmur2, GivesKafkasHashes) {
  EXPECT_EQ(hash("21"), -973932308);
  EXPECT_EQ(hash("foobar"), -790332482);
  EXPECT_EQ(hash("a-little-bit-long-string"), -985981536);
  EXPECT_EQ(hash("a-little-bit-longer-string"), -1486304829);
  EXPECT_EQ(hash("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8"), -58897971);
  EXPECT_EQ(hash("abc"), 479470107);
}

TEST(Partitioner, MasksTheSignOfAKeysHash) {
  EXPECT_EQ(partition_for_key(Bytes("21").span(), 7), PartitionId((-973932308 & 0x7fffffff) % 7));
  EXPECT_EQ(partition_for_key(Bytes("abc").span(), 7), PartitionId(479470107 % 7));
}

TEST(Partitioner, SendsAKeyToOnePartitionWhetherOrNotItHasALeader) {
  Partitioner partitioner({.sticky_bytes = 10});
  const TopicPartitions none{.count = 4, .available = {}};
  const PartitionId home = partition_for_key(Bytes("k").span(), 4);
  EXPECT_EQ(send(partitioner, Bytes("k"), 100, four()), home);
  EXPECT_EQ(send(partitioner, Bytes("k"), 100, none), home);
}

TEST(Partitioner, SticksToAPartitionUntilABatchOfBytesWentThere) {
  Partitioner partitioner({.sticky_bytes = 100, .key = {.high = 1, .low = 2}});
  std::set<PartitionId> seen;
  for (int turn = 0; turn < 40; ++turn) {
    const PartitionId first = send(partitioner, std::nullopt, 40, four());
    EXPECT_EQ(send(partitioner, std::nullopt, 40, four()), first);
    EXPECT_EQ(send(partitioner, std::nullopt, 40, four()), first);
    seen.insert(first);
  }
  EXPECT_EQ(seen.size(), 4u);
}

TEST(Partitioner, AKeyedRecordDoesNotMoveTheStickyPartition) {
  Partitioner partitioner({.sticky_bytes = 100});
  const Partitioner before = partitioner;
  send(partitioner, Bytes("k"), 1000, four());
  EXPECT_EQ(partitioner, before);
}

TEST(Partitioner, DrawsAmongPartitionsWithALeader) {
  Partitioner partitioner({.sticky_bytes = 1});
  const TopicPartitions one{.count = 4, .available = {PartitionId(2)}};
  for (int i = 0; i < 10; ++i) EXPECT_EQ(send(partitioner, std::nullopt, 5, one), PartitionId(2));
}

TEST(Partitioner, RoundRobinTakesAvailablePartitionsInTurnAndIgnoresKeys) {
  Partitioner partitioner({.kind = io::Partitioner::kRoundRobin});
  const TopicPartitions two{.count = 3, .available = {PartitionId(0), PartitionId(2)}};
  EXPECT_EQ(send(partitioner, Bytes("same"), 1, two), PartitionId(0));
  EXPECT_EQ(send(partitioner, Bytes("same"), 1, two), PartitionId(2));
  EXPECT_EQ(send(partitioner, std::nullopt, 1, two), PartitionId(0));
}

TEST(Partitioner, TheSameKeyOfAnIncarnationGivesTheSameChoices) {
  Partitioner a({.sticky_bytes = 1, .key = {.high = 7, .low = 9}});
  Partitioner b = a;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(send(a, std::nullopt, 1, four()), send(b, std::nullopt, 1, four()));
}

}  // namespace
}  // namespace odradek::assign
