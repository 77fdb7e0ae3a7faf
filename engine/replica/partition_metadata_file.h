// `partition.metadata`: which topic id a partition's directory belongs to (KIP-516).
//
// A directory is named after the topic, but a topic that was deleted and created again is another topic: the
// id in this file tells the replicas of the two apart.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/base/ids.h"
#include "engine/io/disk.h"

namespace odradek::replica {

/// "orders-0"
[[nodiscard]] std::string partition_directory(const std::string& topic, PartitionId partition);

void write_partition_metadata(io::Disk& disk, const std::string& topic, const TopicPartition& tp);

/// Every replica on the disk with its topic's name, by directory. Directories without a readable file are
/// left out.
[[nodiscard]] std::vector<std::pair<TopicPartition, std::string>> find_partition_directories(
    const io::Disk& disk);

}  // namespace odradek::replica
