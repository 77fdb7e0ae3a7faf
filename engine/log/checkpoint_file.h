// An offset per partition, in one text file: a broker's `replication-offset-checkpoint` holds high
// watermarks.
//
// Source: org.apache.kafka.storage.internals.checkpoint.OffsetCheckpointFile.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/base/ids.h"
#include "engine/base/result.h"
#include "engine/io/call.h"
#include "engine/io/disk.h"

namespace odradek::log {

inline constexpr std::string_view kHighWatermarkCheckpoint = "replication-offset-checkpoint";

using OffsetCheckpoint = std::map<io::NamedPartition, Offset>;

struct LoadedCheckpoint {
  OffsetCheckpoint offsets;
  bool corrupt = false;  ///< there was a file, and it made no sense

  FIELDS(offsets, corrupt)
  friend bool operator==(const LoadedCheckpoint&, const LoadedCheckpoint&) = default;
};

[[nodiscard]] std::string to_text(const OffsetCheckpoint& offsets);
[[nodiscard]] Result<OffsetCheckpoint> parse_offset_checkpoint(std::string_view text);

/// An absent or corrupt file reads as empty: every partition then starts from its log alone.
[[nodiscard]] LoadedCheckpoint load_checkpoint(const io::Disk& disk, std::string_view path);

}  // namespace odradek::log
