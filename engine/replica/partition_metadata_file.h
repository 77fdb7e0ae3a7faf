// `partition.metadata`: which topic id a partition's directory belongs to (KIP-516).
//
// A directory is named after the topic, but a topic that was deleted and created again is another topic: the
// id in this file tells the replicas of the two apart. It is the first file that a directory gets and the
// first that it loses, so a directory without it is no replica's: what it holds is what a deletion or a power
// loss has left, and nobody reads it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/ids.h"
#include "engine/io/disk.h"
#include "engine/io/effects.h"

namespace odradek::replica {

/// "orders-0"
[[nodiscard]] std::string partition_directory(const std::string& topic, PartitionId partition);
/// "orders-0/partition.metadata"
[[nodiscard]] std::string partition_metadata_path(const std::string& directory);

/// Writes the file into a new directory, and asks for both to become durable. Nobody waits for that: a power
/// loss before it is takes the whole replica, as it takes records that were not flushed.
io::DiskResult<void> write_partition_metadata(const std::string& directory, TopicId topic_id, io::Disk& disk,
                                              io::Effects& out);

/// Whose directory this is; absent when it is nobody's. An error when that cannot be read, which says nothing
/// about whose it is.
[[nodiscard]] io::DiskResult<std::optional<TopicId>> topic_id_of(const std::string& directory,
                                                                 const io::Disk& disk);

struct FoundDirectory {
  std::string path;
  std::string topic;                 ///< as the directory is named
  std::optional<TopicPartition> tp;  ///< absent: it is nobody's

  FIELDS(path, topic, tp)
  friend bool operator==(const FoundDirectory&, const FoundDirectory&) = default;
};

/// Every directory but that of the metadata log, by name.
[[nodiscard]] io::DiskResult<std::vector<FoundDirectory>> find_partition_directories(const io::Disk& disk);

}  // namespace odradek::replica
