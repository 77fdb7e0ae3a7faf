#include <gtest/gtest.h>

#include "tests/engine/log/log_fixture.h"

namespace odradek::log {
namespace {

constexpr std::string_view kFirst = "t-0/00000000000000000000.log";

/// Three batches in one segment; the last one holds epoch 2.
LogFixture three_batches() {
  LogFixture f;
  f.append({"a"}, 1);
  f.append({"b", "c"}, 1);
  f.append({"d", "e"}, 2);
  return f;
}

TEST(Recovery, KeepsAllOfAnUndamagedLog) {
  LogFixture f = three_batches();
  const Log recovered = f.opened();
  EXPECT_EQ(recovered, f.log);
  EXPECT_FALSE(recovered.recovered_truncation());
}

TEST(Recovery, CutsABatchThatIsTornAtAnyByte) {
  const LogFixture whole = three_batches();
  const auto size = *whole.disk.size(kFirst);
  for (std::uint64_t lost = 1; lost <= whole.scan().back().size(); ++lost) {
    LogFixture f = whole;
    ASSERT_TRUE(f.disk.truncate(kFirst, size - lost));
    f.log = f.opened();
    EXPECT_EQ(f.log.recovered_truncation(), lost < whole.scan().back().size()) << lost;
    EXPECT_EQ(f.log.log_end_offset(), Offset(3)) << lost;
    EXPECT_EQ(f.log.latest_epoch(), LeaderEpoch(1)) << "the epoch of the lost batch is forgotten, too";
    EXPECT_EQ(f.scan().size(), 2u) << lost;
  }
}

TEST(Recovery, CutsABatchThatIsCorruptAtAnyByteButTheEpoch) {
  const LogFixture whole = three_batches();
  const auto start = *whole.disk.size(kFirst) - whole.scan().back().size();
  for (std::uint64_t at = 0; at < whole.scan().back().size(); ++at) {
    if (12 <= at && at < 16) continue;  // the leader epoch stands outside the checksum
    LogFixture f = whole;
    f.disk.flip(kFirst, start + at, 0x04);
    f.log = f.opened();
    EXPECT_TRUE(f.log.recovered_truncation()) << at;
    EXPECT_EQ(f.log.log_end_offset(), Offset(3)) << at;
    EXPECT_EQ(*f.disk.size(kFirst), start) << at;
  }
}

TEST(Recovery, CutsATailOfZeros) {
  LogFixture f = three_batches();
  ASSERT_TRUE(f.disk.append(kFirst, Bytes(std::vector<std::uint8_t>(200, 0))));
  f.log = f.opened();
  EXPECT_TRUE(f.log.recovered_truncation());
  EXPECT_EQ(f.log.log_end_offset(), Offset(5));
  EXPECT_EQ(f.append({"f"}, 3).first, Offset(5));
}

TEST(Recovery, DeletesSegmentsAfterTheCut) {
  LogFixture f;
  while (f.log.segments().size() < 4) f.append({"0123456789"});
  const Offset second = f.log.segments()[1]->base_offset();
  f.disk.flip(f.log.segments()[1]->path(), 70);
  f.log = f.opened();
  EXPECT_TRUE(f.log.recovered_truncation());
  EXPECT_EQ(f.log.log_end_offset(), second);
  EXPECT_EQ(f.log.segments().size(), 2u);
  for (const std::string& path : f.disk.list("t-0")) {
    EXPECT_TRUE(path == f.log.epoch_checkpoint_path() || path <= Segment::path_of("t-0", second)) << path;
  }
}

TEST(Recovery, DeletesSegmentsAfterACutThatLostNoBatch) {
  LogFixture f;
  while (f.log.segments().size() < 3) f.append({"0123456789"});
  const Offset second = f.log.segments()[1]->base_offset();
  ASSERT_TRUE(f.disk.append(kFirst, Bytes("?")));
  f.log = f.opened();
  EXPECT_TRUE(f.log.recovered_truncation());
  EXPECT_EQ(f.log.log_end_offset(), second);
}

TEST(Recovery, DeletesSegmentsAfterAHole) {
  LogFixture f;
  while (f.log.segments().size() < 3) f.append({"0123456789"});
  const Offset second = f.log.segments()[1]->base_offset();
  ASSERT_TRUE(f.disk.remove(f.log.segments()[1]->path()));
  f.log = f.opened();
  EXPECT_TRUE(f.log.recovered_truncation());
  EXPECT_EQ(f.log.log_end_offset(), second);
  EXPECT_EQ(f.log.segments().size(), 1u);
}

TEST(Recovery, RebuildsIndexesThatAreGoneOrWrong) {
  LogFixture f;
  for (int i = 0; i < 30; ++i) f.append({"0123456789"}, 0, i);
  const MemoryDisk intact = f.disk;
  const std::string index = f.log.segments()[0]->offset_index().path();
  const std::string time_index = f.log.segments()[0]->time_index().path();
  f.disk.flip(index, 3);
  ASSERT_TRUE(f.disk.remove(time_index));
  EXPECT_EQ(f.opened(), f.log);
  for (const std::string& path : {index, time_index}) {
    const auto size = static_cast<std::uint32_t>(*intact.size(path));
    EXPECT_EQ(*f.disk.size(path), size);
    EXPECT_EQ(*f.disk.read(path, 0, size), *intact.read(path, 0, size));
  }
}

TEST(Recovery, DerivesEpochsThatTheCheckpointLostOrInvented) {
  for (const char* text : {"", "0\n0\n", "0\n1\n1 0\n", "0\n3\n1 0\n2 3\n7 5\n", "0\n2\n1 0\n5 1\n"}) {
    LogFixture f = three_batches();
    f.disk.put(f.log.epoch_checkpoint_path(), Bytes(std::string_view(text)));
    EXPECT_EQ(f.opened().epochs().to_text(), "0\n2\n1 0\n2 3\n") << text;
    EXPECT_EQ(EpochCache::load(f.disk, "t-0"), f.log.epochs()) << text;
  }
}

TEST(Recovery, ForgetsAnEpochWithoutRecords) {
  LogFixture f = three_batches();
  ASSERT_TRUE(f.log.assign_epoch(f.disk, LeaderEpoch(8), f.log.log_end_offset()));
  EXPECT_EQ(f.opened().latest_epoch(), LeaderEpoch(2));
}

TEST(Recovery, PassesOverFilesThatAreNoSegments) {
  LogFixture f = three_batches();
  f.disk.put("t-0/partition.metadata", Bytes("version: 0\n"));
  f.disk.put("t-0/0000000000000000000x.log", Bytes("?"));
  f.disk.put("t-01/00000000000000000009.log", Bytes("?"));
  EXPECT_EQ(f.opened(), f.log);
}

}  // namespace
}  // namespace odradek::log
