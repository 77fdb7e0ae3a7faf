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
#include "engine/io/effects.h"

namespace odradek::replica {

/// "orders-0"
[[nodiscard]] std::string partition_directory(const std::string& topic, PartitionId partition);

/// Writes the file unless it says so already, and asks for it to become durable. Nobody waits for that: while
/// it is not, metadata names the topic again, and the log beside it is found by its directory.
io::DiskResult<void> write_partition_metadata(const std::string& topic, const TopicPartition& tp,
                                              io::Disk& disk, io::Effects& out);

/// Every replica on the disk with its topic's name, by directory. Directories without a readable file are
/// left out.
[[nodiscard]] std::vector<std::pair<TopicPartition, std::string>> find_partition_directories(
    const io::Disk& disk);

}  // namespace odradek::replica
