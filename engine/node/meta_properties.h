// meta.properties: whose log directory this is. It is written when a disk is formatted (kafka-storage format)
// and looked at before anything else at each start, so that a process never touches what belongs to another
// one.
//
// Source: org.apache.kafka.metadata.properties.MetaProperties and MetaPropertiesEnsemble (KIP-631, KIP-858).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/ids.h"
#include "engine/base/result.h"
#include "engine/io/disk.h"

namespace odradek::node {

inline constexpr std::string_view kMetaPropertiesFile = "meta.properties";

struct MetaProperties {
  Uuid cluster_id;
  NodeId node;
  Uuid directory_id;  ///< drawn when the directory is formatted (KIP-858)

  FIELDS(cluster_id, node, directory_id)
  friend bool operator==(const MetaProperties&, const MetaProperties&) = default;
};

/// Version 1 of the file.
[[nodiscard]] std::string to_text(const MetaProperties& properties);

/// Absent when it is no version 1, or lacks a property.
[[nodiscard]] std::optional<MetaProperties> parse_meta_properties(std::string_view text);

/// The id of this log directory, or why this node of this cluster must not use it.
[[nodiscard]] Result<Uuid> claim_log_directory(const io::Disk& disk, const Uuid& cluster_id, NodeId node);

}  // namespace odradek::node
