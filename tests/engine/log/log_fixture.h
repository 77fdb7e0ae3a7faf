// A log of small segments on a memory disk, and a linear scan of its files to compare with.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/log/log.h"
#include "tests/support/memory_disk.h"
#include "tests/support/records.h"

namespace odradek::log {

using testing::batch_of;
using testing::MemoryDisk;

inline io::TopicConfig small_segments() { return {.segment_bytes = 600, .index_interval_bytes = 100}; }

struct LogFixture {
  MemoryDisk disk;
  io::TopicConfig config = small_segments();
  Log log = opened();

  [[nodiscard]] Log opened() { return *Log::open(disk, "t-0", config); }

  AppendInfo append(std::initializer_list<std::string_view> values, int epoch = 0,
                    std::int64_t timestamp = 0) {
    return *log.append_as_leader(disk, batch_of(values, timestamp), LeaderEpoch(epoch), Timestamp(0));
  }

  /// All batches of all segment files, in order, read without any index.
  [[nodiscard]] std::vector<Bytes> scan() const {
    std::vector<Bytes> batches;
    for (const Cow<Segment>& segment : log.segments()) {
      for (std::uint64_t at = 0; at < *disk.size(segment->path());) {
        const auto header =
            *wire::read_batch_header(disk.read(segment->path(), at, wire::kBatchOverhead)->span());
        batches.push_back(*disk.read(segment->path(), at, header.size()));
        at += header.size();
      }
    }
    return batches;
  }

  [[nodiscard]] std::vector<Bytes> read_all() const {
    return *log.read(disk, log.log_start_offset(), log.log_end_offset(), 1 << 30, true);
  }
};

}  // namespace odradek::log
