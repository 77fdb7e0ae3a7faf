#include "engine/replica/partition_metadata_file.h"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

#include "engine/base/uuid_text.h"

namespace odradek::replica {
namespace {

constexpr std::string_view kPrefix = "version: 0\ntopic_id: ";
constexpr std::string_view kMetadataLog = "__cluster_metadata-0";

std::optional<PartitionId> parse_partition(std::string_view digits) {
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return PartitionId(number);
}

io::DiskResult<FoundDirectory> describe_directory(std::string path, const io::Disk& disk) {
  FoundDirectory found{.path = std::move(path), .topic = {}, .tp = {}};
  const auto dash = found.path.rfind('-');
  if (dash == std::string::npos) return found;
  found.topic = found.path.substr(0, dash);
  const auto partition = parse_partition(std::string_view(found.path).substr(dash + 1));
  TRY(topic_id, topic_id_of(found.path, disk));
  if (partition && topic_id) found.tp = {.topic_id = *topic_id, .partition = *partition};
  return found;
}

}  // namespace

std::string partition_directory(const std::string& topic, PartitionId partition) {
  return fmt::format("{}-{}", topic, partition.value());
}

std::string partition_metadata_path(const std::string& directory) {
  return directory + "/partition.metadata";
}

io::DiskResult<void> write_partition_metadata(const std::string& directory, TopicId topic_id, io::Disk& disk,
                                              io::Effects& out) {
  const std::string path = partition_metadata_path(directory);
  TRY_DO(disk.append(path, Bytes(fmt::format("{}{}\n", kPrefix, to_text(topic_id)))));
  (void)out.fsync(path);
  (void)out.fsync(directory);
  return {};
}

io::DiskResult<std::optional<TopicId>> topic_id_of(const std::string& directory, const io::Disk& disk) {
  const std::string path = partition_metadata_path(directory);
  const auto size = disk.size(path);
  if (!size) return std::nullopt;
  TRY(content, disk.read(path, 0, static_cast<std::uint32_t>(*size)));
  if (!content.text().starts_with(kPrefix)) return std::nullopt;
  const std::string_view rest = content.text().substr(kPrefix.size());
  const auto id = parse_uuid(rest.substr(0, rest.find('\n')));
  return id ? std::optional(*id) : std::nullopt;
}

io::DiskResult<std::vector<FoundDirectory>> find_partition_directories(const io::Disk& disk) {
  std::vector<FoundDirectory> found;
  for (const std::string& path : disk.list("")) {
    const auto slash = path.find('/');
    const std::string_view directory = std::string_view(path).substr(0, slash);
    const bool is_known = !found.empty() && found.back().path == directory;
    if (slash == std::string::npos || is_known || directory == kMetadataLog) continue;
    TRY(described, describe_directory(std::string(directory), disk));
    found.push_back(std::move(described));
  }
  return found;
}

}  // namespace odradek::replica
