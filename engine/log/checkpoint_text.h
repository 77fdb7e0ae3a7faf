// The text of Kafka's checkpoint files, and how such a file is replaced:
//
//   0                    version
//   2                    number of lines that follow
//   orders 0 17
//   orders 1 4
//
// Reading is strict: a file that lost its end in a crash must not pass for a shorter one.
// Source: org.apache.kafka.server.common.CheckpointFile.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/result.h"
#include "engine/io/disk.h"

namespace odradek::log {

struct CheckpointLine {
  std::int32_t number = 0;  ///< counted from 1, for messages
  std::string_view text;
};

[[nodiscard]] std::string checkpoint_text(std::span<const std::string> lines);

/// The lines after version and count; views into `text`.
[[nodiscard]] Result<std::vector<CheckpointLine>> parse_checkpoint(std::string_view text);

/// The words of a line, separated by single spaces.
[[nodiscard]] Result<std::vector<std::string_view>> split_words(const CheckpointLine& line,
                                                                std::uint32_t count);

template <std::uint32_t N>
[[nodiscard]] Result<std::array<std::string_view, N>> split_words(const CheckpointLine& line) {
  TRY(words, split_words(line, N));
  std::array<std::string_view, N> fixed;
  for (std::uint32_t i = 0; i < N; ++i) fixed[i] = words[i];
  return fixed;
}

/// A number from 0 to `max` without sign, spaces or leading zeros.
[[nodiscard]] Result<std::int64_t> parse_number(const CheckpointLine& line, std::string_view word,
                                                std::int64_t max);

/// Writes `path` anew beside the old file and renames it over; a reader sees the old text or the new one.
[[nodiscard]] io::DiskResult<void> replace_file(io::Disk& disk, const std::string& path,
                                                std::string_view text);

/// The whole file.
[[nodiscard]] io::DiskResult<Bytes> read_file(const io::Disk& disk, std::string_view path);

}  // namespace odradek::log
