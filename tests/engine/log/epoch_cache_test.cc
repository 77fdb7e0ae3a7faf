#include "engine/log/epoch_cache.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <utility>

#include "engine/base/describe.h"
#include "tests/support/memory_disk.h"

namespace odradek::log {
namespace {

EpochCache cache_of(std::initializer_list<std::pair<int, int>> entries) {
  EpochCache cache;
  for (const auto& [epoch, start] : entries) cache.assign(LeaderEpoch(epoch), Offset(start));
  return cache;
}

std::string end_of(const EpochCache& cache, int epoch, int log_end) {
  const auto end = cache.end_offset_for(LeaderEpoch(epoch), Offset(log_end));
  return end ? fmt::format("{}@{}", end->epoch.value(), end->end_offset.value()) : "undefined";
}

TEST(EpochCache, AssigningTheLatestEpochAgainChangesNothing) {
  EpochCache cache = cache_of({{1, 0}, {2, 10}});
  EXPECT_FALSE(cache.assign(LeaderEpoch(2), Offset(10)));
  EXPECT_FALSE(cache.assign(LeaderEpoch(2), Offset(30)));
  EXPECT_EQ(cache, cache_of({{1, 0}, {2, 10}}));
}

TEST(EpochCache, AssigningTheLatestEpochEarlierMovesItsStart) {
  EpochCache cache = cache_of({{1, 0}, {2, 10}});
  EXPECT_TRUE(cache.assign(LeaderEpoch(2), Offset(8)));
  EXPECT_EQ(cache, cache_of({{1, 0}, {2, 8}}));
}

TEST(EpochCache, AssigningForgetsWhatContradictsIt) {
  EpochCache empty_epochs = cache_of({{1, 0}, {2, 10}, {3, 20}});
  EXPECT_TRUE(empty_epochs.assign(LeaderEpoch(5), Offset(10)));
  EXPECT_EQ(describe(empty_epochs.entries()), "[{epoch=1, start_offset=0}, {epoch=5, start_offset=10}]");

  EpochCache later_epochs = cache_of({{1, 0}, {4, 10}, {6, 20}});
  EXPECT_TRUE(later_epochs.assign(LeaderEpoch(4), Offset(30)));
  EXPECT_EQ(describe(later_epochs.entries()), "[{epoch=1, start_offset=0}, {epoch=4, start_offset=30}]");
}

TEST(EpochCache, EndOfTheLatestEpochIsTheLogEnd) {
  EXPECT_EQ(end_of(cache_of({{1, 0}, {3, 10}}), 3, 25), "3@25");
}

TEST(EpochCache, EndOfAnEarlierEpochIsTheStartOfTheNext) {
  EXPECT_EQ(end_of(cache_of({{1, 0}, {3, 10}}), 1, 25), "1@10");
}

TEST(EpochCache, EndOfASkippedEpochIsThatOfTheLargestBelowIt) {
  EXPECT_EQ(end_of(cache_of({{1, 0}, {3, 10}}), 2, 25), "1@10");
}

TEST(EpochCache, EndBelowAllEpochsIsTheStartOfTheFirst) {
  EXPECT_EQ(end_of(cache_of({{4, 7}, {5, 10}}), 2, 25), "2@7");
}

TEST(EpochCache, EndAboveAllEpochsIsUndefined) {
  EXPECT_EQ(end_of(cache_of({{1, 0}}), 2, 25), "undefined");
  EXPECT_EQ(end_of(EpochCache(), 0, 25), "undefined");
}

TEST(EpochCache, TruncationFromTheEndDropsEpochsThatBeginThere) {
  EpochCache cache = cache_of({{1, 0}, {2, 10}, {3, 20}});
  EXPECT_FALSE(cache.truncate_from_end(Offset(21)));
  EXPECT_TRUE(cache.truncate_from_end(Offset(20)));
  EXPECT_EQ(cache, cache_of({{1, 0}, {2, 10}}));
}

TEST(EpochCache, TruncationFromTheStartKeepsTheEpochThatHoldsIt) {
  EpochCache cache = cache_of({{1, 0}, {2, 10}, {3, 20}});
  EXPECT_TRUE(cache.truncate_from_start(Offset(15)));
  EXPECT_EQ(cache, cache_of({{2, 15}, {3, 20}}));
  EXPECT_FALSE(cache.truncate_from_start(Offset(15)));
  EXPECT_FALSE(cache.truncate_from_start(Offset(9)));
}

TEST(EpochCache, TextIsKafkas) {
  EXPECT_EQ(cache_of({{1, 0}, {3, 17}}).to_text(), "0\n2\n1 0\n3 17\n");
  EXPECT_EQ(EpochCache::parse("0\n2\n1 0\n3 17\n"), cache_of({{1, 0}, {3, 17}}));
}

TEST(EpochCache, TextThatMakesNoSenseIsRefused) {
  for (const char* text :
       {"", "0\n", "1\n0\n", "0\n1\n", "0\n1\n1 0", "0\n2\n1 0\n1 5\n", "0\n2\n1 5\n2 5\n", "0\n1\n1\n",
        "0\n1\n-1 0\n", "0\n1\n01 0\n", "0\n1\n1 0 \n", "0\n1\n9999999999 0\n"}) {
    EXPECT_FALSE(EpochCache::parse(text)) << text;
  }
  EXPECT_EQ(EpochCache::parse("0\n1\n1 x\n").error().message,
            "line 3: expected a number from 0 to 9223372036854775807, got \"x\"");
}

TEST(EpochCache, LoadsWhatWasSavedEvenOverTheRemainsOfACrash) {
  testing::MemoryDisk disk;
  disk.put("t-0/leader-epoch-checkpoint.tmp", Bytes("0\n7\n"));
  ASSERT_TRUE(cache_of({{1, 0}, {3, 17}}).save(disk, "t-0"));
  EXPECT_EQ(EpochCache::load(disk, "t-0"), cache_of({{1, 0}, {3, 17}}));
  EXPECT_EQ(disk.list("t-0").size(), 1u);
}

TEST(EpochCache, LoadsAnAbsentOrCorruptFileAsEmpty) {
  testing::MemoryDisk disk;
  EXPECT_EQ(EpochCache::load(disk, "t-0"), EpochCache());
  disk.put("t-0/leader-epoch-checkpoint", Bytes("0\n2\n1 0\n"));
  EXPECT_EQ(EpochCache::load(disk, "t-0"), EpochCache());
}

}  // namespace
}  // namespace odradek::log
