#include "engine/replica/partition_metadata_file.h"

#include <charconv>
#include <optional>
#include <string_view>

#include "engine/base/result.h"
#include "engine/base/uuid_text.h"

namespace odradek::replica {
namespace {

constexpr std::string_view kFileName = "/partition.metadata";
constexpr std::string_view kPrefix = "version: 0\ntopic_id: ";

std::optional<PartitionId> parse_partition(std::string_view digits) {
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return PartitionId(number);
}

std::optional<TopicId> read_topic_id(const io::Disk& disk, std::string_view path) {
  const auto size = disk.size(path);
  const auto content =
      size ? disk.read(path, 0, static_cast<std::uint32_t>(*size)) : std::unexpected(size.error());
  if (!content || !content->text().starts_with(kPrefix)) return std::nullopt;
  const std::string_view rest = content->text().substr(kPrefix.size());
  const auto id = parse_uuid(rest.substr(0, rest.find('\n')));
  return id ? std::optional(*id) : std::nullopt;
}

}  // namespace

std::string partition_directory(const std::string& topic, PartitionId partition) {
  return fmt::format("{}-{}", topic, partition.value());
}

io::DiskResult<void> write_partition_metadata(const std::string& topic, const TopicPartition& tp,
                                              io::Disk& disk, io::Effects& out) {
  const std::string directory = partition_directory(topic, tp.partition);
  const std::string path = directory + std::string(kFileName);
  if (read_topic_id(disk, path) == tp.topic_id) return {};
  if (disk.size(path)) TRY_DO(disk.remove(path));  // what a power loss left of it
  TRY_DO(disk.append(path, Bytes(fmt::format("{}{}\n", kPrefix, to_text(tp.topic_id)))));
  (void)out.fsync(path);
  (void)out.fsync(directory);
  return {};
}

std::vector<std::pair<TopicPartition, std::string>> find_partition_directories(const io::Disk& disk) {
  std::vector<std::pair<TopicPartition, std::string>> found;
  for (const std::string& path : disk.list("")) {
    if (!path.ends_with(kFileName)) continue;
    const std::string_view directory = std::string_view(path).substr(0, path.size() - kFileName.size());
    const auto dash = directory.rfind('-');
    if (dash == std::string_view::npos) continue;
    const auto partition = parse_partition(directory.substr(dash + 1));
    const auto topic_id = read_topic_id(disk, path);
    if (partition && topic_id)
      found.push_back({{*topic_id, *partition}, std::string(directory.substr(0, dash))});
  }
  return found;
}

}  // namespace odradek::replica
