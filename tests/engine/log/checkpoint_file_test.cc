#include "engine/log/checkpoint_file.h"

#include <gtest/gtest.h>

#include "tests/support/memory_disk.h"

namespace odradek::log {
namespace {

OffsetCheckpoint sample() {
  return {{{"orders", PartitionId(10)}, Offset(4)},
          {{"orders", PartitionId(2)}, Offset(17)},
          {{"audit", PartitionId(0)}, Offset(0)}};
}

TEST(CheckpointFile, TextIsKafkas) {
  EXPECT_EQ(to_text(sample()), "0\n3\naudit 0 0\norders 2 17\norders 10 4\n");
}

TEST(CheckpointFile, LoadsWhatItsTextSays) {
  testing::MemoryDisk disk;
  disk.put(kHighWatermarkCheckpoint, Bytes(to_text(sample())));
  EXPECT_EQ(load_checkpoint(disk, kHighWatermarkCheckpoint),
            (LoadedCheckpoint{.offsets = sample(), .corrupt = false}));
}

TEST(CheckpointFile, AbsentIsEmptyAndNotCorrupt) {
  EXPECT_EQ(load_checkpoint(testing::MemoryDisk(), kHighWatermarkCheckpoint), LoadedCheckpoint());
}

TEST(CheckpointFile, CutAnywhereIsCorruptAndReadsAsEmpty) {
  const std::string text = to_text(sample());
  for (std::size_t length = 0; length < text.size(); ++length) {
    testing::MemoryDisk disk;
    disk.put(kHighWatermarkCheckpoint, Bytes(std::string_view(text).substr(0, length)));
    EXPECT_EQ(load_checkpoint(disk, kHighWatermarkCheckpoint),
              (LoadedCheckpoint{.offsets = {}, .corrupt = true}))
        << length;
  }
}

TEST(CheckpointFile, WithAPartitionTwiceIsRefused) {
  EXPECT_EQ(parse_offset_checkpoint("0\n2\na 0 1\na 0 2\n").error().message,
            "line 4: expected another partition, got \"a 0 2\" again");
}

}  // namespace
}  // namespace odradek::log
