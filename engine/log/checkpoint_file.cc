#include "engine/log/checkpoint_file.h"

#include <limits>
#include <utility>
#include <vector>

#include "engine/log/checkpoint_text.h"

namespace odradek::log {

std::string to_text(const OffsetCheckpoint& offsets) {
  std::vector<std::string> lines;
  for (const auto& [partition, offset] : offsets) {
    lines.push_back(fmt::format("{} {} {}", partition.topic, partition.partition.value(), offset.value()));
  }
  return checkpoint_text(lines);
}

Result<OffsetCheckpoint> parse_offset_checkpoint(std::string_view text) {
  TRY(lines, parse_checkpoint(text));
  OffsetCheckpoint offsets;
  for (const CheckpointLine& line : lines) {
    TRY(words, split_words<3>(line));
    TRY(partition, parse_number(line, words[1], std::numeric_limits<std::int32_t>::max()));
    TRY(offset, parse_number(line, words[2], std::numeric_limits<std::int64_t>::max()));
    const bool is_new = offsets
                            .emplace(io::NamedPartition{std::string(words[0]),
                                                        PartitionId(static_cast<std::int32_t>(partition))},
                                     Offset(offset))
                            .second;
    if (!is_new) return fail("line {}: expected another partition, got \"{}\" again", line.number, line.text);
  }
  return offsets;
}

LoadedCheckpoint load_checkpoint(const io::Disk& disk, std::string_view path) {
  const auto text = read_file(disk, path);
  if (!text) return {.offsets = {}, .corrupt = text.error() != io::DiskError::kNotFound};
  auto offsets = parse_offset_checkpoint(text->text());
  if (!offsets) return {.offsets = {}, .corrupt = true};
  return {.offsets = *std::move(offsets), .corrupt = false};
}

}  // namespace odradek::log
